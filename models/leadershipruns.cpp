// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/leadershipruns.h"

#include <algorithm>

namespace norikv::models {

namespace {

int nodeNamed(const ShardMap& map, const std::string& name)
{
    const auto found = std::ranges::find(map.nodes, name, &NodeShare::name);
    return name.empty() || found == map.nodes.end() ? -1 : int(found - map.nodes.begin());
}

} // namespace

LeadershipRuns leadershipRuns(const ShardMap& map, const std::vector<ElectionGroup>& elections, EpochMs nowMs)
{
    struct Open {
        EpochMs toMs = 0;
        int leader = -1;
    };
    LeadershipRuns out;
    out.fromMs = nowMs;
    out.toMs = nowMs;
    std::vector<Open> open;
    open.reserve(map.cells.size());
    for (const ShardCell& cell : map.cells)
        open.push_back({nowMs, cell.leader});
    for (const ElectionGroup& group : elections) {
        if (group.atMs > nowMs)
            continue;
        out.fromMs = std::min(out.fromMs, group.atMs);
        if (group.shards.empty())
            break; // what was before was not seen
        for (const std::uint32_t shard : group.shards) {
            if (shard >= open.size())
                continue;
            Open& run = open[shard];
            const EpochMs atMs = std::min(group.atMs, run.toMs); // clocks jump; the order stays
            if (atMs < run.toMs)
                out.runs.push_back({shard, atMs, run.toMs, run.leader});
            run = {atMs, nodeNamed(map, group.before)};
        }
    }
    for (std::uint32_t shard = 0; shard < open.size(); ++shard) {
        if (open[shard].toMs > out.fromMs)
            out.runs.push_back({shard, out.fromMs, open[shard].toMs, open[shard].leader});
    }
    std::ranges::sort(out.runs, [](const LeadershipRun& a, const LeadershipRun& b) {
        return std::pair(a.shard, a.fromMs) < std::pair(b.shard, b.fromMs);
    });
    return out;
}

} // namespace norikv::models
