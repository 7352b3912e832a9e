// SPDX-License-Identifier: GPL-3.0-or-later
// The three distances of wire-contract 5.3, by every kernel, against double precision.
#include "client/vectors/distance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace norikv::tests {
namespace {

using client::Distance;

constexpr Distance all[] = {Distance::Euclidean, Distance::Cosine, Distance::InnerProduct};

double reference(Distance distance, const float* a, const float* b, std::size_t dims)
{
    double dot = 0;
    double aa = 0;
    double bb = 0;
    double apart = 0;
    for (std::size_t i = 0; i < dims; ++i) {
        const double x = a[i];
        const double y = b[i];
        dot += x * y;
        aa += x * x;
        bb += y * y;
        apart += (x - y) * (x - y);
    }
    switch (distance) {
    case Distance::Euclidean:
        return std::sqrt(apart);
    case Distance::InnerProduct:
        return -dot;
    case Distance::Cosine:
        break;
    }
    const double lengths = std::sqrt(aa * bb);
    return lengths < 1.1920929e-7 ? 1.0 : 1.0 - std::clamp(dot / lengths, -1.0, 1.0);
}

std::vector<Instructions> kernels()
{
    std::vector<Instructions> here{Instructions::Plain};
    if (supported(Instructions::Avx2)) {
        here.push_back(Instructions::Avx2);
    }
    return here;
}

class Numbers {
public:
    std::vector<float> vector(std::size_t count)
    {
        std::vector<float> made(count);
        std::ranges::generate(made, [this] { return m_normal(m_random); });
        return made;
    }

private:
    std::mt19937 m_random{7};
    std::normal_distribution<float> m_normal;
};

TEST(Distance, AgreesWithDoublePrecisionForEveryLength)
{
    Numbers numbers;
    std::vector<std::size_t> lengths{63, 64, 65, 127, 128, 129, 383, 384, 385, 4095, 4096};
    for (std::size_t dims = 1; dims <= 40; ++dims) {
        lengths.push_back(dims);
    }
    for (const auto dims : lengths) {
        const auto a = numbers.vector(dims + 1);
        const auto b = numbers.vector(dims + 1);
        for (const auto kind : all) {
            const double wanted = reference(kind, a.data() + 1, b.data() + 1, dims);
            const double slack = 1e-6 * std::max<double>(1.0, static_cast<double>(dims));
            for (const auto kernel : kernels()) {
                const float got = distanceFunction(kind, kernel)(a.data() + 1, b.data() + 1, dims);
                EXPECT_NEAR(got, wanted, slack) << dims << " dimensions, kernel " << static_cast<int>(kernel)
                                                << ", distance " << static_cast<int>(kind);
            }
            const float rank = rankFunction(kind)(a.data() + 1, b.data() + 1, dims);
            EXPECT_NEAR(distanceOfRank(kind, rank), wanted, slack);
        }
    }
}

TEST(Distance, NeverReadsPastTheEnd)
{
    // The number after the last would change every distance.
    Numbers numbers;
    for (std::size_t dims = 1; dims <= 40; ++dims) {
        auto a = numbers.vector(dims);
        auto b = numbers.vector(dims);
        a.push_back(std::numeric_limits<float>::quiet_NaN());
        b.push_back(1e9F);
        for (const auto kernel : kernels()) {
            for (const auto kind : all) {
                EXPECT_TRUE(std::isfinite(distanceFunction(kind, kernel)(a.data(), b.data(), dims))) << dims;
            }
        }
    }
}

TEST(Distance, EuclideanIsTheTrueLength)
{
    const float a[] = {0, 0};
    const float b[] = {3, 4};
    for (const auto kernel : kernels()) {
        EXPECT_FLOAT_EQ(distanceFunction(Distance::Euclidean, kernel)(a, b, 2), 5.0F);
    }
    EXPECT_FLOAT_EQ(rankFunction(Distance::Euclidean)(a, b, 2), 25.0F) << "the rank leaves out the root";
}

TEST(Distance, InnerProductIsNegated)
{
    const float a[] = {1, 2, 3};
    const float b[] = {4, 5, 6};
    for (const auto kernel : kernels()) {
        EXPECT_FLOAT_EQ(distanceFunction(Distance::InnerProduct, kernel)(a, b, 3), -32.0F);
    }
}

TEST(Distance, CosineIsClampedAndOneWhereALengthIsNothing)
{
    const std::vector<float> ones(40, 0.1F);
    const std::vector<float> minus(40, -0.1F);
    const std::vector<float> nothing(40, 0.0F);
    const std::vector<float> tiny(40, 1e-5F); // its length times itself is 4e-9
    for (const auto kernel : kernels()) {
        const auto cosine = distanceFunction(Distance::Cosine, kernel);
        for (std::size_t dims = 1; dims <= 40; ++dims) {
            EXPECT_GE(cosine(ones.data(), ones.data(), dims), 0.0F) << dims;
            EXPECT_NEAR(cosine(ones.data(), ones.data(), dims), 0.0F, 1e-6) << dims;
            EXPECT_LE(cosine(ones.data(), minus.data(), dims), 2.0F) << dims;
            EXPECT_NEAR(cosine(ones.data(), minus.data(), dims), 2.0F, 1e-6) << dims;
        }
        EXPECT_EQ(cosine(ones.data(), nothing.data(), 40), 1.0F);
        EXPECT_EQ(cosine(nothing.data(), nothing.data(), 40), 1.0F);
        EXPECT_EQ(cosine(tiny.data(), tiny.data(), 40), 1.0F) << "under the epsilon";
    }
}

TEST(Distance, HugeNumbersNeverGiveNaN)
{
    const float largest = std::numeric_limits<float>::max();
    const std::vector<float> a{largest, -largest, largest};
    const std::vector<float> b{largest, largest, -largest};
    for (const auto kernel : kernels()) {
        EXPECT_NEAR(distanceFunction(Distance::Cosine, kernel)(a.data(), b.data(), 3), 4.0 / 3, 1e-6);
        EXPECT_FALSE(std::isnan(distanceFunction(Distance::InnerProduct, kernel)(a.data(), b.data(), 3)));
        EXPECT_FALSE(std::isnan(distanceFunction(Distance::Euclidean, kernel)(a.data(), b.data(), 3)));
        EXPECT_FALSE(std::isnan(rankFunction(Distance::Euclidean)(a.data(), b.data(), 3)));
    }
    const std::vector<float> far{1e25F};
    const std::vector<float> near{0.0F};
    EXPECT_FLOAT_EQ(distance(Distance::Euclidean, far.data(), near.data(), 1), 1e25F) << "its square is not";
}

TEST(Distance, RowsMayLieApart)
{
    Numbers numbers;
    constexpr std::size_t dims = 13;
    constexpr std::size_t stride = 17;
    constexpr std::size_t count = 9;
    const auto query = numbers.vector(dims);
    const auto rows = numbers.vector(stride * count);
    for (const auto kind : all) {
        std::vector<float> ranks(count);
        rankRows(kind, query.data(), rows.data(), stride, count, dims, ranks.data());
        for (std::size_t i = 0; i < count; ++i) {
            EXPECT_NEAR(distanceOfRank(kind, ranks[i]),
                reference(kind, query.data(), rows.data() + i * stride, dims), 1e-5);
        }
    }
}

} // namespace
} // namespace norikv::tests
