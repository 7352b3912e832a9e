// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/vectors/neighbourgraph.h"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace norikv::client {

struct Position {
    float x = 0, y = 0;
    bool operator==(const Position&) const = default;
};

struct LayoutOptions {
    std::uint64_t seed = 1;
    std::size_t rounds = 0; ///< 0 = 500, or 200 above 10,000 rows
};

/// Positions in which near rows lie near: the idea of UMAP. Each row's nearest neighbours become springs,
/// strong ones for the nearest in its own scale; rounds of small steps pull along the springs and push away
/// from rows picked at random. Starts from `start` (one position for each row of the graph, such as PCA's).
/// The same graph, start and options give the same picture. Pure; one thread. Empty when stopped.
std::vector<Position> neighbourLayout(const NeighbourGraph& graph, const std::vector<Position>& start,
    const LayoutOptions& options = {}, const std::stop_token& stop = {}, const ShareDone& done = {});

/// A spring between two rows of a graph.
struct Spring {
    std::uint32_t a = 0, b = 0; ///< a < b
    float strength = 0; ///< (0, 1]
};
/// The union of what both ends think of each other: p + q - pq, where p is 1 for the nearest of a row and
/// falls so that the strengths of a row sum to log2(k).
std::vector<Spring> springs(const NeighbourGraph& graph);

} // namespace norikv::client
