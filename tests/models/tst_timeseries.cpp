// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timeseries.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace norikv::models;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

TimeSeries filled(double seconds, double step = 0.1)
{
    TimeSeries series;
    const int n = int(std::lround(seconds / step));
    for (int i = 0; i <= n; ++i)
        series.push({i * step, double(i), 1, 1});
    return series;
}

bool ascending(const std::vector<CounterSample>& samples)
{
    return std::ranges::adjacent_find(samples, [](const auto& a, const auto& b) { return !(a.t < b.t); })
        == samples.end();
}

} // namespace

TEST(TimeSeries, EverySampleOnceAndAtOnce)
{
    TimeSeries series;
    EXPECT_TRUE(series.empty());
    for (int i = 0; i < 30; ++i) {
        series.push({i * 0.1, double(i), 0, 1});
        EXPECT_FALSE(series.empty());
        EXPECT_DOUBLE_EQ(series.last().t, i * 0.1) << "the newest sample is known at once";
        const auto window = series.window(i * 0.1, 60);
        ASSERT_EQ(window.size(), std::size_t(i + 1));
        EXPECT_TRUE(ascending(window));
        EXPECT_DOUBLE_EQ(window.back().total, i);
        EXPECT_DOUBLE_EQ(series.firstT(), 0);
    }
}

TEST(TimeSeries, ResolutionFollowsTheSpan)
{
    const TimeSeries series = filled(3700);
    const auto minute = series.window(3700, 60);
    EXPECT_NEAR(double(minute.size()), 601, 3);
    EXPECT_GE(minute.front().t, 3640);
    const auto ten = series.window(3700, 600);
    EXPECT_NEAR(double(ten.size()), 601, 3);
    const auto hour = series.window(3700, 3600);
    EXPECT_NEAR(double(hour.size()), 601, 3);
    EXPECT_LE(hour.front().t, 110);
    for (const auto& samples : {minute, ten, hour}) {
        EXPECT_TRUE(ascending(samples));
        EXPECT_DOUBLE_EQ(samples.back().t, 3700) << "the newest sample is in every resolution";
    }
    // Conflicts are added up where samples are joined: none is lost.
    double conflicts = 0;
    for (const auto& sample : hour)
        conflicts += sample.conflicts;
    EXPECT_NEAR(conflicts, 36'000, 70);
}

TEST(TimeSeries, WindowOfAPastMoment)
{
    const TimeSeries series = filled(50);
    const auto past = series.window(30, 10);
    ASSERT_FALSE(past.empty());
    EXPECT_GE(past.front().t, 20 - 1e-9);
    EXPECT_LE(past.back().t, 30 + 1e-9);
    EXPECT_NEAR(double(past.size()), 101, 1);
    EXPECT_TRUE(series.window(-5, 10).empty());
}

TEST(TimeSeries, GapsStayUnknown)
{
    TimeSeries series;
    for (int i = 0; i < 600; ++i)
        series.push({i * 0.1, i >= 200 && i < 320 ? unknown : 1, 0, 0});
    const auto window = series.window(59.9, 60);
    int gaps = 0;
    for (const auto& sample : window) {
        gaps += std::isnan(sample.total);
        EXPECT_EQ(std::isnan(sample.total), sample.t > 19.95 && sample.t < 31.95) << sample.t;
    }
    EXPECT_EQ(gaps, 120);
    const auto coarse = series.window(59.9, 600);
    EXPECT_TRUE(std::ranges::any_of(coarse, [](const auto& s) { return std::isnan(s.total); }));
}

TEST(TimeSeries, MemoryIsBounded)
{
    const TimeSeries series = filled(20'000, 0.5);
    EXPECT_LE(series.window(20'000, 60).size(), 661U);
    EXPECT_LE(series.window(20'000, 600).size(), 661U);
    EXPECT_LE(series.window(20'000, 1e9).size(), 661U);
    EXPECT_GE(series.firstT(), 20'000 - 661 * 6) << "samples older than an hour and a bit are dropped";
}

TEST(EwmaRate, RightFromTheFirstSecond)
{
    for (const double tau : {1.0, 10.0, 60.0}) {
        EwmaRate rate(tau);
        EXPECT_EQ(rate.perSecond(), 0);
        for (int i = 0; i < 10; ++i)
            rate.add(20, 0.1);
        EXPECT_NEAR(rate.perSecond(), 200, 1e-9) << tau;
    }
}

TEST(EwmaRate, ForgetsWithItsTimeConstant)
{
    EwmaRate rate(10);
    for (int i = 0; i < 2000; ++i)
        rate.add(10, 0.1);
    EXPECT_NEAR(rate.perSecond(), 100, 1e-6);
    for (int i = 0; i < 100; ++i)
        rate.add(0, 0.1);
    EXPECT_NEAR(rate.perSecond(), 100 * std::exp(-1.0), 0.01);
    // The step does not matter, only the time.
    EwmaRate coarse(10);
    for (int i = 0; i < 200; ++i)
        coarse.add(100, 1);
    for (int i = 0; i < 10; ++i)
        coarse.add(0, 1);
    EXPECT_NEAR(coarse.perSecond(), rate.perSecond(), 0.01);
}

TEST(EwmaRate, NoTimeNoRate)
{
    EwmaRate rate(1);
    rate.add(5, 0);
    rate.add(5, -1);
    EXPECT_EQ(rate.perSecond(), 0);
}
