// SPDX-License-Identifier: GPL-3.0-or-later
#include "ceilings/barenearest.h"

#include <immintrin.h>

#include <queue>

namespace norikv::bench {

namespace {

/// For lengths that are a multiple of 16.
__attribute__((target("avx2,fma"))) float squares(const float* a, const float* b, std::size_t length)
{
    __m256 even = _mm256_setzero_ps();
    __m256 odd = _mm256_setzero_ps();
    for (std::size_t i = 0; i < length; i += 16) {
        const __m256 first = _mm256_sub_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i));
        const __m256 second = _mm256_sub_ps(_mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8));
        even = _mm256_fmadd_ps(first, first, even);
        odd = _mm256_fmadd_ps(second, second, odd);
    }
    alignas(32) float lanes[8];
    _mm256_store_ps(lanes, _mm256_add_ps(even, odd));
    return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

} // namespace

bool bareNearestRuns() { return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0; }

std::vector<std::size_t> bareNearest(
    std::span<const float> rows, std::size_t dimensions, const float* query, std::size_t k)
{
    std::priority_queue<std::pair<float, std::size_t>> nearest;
    for (std::size_t row = 0; row < rows.size() / dimensions; ++row) {
        const float far = squares(query, rows.data() + row * dimensions, dimensions);
        if (nearest.size() < k) {
            nearest.emplace(far, row);
        } else if (far < nearest.top().first) {
            nearest.pop();
            nearest.emplace(far, row);
        }
    }
    std::vector<std::size_t> found(nearest.size());
    for (auto at = found.rbegin(); !nearest.empty(); nearest.pop())
        *at++ = nearest.top().second;
    return found;
}

} // namespace norikv::bench
