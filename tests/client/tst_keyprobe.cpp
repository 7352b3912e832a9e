// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/keyprobe.h"

#include "client/placement.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakesleeper.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gmock/gmock.h>

#include <set>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeSleeper;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Fault = FakeStore::Fault;
using Op = FakeStore::Op;

std::vector<Bytes> numbered(std::size_t count)
{
    std::vector<Bytes> keys;
    for (std::size_t i = 0; i < count; ++i)
        keys.push_back("key:" + std::to_string(i));
    return keys;
}

TEST(KeyProbePlan, countsShardsAndColdOnes)
{
    const std::vector<Bytes> keys{"a", "b", "c", "a"};
    ClusterSnapshot cluster;
    cluster.open = {shardOf("a", 1024)};
    const auto plan = planKeyProbe(keys, cluster, 1024);
    EXPECT_THAT(plan.keys, SizeIs(3));
    EXPECT_EQ(plan.keys.front(), "a"); // the open shard first
    EXPECT_EQ(plan.shards, 3U);
    const std::set<std::uint32_t> cold{shardOf("b", 1024), shardOf("c", 1024)};
    EXPECT_THAT(plan.cold, testing::ElementsAreArray(cold));
    EXPECT_FALSE(plan.needsConsent);
}

TEST(KeyProbePlan, asksAboveSixteenColdShards)
{
    std::vector<Bytes> keys;
    std::set<std::uint32_t> shards;
    for (int i = 0; shards.size() < 17; ++i) {
        const Bytes key = "k" + std::to_string(i);
        if (shards.insert(shardOf(key, 1024)).second)
            keys.push_back(key);
    }
    EXPECT_TRUE(planKeyProbe(keys, {}, 1024).needsConsent);
    keys.pop_back();
    EXPECT_FALSE(planKeyProbe(keys, {}, 1024).needsConsent);
    ClusterSnapshot open;
    open.open = shards;
    EXPECT_FALSE(planKeyProbe(numbered(0), open, 1024).needsConsent);
    keys.push_back("one:more");
    EXPECT_THAT(planKeyProbe(keys, open, 1024).cold, SizeIs(testing::Le(1U)));
}

TEST(KeyProbePlan, keysOfOneShardStayTogether)
{
    const auto plan = planKeyProbe(numbered(2000), {}, 16);
    EXPECT_EQ(plan.shards, 16U);
    std::vector<std::uint32_t> order;
    for (const auto& key : plan.keys) {
        if (order.empty() || order.back() != shardOf(key, 16))
            order.push_back(shardOf(key, 16));
    }
    EXPECT_THAT(order, SizeIs(16));
}

class KeyProbe : public testing::Test {
protected:
    FakeClock clock;
    FakeSleeper sleeper{clock};
    FakeStore store{clock};
    std::stop_source stop;
    KeyProbeLimits limits;
    std::vector<KeyProbeProgress> steps;

    Result<KeyProbeProgress> run(const KeyProbePlan& plan)
    {
        return runKeyProbe(
            store, clock, plan, limits, stop.get_token(), [this](const auto& p) { steps.push_back(p); },
            sleeper.sleeper());
    }
};

TEST_F(KeyProbe, looksAtEveryKeyAndCounts)
{
    store.plant("key:1", "v");
    store.plant("key:3", "");
    const auto done = run(planKeyProbe(numbered(5), {}, 4));
    ASSERT_THAT(done, succeeds());
    EXPECT_EQ(done->total, 5U);
    EXPECT_EQ(done->done, 5U);
    EXPECT_EQ(done->found, 2U);
    EXPECT_EQ(done->missing, 3U);
    EXPECT_EQ(done->failed, 0U);
}

TEST_F(KeyProbe, keepsToTwoHundredASecond)
{
    const auto start = clock.elapsed();
    ASSERT_THAT(run(planKeyProbe(numbered(1000), {}, 4)), succeeds());
    // The first batch goes out at once: 980 keys wait for their turn.
    EXPECT_GE(clock.elapsed() - start, 4900ms);
    EXPECT_LE(clock.elapsed() - start, 5100ms);
    EXPECT_THAT(steps, SizeIs(50));
    for (std::size_t i = 1; i < steps.size(); ++i)
        EXPECT_EQ(steps[i].done - steps[i - 1].done, 20U);
}

TEST_F(KeyProbe, aSlowServerIsNotAnsweredWithABurst)
{
    limits.opsPerSecond = 100;
    std::vector<Clock::Elapsed> sent;
    store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op != Op::GetMany)
            return;
        sent.push_back(clock.elapsed());
        if (sent.size() == 2)
            clock.advance(10s);
    };
    ASSERT_THAT(run(planKeyProbe(numbered(50), {}, 4)), succeeds());
    ASSERT_THAT(sent, SizeIs(5));
    EXPECT_GE(sent[3] - sent[2], 100ms);
    EXPECT_GE(sent[4] - sent[3], 100ms);
}

TEST_F(KeyProbe, opensNoManyShardsWithoutConsent)
{
    const auto plan = planKeyProbe(numbered(100), {}, 1024);
    ASSERT_TRUE(plan.needsConsent);
    EXPECT_THAT(run(plan), failsWith(ErrorKind::NeedsConsent));
    EXPECT_THAT(store.seen(), IsEmpty());
    limits.consent = true;
    EXPECT_THAT(run(plan), succeeds());
}

TEST_F(KeyProbe, endsWhenItIsStopped)
{
    sleeper.during = [this] { stop.request_stop(); };
    EXPECT_THAT(run(planKeyProbe(numbered(100), {}, 4)), failsWith(ErrorKind::Cancelled));
    EXPECT_THAT(steps, SizeIs(1));
    EXPECT_EQ(steps.front().done, 20U);
}

TEST_F(KeyProbe, aServerThatIsAwayEndsIt)
{
    store.always(Op::GetMany, Fault::Unreachable);
    EXPECT_THAT(run(planKeyProbe(numbered(100), {}, 4)), failsWith(ErrorKind::Unreachable));
    EXPECT_EQ(store.count(Op::GetMany), 1U);
}

TEST_F(KeyProbe, nothingToDoIsDone)
{
    const auto done = run(planKeyProbe({}, {}, 1024));
    ASSERT_THAT(done, succeeds());
    EXPECT_EQ(done->total, 0U);
    EXPECT_THAT(store.seen(), IsEmpty());
}

} // namespace
} // namespace norikv::client
