// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/finding.h"
#include "client/profile.h"
#include "client/values.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace norikv::client {

struct NotJudged {
    std::string rule;
    std::string why;
};

/// How a deployment was looked at.
struct AuditScope {
    Coverage coverage = Coverage::None;
    bool canWatch = false; ///< changes are told or can be asked for
    std::chrono::seconds watched{0};
    std::string watchEnded; ///< why the watch ended early, or empty
};

/// One pattern's share of an audit: collects what its rules need out of the stream of keys, then judges. One
/// thread; times are given. A pass is one auditor's life; the first pass's goes on to watch.
class Auditor {
public:
    virtual ~Auditor() = default;

    /// What was examined, by the words of the report: "counters", "sessions", "items" and "reservations" ...
    virtual std::map<std::string, std::uint64_t> examined() const = 0;

    /// Keys that the profile or the pattern names, to be read where the server cannot list its keys.
    virtual std::vector<Bytes> knownKeys() const { return {}; }
    /// Keys that others are compared with (an item and its reservations): where there is no snapshot they are
    /// read before the others and once more after them (rulings 2).
    virtual bool owns(std::string_view /*key*/) const { return false; }

    /// Said first of all where owners will be read again: only then is it worth keeping what they were.
    virtual void willLookAgain() { }
    /// Every key that was read, also one that is missing, which has no version. Owners come before parts.
    virtual void take(const Entry& entry, EpochMs nowMs) = 0;
    /// An owner as read again after its parts.
    virtual void again(const Entry& /*entry*/) { }
    /// No owner moved while its parts were read. What still moves at the third try is *suspect* at most.
    virtual bool stable() const { return true; }
    virtual void setCoverage(Coverage /*coverage*/) { }

    /// What is wrong with what was taken. Called again for a second pass after 5 s: only what both say
    /// stands.
    virtual std::vector<Finding> judge(EpochMs nowMs) const = 0;

    /// What happened after the pass, while watching.
    virtual void watched(const ChangeEvent& /*event*/, EpochMs /*nowMs*/) { }
    /// Called once a second while watching and at its end: what the events so far show.
    virtual std::vector<Finding> judgeWatched(EpochMs /*nowMs*/) { return {}; }

    /// Rules that could not judge, and why.
    virtual std::vector<NotJudged> notJudged(const AuditScope& scope) const = 0;
};

/// A key that is known from elsewhere, e.g. the catalogue.
struct AuditKey {
    Bytes key;
    std::optional<EpochMs> setHereExpiryMs; ///< the expiry that this machine gave it
};

/// All of them, for one pass. `profile` and `known` must outlive them.
std::vector<std::unique_ptr<Auditor>> makeAuditors(
    const Profile& profile, const std::vector<AuditKey>& known);

} // namespace norikv::client
