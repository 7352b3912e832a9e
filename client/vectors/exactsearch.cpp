// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/vectors/exactsearch.h"

#include "client/vectors/distance.h"
#include "client/vectors/parallel.h"

#include <algorithm>
#include <array>

namespace norikv::client {

namespace {

constexpr std::size_t Block = 256; // rows between two looks at the heap: their ranks stay in the cache

bool nearer(const Neighbour& a, const Neighbour& b)
{
    return a.distance < b.distance || (a.distance == b.distance && a.row < b.row);
}

} // namespace

std::vector<Neighbour> exactSearch(const VectorMatrix& matrix, Distance distance,
    std::span<const float> query, std::size_t k, std::size_t leaveOut)
{
    k = std::min(k, matrix.rows());
    if (k == 0 || query.size() != matrix.dimensions)
        return {};
    std::vector<Neighbour> best; // by rank until the end; a heap with the farthest on top
    best.reserve(k + 1);
    std::array<float, Block> ranks;
    for (std::size_t begin = 0; begin < matrix.rows(); begin += Block) {
        const std::size_t count = std::min(Block, matrix.rows() - begin);
        rankRows(distance, query.data(), matrix.values.data() + begin * matrix.dimensions, matrix.dimensions,
            count, matrix.dimensions, ranks.data());
        for (std::size_t i = 0; i < count; ++i) {
            // Rows come in order, so one that is as far as the farthest kept loses by its row. So does NaN.
            if (best.size() == k && !(ranks[i] < best.front().distance))
                continue;
            if (begin + i == leaveOut || ranks[i] != ranks[i])
                continue;
            if (best.size() == k) {
                std::ranges::pop_heap(best, nearer);
                best.pop_back();
            }
            best.push_back({begin + i, ranks[i]});
            std::ranges::push_heap(best, nearer);
        }
    }
    std::ranges::sort_heap(best, nearer);
    for (Neighbour& one : best)
        one.distance = distanceOfRank(distance, one.distance);
    return best;
}

std::vector<std::vector<Neighbour>> exactSearchMany(const VectorMatrix& matrix, Distance distance,
    std::span<const float> queries, std::size_t k, std::size_t threads, const std::stop_token& stop)
{
    const std::size_t count = matrix.dimensions == 0 ? 0 : queries.size() / matrix.dimensions;
    std::vector<std::vector<Neighbour>> found(count);
    inParallel(count, threads, stop, [&](std::size_t i) {
        found[i]
            = exactSearch(matrix, distance, queries.subspan(i * matrix.dimensions, matrix.dimensions), k);
    });
    return found;
}

} // namespace norikv::client
