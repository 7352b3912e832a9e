// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/retryingstore.h"

#include "client/placement.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakesleeper.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <array>
#include <thread>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeSleeper;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::Each;
using testing::HasSubstr;
using Fault = FakeStore::Fault;
using Op = FakeStore::Op;

class Retrying : public testing::Test {
protected:
    FakeClock clock;
    FakeSleeper waits{clock};
    FakeStore node{clock};
    ClusterState cluster{{"a:7447", "b:7447"}, clock};
    RetryingStore store{node, cluster, clock, {}, waits.sleeper()};
    Call call;

    void SetUp() override
    {
        call.timeout = 5000ms;
        // As the wire routes: to the known leader unless it was just asked in vain, else the seeds in turn.
        node.route = [this](const Call& c, std::uint32_t shard) -> std::size_t {
            const auto leader = cluster.leaderOf(shard);
            if (leader && leader != c.avoid)
                return *leader;
            return c.avoid ? (*c.avoid + 1) % 2 : 0;
        };
    }

    void claim(std::size_t who, bool leads)
    {
        ClusterView view;
        view.nodes.push_back({"node" + std::to_string(who), "", ""});
        view.claims.push_back({shardOf("k", 1024), "node" + std::to_string(who), leads});
        cluster.applyView(who, view);
    }

    Put cas(const Bytes& value)
    {
        Call aside;
        return {.key = "k", .value = value, .ifMatch = node.get(aside, "k", Consistency::Strong)->version};
    }
    static Put plain(const Bytes& value) { return {.key = "k", .value = value}; }
    Result<Entry> get() { return store.get(call, "k", Consistency::Strong); }
};

// Reads

TEST_F(Retrying, aReadThatSucceedsIsAskedOnce)
{
    node.plant("k", "v");
    const auto entry = get();
    ASSERT_THAT(entry, succeeds());
    EXPECT_EQ(entry->value, "v");
    EXPECT_EQ(call.record.attempts, 1);
    EXPECT_TRUE(waits.pauses().empty());
}

TEST_F(Retrying, aReadIsRepeatedOnNotLeaderAndLostConnections)
{
    node.plant("k", "v");
    node.script(Op::Get, Fault::NotLeader, 2);
    node.script(Op::Get, Fault::Unreachable, 1);
    EXPECT_THAT(get(), succeeds());
    EXPECT_EQ(call.record.attempts, 4);
    EXPECT_EQ(waits.pauses().size(), 3U);
}

TEST_F(Retrying, aReadThatIsRefusedForGoodIsNotRepeated)
{
    for (const Fault fault : {Fault::Invalid, Fault::Server, Fault::Timeout}) {
        node.forget();
        node.script(Op::Get, fault);
        EXPECT_FALSE(get());
        EXPECT_EQ(node.count(Op::Get), 1U);
    }
    EXPECT_TRUE(waits.pauses().empty());
}

TEST_F(Retrying, aReadWaitsOutAnElectionOfTwoSeconds)
{
    node.plant("k", "v");
    node.always(Op::Get, Fault::NotLeader);
    const auto start = clock.elapsed();
    waits.during = [&] {
        if (clock.elapsed() - start >= 2s)
            node.calm();
    };
    EXPECT_THAT(get(), succeeds());
    EXPECT_GE(waits.total(), 2s);
}

TEST_F(Retrying, aReadWithoutAnyLeaderEndsInsideItsBudgetAndSaysWhichShard)
{
    node.always(Op::Get, Fault::NotLeader);
    const auto entry = get();
    ASSERT_THAT(entry, failsWith(ErrorKind::NotLeader));
    EXPECT_EQ(entry.error().message, "no node leads shard " + std::to_string(shardOf("k", 1024)));
    EXPECT_GE(waits.total(), 2s);
    EXPECT_LE(waits.total(), 4s);
}

TEST_F(Retrying, aReadOfAServerThatIsAwayGivesUpSooner)
{
    node.always(Op::Get, Fault::Unreachable);
    EXPECT_THAT(get(), failsWith(ErrorKind::Unreachable));
    EXPECT_GE(waits.pauses().size(), 3U);
    EXPECT_LE(waits.total(), 1500ms);
}

