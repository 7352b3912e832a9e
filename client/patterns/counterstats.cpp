// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic behind the shard advice and the evenness hint.
#include "client/patterns/counter.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace norikv::client {

namespace {

// Regularised upper incomplete gamma Q(a, x): series below a + 1, Lentz's continued fraction above.
double upperGamma(double a, double x)
{
    if (x <= 0)
        return 1;
    const double front = std::exp(-x + a * std::log(x) - std::lgamma(a));
    if (x < a + 1) {
        double term = 1 / a;
        double sum = term;
        for (int n = 1; n < 1000 && std::abs(term) > std::abs(sum) * 1e-14; ++n) {
            term *= x / (a + n);
            sum += term;
        }
        return 1 - sum * front;
    }
    constexpr double tiny = 1e-300;
    double b = x + 1 - a;
    double c = 1 / tiny;
    double d = 1 / b;
    double h = d;
    for (int n = 1; n < 1000; ++n) {
        const double an = -n * (n - a);
        b += 2;
        d = an * d + b;
        d = 1 / (std::abs(d) < tiny ? tiny : d);
        c = b + an / c;
        c = std::abs(c) < tiny ? tiny : c;
        h *= d * c;
        if (std::abs(d * c - 1) < 1e-14)
            break;
    }
    return front * h;
}

} // namespace

double conflictProbability(double rate, double windowSeconds, std::uint32_t shards)
{
    if (shards == 0)
        return 0;
    return 1 - std::exp(-std::max(0.0, rate) * std::max(0.0, windowSeconds) / shards);
}

std::uint32_t advisedShards(double rate, double windowSeconds, double target)
{
    constexpr std::uint32_t most = 4096;
    // Solve 1 - exp(-rate * window / n) < target for n.
    const double needed = -rate * windowSeconds / std::log(1 - target);
    auto n = static_cast<std::uint32_t>(std::clamp(std::floor(needed), 1.0, double(most)));
    while (n < most && conflictProbability(rate, windowSeconds, n) >= target)
        ++n;
    return n;
}

std::optional<double> evennessP(const std::vector<std::int64_t>& shards)
{
    if (shards.size() < 2 || std::ranges::any_of(shards, [](std::int64_t v) { return v < 0; }))
        return std::nullopt;
    const double total = std::accumulate(shards.begin(), shards.end(), 0.0);
    const double expected = total / static_cast<double>(shards.size());
    if (expected < 5)
        return std::nullopt;
    double chi2 = 0;
    for (const std::int64_t value : shards)
        chi2 += (static_cast<double>(value) - expected) * (static_cast<double>(value) - expected) / expected;
    return upperGamma(static_cast<double>(shards.size() - 1) / 2, chi2 / 2);
}

} // namespace norikv::client
