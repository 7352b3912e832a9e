// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/loadcomparison.h"

#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <thread>

namespace norikv::client {
namespace {

using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;

class Comparison : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    LoadComparison both{store, clock};

    static LoadPlan plan(std::uint64_t increments)
    {
        LoadPlan out;
        out.counter = "mine";
        out.increments = increments;
        out.workers = 4;
        out.shards = 5;
        out.impatient = true;
        return out;
    }
    void finish()
    {
        while (!both.finished())
            std::this_thread::yield();
    }
};

TEST_F(Comparison, bothSidesDoTheWholePlanOnCountersOfTheirOwn)
{
    store.plant("mine", "17");
    ASSERT_THAT(both.start(plan(200)), succeeds());
    finish();
    const auto books = both.closeBooks();
    ASSERT_THAT(books, succeeds());
    EXPECT_EQ(books->basic.storedGain, 200);
    EXPECT_EQ(books->sharded.storedGain, 200);
    EXPECT_EQ(books->basic.shards, 1U);
    EXPECT_EQ(books->sharded.shards, 5U);
    EXPECT_NE(books->basic.counter, books->sharded.counter);
    EXPECT_EQ(store.value("mine"), "17") << "the plan's own counter is left alone";
}

TEST_F(Comparison, stopEndsBothAndBooksNeedTheEnd)
{
    ASSERT_THAT(both.start(plan(0)), succeeds());
    EXPECT_TRUE(both.running());
    EXPECT_THAT(both.closeBooks(), failsWith(ErrorKind::InvalidRequest));
    both.pause();
    EXPECT_EQ(both.basic().stats.state, LoadState::Paused);
    EXPECT_EQ(both.sharded().stats.state, LoadState::Paused);
    both.resume();
    both.stop();
    finish();
    EXPECT_FALSE(both.running());
    const auto books = both.closeBooks();
    ASSERT_THAT(books, succeeds());
    EXPECT_EQ(books->basic.acknowledged, books->basic.storedGain);
}

TEST_F(Comparison, aRefusedPlanStartsNeitherSide)
{
    auto bad = plan(10);
    bad.shards = 0;
    EXPECT_THAT(both.start(bad), failsWith(ErrorKind::InvalidRequest));
    while (both.running())
        std::this_thread::yield();
    EXPECT_FALSE(both.running());
}

} // namespace
} // namespace norikv::client
