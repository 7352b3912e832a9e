// SPDX-License-Identifier: GPL-3.0-or-later
// How true a list of nearest neighbours is, and how two lists differ. Pure.
#pragma once

#include "client/vectors.h"
#include "client/vectors/exactsearch.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace norikv::client {

struct RecallResult {
    double recall = 1; ///< hits / min(k, what there is); 1 where there is nothing to find
    std::vector<std::size_t> missed; ///< positions in `exact` that should have been given
};

/// Recall@k. `given` are the server's first k with their exact distances (row NoRow: not among ours, never a
/// hit), `exact` the true ones, nearest first, k or more. One as near as the k-th true neighbour is a hit
/// whichever of the tied ones `exact` names first; `tolerance` is what two summations of one distance may
/// differ by.
RecallResult recallAt(
    std::size_t k, std::span<const Neighbour> given, std::span<const Neighbour> exact, double tolerance);

/// That tolerance, for a distance of this size: 32-bit sums in another order.
double tieTolerance(Distance distance, float size);

/// One id in two ranked lists; ranks from 1.
struct RankLine {
    std::string id;
    std::optional<std::size_t> left, right;
    bool operator==(const RankLine&) const = default;
};
struct RankDisagreement {
    std::vector<RankLine> lines; ///< by rank at the left, then those only at the right
    std::size_t shared = 0;
    double meanShift = 0; ///< of the shared ones, in ranks
};
RankDisagreement compareRanks(std::span<const std::string> left, std::span<const std::string> right);

} // namespace norikv::client
