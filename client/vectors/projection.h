// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/vectors/matrix.h"

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace norikv::client {

/// The plane of most variance through a set of vectors (principal component analysis). Pure; one thread.
class Projection {
public:
    static constexpr std::size_t MostSampled = 10'000;

    /// Fitted on every row, or on `sample` of them spread evenly. Signs are fixed, so that equal vectors give
    /// an equal picture. Fewer than two dimensions or rows give zeros where there is nothing to show.
    static Projection fit(const VectorMatrix& matrix, std::size_t sample = MostSampled);

    /// Where a vector of the same dimensions lies.
    std::pair<float, float> place(std::span<const float> vector) const;
    /// Share of the variance that the two axes carry, 0 to 1.
    double explained() const { return m_explained; }
    std::size_t dimensions() const { return m_mean.size(); }

private:
    std::vector<float> m_mean;
    std::vector<float> m_first, m_second; ///< unit length
    double m_explained = 0;
};

} // namespace norikv::client
