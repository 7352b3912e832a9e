// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/shardfeed.h"

#include <vector>

namespace norikv::models {

/// One node's time as the leader of one shard.
struct LeadershipRun {
    std::uint32_t shard = 0;
    EpochMs fromMs = 0;
    EpochMs toMs = 0;
    int leader = -1; ///< index into ShardMap::nodes, which are the seeds; -1 = nobody, or no node known here
    bool operator==(const LeadershipRun&) const = default;
};

struct LeadershipRuns {
    EpochMs fromMs
        = 0; ///< nothing is known before: this program began to watch, or older lines were not read
    EpochMs toMs = 0;
    std::vector<LeadershipRun> runs; ///< of each shard without a gap, shards in order, oldest first
};

/// Who led each shard when: from the leaders at `nowMs` backwards through the elections (newest first, as
/// ShardFeed has them). What is after `nowMs` is left out. Pure.
LeadershipRuns leadershipRuns(
    const ShardMap& map, const std::vector<ElectionGroup>& elections, EpochMs nowMs);

} // namespace norikv::models
