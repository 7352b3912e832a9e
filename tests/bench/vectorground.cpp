// SPDX-License-Identifier: GPL-3.0-or-later
#include "vectorground.h"

#include "ceilings/barenearest.h"
#include "guithread.h"

#include <algorithm>
#include <map>
#include <random>
#include <thread>

namespace norikv::bench {

namespace {

constexpr std::size_t centres = 500;
constexpr float sigma = 0.7F;
constexpr std::size_t queryCount = 200;
constexpr std::size_t efforts[] = {10, 12, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128, 192, 256, 400};

/// The first effort that is enough, of both sides' ladder.
template <class Recall> std::size_t leastEffort(double wanted, const Recall& recall)
{
    for (const auto effort : efforts) {
        if (recall(effort) >= wanted)
            return effort;
    }
    throw std::runtime_error("no effort reaches a recall of " + std::to_string(wanted));
}

} // namespace

VectorGround& VectorGround::of(const Effort& effort, std::uint32_t dimensions)
{
    static std::map<std::uint32_t, std::unique_ptr<VectorGround>> made;
    auto& ground = made[dimensions];
    if (!ground)
        ground.reset(new VectorGround(effort, dimensions));
    return *ground;
}

VectorGround::VectorGround(const Effort& effort, std::uint32_t dims)
    : dimensions(dims)
    , count(effort.count(100'000))
{
    if (!bareNearestRuns())
        throw NotMeasured("the exact loop needs AVX2");
    std::mt19937 random(17);
    std::normal_distribution<float> normal;
    std::vector<float> middles(centres * dimensions);
    std::ranges::generate(middles, [&] { return normal(random); });
    const auto make = [&](std::vector<float>& to, std::size_t howMany) {
        to.reserve(howMany * dimensions);
        for (std::size_t i = 0; i < howMany; ++i) {
            const float* middle = middles.data() + random() % centres * dimensions;
            for (std::size_t d = 0; d < dimensions; ++d)
                to.push_back(middle[d] + sigma * normal(random));
        }
    };
    make(m_rows, count);
    make(m_queries, queryCount);
    for (std::size_t i = 0; i < queryCount; ++i)
        m_truth.push_back(bareNearest(m_rows, dimensions, query(i), neighbours));
}

const sandbox::VectorIndex& VectorGround::ours()
{
    if (m_ours)
        return *m_ours;
    const double before = heapInUse();
    m_ours = std::make_unique<sandbox::VectorIndex>(
        sandbox::VectorParameters{dimensions, client::Distance::Euclidean, client::IndexType::Hnsw});
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string id = std::to_string(i);
        values.assign(row(i), row(i) + dimensions);
        const sandbox::VectorIndex::Change change{&id, &values};
        m_ours->apply({&change, 1});
    }
    while (m_ours->indexSome(std::thread::hardware_concurrency())) { }
    m_bytes = heapInUse() - before;
    return *m_ours;
}

double VectorGround::bytes()
{
    ours();
    return m_bytes;
}

BareHnsw& VectorGround::stock()
{
    if (!m_stock)
        m_stock = std::make_unique<BareHnsw>(m_rows, dimensions, std::thread::hardware_concurrency());
    return *m_stock;
}

double VectorGround::share(std::size_t query, std::span<const std::size_t> found) const
{
    const auto hits = std::ranges::count_if(
        m_truth[query], [&](std::size_t row) { return std::ranges::find(found, row) != found.end(); });
    return static_cast<double>(hits) / static_cast<double>(m_truth[query].size());
}

double VectorGround::recall(std::size_t effort)
{
    double sum = 0;
    for (std::size_t i = 0; i < queries(); ++i) {
        std::vector<std::size_t> found;
        for (const auto& match : ours().search({query(i), dimensions}, neighbours, false, effort))
            found.push_back(std::stoul(match.id));
        sum += share(i, found);
    }
    return sum / static_cast<double>(queries());
}

double VectorGround::stockRecall(std::size_t effort)
{
    double sum = 0;
    for (std::size_t i = 0; i < queries(); ++i)
        sum += share(i, stock().search(query(i), neighbours, effort));
    return sum / static_cast<double>(queries());
}

std::size_t VectorGround::effortFor(double wanted)
{
    return leastEffort(wanted, [this](std::size_t effort) { return recall(effort); });
}

std::size_t VectorGround::stockEffortFor(double wanted)
{
    return leastEffort(wanted, [this](std::size_t effort) { return stockRecall(effort); });
}

} // namespace norikv::bench
