// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/vectorindex.h"

#include <array>
#include <cmath>
#include <shared_mutex>

namespace norikv::sandbox {

namespace {

constexpr std::size_t pointsAtOnce = 128; // to the graph: some 20 ms, in which searches wait
constexpr std::size_t ranksAtOnce = 256;
constexpr std::size_t deadToStartAnew = 1000;

bool further(const VectorHit& a, const VectorHit& b) { return a.rank < b.rank; } // the furthest is on top

} // namespace

/// The k nearest of all that is offered.
class VectorIndex::Nearest {
public:
    explicit Nearest(std::size_t k)
        : m_k(k)
    {
    }
    void offer(const VectorHit& hit)
    {
        if (m_hits.size() < m_k) {
            m_hits.push_back(hit);
            std::ranges::push_heap(m_hits, further);
        } else if (hit.rank < m_hits.front().rank) {
            std::ranges::pop_heap(m_hits, further);
            m_hits.back() = hit;
            std::ranges::push_heap(m_hits, further);
        }
    }
    /// Nearest first. Ends the collecting.
    std::vector<VectorHit>& sorted()
    {
        std::ranges::sort_heap(m_hits, further);
        return m_hits;
    }

private:
    const std::size_t m_k;
    std::vector<VectorHit> m_hits;
};

VectorIndex::VectorIndex(const VectorParameters& parameters)
    : m_parameters(parameters)
    , m_tail(parameters.dimensions)
{
}

bool VectorIndex::contains(const std::string& id) const
{
    const std::shared_lock lock(m_mutex);
    return m_slots.contains(id);
}

void VectorIndex::apply(std::span<const Change> changes)
{
    const std::unique_lock lock(m_mutex);
    for (const auto& [id, values] : changes) {
        remove(*id);
        if (values != nullptr) {
            const auto added = m_slots.emplace(*id, m_tail.end()).first;
            m_tail.append(*values);
            m_ids.push_back(&added->first);
        }
    }
    m_live = m_slots.size();
}

void VectorIndex::remove(const std::string& id)
{
    const auto found = m_slots.find(id);
    if (found == m_slots.end()) {
        return;
    }
    m_ids[found->second] = nullptr;
    if (found->second < m_inGraph) {
        --m_liveInGraph;
    }
    m_slots.erase(found);
}

std::vector<VectorMatch> VectorIndex::search(
    std::span<const float> query, std::size_t k, bool withValues, std::size_t effort) const
{
    const std::shared_lock graphLock(m_graphMutex);
    const std::shared_lock lock(m_mutex);
    const std::size_t all = m_slots.size();
    k = std::min(k, all);
    Nearest nearest(k);
    const bool few = k <= exactAbove && k <= all / 10;
    if (!few || !m_graph || !searchGraph(query.data(), k, effort, nearest)) {
        scanGraph(query.data(), nearest);
    }
    scanTail(query.data(), nearest);

    std::vector<VectorMatch> matches;
    matches.reserve(k);
    for (const auto& [rank, point] : nearest.sorted()) {
        auto& match = matches.emplace_back();
        match.id = *m_ids[point.slot];
        match.distance = std::isfinite(rank)
            ? distanceOfRank(m_parameters.distance, rank)
            : distance(m_parameters.distance, query.data(), point.row, query.size());
        if (withValues) {
            match.values.assign(point.row, point.row + query.size());
        }
    }
    return matches;
}

/// False when it found too few, so that only the exact way is left.
bool VectorIndex::searchGraph(const float* query, std::size_t k, std::size_t effort, Nearest& nearest) const
{
    const std::size_t wanted = std::min(k, m_liveInGraph.load(std::memory_order_relaxed));
    std::vector<VectorHit> hits;
    for (std::size_t asked = std::max(effort, k);; asked *= 4) {
        hits = m_graph->search(query, asked);
        std::erase_if(hits, [this](const VectorHit& hit) { return !live(hit.point.slot); });
        if (hits.size() >= wanted) {
            break;
        }
        if (asked > m_graph->size() / 10) { // it is mostly deleted, or in parts
            return false;
        }
    }
    for (const auto& hit : hits) {
        nearest.offer(hit);
    }
    return true;
}

void VectorIndex::scanGraph(const float* query, Nearest& nearest) const
{
    const std::size_t size = m_graph ? m_graph->size() : 0;
    std::array<VectorHit, ranksAtOnce> hits;
    for (std::size_t from = 0; from < size; from += hits.size()) {
        const std::span some(hits.data(), std::min(hits.size(), size - from));
        m_graph->rank(query, from, some);
        for (const auto& hit : some) {
            if (live(hit.point.slot)) {
                nearest.offer(hit);
            }
        }
    }
}

void VectorIndex::scanTail(const float* query, Nearest& nearest) const
{
    const std::size_t dimensions = m_parameters.dimensions;
    std::array<float, ranksAtOnce> ranks{};
    for (auto slot = m_inGraph; slot < m_tail.end();) {
        const auto count = std::min<std::uint32_t>(m_tail.run(slot), ranks.size());
        const float* rows = m_tail.row(slot);
        rankRows(m_parameters.distance, query, rows, dimensions, count, dimensions, ranks.data());
        for (std::uint32_t i = 0; i < count; ++i) {
            if (live(slot + i)) {
                nearest.offer({ranks[i], {slot + i, rows + i * dimensions}});
            }
        }
        slot += count;
    }
}

bool VectorIndex::indexSome(unsigned threads)
{
    const std::unique_lock graphLock(m_graphMutex);
    std::vector<VectorPoint> points;
    std::uint32_t upTo = 0;
    {
        const std::unique_lock lock(m_mutex);
        if (m_ids.size() > m_slots.size() * 2 + deadToStartAnew) {
            startAnew(m_graph ? m_graph->size() : 0);
        }
        const bool wanted = m_parameters.type == client::IndexType::Hnsw && !m_graphFailed
            && m_inGraph < m_tail.end() && (m_graph || m_slots.size() >= graphFrom);
        if (!wanted) {
            return false;
        }
        if (!m_graph) {
            m_graph = std::make_unique<VectorGraph>(m_parameters.distance, m_parameters.dimensions);
        }
        for (upTo = m_inGraph; upTo < m_tail.end() && points.size() < pointsAtOnce; ++upTo) {
            if (live(upTo)) {
                points.push_back({upTo, m_tail.row(upTo)});
            }
        }
    }
    const auto whole = m_graph->size();
    const auto added = m_graph->add(points, threads); // writes go on: the rows stay where they are
    const std::unique_lock lock(m_mutex);
    if (!added) {
        m_graphFailed = true;
        startAnew(whole);
        return false;
    }
    m_inGraph = upTo;
    for (const auto& point : points) {
        m_liveInGraph += live(point.slot) ? 1 : 0; // it may have been deleted meanwhile
    }
    m_tail.dropBefore(upTo);
    return true;
}

/// Takes what lives into a new tail, with new numbers: the first `whole` points of the graph and the old
/// tail. With both locks.
void VectorIndex::startAnew(std::size_t whole)
{
    VectorTail tail(m_parameters.dimensions);
    std::vector<const std::string*> ids;
    ids.reserve(m_slots.size());
    const auto keep = [&](std::uint32_t slot, const float* row) {
        if (live(slot)) {
            m_slots.find(*m_ids[slot])->second = tail.end();
            ids.push_back(m_ids[slot]);
            tail.append({row, m_parameters.dimensions});
        }
    };
    for (std::size_t i = 0; i < whole; ++i) {
        const auto [slot, row] = m_graph->point(i);
        keep(slot, row);
    }
    for (auto slot = m_inGraph; slot < m_tail.end(); ++slot) {
        keep(slot, m_tail.row(slot));
    }
    m_tail = std::move(tail);
    m_ids = std::move(ids);
    m_graph.reset();
    m_inGraph = 0;
    m_liveInGraph = 0;
}

} // namespace norikv::sandbox
