// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/vectors/matrix.h"

#include <random>
#include <string>

namespace norikv::test {

inline float gauss(std::mt19937& random) { return std::normal_distribution<float>()(random); }

/// `clusters` clouds of equal size, far from each other; row i belongs to cloud i % clusters.
inline client::VectorMatrix clouds(
    std::size_t rows, std::size_t dimensions, std::size_t clusters, unsigned seed, float width = 0.3F)
{
    std::mt19937 random(seed);
    std::vector<std::vector<float>> centres(clusters);
    for (auto& centre : centres) {
        for (std::size_t i = 0; i < dimensions; ++i)
            centre.push_back(3 * gauss(random));
    }
    client::VectorMatrix matrix;
    for (std::size_t row = 0; row < rows; ++row) {
        auto vector = centres[row % clusters];
        for (float& value : vector)
            value += width * gauss(random);
        matrix.append("v" + std::to_string(row), vector);
    }
    return matrix;
}

} // namespace norikv::test
