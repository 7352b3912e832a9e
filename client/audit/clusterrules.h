// SPDX-License-Identifier: GPL-3.0-or-later
// Rule L6: one shard, two leaders (panels.md 2.4, point 5).
#pragma once

#include "client/audit/finding.h"
#include "client/clusterstate.h"
#include "client/nodehealth.h"
#include "client/profile.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace norikv::client {

/// What the nodes that claim one shard say of it.
struct ShardClaims {
    struct Claim {
        std::string node;
        int refreshes = 0; ///< in a row, since another claims it too
        std::optional<std::uint64_t> term; ///< where its /health names the shard and says that it leads
    };
    std::uint32_t shard = 0;
    std::vector<Claim> claims;
};

/// Refreshes in a row from both; fewer are a hand-over.
constexpr int DoubleClaimRefreshes = 3;

/// L6: *suspect*, because views are a second old and the claim of an older term is only stale; *certain* when
/// two /health replies show the same term, which Raft forbids. Pure.
std::optional<Finding> judgeClaims(const ShardClaims& claims, EpochMs nowMs);

/// "shard 17": the subject of L6, and back.
Bytes shardSubject(std::uint32_t shard);
std::optional<std::uint32_t> shardOfSubject(std::string_view subject);

/// Asks one address for its health; a test gives its own.
using HealthReader = std::function<Result<NodeHealth>(const std::string& address)>;
/// Within a second.
HealthReader httpHealthReader();

/// L6 of every shard as the merged view stands. Where shards are claimed twice it asks the nodes that claim
/// them for their terms, at the addresses that the profile names, and so may block for seconds; otherwise it
/// returns at once.
std::vector<Finding> judgeCluster(
    const ClusterState& cluster, const Profile& profile, EpochMs nowMs, const HealthReader& health);

} // namespace norikv::client
