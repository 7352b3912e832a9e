// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/counterdata.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace norikv::plots {

namespace {

// QCustomPlot refuses ranges beyond 1e250.
constexpr double hugest = 1e200;

template <class Value> ValueRange extent(const std::vector<CounterSample>& samples, double from, Value value)
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const CounterSample& s : samples) {
        const double v = value(s);
        if (s.t < from || !std::isfinite(v))
            continue;
        low = std::min(low, std::clamp(v, -hugest, hugest));
        high = std::max(high, std::clamp(v, -hugest, hugest));
    }
    return {low, high};
}

} // namespace

ValueRange totalRange(const std::vector<CounterSample>& samples, double fromSeconds)
{
    const ValueRange seen = extent(samples, fromSeconds, [](const CounterSample& s) { return s.total; });
    if (seen.lower > seen.upper)
        return {0, 1};
    const double size = seen.upper - seen.lower;
    const double magnitude = std::max(std::abs(seen.lower), std::abs(seen.upper));
    // Below one part in 1e9 a double axis has no room left for ticks.
    const double least = std::max(4.0, magnitude * 1e-9);
    const double pad = size < least ? least : size * 0.12;
    const double lower = seen.lower - pad * (size < least ? 1.0 : 0.6);
    return {seen.lower >= 0 ? std::max(0.0, lower) : lower, seen.upper + pad};
}

ValueRange rateRange(const std::vector<CounterSample>& samples, double fromSeconds)
{
    const ValueRange seen = extent(samples, fromSeconds, [](const CounterSample& s) { return s.rate; });
    if (seen.lower > seen.upper)
        return {0, 1};
    const double upper = std::max(1.0, seen.upper / 0.6);
    return {std::min(0.0, seen.lower * 1.1), upper};
}

std::vector<TimeSpan> gapSpans(const std::vector<CounterSample>& samples)
{
    std::vector<TimeSpan> gaps;
    const auto known = [&](std::size_t i) { return std::isfinite(samples[i].total); };
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (known(i))
            continue;
        const std::size_t first = i;
        while (i + 1 < samples.size() && !known(i + 1))
            ++i;
        const double from = first > 0 ? samples[first - 1].t : samples[first].t;
        const double to = i + 1 < samples.size() ? samples[i + 1].t : samples[i].t;
        if (to > from)
            gaps.push_back({from, to});
    }
    return gaps;
}

std::vector<Bin> conflictBins(const std::vector<CounterSample>& samples, double rangeSeconds, int maxBins)
{
    if (maxBins <= 0 || !(rangeSeconds > 0))
        return {};
    const double width = rangeSeconds / maxBins;
    std::vector<double> sums(std::size_t(maxBins), 0.0);
    for (const CounterSample& s : samples) {
        if (!(s.t >= -rangeSeconds && s.t <= 0) || !std::isfinite(s.conflicts) || s.conflicts <= 0)
            continue;
        const int at = std::clamp(int((s.t + rangeSeconds) / width), 0, maxBins - 1);
        sums[std::size_t(at)] += std::min(s.conflicts, hugest);
    }
    std::vector<Bin> bins;
    for (int i = 0; i < maxBins; ++i) {
        if (sums[std::size_t(i)] > 0)
            bins.push_back({-rangeSeconds + (i + 0.5) * width, sums[std::size_t(i)]});
    }
    return bins;
}

} // namespace norikv::plots
