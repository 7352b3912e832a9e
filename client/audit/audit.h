// SPDX-License-Identifier: GPL-3.0-or-later
// Runs every audit rule over a deployment, without a window (rulings 6).
#pragma once

#include "client/audit/auditor.h"
#include "client/retryingstore.h"
#include "client/store.h"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace norikv::client {

struct AuditOptions {
    std::chrono::seconds watchFor{0}; ///< after the first pass; rules that need two looks use it
    std::chrono::milliseconds recheckAfter{5000}; ///< what looks wrong is read again after this
    std::uint32_t shardBudget
        = 16; ///< cold shards that known keys may open where the server cannot list keys
    std::vector<AuditKey> known; ///< beside those that the profile names, e.g. the catalogue's
    Sleeper sleeper = realSleeper();
    /// What the nodes' own views show (L6), asked once a second while watching; may block; empty = not looked
    /// at.
    std::function<std::vector<Finding>(EpochMs nowMs)> cluster;
    /// Told how many keys were read so far, on the thread that audits; may be empty.
    std::function<void(std::uint64_t keys)> progress;
};

struct AuditReport {
    Coverage coverage = Coverage::None;
    std::map<std::string, std::uint64_t> examined; ///< "keys", "counters" ...
    std::int64_t watchedSeconds = 0;
    std::vector<Finding> findings;
    std::vector<NotJudged> notJudged;

    /// 0 nothing certain or suspect; 1 something; 2 coverage is not complete and no key was examined.
    int exitCode() const;
};

/// Blocks for the pass and `watchFor`. Where the server cannot list its keys, those that the profile and the
/// options name are read, and watching is asking for them once a second.
Result<AuditReport> runAudit(Store& store, const Profile& profile, const Clock& clock,
    const AuditOptions& options, const std::stop_token& stop);

/// The JSON document of rulings 6, one line.
std::string toJson(const AuditReport& report, const std::string& target);

std::string_view name(Coverage coverage);

} // namespace norikv::client
