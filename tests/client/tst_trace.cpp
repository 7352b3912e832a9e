// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/tracingstore.h"

#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <array>
#include <thread>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Fault = FakeStore::Fault;
using Op = FakeStore::Op;

class Trace : public testing::Test {
protected:
    FakeClock clock;
    FakeStore node{clock};
    TraceLog log;
    TracingStore store{node, log, clock};
    Call call;

    Operation only()
    {
        auto taken = log.take();
        EXPECT_THAT(taken.operations, SizeIs(1));
        return taken.operations.empty() ? Operation() : taken.operations.front();
    }
};

TEST_F(Trace, tellsWhatACallDidAndForWhom)
{
    node.plant("k", "12345");
    node.before = [this](const auto&) { clock.advance(7ms); };
    call.why = "inspector";
    ASSERT_THAT(store.get(call, "k", Consistency::Strong), succeeds());
    const Operation op = only();
    EXPECT_EQ(op.rpc, Rpc::KvGet);
    EXPECT_EQ(op.key, "k");
    EXPECT_EQ(op.took, 7ms);
    EXPECT_EQ(op.startedMs, FakeClock::StartMs);
    EXPECT_EQ(op.node, "node0");
    EXPECT_EQ(op.shard, call.record.shard);
    EXPECT_EQ(op.attempts, 1);
    EXPECT_EQ(op.why, "inspector");
    EXPECT_EQ(op.error, std::nullopt);
    EXPECT_THAT(op.detail, HasSubstr("5 B"));
}

TEST_F(Trace, tellsAMissingKeyFromAnEmptyValue)
{
    node.plant("empty", "");
    (void)store.get(call, "missing", Consistency::Strong);
    EXPECT_EQ(only().detail, "missing");
    (void)store.get(call, "empty", Consistency::Strong);
    EXPECT_THAT(only().detail, HasSubstr("0 B"));
}

TEST_F(Trace, marksACompareAndSetAndKeepsAnErrorsWords)
{
    node.plant("k", "1");
    node.script(Op::Put, Fault::Conflict);
    EXPECT_FALSE(store.put(call, {.key = "k", .value = "2", .ifMatch = Version{0, 99}}));
    Operation op = only();
    EXPECT_TRUE(op.cas);
    EXPECT_EQ(op.error, ErrorKind::Conflict);
    EXPECT_THAT(op.detail, HasSubstr("version moved"));
    ASSERT_THAT(store.put(call, {.key = "k", .value = "2"}), succeeds());
    op = only();
    EXPECT_FALSE(op.cas);
    EXPECT_THAT(op.detail, HasSubstr("v 2"));
}

TEST_F(Trace, everyMemberIsRecordedUnderItsOwnName)
{
    const std::array<Bytes, 2> keys{"k", "l"};
    node.idle = [] {};
    (void)store.get(call, "k", Consistency::Strong);
    (void)store.put(call, {.key = "k"});
    (void)store.remove(call, {.key = "k"});
    (void)store.getMany(call, keys, 2, [](std::size_t, const auto&) {});
    (void)store.watchCluster(call, [](const auto&) { return false; });
    (void)store.scan(call, {}, [](const auto&) { return false; });
    (void)store.watch(call, {}, [](const auto&) { return false; });
    (void)store.stat(call, keys);
    (void)store.snapshotShard(call, 1);
    (void)store.transferShard(call, 1);
    (void)store.quirks(call);
    (void)store.setQuirks(call, {});
    (void)store.flushTtl(call, "");
    (void)store.moveShard(call, {});
    (void)store.setNode(call, {});
    (void)store.shiftClock(call, 1ms);
    (void)store.createVectorIndex(call, {.name = "i", .dimensions = 2});
    (void)store.insertVector(call, "i", {"a", {1, 0}});
    (void)store.insertVectors(call, "i", {}, 2, [](std::size_t, const auto&) {});
    (void)store.searchVectors(call, {.index = "i", .query = {1, 0}});
    (void)store.getVector(call, "i", "a");
    (void)store.getVectors(call, "i", {}, 2, [](std::size_t, const auto&) {});
    (void)store.listVectorIndexes(call);
    (void)store.listVectorIds(call, "i", {}, 0, [](const auto&) { return true; });
    (void)store.deleteVector(call, "i", "a");
    (void)store.dropVectorIndex(call, "i");
    (void)store.probeVector(call);
    std::vector<Rpc> seen;
    for (const auto& op : log.take().operations)
        seen.push_back(op.rpc);
    EXPECT_THAT(seen,
        testing::ElementsAre(Rpc::KvGet, Rpc::KvPut, Rpc::KvDelete, Rpc::KvGet, Rpc::MetaWatchCluster,
            Rpc::ExploreScan, Rpc::ExploreWatch, Rpc::ExploreStat, Rpc::AdminSnapshotShard,
            Rpc::AdminTransferShard, Rpc::FaultsGetQuirks, Rpc::FaultsSetQuirks, Rpc::FaultsFlush,
            Rpc::FaultsMoveShard, Rpc::FaultsSetNode, Rpc::FaultsShiftClock, Rpc::VectorCreateIndex,
            Rpc::VectorInsert, Rpc::VectorInsert, Rpc::VectorSearch, Rpc::VectorGet, Rpc::VectorGet,
            Rpc::ExploreListVectorIndexes, Rpc::ExploreListVectorIds, Rpc::VectorDelete, Rpc::VectorDropIndex,
            Rpc::VectorSearch));
}

