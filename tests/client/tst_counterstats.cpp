// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/counter.h"

#include <gtest/gtest.h>

#include <cmath>

namespace norikv::client {
namespace {

TEST(ConflictProbability, followsTheFormula)
{
    EXPECT_NEAR(conflictProbability(100, 0.01, 1), 1 - std::exp(-1), 1e-12);
    EXPECT_NEAR(conflictProbability(100, 0.01, 10), 1 - std::exp(-0.1), 1e-12);
    EXPECT_EQ(conflictProbability(0, 1, 1), 0);
    EXPECT_EQ(conflictProbability(100, 0, 1), 0);
    EXPECT_EQ(conflictProbability(-5, 1, 1), 0);
    EXPECT_EQ(conflictProbability(100, 1, 0), 0);
    EXPECT_NEAR(conflictProbability(1e9, 1, 1), 1, 1e-12);
}

TEST(AdvisedShards, isTheSmallestNumberUnderTheTarget)
{
    for (const double rate : {0.0, 1.0, 17.0, 150.0, 900.0, 3000.0}) {
        for (const double window : {0.0, 0.001, 0.004, 0.02, 0.05}) {
            const auto n = advisedShards(rate, window);
            SCOPED_TRACE(testing::Message() << rate << " per s, window " << window << " s: " << n);
            ASSERT_GE(n, 1U);
            ASSERT_LE(n, 4096U);
            if (n < 4096) {
                EXPECT_LT(conflictProbability(rate, window, n), 0.05);
            }
            if (n > 1) {
                EXPECT_GE(conflictProbability(rate, window, n - 1), 0.05) << "one less would do";
            }
        }
    }
}

TEST(AdvisedShards, knownFigures)
{
    EXPECT_EQ(advisedShards(0, 0.01), 1U);
    EXPECT_EQ(advisedShards(100, 0.01), 20U); // 1 / -ln 0.95 = 19.5
    EXPECT_EQ(advisedShards(100, 0.01, 0.5), 2U);
    EXPECT_EQ(advisedShards(1e9, 1), 4096U) << "at most";
}

TEST(AdvisedShards, neverFallsWhenThereIsMoreToDo)
{
    std::uint32_t before = 1;
    for (double rate = 0; rate < 5000; rate += 13) {
        const auto n = advisedShards(rate, 0.004);
        EXPECT_GE(n, before) << rate;
        before = n;
    }
    before = 1;
    for (double window = 0; window < 1; window += 0.003) {
        const auto n = advisedShards(200, window);
        EXPECT_GE(n, before) << window;
        before = n;
    }
}

// Upper tail of chi-square from standard tables; the shards are built to have that very statistic.
TEST(Evenness, agreesWithTheTablesOfChiSquare)
{
    // Two shards 100 + d, 100 - d: chi2 = 2 d^2 / 100, one degree of freedom.
    EXPECT_NEAR(*evennessP({110, 90}), 0.157299, 1e-5); // chi2 = 2
    EXPECT_NEAR(*evennessP({120, 80}), 0.004678, 1e-5); // chi2 = 8
    // Three shards, two degrees of freedom: p = exp(-chi2 / 2).
    EXPECT_NEAR(*evennessP({110, 100, 90}), std::exp(-1), 1e-9); // chi2 = 2
    EXPECT_NEAR(*evennessP({130, 100, 70}), std::exp(-9), 1e-9); // chi2 = 18
    // Five shards, four degrees: p = exp(-x/2) (1 + x/2).
    EXPECT_NEAR(*evennessP({120, 80, 100, 100, 100}), std::exp(-4) * 5, 1e-9); // chi2 = 8
    // Eleven shards, ten degrees: chi2 = 18.307 is the 5 % point.
    const double d = std::sqrt(18.307 * 1e6 / 2);
    std::vector<std::int64_t> eleven(11, 1'000'000);
    eleven[0] += std::llround(d);
    eleven[1] -= std::llround(d);
    EXPECT_NEAR(*evennessP(eleven), 0.05, 1e-4);
}

TEST(Evenness, isCertainOfEqualShardsAndOfOneSidedOnes)
{
    EXPECT_NEAR(*evennessP(std::vector<std::int64_t>(20, 500)), 1, 1e-12);
    std::vector<std::int64_t> skewed(20, 100);
    skewed[7] = 5000;
    EXPECT_LT(*evennessP(skewed), 1e-12);
    EXPECT_GE(*evennessP(skewed), 0);
}

TEST(Evenness, staysSilentWithTooLittleToJudge)
{
    EXPECT_FALSE(evennessP({}));
    EXPECT_FALSE(evennessP({100}));
    EXPECT_FALSE(evennessP({4, 5})) << "under 5 expected per shard";
    EXPECT_TRUE(evennessP({5, 5}));
    EXPECT_FALSE(evennessP({100, -1})) << "negative counts are no spread";
}

} // namespace
} // namespace norikv::client
