// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace norikv::bench {

/// Whether this processor has what the loop needs.
bool bareNearestRuns();
/// The k nearest rows by Euclidean distance, nearest first: one AVX2 loop over the rows and a heap of k.
std::vector<std::size_t> bareNearest(
    std::span<const float> rows, std::size_t dimensions, const float* query, std::size_t k);

} // namespace norikv::bench
