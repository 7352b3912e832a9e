// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/vectors/neighbourgraph.h"
#include "client/vectors/neighbourlayout.h"

#include <vector>

namespace norikv::client {

constexpr std::size_t TrustNeighbours = 10;

/// For each row of `truth` the share of its k nearest that are also among its k nearest in the picture, 0 to
/// 1: how far a person may trust what lies around the point. `picture` has a position for each row. Blocks;
/// works on `threads` threads; empty when stopped or without neighbours.
std::vector<float> trust(const NeighbourGraph& truth, const std::vector<Position>& picture,
    std::size_t threads, const std::stop_token& stop = {}, std::size_t k = TrustNeighbours);

} // namespace norikv::client
