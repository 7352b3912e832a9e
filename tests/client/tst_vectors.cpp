// SPDX-License-Identifier: GPL-3.0-or-later
// The mathematics on vectors against plain references. Seeds are fixed.
#include "client/vectors/clusters.h"
#include "client/vectors/mmr.h"
#include "client/vectors/neighbourlayout.h"
#include "client/vectors/projection.h"
#include "client/vectors/recall.h"
#include "client/vectors/trust.h"

#include "tests/client/clouds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>

using namespace norikv;
using namespace norikv::client;
using test::clouds;
using test::gauss;

namespace {

double plainDistance(Distance by, std::span<const float> a, std::span<const float> b)
{
    double dot = 0, aa = 0, bb = 0, apart = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double x = a[i], y = b[i];
        dot += x * y;
        aa += x * x;
        bb += y * y;
        apart += (x - y) * (x - y);
    }
    if (by == Distance::Euclidean)
        return std::sqrt(apart);
    return by == Distance::InnerProduct ? -dot : 1 - dot / std::sqrt(aa * bb);
}

std::vector<float> copied(std::span<const float> row) { return {row.begin(), row.end()}; }

std::vector<std::size_t> plainNearest(const VectorMatrix& matrix, Distance by, std::span<const float> query,
    std::size_t k, std::size_t leaveOut)
{
    std::vector<std::pair<double, std::size_t>> all;
    for (std::size_t row = 0; row < matrix.rows(); ++row) {
        if (row != leaveOut)
            all.emplace_back(plainDistance(by, query, matrix.row(row)), row);
    }
    std::ranges::sort(all);
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < std::min(k, all.size()); ++i)
        rows.push_back(all[i].second);
    return rows;
}

std::vector<std::size_t> rowsOf(const std::vector<Neighbour>& found)
{
    std::vector<std::size_t> rows;
    for (const auto& one : found)
        rows.push_back(one.row);
    return rows;
}

TEST(ExactSearch, AgreesWithAPlainReference)
{
    const auto matrix = clouds(600, 17, 5, 1);
    for (const auto by : {Distance::Euclidean, Distance::Cosine, Distance::InnerProduct}) {
        for (const std::size_t row : {0U, 7U, 599U}) {
            const auto found = exactSearch(matrix, by, matrix.row(row), 12, row);
            EXPECT_EQ(rowsOf(found), plainNearest(matrix, by, matrix.row(row), 12, row));
            for (const auto& one : found)
                EXPECT_NEAR(one.distance, plainDistance(by, matrix.row(row), matrix.row(one.row)), 1e-3);
        }
    }
    EXPECT_EQ(exactSearch(matrix, Distance::Cosine, matrix.row(3), 5).front().row, 3U);
    EXPECT_EQ(exactSearch(matrix, Distance::Cosine, matrix.row(3), 9999).size(), 600U);
    EXPECT_TRUE(exactSearch(matrix, Distance::Cosine, std::vector<float>(16, 1), 5).empty());
    EXPECT_TRUE(exactSearch({}, Distance::Cosine, {}, 5).empty());
}

TEST(ExactSearch, GivesTiesInTheOrderOfRows)
{
    VectorMatrix matrix;
    for (int i = 0; i < 700; ++i)
        matrix.append(std::to_string(i), std::vector<float>{i % 2 == 0 ? 1.0F : 2.0F, 0});
    EXPECT_EQ(rowsOf(exactSearch(matrix, Distance::Euclidean, std::vector<float>{1, 0}, 4)),
        (std::vector<std::size_t>{0, 2, 4, 6}));
}

TEST(ExactSearch, ManyQueriesEqualOneByOneAndStopAtOnce)
{
    const auto matrix = clouds(300, 8, 3, 2);
    const auto queries = std::span(matrix.values).first(40 * 8);
    const auto many = exactSearchMany(matrix, Distance::Euclidean, queries, 6, 3);
    ASSERT_EQ(many.size(), 40U);
    for (std::size_t i = 0; i < many.size(); ++i)
        EXPECT_EQ(many[i], exactSearch(matrix, Distance::Euclidean, matrix.row(i), 6));
    std::stop_source stopped;
    stopped.request_stop();
    for (const auto& one : exactSearchMany(matrix, Distance::Euclidean, queries, 6, 3, stopped.get_token()))
        EXPECT_TRUE(one.empty());
}

