// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/counter.h"

#include "tests/support/fakeclock.h"
#include "tests/support/fakesleeper.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <thread>

namespace norikv::client {
namespace {

using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeSleeper;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::HasSubstr;
using Fault = FakeStore::Fault;
using Op = FakeStore::Op;

constexpr auto Most = std::numeric_limits<std::int64_t>::max();
constexpr auto Least = std::numeric_limits<std::int64_t>::min();

TEST(CounterText, isDecimalDigitsWithin64Bits)
{
    struct Row {
        std::string text;
        std::optional<std::int64_t> value;
    };
    const Row rows[] = {
        {"0", 0}, {"-0", 0}, {"7", 7}, {"-12", -12}, {"007", 7}, {"0000000000000000001", 1},
        {"9007199254740993", 9007199254740993}, {"9223372036854775807", Most},
        {"-9223372036854775808", Least}, {"9223372036854775808", std::nullopt},
        {"-9223372036854775809", std::nullopt}, {"00000000000000000001", std::nullopt}, // 20 digits
        {"1000000000000000000000000000000", std::nullopt}, // 10^30
        {"", std::nullopt}, {"-", std::nullopt}, {"--1", std::nullopt}, {"+1", std::nullopt},
        {"abc", std::nullopt}, {"1e+21", std::nullopt}, {"1e3", std::nullopt}, {"NaN", std::nullopt},
        {"Infinity", std::nullopt}, {"1.0", std::nullopt}, {" 1", std::nullopt}, {"1 ", std::nullopt},
        {"1\n", std::nullopt}, {std::string("1\0", 2), std::nullopt}, {"0x10", std::nullopt},
        {"１", std::nullopt}, // a digit, but not an ASCII one
    };
    for (const Row& row : rows)
        EXPECT_EQ(parseCounter(row.text), row.value) << '"' << printable(row.text) << '"';
}

TEST(ShardKeys, areRecognisedByTheirEnd)
{
    EXPECT_EQ(shardKey("views", 12), "views:shard:12");
    const auto shard = parseShardKey("a:shard:b:shard:3");
    ASSERT_TRUE(shard);
    EXPECT_EQ(shard->counter, "a:shard:b");
    EXPECT_EQ(shard->index, 3U);
    EXPECT_EQ(parseShardKey("v:shard:999999999")->index, 999'999'999U);
    for (const char* key : {"", "views", ":shard:1", "v:shard:", "v:shard:x", "v:shard:-1", "v:shard:1 ",
             "v:shard:01", "v:shard:1234567890", "v:shards:1", "v:shard:1:2"})
        EXPECT_FALSE(parseShardKey(key)) << key;
    for (const std::uint32_t i : {0U, 1U, 4095U})
        EXPECT_EQ(parseShardKey(shardKey("n", i))->index, i);
}

class Counting : public testing::Test {
protected:
    FakeClock clock;
    FakeSleeper waits{clock};
    FakeStore store{clock};
    Call call;

