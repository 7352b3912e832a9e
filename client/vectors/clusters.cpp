// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/vectors/clusters.h"

#include "client/vectors/distance.h"
#include "client/vectors/neighbourgraph.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace norikv::client {

namespace {

constexpr std::size_t Sample = 10'000;
constexpr int MostRounds = 30;

class UnionFind {
public:
    explicit UnionFind(std::size_t size)
        : m_parent(size)
    {
        std::iota(m_parent.begin(), m_parent.end(), 0U);
    }
    std::uint32_t root(std::uint32_t of)
    {
        while (m_parent[of] != of)
            of = m_parent[of] = m_parent[m_parent[of]];
        return of;
    }
    void join(std::uint32_t a, std::uint32_t b)
    {
        const auto [low, high] = std::minmax({root(a), root(b)});
        m_parent[high] = low;
    }

private:
    std::vector<std::uint32_t> m_parent;
};

/// The centres, the nearest of them, and their improvement. Distances are Euclidean, or cosine between
/// directions, which orders centres the same way.
class Centres {
public:
    Centres(Distance distance, std::size_t dimensions)
        : m_distance(distance == Distance::Cosine ? Distance::Cosine : Distance::Euclidean)
    {
        m_centres.dimensions = dimensions;
    }
    std::size_t count() const { return m_centres.rows(); }
    void add(std::span<const float> vector) { m_centres.append({}, vector); }
    std::size_t nearest(std::span<const float> vector)
    {
        m_ranks.resize(count());
        rankRows(m_distance, vector.data(), m_centres.values.data(), m_centres.dimensions, count(),
            m_centres.dimensions, m_ranks.data());
        return static_cast<std::size_t>(std::ranges::min_element(m_ranks) - m_ranks.begin());
    }
    float distance(std::span<const float> a, std::span<const float> b) const
    {
        return norikv::distance(m_distance, a.data(), b.data(), a.size());
    }
    /// Each centre becomes the mean of its rows; one without rows stays.
    void moveTo(const VectorMatrix& matrix, std::span<const std::uint32_t> rows,
        std::span<const std::uint16_t> clusters)
    {
        std::vector<double> sums(m_centres.values.size(), 0);
        std::vector<std::size_t> members(count(), 0);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto vector = matrix.row(rows[i]);
            double scale = 1;
            if (m_distance == Distance::Cosine) {
                const double square = std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0);
                scale = square > 0 ? 1 / std::sqrt(square) : 0;
            }
            for (std::size_t d = 0; d < vector.size(); ++d)
                sums[clusters[i] * m_centres.dimensions + d] += scale * static_cast<double>(vector[d]);
            ++members[clusters[i]];
        }
        for (std::size_t at = 0; at < sums.size(); ++at) {
            const std::size_t of = members[at / m_centres.dimensions];
            if (of > 0)
                m_centres.values[at] = static_cast<float>(sums[at] / static_cast<double>(of));
        }
    }

private:
    const Distance m_distance;
    VectorMatrix m_centres;
    std::vector<float> m_ranks;
};

/// Centres far from each other: each next one is picked by its squared distance to those there are.
Centres firstCentres(const VectorMatrix& matrix, Distance distance, std::span<const std::uint32_t> rows,
    std::size_t k, std::mt19937_64& random)
{
    Centres centres(distance, matrix.dimensions);
    std::vector<double> away(rows.size(), std::numeric_limits<double>::max());
    std::size_t next = random() % rows.size();
    while (true) {
        const auto centre = matrix.row(rows[next]);
        centres.add(centre);
        if (centres.count() == k)
            return centres;
        double whole = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const double one = static_cast<double>(centres.distance(matrix.row(rows[i]), centre));
            away[i] = std::min(away[i], one * one);
            whole += away[i];
        }
        if (!(whole > 0))
            return centres; // fewer different rows than clusters
        double at = static_cast<double>(random() >> 11) / static_cast<double>(1ULL << 53) * whole;
        next = 0;
        while (next + 1 < rows.size() && (at -= away[next]) > 0)
            ++next;
    }
}

} // namespace

std::vector<std::vector<std::uint32_t>> chained(std::size_t rows, std::span<const RowPair> pairs)
{
    UnionFind sets(rows);
    for (const auto& [a, b] : pairs)
        sets.join(a, b);
    std::vector<std::vector<std::uint32_t>> groups(rows);
    for (std::uint32_t row = 0; row < rows; ++row)
        groups[sets.root(row)].push_back(row);
    std::erase_if(groups, [](const auto& group) { return group.size() < 2; });
    std::ranges::stable_sort(groups, std::ranges::greater{}, [](const auto& group) { return group.size(); });
    return groups;
}

KMeans kMeans(const VectorMatrix& matrix, Distance distance, std::size_t k, const std::stop_token& stop,
    std::uint64_t seed)
{
    KMeans result;
    if (matrix.rows() == 0 || k == 0)
        return result;
    std::mt19937_64 random(seed);
    const auto rows = evenSample(matrix.rows(), Sample);
    Centres centres = firstCentres(matrix, distance, rows, std::min(k, rows.size()), random);
    std::vector<std::uint16_t> clusters(rows.size(), std::numeric_limits<std::uint16_t>::max());
    for (int round = 0; round < MostRounds; ++round) {
        if (stop.stop_requested())
            return {};
        bool moved = false;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto cluster = static_cast<std::uint16_t>(centres.nearest(matrix.row(rows[i])));
            moved = std::exchange(clusters[i], cluster) != cluster || moved;
        }
        if (!moved)
            break;
        centres.moveTo(matrix, rows, clusters);
    }

    std::vector<std::size_t> sizes(centres.count(), 0);
    result.clusters.resize(matrix.rows());
    for (std::size_t row = 0; row < matrix.rows(); ++row) {
        const auto cluster = centres.nearest(matrix.row(row));
        result.clusters[row] = static_cast<std::uint16_t>(cluster);
        ++sizes[cluster];
    }
    std::vector<std::uint16_t> bySize(centres.count());
    std::iota(bySize.begin(), bySize.end(), std::uint16_t{0});
    std::ranges::stable_sort(bySize, std::ranges::greater{}, [&](std::uint16_t at) { return sizes[at]; });
    std::vector<std::uint16_t> nameOf(centres.count());
    for (std::uint16_t i = 0; i < bySize.size(); ++i)
        nameOf[bySize[i]] = i;
    for (auto& cluster : result.clusters)
        cluster = nameOf[cluster];
    result.count
        = static_cast<std::size_t>(std::ranges::count_if(sizes, [](std::size_t n) { return n > 0; }));
    return result;
}

} // namespace norikv::client
