// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/clusterrules.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace norikv::client {

namespace {

constexpr std::string_view Subject = "shard ";
constexpr std::chrono::milliseconds Patience{1000};

/// "node0 (term 4)".
std::string named(const ShardClaims::Claim& claim)
{
    const std::string node = printable(claim.node);
    return claim.term ? node + " (term " + std::to_string(*claim.term) + ")" : node;
}

} // namespace

Bytes shardSubject(std::uint32_t shard) { return std::string(Subject) + std::to_string(shard); }

std::optional<std::uint32_t> shardOfSubject(std::string_view subject)
{
    if (!subject.starts_with(Subject))
        return std::nullopt;
    subject.remove_prefix(Subject.size());
    std::uint32_t shard = 0;
    const auto [end, error] = std::from_chars(subject.data(), subject.data() + subject.size(), shard);
    if (error != std::errc() || end != subject.data() + subject.size())
        return std::nullopt;
    return shard;
}

std::optional<Finding> judgeClaims(const ShardClaims& claims, EpochMs nowMs)
{
    std::vector<ShardClaims::Claim> lasting;
    std::ranges::copy_if(claims.claims, std::back_inserter(lasting),
        [](const ShardClaims::Claim& claim) { return claim.refreshes >= DoubleClaimRefreshes; });
    if (lasting.size() < 2)
        return std::nullopt;
    std::map<std::uint64_t, int> leadersOfTerm;
    bool sameTerm = false;
    bool allTerms = true;
    for (const auto& claim : lasting) {
        allTerms = allTerms && claim.term;
        sameTerm = sameTerm || (claim.term && ++leadersOfTerm[*claim.term] == 2);
    }
    Finding finding;
    finding.rule = "L6";
    finding.severity = sameTerm ? Severity::Certain : Severity::Suspect;
    finding.subject = shardSubject(claims.shard);
    std::string who = named(lasting.front());
    for (std::size_t i = 1; i < lasting.size(); ++i)
        who += (i + 1 == lasting.size() ? " and " : ", ") + named(lasting[i]);
    finding.evidence = who + " claim to lead shard " + std::to_string(claims.shard)
        + ", each in three refreshes in a row or more"
        + (sameTerm        ? ": two leaders of one term, which must not be. Writes to this shard may be lost."
                : allTerms ? ": the older term is stale, or its node does not know that it was replaced."
                           : ": one of them does not know that it was replaced, or both accept writes.");
    finding.firstSeenMs = nowMs;
    finding.lastSeenMs = nowMs;
    return finding;
}

HealthReader httpHealthReader()
{
    return [](const std::string& address) { return readNodeHealth(address, Patience); };
}

std::vector<Finding> judgeCluster(
    const ClusterState& cluster, const Profile& profile, EpochMs nowMs, const HealthReader& health)
{
    std::vector<Finding> findings;
    std::map<std::size_t, std::optional<NodeHealth>> asked; // each node once
    const auto healthOf = [&](std::size_t node) -> const std::optional<NodeHealth>& {
        const auto [place, fresh] = asked.try_emplace(node);
        if (fresh && node < profile.httpAddresses.size() && !profile.httpAddresses[node].empty()) {
            if (auto answer = health(profile.httpAddresses[node]))
                place->second = std::move(*answer);
        }
        return place->second;
    };
    for (const DoubleClaim& twice : cluster.doubleClaims()) {
        if (twice.refreshes.size() < 2)
            continue;
        ShardClaims claims;
        claims.shard = twice.shard;
        const bool lasting = std::ranges::count_if(twice.refreshes, [](const auto& each) {
            return each.second >= DoubleClaimRefreshes;
        }) >= 2;
        for (const auto& [node, refreshes] : twice.refreshes) {
            claims.claims.push_back({cluster.nodeName(node), refreshes, {}});
            if (!lasting)
                continue;
            const auto& said = healthOf(node);
            const auto* sample = said ? said->sampleOf(twice.shard) : nullptr;
            if (sample && sample->leader)
                claims.claims.back().term = sample->term;
        }
        if (auto finding = judgeClaims(claims, nowMs))
            findings.push_back(std::move(*finding));
    }
    return findings;
}

} // namespace norikv::client
