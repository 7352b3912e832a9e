// SPDX-License-Identifier: GPL-3.0-or-later
// How tests ask an embedder and compare what it says.
#pragma once

#include "client/embed/embedder.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

namespace norikv::test {

inline double cosine(const std::vector<float>& a, const std::vector<float>& b)
{
    const double dot = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
    return dot
        / std::sqrt(std::inner_product(a.begin(), a.end(), a.begin(), 0.0)
            * std::inner_product(b.begin(), b.end(), b.begin(), 0.0));
}

/// Of as many texts; a failure is one of the test.
inline std::vector<std::vector<float>> vectorsOf(
    client::Embedder& embedder, const std::vector<std::string>& texts)
{
    auto vectors = embedder.embed(texts, {});
    EXPECT_THAT(vectors, succeeds());
    return vectors ? std::move(*vectors) : std::vector(texts.size(), std::vector<float>(1));
}

} // namespace norikv::test
