// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that belong together: by chains of near pairs, and by k-means for colours. Pure.
#pragma once

#include "client/vectors.h"
#include "client/vectors/matrix.h"

#include <cstdint>
#include <span>
#include <stop_token>
#include <utility>
#include <vector>

namespace norikv::client {

using RowPair = std::pair<std::uint32_t, std::uint32_t>;

/// Groups of at least two rows that the pairs chain together, largest first, rows ascending. Every row of a
/// pair is below `rows`.
std::vector<std::vector<std::uint32_t>> chained(std::size_t rows, std::span<const RowPair> pairs);

struct KMeans {
    std::vector<std::uint16_t> clusters; ///< of each row; the largest cluster is 0
    std::size_t count = 0; ///< clusters that have rows
};
/// At most `k` clusters by Euclidean distance, of the directions where `distance` is cosine. Centres come
/// from a sample of 10,000; fixed seed. Empty when stopped.
KMeans kMeans(const VectorMatrix& matrix, Distance distance, std::size_t k, const std::stop_token& stop = {},
    std::uint64_t seed = 1);

} // namespace norikv::client
