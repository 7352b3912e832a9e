// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/vectors/distance.h"

#include <algorithm>
#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace norikv {

namespace {

using client::Distance;

constexpr float tinyLengths = 1.1920929e-7F;

/// What one pass over two vectors adds up. Cosine needs all three sums.
struct Sums {
    float dot = 0;
    float aa = 0;
    float bb = 0;
};

// Numbers near the limit of a float overflow the sums; then, and only then, double precision decides. A NaN
// would have no place in an order.

float exactDistance(const float* a, const float* b, std::size_t dims)
{
    double sum = 0;
    for (std::size_t i = 0; i < dims; ++i) {
        const double apart = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        sum += apart * apart;
    }
    return static_cast<float>(std::sqrt(sum));
}

double exactDot(const float* a, const float* b, std::size_t dims)
{
    double sum = 0;
    for (std::size_t i = 0; i < dims; ++i) {
        sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    }
    return sum;
}

float cosineOf(const Sums& sums, const float* a, const float* b, std::size_t dims)
{
    const float product = sums.aa * sums.bb;
    if (std::isfinite(product) && std::isfinite(sums.dot)) [[likely]] {
        const float lengths = std::sqrt(product);
        return lengths < tinyLengths ? 1.0F : 1.0F - std::clamp(sums.dot / lengths, -1.0F, 1.0F);
    }
    const double lengths = std::sqrt(exactDot(a, a, dims)) * std::sqrt(exactDot(b, b, dims));
    return static_cast<float>(1.0 - std::clamp(exactDot(a, b, dims) / lengths, -1.0, 1.0));
}

float rootOr(float sum, const float* a, const float* b, std::size_t dims)
{
    return std::isfinite(sum) ? std::sqrt(sum) : exactDistance(a, b, dims);
}

float negatedOr(float dot, const float* a, const float* b, std::size_t dims)
{
    return std::isfinite(dot) ? -dot : static_cast<float>(-exactDot(a, b, dims));
}

namespace plain {

float squares(const float* a, const float* b, std::size_t dims)
{
    float sum = 0;
    for (std::size_t i = 0; i < dims; ++i) {
        const float apart = a[i] - b[i];
        sum += apart * apart;
    }
    return sum;
}

float dot(const float* a, const float* b, std::size_t dims)
{
    float sum = 0;
    for (std::size_t i = 0; i < dims; ++i) {
        sum += a[i] * b[i];
    }
    return sum;
}

Sums sums(const float* a, const float* b, std::size_t dims)
{
    Sums all;
    for (std::size_t i = 0; i < dims; ++i) {
        all.dot += a[i] * b[i];
        all.aa += a[i] * a[i];
        all.bb += b[i] * b[i];
    }
    return all;
}

} // namespace plain

#if defined(__x86_64__)
namespace avx2 {

// Eight lanes at a time; four sums where one alone would wait for itself.
#define NORIKV_AVX2 __attribute__((target("avx2,fma")))

NORIKV_AVX2 inline float total(__m256 lanes)
{
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

/// All ones in the first `count` lanes, 1 to 7.
NORIKV_AVX2 inline __m256i firstLanes(std::size_t count)
{
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)), lanes);
}

NORIKV_AVX2 float squares(const float* a, const float* b, std::size_t dims)
{
    __m256 sum0 = _mm256_setzero_ps();
    __m256 sum1 = sum0;
    __m256 sum2 = sum0;
    __m256 sum3 = sum0;
    std::size_t i = 0;
    for (; i + 32 <= dims; i += 32) {
        const __m256 apart0 = _mm256_sub_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i));
        const __m256 apart1 = _mm256_sub_ps(_mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8));
        const __m256 apart2 = _mm256_sub_ps(_mm256_loadu_ps(a + i + 16), _mm256_loadu_ps(b + i + 16));
        const __m256 apart3 = _mm256_sub_ps(_mm256_loadu_ps(a + i + 24), _mm256_loadu_ps(b + i + 24));
        sum0 = _mm256_fmadd_ps(apart0, apart0, sum0);
        sum1 = _mm256_fmadd_ps(apart1, apart1, sum1);
        sum2 = _mm256_fmadd_ps(apart2, apart2, sum2);
        sum3 = _mm256_fmadd_ps(apart3, apart3, sum3);
    }
    for (; i + 8 <= dims; i += 8) {
        const __m256 apart = _mm256_sub_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i));
        sum0 = _mm256_fmadd_ps(apart, apart, sum0);
    }
    if (i < dims) {
        const __m256i mask = firstLanes(dims - i);
        const __m256 apart = _mm256_sub_ps(_mm256_maskload_ps(a + i, mask), _mm256_maskload_ps(b + i, mask));
        sum1 = _mm256_fmadd_ps(apart, apart, sum1);
    }
    return total(_mm256_add_ps(_mm256_add_ps(sum0, sum1), _mm256_add_ps(sum2, sum3)));
}

