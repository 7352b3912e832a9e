// SPDX-License-Identifier: GPL-3.0-or-later
// The hosted cache, the rules that judge it, a stampede on it, and what another time to live would have done.
#include "client/audit/cacherules.h"
#include "client/demo/products.h"
#include "client/demo/stampede.h"
#include "client/patterns/cache.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <barrier>
#include <thread>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using From = CacheGot::From;
using Op = FakeStore::Op;
using Fault = FakeStore::Fault;

class Cache : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    WriteThroughCache cache{store, clock};
    Call call;

    CacheGot get(const Bytes& key)
    {
        const auto got = cache.get(call, key);
        EXPECT_THAT(got, succeeds());
        return got.value_or(CacheGot());
    }
    /// What the panel does once a second.
    void look(const Bytes& key)
    {
        auto entry = store.get(call, key, Consistency::Strong);
        ASSERT_THAT(entry, succeeds());
        entry->key = key;
        cache.compare(*entry);
    }
    CacheEntry only()
    {
        const auto entries = cache.entries();
        EXPECT_EQ(entries.size(), 1U);
        return entries.empty() ? CacheEntry() : entries.front();
    }
};

TEST_F(Cache, readsOnceAndAnswersUntilItsTimeIsOver)
{
    store.plant("k", "v");
    EXPECT_EQ(get("k").from, From::Server);
    clock.advance(59s);
    const CacheGot hit = get("k");
    EXPECT_EQ(hit.from, From::Cache);
    EXPECT_EQ(hit.value, "v");
    EXPECT_EQ(hit.ageMs, 59'000U);
    clock.advance(1s);
    EXPECT_EQ(get("k").from, From::Server) << "at exactly its time it is over, as in the document";
    EXPECT_EQ(store.count(Op::Get), 2U);
    const CacheStats stats = cache.stats();
    EXPECT_EQ(stats.hits, 1U);
    EXPECT_EQ(stats.misses, 2U);
    EXPECT_EQ(stats.expired, 1U);
    EXPECT_DOUBLE_EQ(*stats.hitRatio(), 1.0 / 3);
}

TEST_F(Cache, evictsTheLeastRecentlyUsedAndNotTheOldest)
{
    cache.setOptions({60'000, 2, false});
    for (const char* key : {"a", "b", "c"})
        store.plant(key, "v");
    get("a");
    get("b");
    get("a"); // the document's own code would evict a now
    get("c");
    EXPECT_EQ(get("a").from, From::Cache);
    EXPECT_EQ(get("b").from, From::Server);
    EXPECT_GE(cache.stats().evictions, 1U);
    EXPECT_EQ(cache.stats().size, 2U);
    cache.setOptions({60'000, 0, false});
    EXPECT_EQ(cache.stats().size, 1U) << "a size of nothing is one";
}

TEST_F(Cache, writesThroughAndRemembersNoVersionOfAPut)
{
    EXPECT_THAT(cache.put(call, "k", "one"), succeeds());
    EXPECT_EQ(store.value("k"), "one");
    EXPECT_EQ(get("k").from, From::Cache);
    EXPECT_FALSE(only().version) << "NoriKV numbers a Put otherwise than a Get";
    look("k");
    EXPECT_TRUE(only().version) << "the same bytes were read: now it has one";
    EXPECT_THAT(cache.remove(call, "k"), succeeds());
    EXPECT_FALSE(store.value("k"));
    EXPECT_FALSE(get("k").value);
    EXPECT_EQ(cache.stats().size, 0U) << "what is missing is not cached";
}

TEST_F(Cache, keepsNothingOfAWriteThatFailedOrIsUnknown)
{
    store.plant("k", "old");
    get("k");
    store.script(Op::Put, Fault::UnknownAfterApply);
    EXPECT_THAT(cache.put(call, "k", "new"), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(get("k").from, From::Server);
    EXPECT_EQ(get("k").value, "new");
}

TEST_F(Cache, aReadThatAWriteOvertookIsNotKept)
{
    store.plant("k", "old");
    store.before = [&, once = true](const FakeStore::Seen& seen) mutable {
        // While the answer is on its way the key is invalidated.
        if (seen.op == Op::Get && std::exchange(once, false))
            cache.invalidate("k");
    };
    get("k");
    EXPECT_EQ(cache.stats().size, 0U);
}

TEST_F(Cache, oneReadServesAllWhoMissAtOnceAlsoWithItsError)
{
    cache.setOptions({60'000, 10, true});
    store.plant("k", "v");
    constexpr int Readers = 8;
    std::atomic<int> waiting = 0;
    store.before = [&](const FakeStore::Seen& seen) {
        // The first reader is held until all others wait for it.
        if (seen.op == Op::Get)
            while (waiting < Readers)
                std::this_thread::yield();
    };
    std::array<CacheGot, Readers> got;
    {
        std::vector<std::jthread> threads;
        for (auto& answer : got) {
            threads.emplace_back([&] {
                Call own;
                ++waiting;
                answer = cache.get(own, "k").value_or(CacheGot());
            });
        }
    }
    for (const auto& answer : got)
        EXPECT_EQ(answer.value, "v");
    EXPECT_LE(store.count(Op::Get), 2U) << "a reader may come after it landed, and be a hit then";
    store.before = {};
    cache.invalidateAll();
    store.script(Op::Get, Fault::Server);
    EXPECT_FALSE(cache.get(call, "k"));
    EXPECT_EQ(get("k").from, From::Server) << "a failed read holds nobody up";
}

TEST_F(Cache, survivesManyThreads)
{
    cache.setOptions({60'000, 5, true});
    for (int i = 0; i < 10; ++i)
        store.plant("k" + std::to_string(i), "v");
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            Call own;
            std::mt19937 random(static_cast<unsigned>(t));
            for (int i = 0; i < 500; ++i) {
                const Bytes key = "k" + std::to_string(random() % 10);
                switch (random() % 6) {
                case 0:
                    EXPECT_TRUE(cache.put(own, key, "w"));
                    break;
                case 1:
                    cache.invalidate(key);
                    break;
                case 2:
                    EXPECT_LE(cache.entries().size(), 5U);
                    break;
                default:
                    EXPECT_TRUE(cache.get(own, key));
                }
            }
        });
    }
    threads.clear();
    const CacheStats stats = cache.stats();
    EXPECT_LE(stats.size, 5U);
    EXPECT_GT(stats.hits + stats.misses, 0U);
}

// K1: planted by another client past the cache.
TEST_F(Cache, K1AnAnswerThatTheServerHadReplacedIsCertain)
{
    store.plant("k", "old");
    get("k");
    look("k");
    store.plant("k", "new");
    look("k");
    EXPECT_NE(only().differsSinceMs, 0);
    EXPECT_FALSE(checkK1(only(), false)) << "it differs within its time; nobody was served";
    EXPECT_TRUE(get("k").stale);
    const auto finding = checkK1(only(), false);
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->severity, Severity::Certain);
    EXPECT_EQ(checkK1(only(), true)->severity, Severity::Suspect) << "a restart renumbers";
    EXPECT_FALSE(checkK2(only(), false));
    EXPECT_EQ(cache.stats().staleHits, 1U);
    cache.invalidate("k");
    get("k");
    look("k");
    EXPECT_FALSE(checkK1(only(), false)) << "read anew it is true again";
}

TEST_F(Cache, K1AKeyThatIsGoneIsCertainAndAWrittenOneWithoutVersionSuspect)
{
    store.plant("k", "v");
    get("k");
    store.erase("k");
    look("k");
    get("k");
    EXPECT_EQ(checkK1(only(), false)->severity, Severity::Certain);
    cache.invalidateAll();
    EXPECT_THAT(cache.put(call, "k", "mine"), succeeds());
    store.plant("k", "theirs");
    look("k");
    get("k");
    EXPECT_EQ(checkK1(only(), false)->severity, Severity::Suspect) << "which was first no version tells";
}

TEST_F(Cache, K2AStoreThatWentBackIsCertainUnlessANodeRestarted)
{
    for (const char* value : {"one", "two", "three"})
        store.plant("k", value);
    get("k");
    look("k");
    Entry back;
    back.key = "k";
    back.value = "one";
    back.version = Version{0, 1};
    cache.compare(back);
    get("k");
    const auto finding = checkK2(only(), false);
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->severity, Severity::Certain);
    EXPECT_FALSE(checkK1(only(), false)) << "one damage, one finding";
    EXPECT_FALSE(checkK2(only(), true));
}

TEST_F(Cache, whatIsTheSameOnTheServerGivesNothing)
{
    demo::Products products;
    std::mt19937_64 random(1);
    ASSERT_THAT(products.seed(store, call, random, clock.nowMs()), succeeds());
    cache.setOptions(demo::Shop::options());
    demo::Shop shop;
    for (int second = 0; second < 300; ++second) {
        for (int visit = 0; visit < 20; ++visit)
            shop.visit(cache, call);
        for (const Bytes& key : cache.toCompare(25))
            look(key);
        for (const auto& entry : cache.entries()) {
            EXPECT_FALSE(checkK1(entry, false)) << entry.key;
            EXPECT_FALSE(checkK2(entry, false)) << entry.key;
        }
        clock.advance(1s);
    }
    EXPECT_GT(*cache.stats().hitRatio(), 0.5);
    EXPECT_GT(cache.stats().evictions, 0U);
    // The fault of the demo is seen.
    ASSERT_THAT(products.commit(store, call, 0, clock.nowMs()), succeeds());
    bool seen = false;
    for (int visit = 0; visit < 400 && !seen; ++visit) {
        for (const Bytes& key : cache.toCompare(25))
            look(key);
        shop.visit(cache, call);
        for (const auto& entry : cache.entries())
            seen = seen || checkK1(entry, false).has_value();
    }
    EXPECT_TRUE(seen);
}

TEST_F(Cache, aStampedeWithSingleFlightAsksTheServerOnce)
{
    store.plant("k", "v");
    store.before = [](const FakeStore::Seen& seen) {
        if (seen.op == Op::Get)
            std::this_thread::sleep_for(20ms); // as long as a read takes, so that all miss together
    };
    const SystemClock real;
    const auto result = demo::stampede(store, real, "k", 16, {});
    ASSERT_THAT(result, succeeds());
    EXPECT_GT(result->each.serverReads, 8U);
    EXPECT_EQ(result->together.serverReads, 1U);
    EXPECT_GT(result->together.longest.count(), 0);
    EXPECT_EQ(store.count(Op::Put), 0U);
    store.before = {};
    EXPECT_THAT(demo::stampede(store, real, "none", 4, {}), failsWith(ErrorKind::NotFound));
    EXPECT_THAT(demo::stampede(store, real, "k", 0, {}), failsWith(ErrorKind::InvalidRequest));
    store.always(Op::Get, Fault::Server);
    EXPECT_FALSE(demo::stampede(store, real, "k", 4, {}));
}

TEST(WhatIfTtl, countsFetchesAndStaleAnswersOfTheSameReads)
{
    // One key, read every second for a minute, changed on the server in second 30.
    std::vector<CacheAccess> accesses;
    for (int second = 0; second < 60; ++second) {
        if (second == 30)
            accesses.push_back({second * 1000, 7, true});
        accesses.push_back({second * 1000, 7, false});
    }
    const auto points = whatIfTtl(accesses, {1000, 10'000, 60'000});
    ASSERT_EQ(points.size(), 3U);
    EXPECT_NEAR(points[0].readsPerSecond, 60 / 59.0, 0.01);
    EXPECT_DOUBLE_EQ(points[0].staleShare, 0);
    EXPECT_NEAR(points[1].readsPerSecond, 6 / 59.0, 0.01);
    EXPECT_DOUBLE_EQ(points[1].staleShare, 0) << "it was fetched in second 30, after the change";
    EXPECT_NEAR(points[2].readsPerSecond, 1 / 59.0, 0.01);
    EXPECT_DOUBLE_EQ(points[2].staleShare, 0.5);
    EXPECT_TRUE(whatIfTtl({}, {1000}).empty());
}

} // namespace
} // namespace norikv::client
