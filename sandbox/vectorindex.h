// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/fairsharedmutex.h"
#include "sandbox/vectorgraph.h"
#include "sandbox/vectortail.h"
#include "sandbox/vectorwrite.h"

#include <atomic>
#include <unordered_map>

namespace norikv::sandbox {

struct VectorMatch {
    std::string id;
    float distance = 0;
    std::vector<float> values; ///< empty unless asked for
};

/// The vectors of one namespace in memory: a graph over the older ones and a tail of newer ones that is
/// searched exactly, so that a write is found at once and nobody waits for the graph. indexSome() moves the
/// tail into the graph, a little at a time; after a start everything is tail. A number (slot) names a vector
/// as long as it lives; replacing gives a new one. Every method may be called from any thread, but the
/// changing ones by one thread at a time, and indexSome() by one.
class VectorIndex {
public:
    /// How many of the nearest the graph keeps an eye on: what recall@10 >= 0.95 needs with 100,000 x 128
    /// clustered vectors. A larger k looks at as many as k.
    static constexpr std::size_t defaultEffort = 20;
    /// Fewer than this are searched exactly, which is quicker than a graph, too.
    static constexpr std::size_t graphFrom = 1000;
    /// A k above this, or above a tenth of the index, is answered exactly.
    static constexpr std::size_t exactAbove = 1000;

    explicit VectorIndex(const VectorParameters& parameters);

    const VectorParameters& parameters() const { return m_parameters; }
    std::size_t size() const { return m_live.load(std::memory_order_relaxed); }
    /// How many of them the graph has.
    std::size_t indexed() const { return m_liveInGraph.load(std::memory_order_relaxed); }

    bool contains(const std::string& id) const;
    /// Ascending distance, at most k. The query must have the right length and finite numbers.
    std::vector<VectorMatch> search(std::span<const float> query, std::size_t k, bool withValues,
        std::size_t effort = defaultEffort) const;

    struct Change {
        const std::string* id;
        const std::vector<float>* values; ///< null = remove
    };
    /// In order; removing what is not there does nothing.
    void apply(std::span<const Change> changes);

    /// Moves some of the tail into the graph with so many threads; searches wait for it, some 20 ms. False
    /// when there was nothing to move.
    bool indexSome(unsigned threads);

private:
    class Nearest;

    bool live(std::uint32_t slot) const { return m_ids[slot] != nullptr; }
    void remove(const std::string& id);
    bool searchGraph(const float* query, std::size_t k, std::size_t effort, Nearest& nearest) const;
    void scanGraph(const float* query, Nearest& nearest) const;
    void scanTail(const float* query, Nearest& nearest) const;
    void startAnew(std::size_t whole);

    const VectorParameters m_parameters;
    std::atomic<std::size_t> m_live = 0;
    std::atomic<std::size_t> m_liveInGraph = 0;

    // Taken in this order. Adding to the graph takes long and holds only the first, so writes go on
    // meanwhile.
    mutable FairSharedMutex m_graphMutex; ///< for the graph's contents
    mutable FairSharedMutex m_mutex; ///< for all that follows, and for putting another graph in its place

    std::unique_ptr<VectorGraph> m_graph; ///< null = everything is tail
    bool m_graphFailed = false; ///< no memory for one: exact from now on
    std::uint32_t m_inGraph = 0; ///< slots before this one are in the graph, if they lived then
    VectorTail m_tail;
    std::unordered_map<std::string, std::uint32_t> m_slots;
    std::vector<const std::string*> m_ids; ///< by slot, owned by m_slots; null = deleted or replaced
};

} // namespace norikv::sandbox
