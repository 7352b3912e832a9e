// SPDX-License-Identifier: GPL-3.0-or-later
// One vector index in memory: true results whatever k, deletes, overwrites, and the graph behind it.
#include "sandbox/vectorindex.h"
#include "tests/sandbox/fakes.h"
#include "tests/sandbox/vectordata.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <thread>

namespace norikv::tests {
namespace {

using client::Distance;
using client::IndexType;
using sandbox::VectorIndex;

class VectorIndexTest : public testing::Test {
protected:
    static constexpr std::uint32_t dimensions = 16;

    void make(IndexType type, Distance distance = Distance::Euclidean)
    {
        index = std::make_unique<VectorIndex>(sandbox::VectorParameters{dimensions, distance, type});
    }
    void put(const std::string& id, const std::vector<float>& values)
    {
        const VectorIndex::Change change{&id, &values};
        index->apply({&change, 1});
    }
    void remove(const std::string& id)
    {
        const VectorIndex::Change change{&id, nullptr};
        index->apply({&change, 1});
    }
    void putAll(const Vectors& vectors)
    {
        for (std::size_t i = 0; i < vectors.size(); ++i) {
            put(std::to_string(i), vectors[i]);
        }
    }
    void build()
    {
        while (index->indexSome(sandbox::VectorGraph::usefulThreads())) { }
    }
    std::vector<std::string> search(const std::vector<float>& query, std::size_t k)
    {
        std::vector<std::string> ids;
        float last = -std::numeric_limits<float>::infinity();
        for (const auto& match : index->search(query, k, false)) {
            EXPECT_GE(match.distance, last) << "ascending";
            last = match.distance;
            ids.push_back(match.id);
        }
        return ids;
    }
    /// The share of the true nearest ten that are found, over some queries.
    double recall(const Vectors& vectors, const Vectors& queries, Distance distance)
    {
        std::size_t found = 0;
        for (const auto& query : queries) {
            const auto truth = byDistance(distance, vectors, query);
            const auto ids = search(query, 10);
            for (std::size_t i = 0; i < 10; ++i) {
                found += std::ranges::count(ids, std::to_string(truth[i]));
            }
        }
        return static_cast<double>(found) / static_cast<double>(10 * queries.size());
    }

    std::unique_ptr<VectorIndex> index;
};

TEST_F(VectorIndexTest, EveryKIsAnsweredUpToTheNumberOfVectors)
{
    const auto vectors = clustered(1500, dimensions, 10);
    for (const auto type : {IndexType::Hnsw, IndexType::BruteForce}) {
        for (const auto distance : {Distance::Euclidean, Distance::Cosine, Distance::InnerProduct}) {
            make(type, distance);
            EXPECT_TRUE(index->search(vectors[0], 10, false).empty()) << "nothing is there yet";
            putAll(vectors);
            build();
            EXPECT_EQ(index->indexed(), type == IndexType::Hnsw ? 1500U : 0U);
            for (const std::size_t k :
                {1U, 2U, 149U, 150U, 151U, 1000U, 1001U, 1499U, 1500U, 1501U, 4000000000U}) {
                const auto ids = search(vectors[7], k);
                EXPECT_EQ(ids.size(), std::min<std::size_t>(k, 1500)) << k;
                EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), ids.size()) << "none twice";
            }
            const auto truth = byDistance(distance, vectors, vectors[7]);
            const auto all = search(vectors[7], 1500); // exact
            for (std::size_t i = 0; i < 20; ++i) {
                EXPECT_EQ(all[i], std::to_string(truth[i])) << "rank " << i;
            }
        }
    }
}

TEST_F(VectorIndexTest, FindsNineteenOfTwentyOfTheTrueNeighboursByDefault)
{
    auto vectors = clustered(6100, dimensions, 60);
    const Vectors queries(vectors.begin() + 6000, vectors.end()); // around the same centres, but not in it
    vectors.resize(6000);
    for (const auto distance : {Distance::Euclidean, Distance::Cosine}) {
        make(IndexType::Hnsw, distance);
        putAll(vectors);
        EXPECT_EQ(recall(vectors, queries, distance), 1.0) << "exact until there is a graph";
        build();
        EXPECT_EQ(index->indexed(), vectors.size());
        EXPECT_GE(recall(vectors, queries, distance), 0.95);
    }
}

