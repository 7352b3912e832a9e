// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/clusterstate.h"

#include <utility>

namespace norikv::client {

ClusterState::ClusterState(std::vector<std::string> seeds, const Clock& clock)
    : m_clock(clock)
    , m_nodeCount(seeds.size())
    , m_seeds(seeds.size())
    , m_doubles(seeds.size())
{
    for (std::size_t i = 0; i < seeds.size(); ++i) {
        m_seeds[i].status.address = std::move(seeds[i]);
        m_seeds[i].status.since = clock.elapsed();
    }
}

void ClusterState::applyView(std::size_t node, const ClusterView& view)
{
    bool different = false;
    std::vector<LeaderChange> elected;
    const std::scoped_lock inOrder(m_electionMutex);
    {
        const std::scoped_lock lock(m_mutex);
        Seed& seed = m_seeds.at(node);
        seed.said.view = std::make_shared<const ClusterView>(view);
        ++seed.said.views;
        seed.said.heard = m_clock.elapsed();
        std::set<std::uint32_t> open;
        std::map<std::uint32_t, std::uint64_t> led;
        Shards gained;
        Shards lost;
        std::string id = seed.status.id;
        // A lone entry is the node itself even before it opened a shard.
        if (view.nodes.size() == 1)
            id = view.nodes.front().id;
        for (const auto& claim : view.claims) {
            id = claim.nodeId;
            open.insert(claim.shard);
            if (!claim.leader)
                continue;
            const auto before = seed.led.find(claim.shard);
            if (before == seed.led.end())
                gained.push_back(claim.shard);
            led[claim.shard] = before != seed.led.end() ? before->second : ++m_claimOrder;
        }
        for (const auto& [shard, order] : seed.led) {
            if (!led.contains(shard))
                lost.push_back(shard);
        }
        std::string advertised;
        for (const auto& other : view.nodes) {
            if (other.id == id)
                advertised = other.address;
        }
        different = open != seed.open || led != seed.led || id != seed.status.id
            || advertised != seed.status.advertised || seed.status.link != Link::Up;
        if (seed.status.link != Link::Up) {
            seed.status.link = Link::Up;
            seed.status.since = m_clock.elapsed();
            seed.status.problem.clear();
        }
        seed.open = std::move(open);
        seed.led = std::move(led);
        seed.status.id = std::move(id);
        seed.status.advertised = std::move(advertised);
        seed.status.shardsOpen = seed.open.size();
        seed.status.shardsLed = seed.led.size();
        m_doubles.take(node, gained, lost, m_clock.elapsed());
        elected = elect(node, gained, lost);
    }
    if (!elected.empty() && m_onElection)
        m_onElection(elected);
    if (different)
        changed();
}

void ClusterState::setLink(std::size_t node, Link link, std::string problem)
{
    std::vector<LeaderChange> elected;
    const std::scoped_lock inOrder(m_electionMutex);
    {
        const std::scoped_lock lock(m_mutex);
        Seed& seed = m_seeds.at(node);
        if (seed.status.link == link && seed.status.problem == problem)
            return;
        if (seed.status.link != link)
            seed.status.since = m_clock.elapsed();
        seed.status.link = link;
        seed.status.problem = std::move(problem);
        if (link == Link::Down) {
            Shards lost;
            for (const auto& [shard, order] : std::exchange(seed.led, {}))
                lost.push_back(shard);
            seed.open.clear();
            seed.status.shardsOpen = 0;
            seed.status.shardsLed = 0;
            m_doubles.forget(node, lost);
            elected = elect(node, {}, lost);
        }
    }
    if (!elected.empty() && m_onElection)
        m_onElection(elected);
    changed();
}

std::vector<LeaderChange> ClusterState::elect(std::size_t node, const Shards& gained, const Shards& lost)
{
    std::vector<LeaderChange> elected;
    const auto leads = [&](std::uint32_t shard, std::optional<std::size_t> now) {
        const auto told = m_leaders.find(shard);
        const auto before = told == m_leaders.end() ? std::nullopt : std::optional(told->second);
        if (before == now)
            return;
        elected.push_back({shard, nameOf(before), nameOf(now)});
        if (now)
            m_leaders[shard] = *now;
        else
            m_leaders.erase(told);
    };
    for (const auto shard : gained)
        leads(shard, node);
    for (const auto shard : lost)
        leads(shard, newestClaim(shard));
    return elected;
}

std::string ClusterState::nameOf(std::optional<std::size_t> node) const
{
    if (!node)
        return {};
    const NodeStatus& status = m_seeds.at(*node).status;
    return status.id.empty() ? status.address : status.id;
}

std::optional<std::size_t> ClusterState::leaderOf(std::uint32_t shard) const
{
    const std::scoped_lock lock(m_mutex);
    return newestClaim(shard);
}

std::optional<std::size_t> ClusterState::newestClaim(std::uint32_t shard) const
{
    std::optional<std::size_t> leader;
    std::uint64_t newest = 0;
    for (std::size_t i = 0; i < m_seeds.size(); ++i) {
        const auto claim = m_seeds[i].led.find(shard);
        if (claim != m_seeds[i].led.end() && claim->second > newest) {
            newest = claim->second;
            leader = i;
        }
    }
    return leader;
}

std::string ClusterState::nodeName(std::size_t node) const
{
    const std::scoped_lock lock(m_mutex);
    return nameOf(node);
}

NodeView ClusterState::viewOf(std::size_t node) const
{
    const std::scoped_lock lock(m_mutex);
    return m_seeds.at(node).said;
}

std::vector<DoubleClaim> ClusterState::doubleClaims() const
{
    const std::scoped_lock lock(m_mutex);
    return m_doubles.standing();
}

ClusterSnapshot ClusterState::snapshot() const
{
    const std::scoped_lock lock(m_mutex);
    ClusterSnapshot out;
    for (std::size_t i = 0; i < m_seeds.size(); ++i) {
        out.nodes.push_back(m_seeds[i].status);
        out.open.insert(m_seeds[i].open.begin(), m_seeds[i].open.end());
        for (const auto& [shard, order] : m_seeds[i].led)
            out.leaders[shard].push_back(i);
    }
    return out;
}

void ClusterState::onChange(std::function<void()> callback)
{
    const std::scoped_lock lock(m_callbackMutex);
    m_callback = std::move(callback);
}

void ClusterState::onElection(std::function<void(std::span<const LeaderChange>)> callback)
{
    const std::scoped_lock lock(m_electionMutex);
    m_onElection = std::move(callback);
    std::vector<LeaderChange> now;
    {
        const std::scoped_lock state(m_mutex);
        for (const auto& [shard, node] : m_leaders)
            now.push_back({shard, {}, nameOf(node)});
    }
    if (m_onElection && !now.empty())
        m_onElection(now);
}

void ClusterState::changed()
{
    const std::scoped_lock lock(m_callbackMutex);
    if (m_callback)
        m_callback();
}

} // namespace norikv::client
