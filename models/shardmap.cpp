// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/shardmap.h"

#include <algorithm>

namespace norikv::models {

int ShardMap::nodesUp() const { return int(std::ranges::count(nodes, client::Link::Up, &NodeShare::link)); }

ShardMap makeShardMap(
    const client::ClusterSnapshot& cluster, std::uint32_t totalShards, const ShardMap* before, EpochMs nowMs)
{
    ShardMap map;
    map.cells.resize(totalShards);
    for (const auto shard : cluster.open) {
        if (shard < totalShards)
            map.cells[shard].state = ShardCell::State::Unclaimed;
    }
    for (const auto& [shard, claimants] : cluster.leaders) {
        if (shard >= totalShards || claimants.empty())
            continue;
        ShardCell& cell = map.cells[shard];
        cell.state = claimants.size() > 1 ? ShardCell::State::Twice : ShardCell::State::Led;
        cell.leader = static_cast<int>(claimants[0]);
        if (claimants.size() > 1)
            cell.other = static_cast<int>(claimants[1]);
    }
    for (std::size_t shard = 0; shard < map.cells.size(); ++shard) {
        ShardCell& cell = map.cells[shard];
        switch (cell.state) {
        case ShardCell::State::Led:
            ++map.led;
            break;
        case ShardCell::State::Twice:
            ++map.twice;
            break;
        case ShardCell::State::Unclaimed:
            ++map.unclaimed;
            break;
        case ShardCell::State::Cold:
            ++map.cold;
            break;
        }
        if (!before || shard >= before->cells.size())
            continue;
        const ShardCell& was = before->cells[shard];
        const bool same = was.state == cell.state && was.leader == cell.leader && was.other == cell.other;
        cell.sinceMs = same ? was.sinceMs : nowMs;
    }
    std::size_t up = 0;
    for (const auto& node : cluster.nodes) {
        map.nodes.push_back({node.id.empty() ? node.address : node.id, node.shardsLed, node.shardsOpen,
            node.link, node.problem});
        up += node.link == client::Link::Up || node.link == client::Link::Suspect ? 1 : 0;
    }
    if (up > 0)
        map.fairShare = static_cast<double>(map.led + map.twice) / static_cast<double>(up);
    return map;
}

} // namespace norikv::models
