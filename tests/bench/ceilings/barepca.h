// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace norikv::bench {

/// Seconds for the two axes of most variance through `rows` vectors: nothing but Eigen's mean, product and
/// solver.
double barePca(const std::vector<float>& values, std::size_t rows, std::size_t dimensions);

} // namespace norikv::bench
