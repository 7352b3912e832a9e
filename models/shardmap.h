// SPDX-License-Identifier: GPL-3.0-or-later
// Which node leads which shard, as one picture. Pure; made on a worker, then never changed.
#pragma once

#include "client/clusterstate.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace norikv::models {

struct ShardCell {
    enum class State {
        Led,
        Twice, ///< several nodes claim it
        Unclaimed, ///< opened on a node that does not lead it, and nobody does
        Cold, ///< opened nowhere: the first request opens it, also a read (wire-contract 2.9)
    };
    State state = State::Cold;
    int leader = -1; ///< seed; of a shard claimed twice the first
    int other = -1; ///< of a shard claimed twice the second
    EpochMs sinceMs = 0; ///< when the state or leader last changed while this program looked; 0 = not seen
    bool operator==(const ShardCell&) const = default;
};

/// What one node leads, against what it would lead if all did the same.
struct NodeShare {
    std::string name;
    std::size_t led = 0;
    std::size_t open = 0;
    client::Link link = client::Link::Connecting;
    std::string problem; ///< why it is not up
};

/// Numbers for each shard, or nothing known.
template <class T> using PerShard = std::shared_ptr<const std::vector<T>>;

struct ShardMap {
    std::vector<ShardCell> cells; ///< one for each shard
    std::vector<NodeShare> nodes; ///< one for each seed
    std::size_t led = 0, twice = 0, unclaimed = 0, cold = 0; ///< cells by state; `led` counts those led once
    /// Leaders per node that is up if all led the same number.
    double fairShare = 0;

    int nodesUp() const;
    std::size_t bytes() const { return sizeof(*this) + cells.size() * sizeof(ShardCell); }
};

/// `before` is the map shown until now, for the moments of changes; null at first. Shards above `totalShards`
/// are left out: the profile's number is wrong then.
ShardMap makeShardMap(
    const client::ClusterSnapshot& cluster, std::uint32_t totalShards, const ShardMap* before, EpochMs nowMs);

} // namespace norikv::models
