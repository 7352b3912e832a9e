// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/clusterstate.h"

#include <utility>

namespace norikv::client {

ClusterState::ClusterState(std::vector<std::string> seeds, const Clock& clock)
    : m_clock(clock)
    , m_nodeCount(seeds.size())
    , m_seeds(seeds.size())
{
    for (std::size_t i = 0; i < seeds.size(); ++i) {
        m_seeds[i].status.address = std::move(seeds[i]);
        m_seeds[i].status.since = clock.elapsed();
    }
}

void ClusterState::applyView(std::size_t node, const ClusterView& view)
{
    bool different = false;
    {
        const std::scoped_lock lock(m_mutex);
        Seed& seed = m_seeds.at(node);
        std::set<std::uint32_t> open;
        std::map<std::uint32_t, std::uint64_t> led;
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
            led[claim.shard] = before != seed.led.end() ? before->second : ++m_claimOrder;
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
    }
    if (different)
        changed();
}

void ClusterState::setLink(std::size_t node, Link link, std::string problem)
{
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
            seed.led.clear();
            seed.open.clear();
            seed.status.shardsOpen = 0;
            seed.status.shardsLed = 0;
        }
    }
    changed();
}

std::optional<std::size_t> ClusterState::leaderOf(std::uint32_t shard) const
{
    const std::scoped_lock lock(m_mutex);
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
    const NodeStatus& status = m_seeds.at(node).status;
    return status.id.empty() ? status.address : status.id;
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

void ClusterState::changed()
{
    const std::scoped_lock lock(m_callbackMutex);
    if (m_callback)
        m_callback();
}

} // namespace norikv::client