TEST(Recall, CountsTiesAsHitsAndNamesWhatWasMissed)
{
    const std::vector<Neighbour> exact{{1, 0.1F}, {2, 0.2F}, {3, 0.3F}, {4, 0.3F}, {5, 0.9F}};
    // Row 4 is as near as row 3, which stands at the third place.
    EXPECT_DOUBLE_EQ(
        recallAt(3, std::vector<Neighbour>{{1, 0.1F}, {2, 0.2F}, {4, 0.3F}}, exact, 1e-6).recall, 1);
    const auto two = recallAt(3, std::vector<Neighbour>{{1, 0.1F}, {4, 0.3F}, {5, 0.9F}}, exact, 1e-6);
    EXPECT_DOUBLE_EQ(two.recall, 2.0 / 3);
    EXPECT_EQ(two.missed, (std::vector<std::size_t>{1}));
    // One that is not among ours is no hit, one given twice is one.
    const auto one = recallAt(3, std::vector<Neighbour>{{1, 0.1F}, {1, 0.1F}, {NoRow, 0.0F}}, exact, 1e-6);
    EXPECT_DOUBLE_EQ(one.recall, 1.0 / 3);
    EXPECT_EQ(one.missed, (std::vector<std::size_t>{1, 2}));
    EXPECT_DOUBLE_EQ(recallAt(10, std::vector<Neighbour>{{1, 0.1F}}, exact, 0).recall, 1.0 / 5);
    EXPECT_DOUBLE_EQ(recallAt(10, {}, {}, 0).recall, 1);
}

TEST(Recall, RanksOfTwoListsAreJoined)
{
    const std::vector<std::string> left{"a", "b", "c"};
    const std::vector<std::string> right{"b", "d", "a"};
    const auto apart = compareRanks(left, right);
    EXPECT_EQ(apart.lines, (std::vector<RankLine>{{"a", 1, 3}, {"b", 2, 1}, {"c", 3, {}}, {"d", {}, 2}}));
    EXPECT_EQ(apart.shared, 2U);
    EXPECT_DOUBLE_EQ(apart.meanShift, 1.5);
    EXPECT_EQ(compareRanks(left, left).meanShift, 0);
}

/// Points of a plane in `dimensions` dimensions with a little noise beside it.
VectorMatrix plane(std::size_t rows, std::size_t dimensions)
{
    std::mt19937 random(3);
    std::vector<float> u(dimensions), v(dimensions);
    for (std::size_t i = 0; i < dimensions; ++i) {
        u[i] = i % 2 == 0 ? 1.0F : 0.0F;
        v[i] = i % 2 == 0 ? 0.0F : 1.0F;
    }
    const float length = std::sqrt(static_cast<float>(dimensions) / 2);
    VectorMatrix matrix;
    for (std::size_t row = 0; row < rows; ++row) {
        const float a = 5 * gauss(random), b = 2 * gauss(random);
        std::vector<float> vector(dimensions);
        for (std::size_t i = 0; i < dimensions; ++i)
            vector[i] = 7 + (a * u[i] + b * v[i]) / length + 1e-3F * gauss(random);
        matrix.append(std::to_string(row), vector);
    }
    return matrix;
}

void expectDistancesKept(const VectorMatrix& matrix, const Projection& projection)
{
    for (std::size_t i = 1; i < 20; ++i) {
        const auto [x0, y0] = projection.place(matrix.row(0));
        const auto [x, y] = projection.place(matrix.row(i));
        EXPECT_NEAR(std::hypot(x - x0, y - y0),
            plainDistance(Distance::Euclidean, matrix.row(0), matrix.row(i)), 0.05);
    }
}

TEST(Projection, FindsThePlaneThatTheVectorsLieIn)
{
    const auto many = plane(400, 20); // more rows than dimensions
    const auto tall = Projection::fit(many);
    EXPECT_GT(tall.explained(), 0.999);
    expectDistancesKept(many, tall);
    const auto few = plane(30, 64); // fewer: solved by the rows
    const auto wide = Projection::fit(few);
    EXPECT_GT(wide.explained(), 0.999);
    expectDistancesKept(few, wide);
    // A sample of the rows gives about the same axes, the same rows the very same.
    expectDistancesKept(many, Projection::fit(many, 50));
    EXPECT_EQ(Projection::fit(many).place(many.row(9)), tall.place(many.row(9)));
}

