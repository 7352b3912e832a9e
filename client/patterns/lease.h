// SPDX-License-Identifier: GPL-3.0-or-later
// Leader leases (patterns.md 1): the value of `leader:<election>` is the leader's node id, kept alive by
// rewriting it before it expires.
#pragma once

#include "client/patterns/compareandset.h"
#include "client/store.h"

#include <chrono>
#include <optional>
#include <string>

namespace norikv::client {

constexpr std::uint64_t DefaultLeaseMs = 10'000;

Bytes leaseKey(std::string_view election);
/// The election in `leader:<election>`, or nothing.
std::optional<Bytes> electionOf(std::string_view key);

/// One candidate of one election. Blocking; does nothing by itself: the caller sends heartbeats every third
/// of the lease. Without the document's defects: acquiring never overwrites a holder and is read back after a
/// settle delay, heartbeat and resigning are bound to the version read.
class LeaseCandidate {
public:
    LeaseCandidate(Store& store, Bytes election, std::string nodeId, std::uint64_t leaseMs = DefaultLeaseMs,
        Sleeper sleeper = realSleeper());

    const std::string& nodeId() const { return m_nodeId; }
    std::uint64_t leaseMs() const { return m_leaseMs; }

    struct Standing {
        bool leading = false;
        std::string holder; ///< empty = nobody
    };
    /// Takes the lease if nobody holds it; ours already is renewed.
    Result<Standing> campaign(Call& call);
    /// Renews our lease. Not leading = another holds it, or it ran out: campaign again.
    Result<Standing> heartbeat(Call& call);
    /// Gives our lease back; another's is left alone.
    Result<Standing> resign(Call& call);

private:
    Result<Standing> renew(Call& call, const Entry& entry);

    Store& m_store;
    const Bytes m_key;
    const std::string m_nodeId;
    const std::uint64_t m_leaseMs;
    const Sleeper m_sleep;
};

} // namespace norikv::client
