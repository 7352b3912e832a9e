// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/vectorgraph.h"

// hnswlib prefetches one neighbour past the end of a full list. That is harmless, but AddressSanitizer is
// right to report it.
#if defined(__SANITIZE_ADDRESS__)
#define NO_MANUAL_VECTORIZATION
#endif
#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

namespace norikv::sandbox {

namespace {

constexpr std::size_t links = 16; // wire-contract 5.3, HNSW defaults
constexpr std::size_t buildEffort = 200;
constexpr std::size_t firstCapacity = 1024;

/// Our distance in hnswlib's clothes. The parameter of the function is the space itself.
class Space final : public hnswlib::SpaceInterface<float> {
public:
    Space(client::Distance distance, std::size_t dimensions)
        : m_rank(rankFunction(distance))
        , m_dimensions(dimensions)
    {
    }
    std::size_t get_data_size() override { return m_dimensions * sizeof(float); }
    hnswlib::DISTFUNC<float> get_dist_func() override { return measure; }
    void* get_dist_func_param() override { return this; }
    float rank(const float* a, const float* b) const { return m_rank(a, b, m_dimensions); }

private:
    static float measure(const void* a, const void* b, const void* parameter)
    {
        return static_cast<const Space*>(parameter)->rank(
            static_cast<const float*>(a), static_cast<const float*>(b));
    }

    const DistanceFunction m_rank;
    const std::size_t m_dimensions;
};

} // namespace

struct VectorGraph::Impl {
    Impl(client::Distance distance, std::uint32_t dims)
        : kind(distance)
        , dimensions(dims)
        , space(distance, dims)
        , graph(&space, firstCapacity, links, buildEffort)
    {
    }

    void grow(std::size_t wanted)
    {
        if (wanted > graph.max_elements_) { // only a little more, for what is spare is memory, too
            graph.resizeIndex(std::max(wanted, graph.max_elements_ + graph.max_elements_ / 16));
        }
    }
    const float* row(std::size_t position) const
    {
        // A row is not aligned to its size, but to a float: links before it are 4 bytes each.
        return static_cast<const float*>(
            static_cast<const void*>(graph.getDataByInternalId(static_cast<hnswlib::tableint>(position))));
    }
    std::uint32_t slot(std::size_t position) const
    {
        return static_cast<std::uint32_t>(graph.getExternalLabel(static_cast<hnswlib::tableint>(position)));
    }

    /// The point of the lowest layer to start from: the nearest one that the layers above it lead to.
    hnswlib::tableint entry(const float* query) const
    {
        auto nearest = graph.enterpoint_node_;
        float rank = space.rank(query, row(nearest));
        for (int layer = graph.maxlevel_; layer > 0; --layer) {
            for (bool closer = true; closer;) {
                closer = false;
                auto* list = graph.get_linklist(nearest, layer);
                const std::span neighbours(list + 1, graph.getListCount(list));
                for (const auto candidate : neighbours) {
                    if (const float its = space.rank(query, row(candidate)); its < rank) {
                        rank = its;
                        nearest = candidate;
                        closer = true;
                    }
                }
            }
        }
        return nearest;
    }

    const client::Distance kind;
    const std::size_t dimensions;
    Space space;
    hnswlib::HierarchicalNSW<float> graph;
};

VectorGraph::VectorGraph(client::Distance distance, std::uint32_t dimensions)
    : m_impl(std::make_unique<Impl>(distance, dimensions))
{
}

VectorGraph::~VectorGraph() = default;

unsigned VectorGraph::usefulThreads()
{
#if defined(__SANITIZE_THREAD__)
    // hnswlib's threads draw layers from one generator without a lock. Any number will do for them, but
    // ThreadSanitizer is right to report it.
    return 1;
#else
    return std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
#endif
}

std::size_t VectorGraph::size() const { return m_impl->graph.cur_element_count; }

Result<void> VectorGraph::add(std::span<const VectorPoint> points, unsigned threads)
{
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> failed = false;
    const auto work = [&] {
        try {
            for (auto i = next++; i < points.size() && !failed; i = next++) {
                m_impl->graph.addPoint(points[i].row, points[i].slot);
            }
        } catch (const std::exception&) {
            failed = true;
        }
    };
    try {
        m_impl->grow(size() + points.size());
        if (size() == 0 && !points.empty()) {
            m_impl->graph.addPoint(points.front().row, points.front().slot); // the first one must be alone
            next = 1;
        }
        std::vector<std::jthread> helpers;
        for (unsigned i = 1; i < threads && i < points.size(); ++i) {
            helpers.emplace_back(work);
        }
        work();
    } catch (const std::exception&) {
        failed = true;
    }
    // Nobody looks a slot up, and hnswlib's map of them takes 45 bytes a vector.
    m_impl->graph.label_lookup_ = {};
    if (failed) {
        return tl::unexpected(Error("there is no memory for the graph"));
    }
    return {};
}

std::vector<VectorHit> VectorGraph::search(const float* query, std::size_t effort) const
{
    std::vector<VectorHit> hits;
    if (size() == 0) {
        return hits;
    }
    // What hnswlib's searchKnn does, without its counters and without going through labels again.
    const auto& graph = m_impl->graph;
    auto found = graph.searchBaseLayerST<false>(m_impl->entry(query), query, effort);
    hits.resize(found.size());
    for (auto& hit : hits) {
        hit = {found.top().first, point(found.top().second)};
        found.pop();
    }
    return hits;
}

void VectorGraph::rank(const float* query, std::size_t from, std::span<VectorHit> hits) const
{
    constexpr std::size_t atOnce = 256;
    const std::size_t stride = m_impl->graph.size_data_per_element_ / sizeof(float);
    std::array<float, atOnce> ranks{};
    for (std::size_t done = 0; done < hits.size(); done += atOnce) {
        const auto count = std::min(atOnce, hits.size() - done);
        rankRows(
            m_impl->kind, query, m_impl->row(from + done), stride, count, m_impl->dimensions, ranks.data());
        for (std::size_t i = 0; i < count; ++i) {
            hits[done + i] = {ranks[i], point(from + done + i)};
        }
    }
}

VectorPoint VectorGraph::point(std::size_t position) const
{
    return {m_impl->slot(position), m_impl->row(position)};
}

} // namespace norikv::sandbox