TEST(Projection, HasZerosWhereThereIsNothingToShow)
{
    VectorMatrix same;
    for (int i = 0; i < 5; ++i)
        same.append(std::to_string(i), std::vector<float>{1, 2, 3});
    const auto flat = Projection::fit(same);
    EXPECT_EQ(flat.place(same.row(0)), (std::pair<float, float>(0, 0)));
    EXPECT_EQ(flat.explained(), 0);
    VectorMatrix line;
    for (int i = 0; i < 9; ++i)
        line.append(std::to_string(i), std::vector<float>{static_cast<float>(i)});
    const auto one = Projection::fit(line);
    EXPECT_NEAR(one.place(line.row(8)).first - one.place(line.row(0)).first, 8, 1e-4);
    EXPECT_EQ(one.place(line.row(8)).second, 0);
    EXPECT_EQ(Projection::fit({}).place({}), (std::pair<float, float>(0, 0)));
}

TEST(NeighbourGraph, HoldsTheExactNeighboursOfAllOrOfASample)
{
    const auto matrix = clouds(200, 6, 4, 4);
    double last = 0;
    const auto graph
        = neighbourGraph(matrix, Distance::Cosine, 7, 2, {}, [&](double share) { last = share; });
    ASSERT_EQ(graph.size(), 200U);
    EXPECT_EQ(last, 1);
    for (const std::size_t at : {0U, 50U, 199U}) {
        const auto plain = plainNearest(matrix, Distance::Cosine, matrix.row(at), 7, at);
        EXPECT_TRUE(std::ranges::equal(graph.of(at), plain));
    }
    const auto sampled = neighbourGraph(matrix, Distance::Cosine, 7, 2, {}, {}, 50);
    ASSERT_EQ(sampled.size(), 50U);
    EXPECT_EQ(sampled.rows[1], 4U);
    for (const auto at : sampled.of(0))
        EXPECT_LT(at, 50U);
    VectorMatrix two;
    two.append("a", std::vector<float>{1, 0});
    two.append("b", std::vector<float>{0, 1});
    EXPECT_EQ(neighbourGraph(two, Distance::Cosine, 7, 2).k, 1U);
    std::stop_source stopped;
    stopped.request_stop();
    EXPECT_EQ(neighbourGraph(matrix, Distance::Cosine, 7, 2, stopped.get_token()).size(), 0U);
}

std::vector<Position> startOf(const VectorMatrix& matrix)
{
    const auto projection = Projection::fit(matrix);
    std::vector<Position> start;
    for (std::size_t row = 0; row < matrix.rows(); ++row) {
        const auto [x, y] = projection.place(matrix.row(row));
        start.push_back({x, y});
    }
    return start;
}

TEST(NeighbourLayout, SpringsAreStrongestToTheNearest)
{
    const auto graph = neighbourGraph(clouds(90, 5, 3, 5), Distance::Euclidean, 8, 1);
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    for (const auto& spring : springs(graph)) {
        EXPECT_LT(spring.a, spring.b);
        EXPECT_GT(spring.strength, 0);
        EXPECT_LE(spring.strength, 1);
        EXPECT_TRUE(seen.emplace(spring.a, spring.b).second) << "two springs between the same rows";
        if (graph.of(spring.a)[0] == spring.b) {
            EXPECT_FLOAT_EQ(spring.strength, 1);
        }
    }
}

TEST(NeighbourLayout, KeepsCloudsTogetherAndGivesTheSamePictureAgain)
{
    auto matrix = clouds(150, 20, 6, 6);
    matrix.append("twin", copied(matrix.row(0))); // equal vectors must not divide by nothing
    const auto graph = neighbourGraph(matrix, Distance::Euclidean, 10, 2);
    double last = 0;
    const auto at = neighbourLayout(graph, startOf(matrix), {}, {}, [&](double share) { last = share; });
    ASSERT_EQ(at.size(), 151U);
    EXPECT_EQ(last, 1);
    EXPECT_EQ(at, neighbourLayout(graph, startOf(matrix)));
    EXPECT_NE(at, neighbourLayout(graph, startOf(matrix), {.seed = 2}));
    std::size_t kept = 0;
    for (std::size_t i = 0; i < 150; ++i) {
        ASSERT_TRUE(std::isfinite(at[i].x) && std::isfinite(at[i].y));
        std::size_t nearest = i == 0 ? 1 : 0;
        for (std::size_t j = 0; j < 150; ++j) {
            if (j != i
                && std::hypot(at[i].x - at[j].x, at[i].y - at[j].y)
                    < std::hypot(at[i].x - at[nearest].x, at[i].y - at[nearest].y))
                nearest = j;
        }
        kept += nearest % 6 == i % 6 ? 1 : 0;
    }
    EXPECT_EQ(kept, 150U);
    std::stop_source stopped;
    stopped.request_stop();
    EXPECT_TRUE(neighbourLayout(graph, startOf(matrix), {}, stopped.get_token()).empty());
}

