// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/vectors/matrix.h"

#include <cstddef>
#include <span>
#include <vector>

namespace norikv::client {

/// The order in which candidates are both near to what was asked and unlike those before them (maximal
/// marginal relevance): each next one has most of (1 - diversity) * its similarity - diversity * its largest
/// cosine similarity to one already taken. 0 keeps the order by similarity; ties keep the order given.
/// `similarities` has one for each row of `candidates`. Positions in `candidates`, at most `k`. Pure.
std::vector<std::size_t> diverse(
    const VectorMatrix& candidates, std::span<const double> similarities, std::size_t k, double diversity);

} // namespace norikv::client
