// SPDX-License-Identifier: GPL-3.0-or-later
// How far two vectors are apart, as the server reckons it (wire-contract 5.3). In nori_base: pure, so that
// the sandbox measures with the same code.
#pragma once

#include "client/vectors.h"

#include <cstddef>

namespace norikv {

/// Reads `dims` floats at `a` and at `b`, of any alignment. Finite numbers never give NaN.
using DistanceFunction = float (*)(const float* a, const float* b, std::size_t dims);

/// What the kernels are written for; the best that this processor has is chosen once.
enum class Instructions { Plain, Avx2 };
bool supported(Instructions instructions);

/// Euclidean: true L2, >= 0. Cosine: 1 - similarity, clamped to [0, 2], and 1 when the product of the lengths
/// is under 1.1920929e-7. Inner product: the negated dot product. Smaller is closer. Never null.
DistanceFunction distanceFunction(client::Distance distance);
/// The same by one kernel; it must be supported. For comparing them.
DistanceFunction distanceFunction(client::Distance distance, Instructions instructions);

inline float distance(client::Distance kind, const float* a, const float* b, std::size_t dims)
{
    return distanceFunction(kind)(a, b, dims);
}

/// Orders as the distance does, but without a square root: what a graph or a scan compares. Infinite for
/// Euclidean distances over 1.8e19.
DistanceFunction rankFunction(client::Distance distance);
/// The distance that belongs to a rank.
float distanceOfRank(client::Distance distance, float rank);

/// Ranks of `count` rows against one query, to `ranks`. Row i begins at rows + i * stride (floats, stride >=
/// dims). Reads every row once, without hints for the cache.
void rankRows(client::Distance distance, const float* query, const float* rows, std::size_t stride,
    std::size_t count, std::size_t dims, float* ranks);

} // namespace norikv