TEST_F(VectorIndexTest, WhatTheGraphDoesNotHaveYetIsFoundToo)
{
    const auto vectors = clustered(3000, dimensions, 10);
    make(IndexType::Hnsw);
    putAll(vectors);
    ASSERT_TRUE(index->indexSome(1));
    EXPECT_GT(index->indexed(), 0U);
    EXPECT_LT(index->indexed(), 3000U);
    for (const std::size_t i : {0U, 100U, 1500U, 2999U}) {
        EXPECT_EQ(search(vectors[i], 1).front(), std::to_string(i));
    }
}

TEST_F(VectorIndexTest, AFewAreSearchedExactlyAndNeedNoGraph)
{
    make(IndexType::Hnsw);
    putAll(clustered(VectorIndex::graphFrom - 1, dimensions, 10));
    EXPECT_FALSE(index->indexSome(1));
    put("one more", std::vector<float>(dimensions, 1.0F));
    EXPECT_TRUE(index->indexSome(1));
}

TEST_F(VectorIndexTest, WhatWasDeletedIsNeverFound)
{
    const auto vectors = clustered(4000, dimensions, 20);
    make(IndexType::Hnsw);
    putAll(vectors);
    build();
    const auto truth = byDistance(Distance::Euclidean, vectors, vectors[5]);
    for (std::size_t i = 0; i < 300; ++i) { // the whole neighbourhood: the graph finds nothing else at first
        remove(std::to_string(truth[i]));
    }
    EXPECT_EQ(index->size(), 3700U);
    EXPECT_EQ(index->indexed(), 3700U);
    for (const std::size_t k : {1U, 10U, 50U, 3700U}) {
        const auto ids = search(vectors[5], k);
        ASSERT_EQ(ids.size(), k);
        for (std::size_t i = 0; i < 300; ++i) {
            ASSERT_EQ(std::ranges::count(ids, std::to_string(truth[i])), 0);
        }
    }
    EXPECT_EQ(search(vectors[5], 1).front(), std::to_string(truth[300])) << "the nearest of those left";
    remove("never there");
    EXPECT_EQ(index->size(), 3700U);
}

TEST_F(VectorIndexTest, DeletingEverythingLeavesAnIndexThatWorks)
{
    const auto vectors = clustered(1200, dimensions, 5);
    make(IndexType::Hnsw);
    putAll(vectors);
    build();
    for (std::size_t i = 0; i < vectors.size(); ++i) {
        remove(std::to_string(i));
    }
    EXPECT_EQ(index->size(), 0U);
    EXPECT_TRUE(search(vectors[0], 10).empty());
    build();
    putAll(vectors);
    build();
    EXPECT_EQ(index->indexed(), 1200U);
    EXPECT_EQ(search(vectors[3], 1).front(), "3");
}

TEST_F(VectorIndexTest, AnOverwriteReplaces)
{
    const auto vectors = clustered(2000, dimensions, 10);
    make(IndexType::Hnsw);
    putAll(vectors);
    build();
    auto moved = vectors[8];
    moved[0] += 0.01F;
    put("7", moved);
    EXPECT_EQ(index->size(), 2000U);
    for (int round = 0; round < 2; ++round) { // from the tail, then from the graph
        EXPECT_EQ(search(moved, 1).front(), "7");
        EXPECT_NE(search(vectors[7], 1).front(), "7") << "its old place is empty";
        EXPECT_EQ(search(moved, 2000).size(), 2000U);
        build();
        EXPECT_EQ(index->indexed(), 2000U);
    }
}