TEST_F(Trace, aBackgroundReadIsCountedAndListedOnlyWhenItFails)
{
    call.background = true;
    (void)store.get(call, "k", Consistency::Strong);
    EXPECT_THAT(log.take().operations, IsEmpty());
    EXPECT_EQ(log.takeStats().calls, 1U);
    node.script(Op::Get, Fault::Server);
    (void)store.get(call, "k", Consistency::Strong);
    EXPECT_EQ(only().error, ErrorKind::Server);
}

// How long somebody listened says nothing about how fast the server answers.
TEST_F(Trace, streamsAreCountedAndLeftOutOfThePercentiles)
{
    node.idle = [] {};
    for (const bool background : {false, true}) {
        call.background = background;
        node.before = [this](const auto&) { clock.advance(90s); };
        (void)store.watchCluster(call, [](const auto&) { return false; });
        (void)store.scan(call, {}, [](const auto&) { return false; });
        (void)store.watch(call, {}, [](const auto&) { return false; });
        auto stats = log.takeStats();
        EXPECT_EQ(stats.calls, 3U);
        EXPECT_EQ(stats.p95Ms, 0);
        node.before = [this](const auto&) { clock.advance(2ms); };
        (void)store.get(call, "k", Consistency::Strong);
        EXPECT_EQ(log.takeStats().p95Ms, 2);
    }
    EXPECT_EQ(log.take().operations.front().took, 90s) << "the list says it all the same";
}

TEST_F(Trace, aCallThatTheServerNeedNotOfferIsNoFailure)
{
    node.offersExplore = false;
    EXPECT_FALSE(store.stat(call, {}));
    EXPECT_TRUE(only().notOffered());
    EXPECT_EQ(log.takeStats().failures, 0U);
    node.script(Op::Get, Fault::Invalid);
    (void)store.get(call, "k", Consistency::Strong);
    EXPECT_FALSE(only().notOffered());
    EXPECT_EQ(log.takeStats().failures, 1U);
    EXPECT_FALSE((Operation{.rpc = Rpc::KvGet, .error = ErrorKind::Unsupported}.notOffered()))
        << "every NoriKV has Get";
}

TEST_F(Trace, aBackgroundWriteIsListedBecauseNothingDoneToAServerIsHidden)
{
    call.background = true;
    (void)store.put(call, {.key = "k", .value = "v"});
    EXPECT_EQ(only().rpc, Rpc::KvPut);
}

TEST_F(Trace, startsARecordAfreshForEachCall)
{
    (void)store.get(call, "k", Consistency::Strong);
    (void)store.get(call, "k", Consistency::Strong);
    const auto ops = log.take().operations;
    ASSERT_THAT(ops, SizeIs(2));
    EXPECT_EQ(ops[1].attempts, 1);
}

TEST_F(Trace, countsEachKeyOfABulkReadButListsItOnce)
{
    const std::array<Bytes, 5> keys{"a", "b", "c", "d", "e"};
    node.script(Op::Get, Fault::Server, 2);
    ASSERT_THAT(store.getMany(call, keys, 2, [](std::size_t, const auto&) {}), succeeds());
    EXPECT_THAT(only().detail, testing::AllOf(HasSubstr("5 keys"), HasSubstr("2 failed")));
    const auto stats = log.takeStats();
    EXPECT_EQ(stats.calls, 5U);
    EXPECT_EQ(stats.failures, 2U);
}

TEST(TraceLog, keepsAsManyAsItMayAndCountsTheRest)
{
    TraceLog log(3);
    for (int i = 0; i < 10; ++i)
        log.add({});
    const auto taken = log.take();
    EXPECT_THAT(taken.operations, SizeIs(3));
    EXPECT_EQ(taken.dropped, 7U);
    log.add({});
    const auto later = log.take();
    EXPECT_THAT(later.operations, SizeIs(1));
    EXPECT_EQ(later.dropped, 0U) << "told once";
}

TEST(TraceLog, givesPercentilesSinceTheLastLook)
{
    TraceLog log;
    for (int ms = 1; ms <= 100; ++ms)
        log.count(std::chrono::milliseconds(ms), ms > 98);
    auto stats = log.takeStats();
    EXPECT_EQ(stats.calls, 100U);
    EXPECT_EQ(stats.failures, 2U);
    EXPECT_NEAR(stats.p50Ms, 50, 1);
    EXPECT_NEAR(stats.p95Ms, 95, 1);
    stats = log.takeStats();
    EXPECT_EQ(stats.calls, 0U);
    EXPECT_EQ(stats.p95Ms, 0);
}

TEST(TraceLog, losesNothingBetweenManyWritersAndAReader)
{
    TraceLog log(1'000'000);
    std::atomic<int> writing = 4;
    std::size_t got = 0;
    {
        std::vector<std::jthread> writers;
        for (int w = 0; w < 4; ++w)
            writers.emplace_back([&] {
                for (int i = 0; i < 5000; ++i)
                    log.add({});
                --writing;
            });
        while (writing > 0)
            got += log.take().operations.size();
    }
    got += log.take().operations.size();
    EXPECT_EQ(got, 20'000U);
    EXPECT_EQ(log.takeStats().calls, 20'000U);
}

} // namespace
} // namespace norikv::client
