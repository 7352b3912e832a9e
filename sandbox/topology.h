// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"
#include "sandbox/quirks.h"

#include <atomic>
#include <cstdint>
#include <vector>

namespace norikv::sandbox {

/// Who leads which shard. All nodes share one store, so leadership is only a rule about who answers; that is
/// enough to exercise a client's routing. Every method may be called from any thread.
class Topology {
public:
    Topology(std::uint32_t totalShards, std::size_t nodes);

    std::size_t leader(std::uint32_t shard) const { return m_leaders[shard].load(std::memory_order_relaxed); }
    /// Whether a request to this node for this shard is answered NOT_LEADER. With the quirk
    /// firstTouchNotLeader the first request to a shard is, and with a commit delay also those of the next
    /// 150 ms, the length of an election (wire-contract 2.9).
    bool refuses(std::size_t node, std::uint32_t shard, const Quirks& quirks, Clock::Elapsed now);
    /// False when there is no such shard.
    bool move(std::uint32_t shard, std::size_t node, bool keepOldClaim);

    /// The shards a node names in its view: those it leads or still claims; `openedOnly` as the shipped
    /// server does.
    std::vector<std::uint32_t> claims(std::size_t node, bool openedOnly) const;
    bool opened(std::uint32_t shard) const
    {
        return m_openedAt[shard].load(std::memory_order_relaxed) != never;
    }

    /// Rises with every change.
    std::uint64_t epoch() const { return m_epoch.load(std::memory_order_acquire); }
    void changed() { m_epoch.fetch_add(1, std::memory_order_acq_rel); }

private:
    static constexpr std::int64_t never = -1;

    std::vector<std::atomic<std::size_t>> m_leaders;
    std::vector<std::atomic<std::int64_t>> m_openedAt; ///< elapsed ns of the first request, per shard
    std::vector<std::atomic<std::size_t>> m_oldClaims; ///< node + 1 that still claims the shard, 0 = none
    std::atomic<std::uint64_t> m_epoch = 1;
};

} // namespace norikv::sandbox
