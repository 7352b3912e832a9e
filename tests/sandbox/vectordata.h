// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/vectors/distance.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

namespace norikv::tests {

using Vectors = std::vector<std::vector<float>>;

/// Vectors around random centres, as embeddings of texts on some subjects lie. The same for the same seed.
inline Vectors clustered(std::size_t count, std::size_t dimensions, std::size_t centres, unsigned seed = 1)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    Vectors middles(centres, std::vector<float>(dimensions));
    for (auto& middle : middles) {
        std::ranges::generate(middle, [&] { return normal(random); });
    }
    Vectors made(count, std::vector<float>(dimensions));
    for (std::size_t i = 0; i < count; ++i) {
        const auto& middle = middles[random() % centres];
        for (std::size_t d = 0; d < dimensions; ++d) {
            made[i][d] = middle[d] + 0.7F * normal(random);
        }
    }
    return made;
}

/// The positions of all vectors, nearest to the query first.
inline std::vector<std::size_t> byDistance(
    client::Distance kind, const Vectors& vectors, const std::vector<float>& query)
{
    std::vector<float> distances(vectors.size());
    for (std::size_t i = 0; i < vectors.size(); ++i) {
        distances[i] = distance(kind, query.data(), vectors[i].data(), query.size());
    }
    std::vector<std::size_t> order(vectors.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return distances[i]; });
    return order;
}

} // namespace norikv::tests
