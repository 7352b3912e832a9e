// SPDX-License-Identifier: GPL-3.0-or-later
// Indexes and ids of a server that lists neither.
#include "client/vectors/crawl.h"

#include "tests/client/clouds.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace norikv;
using namespace norikv::client;
using test::clouds;

namespace {

struct CrawlTest : testing::Test {
    test::FakeClock clock;
    test::FakeStore store{clock};
    Call call;
    VectorIndex index{"things", 6, Distance::Cosine, IndexType::Hnsw, 0};

    void fill(std::size_t rows)
    {
        const auto matrix = clouds(rows, 6, 4, 11, 1.0F);
        ASSERT_TRUE(store.createVectorIndex(call, index));
        for (std::size_t row = 0; row < rows; ++row) {
            const auto values = matrix.row(row);
            ASSERT_TRUE(
                store.insertVector(call, index.name, {matrix.ids[row], {values.begin(), values.end()}}));
        }
        store.offersExplore = false;
    }
};

TEST_F(CrawlTest, FindsWhatTheServerCannotListAndSaysHowMuch)
{
    fill(160);
    std::size_t told = 0;
    const std::vector<std::string> known{"v7", "nobody"};
    CrawlOptions options;
    options.k = 20;
    const auto crawled = crawl(store, call, index, known, options, [&](std::size_t found) { told = found; });
    ASSERT_TRUE(crawled) << crawled.error().message;
    EXPECT_GT(crawled->vectors.size(), 150U);
    EXPECT_GT(told, 0U);
    ASSERT_TRUE(crawled->estimate);
    EXPECT_NEAR(*crawled->estimate, 160, 15);
    EXPECT_TRUE(std::ranges::is_sorted(crawled->vectors, {}, &NamedVector::id));
    // Also from nothing.
    const auto fromNothing = crawl(store, call, index, {}, options, {});
    ASSERT_TRUE(fromNothing);
    EXPECT_GT(fromNothing->vectors.size(), 150U);
}

TEST_F(CrawlTest, AnUnfinishedCrawlStaysWithinItsBudget)
{
    fill(300);
    CrawlOptions options;
    options.k = 10;
    options.mostSearches = 3;
    const auto crawled = crawl(store, call, index, std::vector<std::string>{"v0"}, options, {});
    ASSERT_TRUE(crawled);
    EXPECT_LT(crawled->vectors.size(), 290U);
    EXPECT_EQ(crawled->searches, 3 + options.checks);
    EXPECT_GE(*crawled->estimate, static_cast<double>(crawled->vectors.size()));
}

TEST_F(CrawlTest, FindsIndexesByAskingAndTheirDimensionsInTheRefusal)
{
    fill(20);
    const std::vector<VectorIndex> candidates{{"things", 0, Distance::Euclidean, IndexType::Hnsw, 0},
        {"nothing", 0, Distance::Cosine, IndexType::Hnsw, 0}};
    auto found = findIndexes(store, call, candidates, 256);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_FALSE(found->listed);
    ASSERT_EQ(found->indexes.size(), 1U);
    EXPECT_EQ(found->indexes[0].dimensions, 6U);
    EXPECT_EQ(found->indexes[0].distance, Distance::Euclidean);
    store.offersExplore = true;
    found = findIndexes(store, call, {}, 256);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->listed);
    EXPECT_EQ(found->indexes.at(0).count, 20U);
    store.offersVectors = false;
    EXPECT_EQ(findIndexes(store, call, candidates, 256).error().kind, ErrorKind::Unsupported);
}

TEST_F(CrawlTest, ALostServerEndsItWithItsError)
{
    fill(50);
    store.always(test::FakeStore::Op::SearchVectors, test::FakeStore::Fault::Unreachable);
    EXPECT_EQ(crawl(store, call, index, std::vector<std::string>{"v0"}, {}, {}).error().kind,
        ErrorKind::Unreachable);
}

} // namespace
