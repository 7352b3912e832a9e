// SPDX-License-Identifier: GPL-3.0-or-later
// Exact nearest neighbours in memory: the truth that every list is held against. Pure.
#pragma once

#include "client/vectors.h"
#include "client/vectors/matrix.h"

#include <cstddef>
#include <limits>
#include <span>
#include <stop_token>
#include <vector>

namespace norikv::client {

/// A row and how far it is.
struct Neighbour {
    std::size_t row = 0;
    float distance = 0;
    bool operator==(const Neighbour&) const = default;
};

constexpr std::size_t NoRow = std::numeric_limits<std::size_t>::max();

/// The k nearest rows by ascending distance, ties by row; fewer where there are fewer. `leaveOut` is a row
/// that does not count. The query has the matrix' dimensions.
std::vector<Neighbour> exactSearch(const VectorMatrix& matrix, Distance distance,
    std::span<const float> query, std::size_t k, std::size_t leaveOut = NoRow);

/// Each query's neighbours, spread over `threads` of its own; `queries` holds one query after the other.
/// Empty lists for what was not reached when stopped.
std::vector<std::vector<Neighbour>> exactSearchMany(const VectorMatrix& matrix, Distance distance,
    std::span<const float> queries, std::size_t k, std::size_t threads, const std::stop_token& stop = {});

} // namespace norikv::client
