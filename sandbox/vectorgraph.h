// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/vectors/distance.h"
#include "sandbox/storage.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace norikv::sandbox {

/// A vector by the number its index gave it.
struct VectorPoint {
    std::uint32_t slot = 0;
    const float* row = nullptr;
};

/// A vector and how far it is from a query, as rankFunction() says.
struct VectorHit {
    float rank = 0;
    VectorPoint point;
};

/// The neighbour graph of one index, with its own copy of every vector in it. Only vectorgraph.cpp knows
/// hnswlib. Points are only added: what is deleted later stays as a signpost, and its slot must be filtered
/// out of the answers. (hnswlib's own marks are not used: its insert reads an empty list where all that is
/// near is marked.) Searches may run side by side, never beside add().
class VectorGraph {
public:
    VectorGraph(client::Distance distance, std::uint32_t dimensions);
    ~VectorGraph();
    VectorGraph(const VectorGraph&) = delete;
    VectorGraph& operator=(const VectorGraph&) = delete;

    /// Copies the rows; slots must be new. After an error (no memory) the graph is of no more use.
    Result<void> add(std::span<const VectorPoint> points, unsigned threads);
    std::size_t size() const;
    /// How many threads add() can use here.
    static unsigned usefulThreads();

    /// The nearest points in no order, at most `effort` of them. A higher effort finds more of the true ones.
    std::vector<VectorHit> search(const float* query, std::size_t effort) const;
    /// Ranks of the points from..from+count, in the order they came, to `hits`: the exact way.
    void rank(const float* query, std::size_t from, std::span<VectorHit> hits) const;
    VectorPoint point(std::size_t position) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace norikv::sandbox
