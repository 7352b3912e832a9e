// SPDX-License-Identifier: GPL-3.0-or-later
// The capability checklist: which calls does this server answer? Never writes (rulings 13).
#pragma once

#include "client/connection.h"

#include <functional>
#include <string>
#include <vector>

namespace norikv::client {

enum class CheckState {
    Ok,
    Absent, ///< the server does not offer it
    Refused, ///< offered, and declined on purpose
    Failed,
    Skipped,
};
std::string_view name(CheckState state);

struct Check {
    std::string
        id; ///< connect kv meta explore explore.watch vector admin.snapshot admin.transfer http.* faults
    CheckState state = CheckState::Skipped;
    double ms = 0;
    std::string detail;
};

struct ProbeReport {
    bool reachable = false;
    std::vector<Check> checks; ///< in the fixed order of ids
    std::string errorKind; ///< refused | timeout | not-grpc | bad-target | tls; empty when reachable
    std::string errorWhat;
    std::string remedy;

    const Check* find(std::string_view id) const;
    bool offers(std::string_view id) const;
};

/// Asks one thing after another; `progress` sees each check as it ends, on the calling thread. An unreachable
/// target is told within 3 s. The Get of `norikv-workbench:probe` opens at most one shard, as every read of
/// NoriKV does.
ProbeReport probe(Connection& connection, const Clock& clock, const std::stop_token& stop,
    const std::function<void(const Check&)>& progress = {});

/// The report for a target that cannot even be read.
ProbeReport badTarget(const Error& error);

std::string toJson(const ProbeReport& report, const std::string& target);

} // namespace norikv::client
