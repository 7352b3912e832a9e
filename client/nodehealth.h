// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/result.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace norikv::client {

/// What a node says of itself under `/health` of its HTTP side port (wire-contract 6.1).
struct NodeHealth {
    struct Sample {
        std::uint32_t shard = 0;
        bool leader = false;
        std::uint64_t term = 0; ///< of Raft; begins again with the process
        std::uint64_t commitIndex = 0;
    };
    std::string status; ///< "starting" or "healthy"; NoriKV says nothing else, whatever happens
    std::string nodeId;
    std::uint32_t totalShards = 0; ///< the only place where a server tells it
    std::uint32_t activeShards = 0;
    std::uint32_t leaderShards = 0;
    std::uint32_t followerShards = 0;
    std::vector<Sample> samples; ///< of the ten lowest open shards
    /// The reply as it came, indented. Its `uptime_seconds` is no uptime on NoriKV but the commit index of
    /// shard 0 divided by ten, so it has no member here.
    std::string text;

    const Sample* sampleOf(std::uint32_t shard) const;
};

/// Fails (BadData) where the text is no such JSON; members that are absent keep their zero.
Result<NodeHealth> parseNodeHealth(std::string_view text);

/// GET http://`address`/health, at most `timeout` for each step. Blocks.
Result<NodeHealth> readNodeHealth(const std::string& address, std::chrono::milliseconds timeout);

} // namespace norikv::client
