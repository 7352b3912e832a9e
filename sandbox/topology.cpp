// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/topology.h"

namespace norikv::sandbox {

namespace {
constexpr Clock::Elapsed electionTime = std::chrono::milliseconds(150);
}

Topology::Topology(std::uint32_t totalShards, std::size_t nodes)
    : m_leaders(totalShards)
    , m_openedAt(totalShards)
    , m_oldClaims(totalShards)
{
    for (std::uint32_t shard = 0; shard < totalShards; ++shard) {
        m_leaders[shard] = shard % nodes;
        m_openedAt[shard] = never;
    }
    m_openedAt[0] = 0; // shard 0 is opened at start
}

bool Topology::refuses(std::size_t node, std::uint32_t shard, const Quirks& quirks, Clock::Elapsed now)
{
    if (leader(shard) != node) {
        return true;
    }
    auto& openedAt = m_openedAt[shard];
    std::int64_t since = openedAt.load(std::memory_order_relaxed);
    if (since == never && openedAt.compare_exchange_strong(since, now.count())) {
        if (quirks.firstTouchNotLeader) {
            changed(); // such a server names only opened shards
        }
        return quirks.firstTouchNotLeader;
    }
    return quirks.firstTouchNotLeader && quirks.commitDelayMs != 0 && since != 0
        && now.count() - since < electionTime.count();
}

bool Topology::move(std::uint32_t shard, std::size_t node, bool keepOldClaim)
{
    if (shard >= m_leaders.size()) {
        return false;
    }
    const std::size_t before = m_leaders[shard].exchange(node);
    m_oldClaims[shard] = keepOldClaim && before != node ? before + 1 : 0;
    changed();
    return true;
}

std::vector<std::uint32_t> Topology::claims(std::size_t node, bool openedOnly) const
{
    std::vector<std::uint32_t> shards;
    for (std::uint32_t shard = 0; shard < m_leaders.size(); ++shard) {
        const bool claimed
            = leader(shard) == node || m_oldClaims[shard].load(std::memory_order_relaxed) == node + 1;
        if (claimed && (!openedOnly || opened(shard))) {
            shards.push_back(shard);
        }
    }
    return shards;
}

} // namespace norikv::sandbox
