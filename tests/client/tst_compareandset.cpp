// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/compareandset.h"

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

class CompareAndSet : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    Call call;
    std::vector<CasAttempt> told;
    CasLoop loop{CasPolicy::impatient(4), [](auto, const auto&) { return true; },
        [this](const CasAttempt& attempt) { told.push_back(attempt); }};

    static Result<CasNext> append(const Entry& entry) { return CasNext{entry.value + "x", 0}; }
};

TEST_F(CompareAndSet, writesUnderTheVersionReadAndTellsEachAttempt)
{
    store.plant("k", "a");
    store.before = [this, times = 0](const FakeStore::Seen& seen) mutable {
        if (seen.op == FakeStore::Op::Put && ++times <= 2)
            store.plant("k", *store.value("k") + "o");
    };
    const auto done = compareAndSet(store, call, "k", loop, append);
    ASSERT_THAT(done, succeeds());
    EXPECT_EQ(store.value("k"), "aoox") << "nothing of the others is lost";
    EXPECT_EQ(done->attempts, 3);
    EXPECT_EQ(done->before.value, "aoo");
    ASSERT_EQ(told.size(), 3U);
    EXPECT_FALSE(told[0].won);
    EXPECT_NE(told[0].note, "");
    EXPECT_TRUE(told[2].won);
}

TEST_F(CompareAndSet, createsWhatIsMissingAndMeetsARival)
{
    EXPECT_THAT(compareAndSet(store, call, "k", loop, append), succeeds());
    EXPECT_EQ(store.value("k"), "x");
    store.before = [this, done = false](const FakeStore::Seen& seen) mutable {
        if (seen.op == FakeStore::Op::Put && !std::exchange(done, true))
            store.plant("n", "rival");
    };
    loop.policy = CasPolicy::impatient(4);
    ASSERT_THAT(compareAndSet(store, call, "k2", loop, append), succeeds());
}

TEST_F(CompareAndSet, endsWellWithoutAValueAndWithTheErrorOfNext)
{
    store.plant("k", "a");
    const auto left
        = compareAndSet(store, call, "k", loop, [](const Entry&) { return Result<CasNext>(CasNext{}); });
    ASSERT_THAT(left, succeeds());
    EXPECT_FALSE(left->after);
    EXPECT_THAT(compareAndSet(store, call, "k", loop,
                    [](const Entry&) -> Result<CasNext> { return fail(ErrorKind::BadData, "odd"); }),
        failsWith(ErrorKind::BadData));
    EXPECT_EQ(store.count(FakeStore::Op::Put), 0U);
}

TEST_F(CompareAndSet, givesUpAfterItsAttemptsAndNeverRepeatsAnUnknownOne)
{
    store.plant("k", "a");
    store.always(FakeStore::Op::Put, FakeStore::Fault::Conflict);
    EXPECT_THAT(compareAndSet(store, call, "k", loop, append), failsWith(ErrorKind::Contended));
    EXPECT_EQ(store.count(FakeStore::Op::Put), 4U);
    store.calm();
    store.forget();
    store.script(FakeStore::Op::Put, FakeStore::Fault::UnknownAfterApply);
    EXPECT_THAT(compareAndSet(store, call, "k", loop, append), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(store.count(FakeStore::Op::Put), 1U);
}

TEST_F(CompareAndSet, manyWritersLoseNothing)
{
    store.plant("k", "");
    loop.tell = {};
    loop.policy = CasPolicy::impatient(100'000);
    {
        std::vector<std::jthread> writers;
        for (int i = 0; i < 8; ++i) {
            writers.emplace_back([this] {
                Call own;
                for (int n = 0; n < 50; ++n)
                    EXPECT_THAT(compareAndSet(store, own, "k", loop, append), succeeds());
            });
        }
    }
    EXPECT_EQ(store.value("k")->size(), 400U);
}

} // namespace
} // namespace norikv::client