TEST_F(VectorIndexTest, ManyOverwritesDoNotPileUp)
{
    make(IndexType::Hnsw);
    Vectors last;
    for (unsigned round = 0; round < 5; ++round) {
        last = clustered(1500, dimensions, 10, round + 1);
        putAll(last);
        build();
        EXPECT_EQ(index->size(), 1500U);
        EXPECT_EQ(index->indexed(), 1500U);
    }
    for (const std::size_t i : {0U, 700U, 1499U}) {
        EXPECT_EQ(search(last[i], 1500).front(), std::to_string(i));
    }
    EXPECT_GE(recall(last, {last.begin(), last.begin() + 50}, Distance::Euclidean), 0.95);
}

TEST_F(VectorIndexTest, GivesTheValuesWhenAsked)
{
    const auto vectors = clustered(1200, dimensions, 10);
    make(IndexType::Hnsw, Distance::Cosine);
    putAll(vectors);
    for (int round = 0; round < 2; ++round) {
        const auto matches = index->search(vectors[9], 3, true);
        ASSERT_EQ(matches.size(), 3U);
        for (const auto& match : matches) {
            EXPECT_EQ(match.values, vectors[std::stoul(match.id)]) << "as given, not scaled";
        }
        build();
    }
    EXPECT_TRUE(index->search(vectors[9], 1, false).front().values.empty());
}

TEST_F(VectorIndexTest, HugeDistancesAreTrueOnes)
{
    make(IndexType::BruteForce);
    put("far", std::vector<float>(dimensions, 1e25F));
    const auto matches = index->search(std::vector<float>(dimensions, 0.0F), 1, false);
    ASSERT_EQ(matches.size(), 1U);
    EXPECT_FLOAT_EQ(matches[0].distance, 4e25F); // sqrt(16) * 1e25; its square is no float
}

TEST_F(VectorIndexTest, SearchesWritesAndTheGraphGoOnSideBySide)
{
    const auto vectors = clustered(2400, dimensions, 10);
    make(IndexType::Hnsw);
    std::atomic<bool> written = false;
    std::atomic<int> wrong = 0;
    std::vector<std::jthread> threads;
    for (int reader = 0; reader < 3; ++reader) {
        threads.emplace_back([&, reader] {
            for (std::size_t i = static_cast<std::size_t>(reader); !written; i = (i + 7) % vectors.size()) {
                const auto matches = index->search(vectors[i], 5, true);
                for (const auto& match : matches) {
                    wrong += match.values != vectors[std::stoul(match.id)] ? 1 : 0;
                }
            }
        });
    }
    std::jthread builder([&] {
        while (!written) {
            if (!index->indexSome(sandbox::VectorGraph::usefulThreads())) {
                std::this_thread::yield();
            }
        }
    });
    for (std::size_t i = 0; i < vectors.size(); ++i) {
        put(std::to_string(i), vectors[i]);
        EXPECT_TRUE(index->contains(std::to_string(i)));
        if (i % 3 == 2) {
            remove(std::to_string(i));
        }
    }
    written = true;
    threads.clear();
    builder.join();
    build();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(index->size(), 1600U);
    EXPECT_EQ(index->indexed(), 1600U);
}

TEST(FairSharedMutex, ReadersWithoutEndDoNotKeepAWriterOut)
{
    sandbox::FairSharedMutex mutex;
    std::atomic<bool> done = false;
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i) {
        readers.emplace_back([&] {
            while (!done) { // together they never let go of it
                const std::shared_lock lock(mutex);
                for (int turn = 0; turn < 50; ++turn) {
                    std::this_thread::yield();
                }
            }
        });
    }
    for (int i = 0; i < 100; ++i) {
        const std::unique_lock lock(mutex);
    }
    done = true;
}

TEST(FairSharedMutex, AWriterThatComesBackAtOnceDoesNotKeepReadersOut)
{
    sandbox::FairSharedMutex mutex;
    std::atomic<bool> done = false;
    std::uint64_t turns = 0;
    std::jthread writer([&] {
        while (!done) {
            const std::unique_lock lock(mutex);
            ++turns;
        }
    });
    std::uint64_t seen = 0;
    for (int i = 0; i < 100; ++i) {
        const std::shared_lock lock(mutex);
        EXPECT_GE(turns, seen) << "read under the lock";
        seen = turns;
    }
    done = true;
}

} // namespace
} // namespace norikv::tests