TEST(NeighbourLayout, IsTruerThanThePlaneOfMostVariance)
{
    const auto matrix = clouds(400, 30, 10, 7, 1.0F);
    const auto graph = neighbourGraph(matrix, Distance::Euclidean, 15, 2);
    const auto mean = [&](const std::vector<Position>& at) {
        const auto shares = trust(graph, at, 2);
        return std::accumulate(shares.begin(), shares.end(), 0.0) / static_cast<double>(shares.size());
    };
    const double plain = mean(startOf(matrix));
    const double laid = mean(neighbourLayout(graph, startOf(matrix)));
    EXPECT_GT(laid, plain + 0.05) << "PCA keeps " << plain << ", the layout " << laid;
}

TEST(Trust, IsOneForTheTruthAndSmallForNoise)
{
    const auto flat = clouds(120, 2, 4, 8);
    const auto graph = neighbourGraph(flat, Distance::Euclidean, 10, 1);
    std::vector<Position> same, noise;
    std::mt19937 random(9);
    for (std::size_t row = 0; row < flat.rows(); ++row) {
        same.push_back({flat.row(row)[0], flat.row(row)[1]});
        noise.push_back({gauss(random), gauss(random)});
    }
    for (const float share : trust(graph, same, 2))
        EXPECT_EQ(share, 1);
    const auto bad = trust(graph, noise, 2);
    EXPECT_LT(std::accumulate(bad.begin(), bad.end(), 0.0F) / 120, 0.25F);
    EXPECT_TRUE(trust(graph, {}, 2).empty());
}

TEST(Clusters, ChainsOfPairsBecomeGroups)
{
    const std::vector<RowPair> pairs{{4, 9}, {1, 2}, {2, 3}, {9, 4}, {3, 1}};
    EXPECT_EQ(chained(10, pairs), (std::vector<std::vector<std::uint32_t>>{{1, 2, 3}, {4, 9}}));
    EXPECT_TRUE(chained(10, {}).empty());
}

TEST(Clusters, KMeansFindsTheCloudsWithTheLargestFirst)
{
    auto matrix = clouds(90, 12, 3, 10);
    for (int i = 0; i < 30; ++i) // cloud 1 is the largest
        matrix.append("more" + std::to_string(i), copied(matrix.row(1)));
    const auto found = kMeans(matrix, Distance::Cosine, 3);
    ASSERT_EQ(found.clusters.size(), 120U);
    EXPECT_EQ(found.count, 3U);
    for (std::size_t row = 0; row < 90; ++row)
        EXPECT_EQ(found.clusters[row], found.clusters[row % 3]);
    EXPECT_EQ(found.clusters[1], 0);
    EXPECT_EQ(kMeans(matrix, Distance::Cosine, 3).clusters, found.clusters);
    VectorMatrix same;
    for (int i = 0; i < 5; ++i)
        same.append(std::to_string(i), std::vector<float>{1, 1});
    EXPECT_EQ(kMeans(same, Distance::Euclidean, 4).count, 1U);
}

TEST(Mmr, DiversityPutsTheUnlikeBeforeTheTwin)
{
    VectorMatrix candidates;
    candidates.append("best", std::vector<float>{1, 0.02F});
    candidates.append("twin", std::vector<float>{1, 0.021F});
    candidates.append("other", std::vector<float>{0.6F, 0.8F});
    const std::vector<double> similarities{0.99, 0.985, 0.7};
    EXPECT_EQ(diverse(candidates, similarities, 3, 0), (std::vector<std::size_t>{0, 1, 2}));
    EXPECT_EQ(diverse(candidates, similarities, 3, 0.5), (std::vector<std::size_t>{0, 2, 1}));
    EXPECT_EQ(diverse(candidates, similarities, 2, 0.5).size(), 2U);
    EXPECT_TRUE(diverse({}, {}, 3, 0.5).empty());
}

} // namespace
