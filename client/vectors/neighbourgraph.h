// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/vectors.h"
#include "client/vectors/exactsearch.h"
#include "client/vectors/matrix.h"

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

namespace norikv::client {

/// How much is done, 0 to 1. Called often, on the calling thread.
using ShareDone = std::function<void(double)>;

/// The exact nearest neighbours of each row of a matrix, or of an even sample where there are too many rows
/// to compare all with all. Pure.
struct NeighbourGraph {
    static constexpr std::size_t MostRows = 20'000;

    Distance distance = Distance::Cosine;
    std::vector<std::uint32_t> rows; ///< of the matrix, ascending; neighbours are sought among these
    std::size_t k = 0; ///< neighbours of each; fewer than asked for only when there are fewer rows
    std::vector<std::uint32_t> neighbours; ///< k for each of `rows`: positions in `rows`, nearest first
    std::vector<float> distances; ///< beside `neighbours`

    std::size_t size() const { return rows.size(); }
    std::span<const std::uint32_t> of(std::size_t at) const
    {
        return std::span(neighbours).subspan(at * k, k);
    }
    std::span<const float> distancesOf(std::size_t at) const
    {
        return std::span(distances).subspan(at * k, k);
    }
};

/// Row numbers spread evenly over `rows`, at most `most`; ascending.
std::vector<std::uint32_t> evenSample(std::size_t rows, std::size_t most);

/// Blocks; works on `threads` threads. An empty graph when stopped.
NeighbourGraph neighbourGraph(const VectorMatrix& matrix, Distance distance, std::size_t k,
    std::size_t threads, const std::stop_token& stop = {}, const ShareDone& done = {},
    std::size_t mostRows = NeighbourGraph::MostRows);

} // namespace norikv::client
