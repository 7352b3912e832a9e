// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/vectors/neighbourlayout.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

namespace norikv::client {

namespace {

// In the picture two rows at distance d belong together by 1 / (1 + Width d^2).
constexpr float Width = 1.6F;
constexpr float StartSpan = 20; // of the starting picture, where that measure bites
constexpr float MostStep = 4;
constexpr int PushesPerPull = 5;

/// Small, quick and the same everywhere.
class Random {
public:
    explicit Random(std::uint64_t seed)
        : m_state(seed * 0x9E3779B97F4A7C15U + 1)
    {
    }
    std::uint64_t next()
    {
        m_state += 0x9E3779B97F4A7C15U;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }
    std::size_t below(std::size_t end) { return static_cast<std::size_t>((next() >> 32) * end >> 32); }
    float unit() { return static_cast<float>(next() >> 40) / static_cast<float>(1 << 24); }

private:
    std::uint64_t m_state;
};

/// How strongly a row holds each of its neighbours, nearest first.
std::vector<float> holds(std::span<const float> distances)
{
    const float nearest = distances.front();
    const double wanted = std::log2(static_cast<double>(std::max<std::size_t>(distances.size(), 2)));
    const auto sum = [&](double scale) {
        double all = 0;
        for (const float distance : distances)
            all += std::exp(-static_cast<double>(distance - nearest) / scale);
        return all;
    };
    double low = 0;
    double high = std::numeric_limits<double>::infinity();
    double scale = 1;
    for (int i = 0; i < 64; ++i) {
        if (sum(scale) > wanted) {
            high = scale;
            scale = (low + high) / 2;
        } else {
            low = scale;
            scale = std::isinf(high) ? scale * 2 : (low + high) / 2;
        }
    }
    std::vector<float> held(distances.size());
    for (std::size_t i = 0; i < held.size(); ++i) {
        const double away = static_cast<double>(distances[i] - nearest);
        held[i] = away <= 0 ? 1.0F : static_cast<float>(std::exp(-away / scale));
    }
    return held;
}

std::vector<Position> spread(const std::vector<Position>& start, Random& random)
{
    std::vector<Position> at = start;
    float most = 0;
    for (const Position& one : at)
        most = std::max({most, std::abs(one.x), std::abs(one.y)});
    const float scale = most > 0 ? StartSpan / 2 / most : 0;
    for (Position& one : at) {
        // Equal vectors start a little apart: they could never leave each other.
        one.x = one.x * scale + (random.unit() - 0.5F) * 1e-3F;
        one.y = one.y * scale + (random.unit() - 0.5F) * 1e-3F;
    }
    return at;
}

void move(Position& one, Position& other, float force, float step, bool both)
{
    const float x = std::clamp(force * (one.x - other.x), -MostStep, MostStep) * step;
    const float y = std::clamp(force * (one.y - other.y), -MostStep, MostStep) * step;
    one.x += x;
    one.y += y;
    if (both) {
        other.x -= x;
        other.y -= y;
    }
}

float squared(const Position& a, const Position& b)
{
    return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

} // namespace

std::vector<Spring> springs(const NeighbourGraph& graph)
{
    struct Hold {
        std::uint32_t a, b;
        float strength;
    };
    std::vector<Hold> all;
    all.reserve(graph.neighbours.size());
    for (std::uint32_t at = 0; at < graph.size() && graph.k > 0; ++at) {
        const auto held = holds(graph.distancesOf(at));
        const auto neighbours = graph.of(at);
        for (std::size_t i = 0; i < graph.k; ++i) {
            if (neighbours[i] != at)
                all.push_back({std::min(at, neighbours[i]), std::max(at, neighbours[i]), held[i]});
        }
    }
    std::ranges::sort(all, [](const Hold& x, const Hold& y) {
        return std::tie(x.a, x.b, x.strength) < std::tie(y.a, y.b, y.strength);
    });
    std::vector<Spring> result;
    for (const Hold& hold : all) {
        if (!result.empty() && result.back().a == hold.a && result.back().b == hold.b) {
            float& p = result.back().strength;
            p = std::min(1.0F, p + hold.strength - p * hold.strength);
        } else {
            result.push_back({hold.a, hold.b, hold.strength});
        }
    }
    return result;
}

std::vector<Position> neighbourLayout(const NeighbourGraph& graph, const std::vector<Position>& start,
    const LayoutOptions& options, const std::stop_token& stop, const ShareDone& done)
{
    const std::size_t count = graph.size();
    if (count == 0 || start.size() != count)
        return {};
    const std::size_t rounds = options.rounds > 0 ? options.rounds : count > 10'000 ? 200 : 500;
    Random random(options.seed);
    std::vector<Position> at = spread(start, random);

    // A spring is pulled as often as it is strong; one that would not be pulled once is left out.
    auto pulls = springs(graph);
    std::erase_if(
        pulls, [&](const Spring& spring) { return spring.strength * static_cast<float>(rounds) < 1; });
    std::vector<float> due(pulls.size());
    for (std::size_t i = 0; i < pulls.size(); ++i)
        due[i] = 1 / pulls[i].strength;

    for (std::size_t round = 0; round < rounds; ++round) {
        if (stop.stop_requested())
            return {};
        const float step = 1 - static_cast<float>(round) / static_cast<float>(rounds);
        for (std::size_t i = 0; i < pulls.size(); ++i) {
            if (due[i] > static_cast<float>(round + 1))
                continue;
            due[i] += 1 / pulls[i].strength;
            const float apart = squared(at[pulls[i].a], at[pulls[i].b]);
            move(at[pulls[i].a], at[pulls[i].b], -2 * Width / (1 + Width * apart), step, true);
            for (int push = 0; push < PushesPerPull; ++push) {
                const std::size_t other = random.below(count);
                if (other == pulls[i].a)
                    continue;
                const float between = squared(at[pulls[i].a], at[other]);
                move(
                    at[pulls[i].a], at[other], 2 / ((0.001F + between) * (1 + Width * between)), step, false);
            }
        }
        if (done)
            done(static_cast<double>(round + 1) / static_cast<double>(rounds));
    }
    return at;
}

} // namespace norikv::client
