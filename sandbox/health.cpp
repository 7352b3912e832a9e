// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/health.h"

#include <nlohmann/json.hpp>

namespace norikv::sandbox {

namespace {
constexpr std::size_t samples = 10;
}

std::string healthJson(const Node& node, Clock::Elapsed uptime)
{
    const auto& engine = node.shared.engine;
    std::vector<std::uint32_t> active
        = node.shared.topology.claims(node.index, engine.quirks().firstTouchNotLeader);
    auto shown = nlohmann::ordered_json::array();
    for (const auto shard : active) {
        // A node that still claims a shard that was moved says here, too, that it leads it.
        if (shown.size() < samples) {
            shown.push_back({{"shard_id", shard}, {"is_leader", true}, {"term", 1},
                {"commit_index", engine.shardIndex(shard)}, {"status", "healthy"}});
        }
    }
    const std::size_t leading = active.size();
    const std::size_t following = 0; // nobody follows where all nodes share one store
    const std::string details = active.empty() ? "Server is starting, no shards active yet"
                                               : "Active shards: " + std::to_string(active.size())
            + ", Leader: " + std::to_string(leading) + ", Follower: " + std::to_string(following);
    nlohmann::ordered_json health{{"status", active.empty() ? "starting" : "healthy"}, {"node_id", node.id},
        {"uptime_seconds", std::chrono::duration_cast<std::chrono::seconds>(uptime).count()},
        {"total_shards", engine.totalShards()}, {"active_shards", active.size()}, {"leader_shards", leading},
        {"follower_shards", following}, {"shard_samples", shown}, {"details", details}};
    if (const auto [stored, indexed] = engine.vectors().progress(); stored != 0) {
        // Ours alone: how far the graphs are, which are made anew after a start.
        health["vectors"] = {{"stored", stored}, {"indexed", indexed}};
    }
    return health.dump();
}

} // namespace norikv::sandbox