TEST_F(Retrying, pausesGrowFromFirstToLongest)
{
    node.always(Op::Get, Fault::NotLeader);
    (void)get();
    const auto pauses = waits.pauses();
    ASSERT_GE(pauses.size(), 6U);
    const std::array nominal{50ms, 100ms, 200ms, 400ms, 500ms, 500ms};
    for (std::size_t i = 0; i < nominal.size(); ++i) {
        EXPECT_GE(pauses[i], nominal[i] * 8 / 10) << i;
        EXPECT_LE(pauses[i], nominal[i] * 12 / 10) << i;
    }
}

TEST_F(Retrying, theCallsTimeoutHoldsForAllTriesTogetherAndIsRestored)
{
    call.timeout = 700ms;
    node.always(Op::Get, Fault::NotLeader);
    EXPECT_THAT(get(), failsWith(ErrorKind::NotLeader));
    EXPECT_LT(waits.total(), 700ms);
    EXPECT_EQ(call.timeout, 700ms);
    const auto seen = node.seen();
    ASSERT_GE(seen.size(), 3U);
    EXPECT_EQ(seen.front().timeout, 700ms);
    for (std::size_t i = 1; i < seen.size(); ++i)
        EXPECT_LT(seen[i].timeout, seen[i - 1].timeout) << "less is left each time";
}

TEST_F(Retrying, afterNotLeaderAnotherNodeIsAskedAndTheHintIsForgottenAtTheEnd)
{
    node.plant("k", "v");
    claim(0, true);
    node.script(Op::Get, Fault::NotLeader, 1);
    EXPECT_THAT(get(), succeeds());
    const auto seen = node.seen();
    EXPECT_EQ(seen[0].avoid, std::nullopt);
    EXPECT_EQ(seen[1].avoid, 0U);
    EXPECT_EQ(call.record.nodeIndex, 1U);
    EXPECT_EQ(call.avoid, std::nullopt);
}

// A leader that moved is found in two tries (trust R6).
TEST_F(Retrying, aMovedLeaderIsFoundInTwoTries)
{
    node.plant("k", "v");
    claim(0, true);
    node.script(Op::Get, Fault::NotLeader, 1);
    waits.during = [this] {
        claim(0, false);
        claim(1, true);
    };
    EXPECT_THAT(get(), succeeds());
    EXPECT_EQ(call.record.attempts, 2);
    EXPECT_EQ(call.record.nodeIndex, 1U);
}

TEST_F(Retrying, aCancelledWaitEndsTheReadAsCancelled)
{
    std::stop_source stop;
    call.stop = stop.get_token();
    node.always(Op::Get, Fault::NotLeader);
    waits.during = [&] { stop.request_stop(); };
    EXPECT_THAT(get(), failsWith(ErrorKind::Cancelled));
    EXPECT_EQ(node.count(Op::Get), 1U);
    EXPECT_EQ(call.timeout, 5000ms);
}

TEST_F(Retrying, statIsRepeatedLikeARead)
{
    const std::array<Bytes, 1> keys{"k"};
    node.plant("k", "v");
    node.script(Op::Stat, Fault::NotLeader, 2);
    ASSERT_THAT(store.stat(call, keys), succeeds());
    EXPECT_EQ(node.count(Op::Stat), 3U);
    node.always(Op::Stat, Fault::Server);
    EXPECT_THAT(store.stat(call, keys), failsWith(ErrorKind::Server));
    EXPECT_EQ(node.count(Op::Stat), 4U);
    node.always(Op::Stat, Fault::Unreachable);
    EXPECT_THAT(store.stat(call, keys), failsWith(ErrorKind::Unreachable));
}

// Compare-and-set writes

TEST_F(Retrying, aCasWriteIsSentAgainAfterNotLeader)
{
    node.plant("k", "1");
    node.script(Op::Put, Fault::NotLeader, 3);
    EXPECT_THAT(store.put(call, cas("2")), succeeds());
    EXPECT_EQ(node.value("k"), "2");
    EXPECT_EQ(node.count(Op::Put), 4U);
}

TEST_F(Retrying, aConflictOnTheFirstTryIsAConflict)
{
    node.plant("k", "1");
    const Put stale = cas("2");
    node.plant("k", "other");
    EXPECT_THAT(store.put(call, stale), failsWith(ErrorKind::Conflict));
    EXPECT_EQ(node.count(Op::Put), 1U);
}

