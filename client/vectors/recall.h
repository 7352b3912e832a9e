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
    double recall = 1; ///< hits / min(k, what there is)
    std::vector<std::size_t> missed; ///< positions in `exact` that were not given
};

/// Recall@k of the first k ids `given` against the exact neighbours, which come by ascending distance and may
/// be more than k. An id as near as the k-th exact one is a hit whichever of the tied ones the exact list
/// names; `tolerance` is what two summations of the same distance may differ by, relative to it.
RecallResult recallAt(std::size_t k, std::span<const std::string> given, std::span<const Neighbour> exact,
    std::span<const std::string> ids, double tolerance = 1e-5);

/// One id in two ranked lists; ranks from 1.
struct RankLine {
    std::string id;
    std::optional<std::size_t> left, right;
};
struct RankDisagreement {
    std::vector<RankLine> lines; ///< by rank at the left, then those only at the right
    std::size_t shared = 0;
    double meanShift = 0; ///< of the shared ones, in ranks
};
RankDisagreement compareRanks(std::span<const std::string> left, std::span<const std::string> right);

} // namespace norikv::client