    Counter counter(const Bytes& key = "c", CasPolicy policy = CasPolicy::basicCounter())
    {
        return Counter(store, key, std::move(policy), waits.sleeper());
    }
    ShardedCounter sharded(std::uint32_t shards, CasPolicy policy = CasPolicy::counterShard())
    {
        return ShardedCounter(store, "s", shards, std::move(policy), waits.sleeper());
    }
    /// Another client writes `value` right before each of our next `times` puts.
    void disturb(int times)
    {
        store.before = [this, left = times](const FakeStore::Seen& seen) mutable {
            if (seen.op == Op::Put && seen.cas && left-- > 0)
                store.plant(seen.key, std::to_string(parseCounter(*store.value(seen.key)).value_or(0) + 100));
        };
    }
};

TEST_F(Counting, initializeMakesAZeroOnceAndKeepsWhatIsThere)
{
    EXPECT_EQ(*counter().initialize(call), 0);
    EXPECT_EQ(store.value("c"), "0");
    store.plant("c", "41");
    EXPECT_EQ(*counter().initialize(call), 41);
    EXPECT_EQ(store.value("c"), "41");
    store.plant("c", "abc");
    EXPECT_THAT(counter().initialize(call), failsWith(ErrorKind::BadData));
}

TEST_F(Counting, getReadsAndTellsAMissingKeyFromBadData)
{
    EXPECT_THAT(counter().get(call), failsWith(ErrorKind::KeyMissing));
    store.plant("c", "-5");
    EXPECT_EQ(*counter().get(call), -5);
    store.plant("c", "");
    EXPECT_THAT(counter().get(call), failsWith(ErrorKind::BadData));
}

TEST_F(Counting, addCountsUpAndDownAndTellsBeforeAndAfter)
{
    const auto up = counter().add(call, 5);
    ASSERT_THAT(up, succeeds());
    EXPECT_EQ(up->before, 0);
    EXPECT_EQ(up->after, 5);
    EXPECT_EQ(up->attempts, 1);
    EXPECT_EQ(counter().add(call, -8)->after, -3);
    EXPECT_EQ(store.value("c"), "-3");
}

TEST_F(Counting, neverWritesAnExistingCounterWithoutIfMatch)
{
    store.plant("c", "1");
    disturb(2);
    ASSERT_THAT(counter().add(call, 1), succeeds());
    ASSERT_THAT(counter().set(call, 9), succeeds());
    for (const auto& seen : store.seen()) {
        if (seen.op == Op::Put) {
            EXPECT_TRUE(seen.cas);
        }
    }
}

TEST_F(Counting, aConflictIsTriedAgainOnTheNewValue)
{
    store.plant("c", "1");
    disturb(3);
    int attempts = 0;
    const auto change = counter().add(call, 1, &attempts);
    ASSERT_THAT(change, succeeds());
    EXPECT_EQ(change->before, 301);
    EXPECT_EQ(change->attempts, 4);
    EXPECT_EQ(attempts, 4);
    EXPECT_EQ(store.value("c"), "302");
}

TEST_F(Counting, twentyConflictsAreContendedAndNothingOfOursIsWritten)
{
    store.plant("c", "0");
    disturb(1000);
    int attempts = 0;
    const auto change = counter().add(call, 1, &attempts);
    ASSERT_THAT(change, failsWith(ErrorKind::Contended));
    EXPECT_EQ(attempts, 20);
    EXPECT_EQ(store.value("c"), "2000");
    EXPECT_EQ(waits.pauses().size(), 19U) << "no pause after the last try";
}

TEST_F(Counting, basicPausesAreTheContracts)
{
    store.plant("c", "0");
    disturb(1000);
    (void)counter().add(call, 1);
    const auto pauses = waits.pauses();
    for (std::size_t n = 0; n < pauses.size(); ++n) {
        const auto base = std::min<std::int64_t>(1LL << n, 1000);
        EXPECT_GE(pauses[n].count(), base) << n;
        EXPECT_LE(pauses[n].count(), base + 100) << n;
    }
}

TEST_F(Counting, shardPausesAreTheContracts)
{
    disturb(1000);
    int attempts = 0;
    EXPECT_THAT(sharded(1).add(call, 1, &attempts), failsWith(ErrorKind::Contended));
    EXPECT_EQ(attempts, 10);
    const auto pauses = waits.pauses();
    ASSERT_EQ(pauses.size(), 9U);
    for (std::size_t n = 0; n < pauses.size(); ++n) {
        EXPECT_GE(pauses[n].count(), 10LL << n) << n;
        EXPECT_LE(pauses[n].count(), (10LL << n) + 10) << n;
    }
}

TEST_F(Counting, stoppedBetweenTwoTriesNothingWasWritten)
{
    std::stop_source stop;
    call.stop = stop.get_token();
    store.plant("c", "0");
    disturb(1);
    waits.during = [&] { stop.request_stop(); };
    EXPECT_THAT(counter().add(call, 1), failsWith(ErrorKind::Cancelled));
    EXPECT_EQ(store.value("c"), "100");
}

TEST_F(Counting, aKeyDeletedBetweenGetAndPutIsCreatedAgain)
{
    store.plant("c", "7");
    store.before = [this, first = true](const FakeStore::Seen& seen) mutable {
        if (seen.op == Op::Put && seen.cas && std::exchange(first, false))
            store.erase("c");
    };
    const auto change = counter().add(call, 1);
    ASSERT_THAT(change, succeeds());
    EXPECT_EQ(store.value("c"), "1");
    EXPECT_EQ(change->attempts, 2);
}

TEST_F(Counting, anUnknownOutcomeEndsTheLoopBecauseRepeatingCouldCountTwice)
{
    store.plant("c", "0");
    store.script(Op::Put, Fault::UnknownAfterApply);
    EXPECT_THAT(counter().add(call, 1), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(store.count(Op::Put), 1U);
    EXPECT_EQ(store.value("c"), "1");
}

TEST_F(Counting, valuesThatAreNoIntegerStayUntouched)
{
    for (const std::string bad : {"", "abc", "1e+21", "NaN", "1000000000000000000000000000000", "\xff"}) {
        store.plant("c", bad);
        const auto change = counter().add(call, 1);
        ASSERT_THAT(change, failsWith(ErrorKind::BadData)) << printable(bad);
        EXPECT_THAT(change.error().message, HasSubstr("\"" + printable(bad) + "\""));
        EXPECT_THAT(counter().set(call, 5), failsWith(ErrorKind::BadData));
        EXPECT_EQ(store.value("c"), bad);
    }
    EXPECT_EQ(store.count(Op::Put), 0U);
}

TEST_F(Counting, setOverwritesOtherDataOnlyOnAPersonsWord)
{
    store.plant("c", "NaN");
    const auto change = counter().set(call, 12, true);
    ASSERT_THAT(change, succeeds());
    EXPECT_EQ(change->after, 12);
    EXPECT_EQ(store.value("c"), "12");
    ASSERT_THAT(counter().set(call, -1), succeeds());
    EXPECT_EQ(store.value("c"), "-1");
}

TEST_F(Counting, leavingTheRangeOf64BitsIsRefusedAndNothingIsWritten)
{
    store.plant("c", std::to_string(Most));
    EXPECT_THAT(counter().add(call, 1), failsWith(ErrorKind::InvalidRequest));
    EXPECT_EQ(store.value("c"), std::to_string(Most));
    store.plant("c", std::to_string(Least));
    EXPECT_THAT(counter().add(call, -1), failsWith(ErrorKind::InvalidRequest));
    EXPECT_EQ(store.count(Op::Put), 0U);
    EXPECT_EQ(counter().add(call, Most)->after, -1);
}

TEST_F(Counting, aCounterThatExpiresIsRefusedBecauseAWriteWouldDropItsExpiry)
{
    store.plant("c", "3", 60'000);
    const auto change = counter().add(call, 1);
    ASSERT_THAT(change, failsWith(ErrorKind::BadData));
    EXPECT_THAT(change.error().message, HasSubstr("expires"));
    EXPECT_EQ(store.value("c"), "3");
    EXPECT_EQ(store.count(Op::Put), 0U);
}

TEST_F(Counting, failuresOfTheStorePassOn)
{
    store.plant("c", "0");
    store.script(Op::Get, Fault::Unreachable);
    EXPECT_THAT(counter().add(call, 1), failsWith(ErrorKind::Unreachable));
    store.script(Op::Put, Fault::Server);
    EXPECT_THAT(counter().add(call, 1), failsWith(ErrorKind::Server));
    store.script(Op::Get, Fault::NotLeader);
    EXPECT_THAT(counter().get(call), failsWith(ErrorKind::NotLeader));
    EXPECT_THAT(counter("never:" + Bytes("seen")).get(call), failsWith(ErrorKind::KeyMissing));
}

// Books: what many writers were told against what is stored.

struct Books {
    std::atomic<std::int64_t> acknowledged = 0;
    std::atomic<std::int64_t> unknown = 0;
    std::atomic<std::int64_t> failed = 0;
};

template <class Add> void countByManyThreads(int threads, int all, Books& books, const Add& add)
{
    std::atomic<int> left = all;
    std::vector<std::jthread> workers;
    for (int i = 0; i < threads; ++i)
        workers.emplace_back([&] {
            while (left.fetch_sub(1) > 0) {
                Call mine;
                const Result<CounterChange> change = add(mine);
                if (change)
                    ++books.acknowledged;
                else if (change.error().kind == ErrorKind::UnknownOutcome)
                    ++books.unknown;
                else
                    ++books.failed;
            }
        });
}

TEST_F(Counting, aThousandIncrementsOfSixteenThreadsEndAtExactlyAThousand)
{
    Books books;
    Counter one = counter("c", CasPolicy::impatient(100'000));
    countByManyThreads(16, 1000, books, [&](Call& mine) { return one.add(mine, 1); });
    EXPECT_EQ(books.acknowledged, 1000);
    EXPECT_EQ(store.value("c"), "1000");
}

TEST_F(Counting, aThousandIncrementsOverTwentyShardsEndAtExactlyAThousand)
{
    Books books;
    ShardedCounter many = sharded(20, CasPolicy::impatient(100'000));
    countByManyThreads(16, 1000, books, [&](Call& mine) { return many.add(mine, 1); });
    EXPECT_EQ(books.acknowledged, 1000);
    const auto total = many.get(call);
    ASSERT_THAT(total, succeeds());
    EXPECT_EQ(total->total, 1000);
    EXPECT_EQ(total->unreadable, 0U);
}

TEST_F(Counting, checkThenWriteLosesIncrementsAndTheBooksShowIt)
{
    Quirks racy;
    racy.racyCas = true;
    racy.casWindowMs = 5;
    store.setQuirksDirectly(racy);
    store.plant("c", "0");
    Books books;
    Counter one = counter("c", CasPolicy::impatient(100'000));
    countByManyThreads(16, 300, books, [&](Call& mine) { return one.add(mine, 1); });
    EXPECT_EQ(books.acknowledged, 300);
    EXPECT_LT(*counter().get(call), 300) << "acknowledged, and not stored";
}

TEST_F(Counting, unknownOutcomesBoundWhatIsStored)
{
    std::atomic<int> puts = 0;
    store.plant("c", "0");
    store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op != Op::Put)
            return;
        const int n = ++puts;
        if (n % 7 == 0)
            store.script(Op::Put, Fault::UnknownAfterApply);
        if (n % 11 == 0)
            store.script(Op::Put, Fault::UnknownBeforeApply);
    };
    Books books;
    Counter one = counter("c", CasPolicy::impatient(100'000));
    countByManyThreads(16, 1000, books, [&](Call& mine) { return one.add(mine, 1); });
    const auto stored = *counter().get(call);
    EXPECT_GT(books.unknown, 0);
    EXPECT_EQ(books.acknowledged + books.unknown + books.failed, 1000);
    EXPECT_LE(books.acknowledged, stored);
    EXPECT_LE(stored, books.acknowledged + books.unknown);
}

// Shards

TEST_F(Counting, shardsAreInitialisedOnceEach)
{
    store.plant("s:shard:1", "5");
    ASSERT_THAT(sharded(3).initialize(call), succeeds());
    EXPECT_EQ(store.value("s:shard:0"), "0");
    EXPECT_EQ(store.value("s:shard:1"), "5");
    EXPECT_EQ(store.value("s:shard:2"), "0");
    EXPECT_EQ(store.value("s:shard:3"), std::nullopt);
    store.plant("s:shard:2", "x");
    EXPECT_THAT(sharded(3).initialize(call), failsWith(ErrorKind::BadData));
}

TEST_F(Counting, shardedIncrementsReachEveryShard)
{
    ShardedCounter many = sharded(4);
    for (int i = 0; i < 400; ++i) {
        const auto change = many.add(call, 1);
        ASSERT_THAT(change, succeeds());
        EXPECT_EQ(store.value(shardKey("s", change->shardIndex)), std::to_string(change->after));
    }
    for (std::uint32_t i = 0; i < 4; ++i)
        EXPECT_GT(parseCounter(*store.value(shardKey("s", i))), 50) << i;
}

TEST_F(Counting, theTotalCountsMissingShardsAsZeroAndTellsUnreadableOnes)
{
    store.plant("s:shard:0", "10");
    store.plant("s:shard:2", "NaN");
    store.plant("s:shard:3", "-4");
    store.script(Op::Get, Fault::Server, 1); // shard 0
    auto total = sharded(5).get(call);
    ASSERT_THAT(total, succeeds());
    EXPECT_EQ(total->total, -4);
    EXPECT_EQ(total->unreadable, 2U);
    total = sharded(5).get(call);
    EXPECT_EQ(total->total, 6);
    EXPECT_EQ(total->unreadable, 1U);
    ASSERT_EQ(total->shards.size(), 5U);
    EXPECT_FALSE(total->shards[1]->exists());
}

TEST_F(Counting, aTotalBeyond64BitsIsAnErrorNotAWrongNumber)
{
    store.plant("s:shard:0", std::to_string(Most));
    store.plant("s:shard:1", "1");
    EXPECT_THAT(sharded(2).get(call), failsWith(ErrorKind::BadData));
}

TEST_F(Counting, aCounterHasAtLeastOneShard) { EXPECT_EQ(sharded(0).shards(), 1U); }

TEST_F(Counting, hiddenShardsAreFoundUntilEightMissesInARow)
{
    for (const std::uint32_t i : {0U, 1U, 4U, 12U, 21U})
        store.plant(shardKey("s", i), "1");
    const auto hidden = sharded(2).findHidden(call);
    ASSERT_THAT(hidden, succeeds());
    std::vector<Bytes> keys;
    for (const Entry& entry : *hidden)
        keys.push_back(entry.key);
    EXPECT_THAT(keys, testing::ElementsAre("s:shard:4", "s:shard:12")) << "21 lies behind eight misses";
    EXPECT_TRUE(sharded(22).findHidden(call)->empty());
    store.script(Op::Get, Fault::Unreachable);
    EXPECT_THAT(sharded(2).findHidden(call), failsWith(ErrorKind::Unreachable));
}

TEST_F(Counting, mergeMovesEverythingIntoTheFirstShard)
{
    store.plant("s:shard:0", "5");
    store.plant("s:shard:1", "7");
    store.plant("s:shard:2", "0");
    store.plant("s:shard:3", "-2");
    ShardedCounter many = sharded(5);
    const auto plan = many.planMerge(call);
    ASSERT_THAT(plan, succeeds());
    EXPECT_EQ(plan->total, 10);
    EXPECT_EQ(plan->sources.size(), 2U) << "empty and missing shards need no move";
    EXPECT_EQ(store.count(Op::Put), 0U) << "a plan writes nothing";
    EXPECT_EQ(*many.merge(call, *plan), 5);
    EXPECT_EQ(store.value("s:shard:0"), "10");
    EXPECT_EQ(store.value("s:shard:1"), "0");
    EXPECT_EQ(store.value("s:shard:3"), "0");
    EXPECT_EQ(many.get(call)->total, 10);
}

TEST_F(Counting, mergeKeepsWhatIsCountedMeanwhile)
{
    store.plant("s:shard:0", "5");
    store.plant("s:shard:1", "7");
    ShardedCounter many = sharded(2);
    const auto plan = many.planMerge(call);
    store.plant("s:shard:1", "9"); // two more were counted
    ASSERT_THAT(many.merge(call, *plan), succeeds());
    EXPECT_EQ(store.value("s:shard:1"), "2");
    EXPECT_EQ(many.get(call)->total, 14);
}

TEST_F(Counting, aMergeThatFailsInTheMiddleTakesTheAdditionBack)
{
    store.plant("s:shard:0", "5");
    store.plant("s:shard:1", "7");
    store.before = [this](const FakeStore::Seen& seen) {
        if (seen.op == Op::Put && seen.key == "s:shard:1")
            store.script(Op::Put, Fault::Server);
    };
    ShardedCounter many = sharded(2);
    const auto plan = many.planMerge(call);
    const auto merged = many.merge(call, *plan);
    ASSERT_THAT(merged, failsWith(ErrorKind::Server));
    EXPECT_THAT(merged.error().message, HasSubstr("taken back"));
    EXPECT_THAT(merged.error().message, HasSubstr("s:shard:1"));
    EXPECT_EQ(many.get(call)->total, 12);
}

TEST_F(Counting, aMergeThatCannotBeUndoneNamesTheAmount)
{
    store.plant("s:shard:0", "5");
    store.plant("s:shard:1", "7");
    store.before = [this](const FakeStore::Seen& seen) {
        if (seen.op == Op::Put && seen.key == "s:shard:1")
            store.always(Op::Put, Fault::Server);
    };
    ShardedCounter many = sharded(2);
    const auto plan = many.planMerge(call);
    const auto merged = many.merge(call, *plan);
    ASSERT_THAT(merged, failsWith(ErrorKind::Server));
    EXPECT_THAT(merged.error().message, HasSubstr("7 may be counted twice"));
}

TEST_F(Counting, aMergeIsNotPlannedOverDataThatIsNoCounter)
{
    store.plant("s:shard:1", "abc");
    EXPECT_THAT(sharded(2).planMerge(call), failsWith(ErrorKind::BadData));
    store.plant("s:shard:1", "1");
    store.script(Op::Get, Fault::Server, 2);
    EXPECT_THAT(sharded(2).planMerge(call), failsWith(ErrorKind::Server));
}

// The undo of a source whose emptying has an unknown outcome: the amount is either counted twice, or once.
TEST_F(Counting, aMergeWithAnUnknownOutcomeNeverLosesCounts)
{
    for (const Fault fault : {Fault::UnknownBeforeApply, Fault::UnknownAfterApply}) {
        store.before = {};
        store.plant("s:shard:0", "5");
        store.plant("s:shard:1", "7");
        store.before = [&, done = false](const FakeStore::Seen& seen) mutable {
            if (seen.op == Op::Put && seen.key == "s:shard:1" && !std::exchange(done, true))
                store.script(Op::Put, fault);
        };
        ShardedCounter many = sharded(2);
        const auto plan = many.planMerge(call);
        const auto merged = many.merge(call, *plan);
        ASSERT_FALSE(merged);
        EXPECT_EQ(merged.error().kind, ErrorKind::UnknownOutcome);
        EXPECT_GE(many.get(call)->total, 12) << "counts must not vanish: " << merged.error().message;
    }
}

} // namespace
} // namespace norikv::client