TEST_F(Retrying, aConflictAfterAResendIsUnknownBecauseItMayBeOurOwnWrite)
{
    node.plant("k", "1");
    node.script(Op::Put, Fault::NotLeaderAfterApply);
    const auto written = store.put(call, cas("2"));
    EXPECT_THAT(written, failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(node.value("k"), "2") << "it was our own";
    EXPECT_TRUE(call.record.ambiguous);
}

TEST_F(Retrying, aKeyThatIsGoneAfterAResendIsUnknownToo)
{
    node.plant("k", "1");
    const Put ours = cas("2");
    node.script(Op::Put, Fault::NotLeaderAfterApply);
    waits.during = [this] { node.erase("k"); };
    EXPECT_THAT(store.put(call, ours), failsWith(ErrorKind::UnknownOutcome))
        << "ours was applied, then somebody deleted it";
}

TEST_F(Retrying, aCasWriteThatNeverMeetsALeaderIsUnknownBecauseAnAppendMayHavePrecededIt)
{
    node.plant("k", "1");
    node.always(Op::Put, Fault::NotLeader);
    const auto written = store.put(call, cas("2"));
    ASSERT_THAT(written, failsWith(ErrorKind::UnknownOutcome));
    EXPECT_THAT(written.error().message, HasSubstr("no node leads shard"));
    EXPECT_GE(waits.total(), 2s);
}

TEST_F(Retrying, aStoppedCasWriteIsUnknownOnceItWasSent)
{
    std::stop_source stop;
    call.stop = stop.get_token();
    node.plant("k", "1");
    node.script(Op::Put, Fault::NotLeaderAfterApply);
    waits.during = [&] { stop.request_stop(); };
    EXPECT_THAT(store.put(call, cas("2")), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(node.value("k"), "2");
}

TEST_F(Retrying, aStoppedWriteThatWasNeverSentIsCancelled)
{
    std::stop_source stop;
    call.stop = stop.get_token();
    node.plant("k", "1");
    node.script(Op::Put, Fault::Unreachable);
    waits.during = [&] { stop.request_stop(); };
    EXPECT_THAT(store.put(call, cas("2")), failsWith(ErrorKind::Cancelled));
}

TEST_F(Retrying, anUnreachableServerAfterNotLeaderLeavesAWriteUnknown)
{
    node.plant("k", "1");
    const Put ours = cas("2");
    node.script(Op::Put, Fault::NotLeaderAfterApply);
    node.always(Op::Put, Fault::Unreachable);
    EXPECT_THAT(store.put(call, ours), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(node.value("k"), "2");
}

TEST_F(Retrying, oneCallsDoubtDoesNotColourTheNext)
{
    node.plant("k", "1");
    node.script(Op::Put, Fault::NotLeader);
    ASSERT_THAT(store.put(call, cas("2")), succeeds());
    const Put stale = cas("3");
    node.plant("k", "other");
    EXPECT_THAT(store.put(call, stale), failsWith(ErrorKind::Conflict)) << "this one was sent once";
}

TEST_F(Retrying, anUnknownOutcomeIsNeverRepeated)
{
    node.plant("k", "1");
    for (const Fault fault : {Fault::UnknownBeforeApply, Fault::UnknownAfterApply}) {
        node.forget();
        node.script(Op::Put, fault, 1);
        EXPECT_THAT(store.put(call, cas("2")), failsWith(ErrorKind::UnknownOutcome));
        node.script(Op::Put, fault, 1);
        EXPECT_THAT(store.put(call, plain("3")), failsWith(ErrorKind::UnknownOutcome));
        node.script(Op::Put, fault, 1);
        EXPECT_THAT(store.put(call, {.key = "k", .value = "4", .idempotencyKey = "id"}),
            failsWith(ErrorKind::UnknownOutcome));
        node.script(Op::Remove, fault, 1);
        EXPECT_THAT(store.remove(call, {.key = "k"}), failsWith(ErrorKind::UnknownOutcome));
        EXPECT_EQ(node.count(Op::Put), 3U);
        EXPECT_EQ(node.count(Op::Remove), 1U);
        node.plant("k", "1");
    }
    EXPECT_TRUE(waits.pauses().empty());
}

TEST_F(Retrying, aWriteThatIsRefusedForGoodIsNotRepeated)
{
    for (const Fault fault : {Fault::Invalid, Fault::Server, Fault::KeyMissing}) {
        node.forget();
        node.script(Op::Put, fault);
        EXPECT_FALSE(store.put(call, plain("x")));
        EXPECT_EQ(node.count(Op::Put), 1U);
    }
}

TEST_F(Retrying, aWriteThatWasNeverSentIsSentAgain)
{
    node.script(Op::Put, Fault::Unreachable, 3);
    EXPECT_THAT(store.put(call, plain("v")), succeeds());
    EXPECT_EQ(node.count(Op::Put), 4U);
    node.script(Op::Remove, Fault::Unreachable, 3);
    EXPECT_THAT(store.remove(call, {.key = "k"}), succeeds());
    EXPECT_EQ(node.count(Op::Remove), 4U);
}

TEST_F(Retrying, aWriteThatIsNeverSentEndsUnreachableNotUnknown)
{
    node.always(Op::Put, Fault::Unreachable);
    EXPECT_THAT(store.put(call, plain("v")), failsWith(ErrorKind::Unreachable));
    EXPECT_LE(waits.total(), 1500ms);
}

// Plain writes

TEST_F(Retrying, aPlainWriteIsSentAgainWhileNobodyIsKnownToLead)
{
    node.script(Op::Put, Fault::NotLeader, 3);
    EXPECT_THAT(store.put(call, plain("v")), succeeds());
    EXPECT_EQ(node.count(Op::Put), 4U);
}

TEST_F(Retrying, aPlainWriteIsSentAgainToAnotherLeader)
{
    // The first try goes to b, which the view does not name.
    node.route = [](const Call& c, std::uint32_t) -> std::size_t { return c.avoid ? 0 : 1; };
    claim(0, true);
    node.script(Op::Put, Fault::NotLeader, 1);
    EXPECT_THAT(store.put(call, plain("v")), succeeds());
    EXPECT_EQ(node.count(Op::Put), 2U);
}

TEST_F(Retrying, aPlainWriteIsUnknownWhenTheNodeThatRefusedItStillClaimsToLead)
{
    claim(0, true);
    node.script(Op::Put, Fault::NotLeaderAfterApply);
    EXPECT_THAT(store.put(call, plain("v")), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(node.count(Op::Put), 1U) << "it may have been applied: not again";
    node.script(Op::Remove, Fault::NotLeaderAfterApply);
    EXPECT_THAT(store.remove(call, {.key = "k"}), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(node.count(Op::Remove), 1U);
}

TEST_F(Retrying, aPlainWriteWithoutAnyLeaderIsUnknownAtTheEnd)
{
    node.always(Op::Put, Fault::NotLeader);
    const auto written = store.put(call, plain("v"));
    ASSERT_THAT(written, failsWith(ErrorKind::UnknownOutcome));
    EXPECT_THAT(written.error().message, HasSubstr("no node leads shard"));
}

TEST_F(Retrying, aDeleteUnderIfMatchIsTreatedAsPlainBecauseNoriKvIgnoresIt)
{
    claim(0, true);
    node.plant("k", "v");
    node.script(Op::Remove, Fault::NotLeader);
    Call aside;
    const auto version = node.get(aside, "k", Consistency::Strong)->version;
    EXPECT_THAT(store.remove(call, {.key = "k", .ifMatch = version}), failsWith(ErrorKind::UnknownOutcome));
}

TEST_F(Retrying, aDeleteThatFindsNothingAfterAResendIsUnknown)
{
    node.plant("k", "v");
    Call aside;
    const auto version = node.get(aside, "k", Consistency::Strong)->version;
    node.script(Op::Remove, Fault::NotLeaderAfterApply);
    EXPECT_THAT(store.remove(call, {.key = "k", .ifMatch = version}), failsWith(ErrorKind::UnknownOutcome))
        << "our own first try took it away";
}

// Many keys

TEST_F(Retrying, manyReadsGoRoundOnceMoreForThoseWithoutLeader)
{
    const std::array<Bytes, 4> keys{"k", "b", "c", "d"};
    for (const Bytes& key : keys)
        node.plant(key, "v");
    node.script(Op::Get, Fault::NotLeader, 2); // the first two of the round
    std::map<std::size_t, int> got;
    ASSERT_THAT(store.getMany(call, keys, 2,
                    [&](std::size_t index, const Result<Entry>& entry) {
                        ++got[index];
                        EXPECT_THAT(entry, succeeds());
                    }),
        succeeds());
    EXPECT_EQ(got.size(), 4U);
    for (const auto& [index, times] : got)
        EXPECT_EQ(times, 1) << index;
}

TEST_F(Retrying, manyReadsOfAServerThatIsAwayWaitOnceNotOncePerKey)
{
    const std::array<Bytes, 5> keys{"a", "b", "c", "d", "e"};
    node.always(Op::Get, Fault::Unreachable);
    int failed = 0;
    ASSERT_THAT(store.getMany(call, keys, 2,
                    [&](std::size_t, const Result<Entry>& entry) {
                        ++failed;
                        EXPECT_THAT(entry, failsWith(ErrorKind::Unreachable));
                    }),
        succeeds());
    EXPECT_EQ(failed, 5);
    EXPECT_LE(waits.total(), 1500ms);
}

TEST_F(Retrying, manyReadsWithoutALeaderShareOneTimeoutForTheirSecondRound)
{
    std::vector<Bytes> keys;
    for (int i = 0; i < 40; ++i)
        keys.push_back(std::to_string(i));
    node.always(Op::Get, Fault::NotLeader);
    std::size_t failed = 0;
    const auto start = clock.elapsed();
    ASSERT_THAT(store.getMany(call, keys, 2,
                    [&](std::size_t, const Result<Entry>& entry) {
                        ++failed;
                        EXPECT_THAT(entry, failsWith(ErrorKind::NotLeader));
                    }),
        succeeds());
    EXPECT_EQ(failed, keys.size());
    EXPECT_LE(clock.elapsed() - start, 5000ms);
    EXPECT_EQ(call.timeout, 5000ms);
}

TEST_F(Retrying, manyReadsEndWhenTheyAreStopped)
{
    std::stop_source stop;
    call.stop = stop.get_token();
    const std::array<Bytes, 3> keys{"a", "b", "c"};
    node.script(Op::Get, Fault::NotLeader, 6);
    waits.during = [&] { stop.request_stop(); };
    int got = 0;
    EXPECT_THAT(store.getMany(call, keys, 2, [&](std::size_t, const Result<Entry>&) { ++got; }),
        failsWith(ErrorKind::Cancelled));
}

TEST_F(Retrying, aVectorWriteIsSentAgainAfterNotLeaderBecauseNothingWasProposed)
{
    ASSERT_THAT(node.createVectorIndex(call, {.name = "i", .dimensions = 2}), succeeds());
    node.script(Op::InsertVector, Fault::NotLeader, 2);
    EXPECT_THAT(store.insertVector(call, "i", {"a", {1, 0}}), succeeds());
    EXPECT_EQ(node.count(Op::InsertVector), 3U);
    node.always(Op::DeleteVector, Fault::NotLeader);
    EXPECT_THAT(store.deleteVector(call, "i", "a"), failsWith(ErrorKind::NotLeader)) << "not unknown";
}

TEST_F(Retrying, aVectorWriteWithUnknownOutcomeIsNotRepeatedAndASearchIs)
{
    ASSERT_THAT(node.createVectorIndex(call, {.name = "i", .dimensions = 2}), succeeds());
    node.script(Op::InsertVector, Fault::UnknownAfterApply);
    EXPECT_THAT(store.insertVector(call, "i", {"a", {1, 0}}), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(node.count(Op::InsertVector), 1U);
    node.script(Op::SearchVectors, Fault::Unreachable);
    const auto found = store.searchVectors(call, {.index = "i", .query = {1, 0}});
    ASSERT_THAT(found, succeeds());
    EXPECT_EQ(found->matches.size(), 1U);
}

TEST(RealSleeper, endsAtOnceWhenItIsStopped)
{
    std::stop_source stop;
    const auto start = std::chrono::steady_clock::now();
    std::jthread later([&] { stop.request_stop(); });
    EXPECT_FALSE(realSleeper()(std::chrono::hours(1), stop.get_token()));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 30s);
    EXPECT_TRUE(realSleeper()(1ms, std::stop_token()));
}

} // namespace
} // namespace norikv::client
