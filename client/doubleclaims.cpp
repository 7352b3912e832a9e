// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/doubleclaims.h"

#include <algorithm>
#include <chrono>

namespace norikv::client {

namespace {
constexpr auto RefreshApart = std::chrono::milliseconds(500);
}

int DoubleClaim::fewest() const
{
    const auto least = std::ranges::min_element(refreshes, {}, &std::pair<const std::size_t, int>::second);
    return least == refreshes.end() ? 0 : least->second;
}

DoubleClaims::DoubleClaims(std::size_t nodes)
    : m_nodes(nodes)
{
}

void DoubleClaims::drop(std::size_t node, std::span<const std::uint32_t> shards)
{
    for (const auto shard : shards) {
        const auto claimed = m_claimants.find(shard);
        if (claimed == m_claimants.end())
            continue;
        std::erase(claimed->second, node);
        if (claimed->second.empty())
            m_claimants.erase(claimed);
        const auto twice = m_doubles.find(shard);
        if (twice == m_doubles.end())
            continue;
        twice->second.erase(node);
        if (twice->second.size() < 2)
            m_doubles.erase(twice);
    }
}

void DoubleClaims::take(std::size_t node, std::span<const std::uint32_t> gained,
    std::span<const std::uint32_t> lost, Clock::Elapsed at)
{
    drop(node, lost);
    for (const auto shard : gained) {
        auto& claimants = m_claimants[shard];
        claimants.push_back(node);
        if (claimants.size() > 1) {
            for (const auto each : claimants)
                m_doubles[shard].try_emplace(each, 0);
        }
    }
    Node& said = m_nodes.at(node);
    if (said.heard && at - said.counted < RefreshApart)
        return;
    said.heard = true;
    said.counted = at;
    for (auto& [shard, refreshes] : m_doubles) {
        if (const auto mine = refreshes.find(node); mine != refreshes.end())
            ++mine->second;
    }
}

void DoubleClaims::forget(std::size_t node, std::span<const std::uint32_t> lost)
{
    drop(node, lost);
    m_nodes.at(node).heard = false;
}

std::vector<DoubleClaim> DoubleClaims::standing() const
{
    std::vector<DoubleClaim> out;
    for (const auto& [shard, refreshes] : m_doubles)
        out.push_back({shard, refreshes});
    return out;
}

} // namespace norikv::client