NORIKV_AVX2 float dot(const float* a, const float* b, std::size_t dims)
{
    __m256 sum0 = _mm256_setzero_ps();
    __m256 sum1 = sum0;
    __m256 sum2 = sum0;
    __m256 sum3 = sum0;
    std::size_t i = 0;
    for (; i + 32 <= dims; i += 32) {
        sum0 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), sum0);
        sum1 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8), sum1);
        sum2 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 16), _mm256_loadu_ps(b + i + 16), sum2);
        sum3 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i + 24), _mm256_loadu_ps(b + i + 24), sum3);
    }
    for (; i + 8 <= dims; i += 8) {
        sum0 = _mm256_fmadd_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i), sum0);
    }
    if (i < dims) {
        const __m256i mask = firstLanes(dims - i);
        sum1 = _mm256_fmadd_ps(_mm256_maskload_ps(a + i, mask), _mm256_maskload_ps(b + i, mask), sum1);
    }
    return total(_mm256_add_ps(_mm256_add_ps(sum0, sum1), _mm256_add_ps(sum2, sum3)));
}

NORIKV_AVX2 Sums sums(const float* a, const float* b, std::size_t dims)
{
    __m256 dot0 = _mm256_setzero_ps();
    __m256 dot1 = dot0;
    __m256 aa0 = dot0;
    __m256 aa1 = dot0;
    __m256 bb0 = dot0;
    __m256 bb1 = dot0;
    std::size_t i = 0;
    for (; i + 16 <= dims; i += 16) {
        const __m256 a0 = _mm256_loadu_ps(a + i);
        const __m256 b0 = _mm256_loadu_ps(b + i);
        const __m256 a1 = _mm256_loadu_ps(a + i + 8);
        const __m256 b1 = _mm256_loadu_ps(b + i + 8);
        dot0 = _mm256_fmadd_ps(a0, b0, dot0);
        dot1 = _mm256_fmadd_ps(a1, b1, dot1);
        aa0 = _mm256_fmadd_ps(a0, a0, aa0);
        aa1 = _mm256_fmadd_ps(a1, a1, aa1);
        bb0 = _mm256_fmadd_ps(b0, b0, bb0);
        bb1 = _mm256_fmadd_ps(b1, b1, bb1);
    }
    while (i < dims) {
        const std::size_t count = std::min<std::size_t>(dims - i, 8);
        const __m256i mask = firstLanes(count);
        const __m256 a0 = _mm256_maskload_ps(a + i, mask);
        const __m256 b0 = _mm256_maskload_ps(b + i, mask);
        dot0 = _mm256_fmadd_ps(a0, b0, dot0);
        aa0 = _mm256_fmadd_ps(a0, a0, aa0);
        bb0 = _mm256_fmadd_ps(b0, b0, bb0);
        i += count;
    }
    return {total(_mm256_add_ps(dot0, dot1)), total(_mm256_add_ps(aa0, aa1)), total(_mm256_add_ps(bb0, bb1))};
}

} // namespace avx2
#endif

/// The distances over one set of sums.
template <auto squares, auto dot, auto sums> struct Kernels {
    static float euclidean(const float* a, const float* b, std::size_t dims)
    {
        return rootOr(squares(a, b, dims), a, b, dims);
    }
    static float cosine(const float* a, const float* b, std::size_t dims)
    {
        return cosineOf(sums(a, b, dims), a, b, dims);
    }
    static float inner(const float* a, const float* b, std::size_t dims)
    {
        return negatedOr(dot(a, b, dims), a, b, dims);
    }
    static DistanceFunction rankOf(Distance distance)
    {
        return distance == Distance::Euclidean ? squares : of(distance);
    }
    static DistanceFunction of(Distance distance)
    {
        switch (distance) {
        case Distance::Euclidean:
            return euclidean;
        case Distance::InnerProduct:
            return inner;
        case Distance::Cosine:
            break;
        }
        return cosine;
    }
};

using Plain = Kernels<plain::squares, plain::dot, plain::sums>;
#if defined(__x86_64__)
using Best = Kernels<avx2::squares, avx2::dot, avx2::sums>;
#else
using Best = Plain;
#endif

const bool best = supported(Instructions::Avx2);

} // namespace

bool supported(Instructions instructions)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    return instructions == Instructions::Plain
        || (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0);
#else
    return instructions == Instructions::Plain;
#endif
}

DistanceFunction distanceFunction(Distance distance, Instructions instructions)
{
    return instructions == Instructions::Avx2 ? Best::of(distance) : Plain::of(distance);
}

DistanceFunction distanceFunction(Distance distance)
{
    return best ? Best::of(distance) : Plain::of(distance);
}

DistanceFunction rankFunction(Distance distance)
{
    return best ? Best::rankOf(distance) : Plain::rankOf(distance);
}

float distanceOfRank(Distance distance, float rank)
{
    return distance == Distance::Euclidean ? std::sqrt(rank) : rank;
}

void rankRows(Distance distance, const float* query, const float* rows, std::size_t stride, std::size_t count,
    std::size_t dims, float* ranks)
{
    const auto rank = rankFunction(distance);
    for (std::size_t i = 0; i < count; ++i) {
        ranks[i] = rank(query, rows + i * stride, dims);
    }
}

} // namespace norikv
