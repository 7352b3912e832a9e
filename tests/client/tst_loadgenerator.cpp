// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/loadgenerator.h"

#include "client/guardedstore.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::HasSubstr;
using Fault = FakeStore::Fault;
using Op = FakeStore::Op;

class Load : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    LoadGenerator load{store, clock};

    static LoadPlan plan(std::uint64_t increments, int workers = 16)
    {
        LoadPlan out;
        out.counter = "c";
        out.increments = increments;
        out.workers = workers;
        out.impatient = true;
        return out;
    }
    /// True when the run ends by itself within the time that only a hang takes.
    bool ends()
    {
        auto end = std::async(std::launch::async, [this] { load.wait(); });
        return end.wait_for(60s) == std::future_status::ready;
    }
    static bool reaches(const std::map<Bytes, Entry>& all, const Bytes& key, std::int64_t value)
    {
        const auto found = all.find(key);
        return found != all.end() && parseCounter(found->second.value).value_or(0) >= value;
    }
};

TEST_F(Load, aThousandIncrementsOfSixteenWorkersAreExactlyAThousand)
{
    ASSERT_THAT(load.start(plan(1000)), succeeds());
    load.wait();
    const auto stats = load.stats();
    EXPECT_EQ(stats.state, LoadState::Finished);
    EXPECT_EQ(stats.acknowledged, 1000U);
    EXPECT_EQ(stats.unknown + stats.failed, 0U);
    EXPECT_EQ(stats.tries, stats.acknowledged + stats.conflicts);
    EXPECT_EQ(store.value("c"), "1000");
    const auto books = load.closeBooks();
    ASSERT_THAT(books, succeeds());
    EXPECT_EQ(books->acknowledged, 1000);
    EXPECT_EQ(books->storedGain, 1000);
    EXPECT_EQ(books->shards, 1U);
    EXPECT_EQ(books->endedMs, FakeClock::StartMs);
    EXPECT_FALSE(checkC3(*books));
}

TEST_F(Load, countsTheGainOverWhatWasThere)
{
    store.plant("c", "500");
    ASSERT_THAT(load.start(plan(20, 2)), succeeds());
    load.wait();
    EXPECT_EQ(store.value("c"), "520");
    EXPECT_EQ(load.closeBooks()->storedGain, 20);
}

TEST_F(Load, shardsAreInitialisedAndSummed)
{
    LoadPlan many = plan(1000);
    many.sharded = true;
    many.shards = 20;
    ASSERT_THAT(load.start(many), succeeds());
    load.wait();
    const auto books = load.closeBooks();
    ASSERT_THAT(books, succeeds());
    EXPECT_EQ(books->storedGain, 1000);
    EXPECT_EQ(books->shards, 20U);
    EXPECT_EQ(store.contents().size(), 20U);
}

TEST_F(Load, runsAgainWithFreshBooks)
{
    ASSERT_THAT(load.start(plan(50)), succeeds());
    load.wait();
    ASSERT_THAT(load.start(plan(30)), succeeds());
    load.wait();
    EXPECT_EQ(load.stats().acknowledged, 30U);
    EXPECT_EQ(load.closeBooks()->storedGain, 30);
    EXPECT_EQ(store.value("c"), "80");
    EXPECT_EQ(load.plan().increments, 30U);
}

TEST_F(Load, aSecondStartEndsTheFirstRun)
{
    ASSERT_THAT(load.start(plan(0, 4)), succeeds());
    ASSERT_TRUE(store.waitUntil([](const auto& all) { return reaches(all, "c", 5); }));
    LoadPlan other = plan(10, 2);
    other.counter = "d";
    ASSERT_THAT(load.start(other), succeeds());
    load.wait();
    EXPECT_EQ(store.value("d"), "10");
    EXPECT_EQ(load.closeBooks()->acknowledged, 10);
}

TEST_F(Load, refusesAPlanOutsideItsLimits)
{
    for (const int workers : {-1, 0, 65})
        EXPECT_THAT(load.start(plan(1, workers)), failsWith(ErrorKind::InvalidRequest)) << workers;
    LoadPlan nameless = plan(1);
    nameless.counter.clear();
    EXPECT_THAT(load.start(nameless), failsWith(ErrorKind::InvalidRequest));
    for (const std::uint32_t shards : {0U, 4097U}) {
        LoadPlan many = plan(1);
        many.sharded = true;
        many.shards = shards;
        EXPECT_THAT(load.start(many), failsWith(ErrorKind::InvalidRequest)) << shards;
    }
    EXPECT_EQ(load.stats().state, LoadState::Idle);
    EXPECT_TRUE(store.seen().empty());
    EXPECT_THAT(load.start(plan(64, 64)), succeeds());
    load.wait();
    EXPECT_EQ(store.value("c"), "64");
}

TEST_F(Load, doesNotStartOnDataThatIsNoCounter)
{
    store.plant("c", "abc");
    EXPECT_THAT(load.start(plan(10)), failsWith(ErrorKind::BadData));
    EXPECT_EQ(store.value("c"), "abc");
    EXPECT_NE(load.stats().state, LoadState::Running);
}

TEST_F(Load, pausesAndResumesWithoutLosingCount)
{
    ASSERT_THAT(load.start(plan(0, 4)), succeeds());
    ASSERT_TRUE(store.waitUntil([](const auto& all) { return reaches(all, "c", 20); }));
    load.pause();
    EXPECT_EQ(load.stats().state, LoadState::Paused);
    clock.advance(100s);
    EXPECT_LT(load.stats().seconds, 1) << "a pause is not running time";
    EXPECT_THAT(load.closeBooks(), failsWith(ErrorKind::InvalidRequest)) << "not finished";
    load.resume();
    EXPECT_EQ(load.stats().state, LoadState::Running);
    const auto here = *parseCounter(*store.value("c"));
    ASSERT_TRUE(store.waitUntil([&](const auto& all) { return reaches(all, "c", here + 20); }));
    load.stop();
    load.wait();
    EXPECT_EQ(load.stats().state, LoadState::Finished);
    const auto books = load.closeBooks();
    EXPECT_EQ(books->acknowledged, books->storedGain);
    EXPECT_EQ(std::to_string(books->storedGain), *store.value("c"));
}

TEST_F(Load, aPausedRunWritesNothing)
{
    // One worker, held inside its increment while we pause: it may finish that one and no other.
    std::latch inside(1);
    std::latch mayGo(1);
    store.before = [&, first = std::make_shared<std::atomic<bool>>(true)](const FakeStore::Seen& seen) {
        if (seen.op == Op::Put && seen.value == "1" && first->exchange(false)) {
            inside.count_down();
            mayGo.wait();
        }
    };
    ASSERT_THAT(load.start(plan(0, 1)), succeeds());
    inside.wait();
    load.pause();
    mayGo.count_down();
    ASSERT_TRUE(store.waitUntil([](const auto& all) { return reaches(all, "c", 1); }));
    while (load.stats().acknowledged == 0)
        std::this_thread::yield();
    // A run that ignored its pause would use these turns.
    for (int turn = 0; turn < 5000; ++turn)
        std::this_thread::yield();
    EXPECT_EQ(store.value("c"), "1");
    load.stop();
    load.wait();
    EXPECT_EQ(store.value("c"), "1");
}

TEST_F(Load, pauseAndResumeOutsideARunDoNothing)
{
    load.pause();
    load.resume();
    load.stop();
    load.wait();
    EXPECT_EQ(load.stats().state, LoadState::Idle);
    EXPECT_THAT(load.closeBooks(), failsWith(ErrorKind::InvalidRequest));
}

TEST_F(Load, stopEndsAWorkerThatWaitsForItsTurn)
{
    LoadPlan slow = plan(0, 1);
    slow.targetPerSecond = 0.0001; // one increment in almost three hours
    ASSERT_THAT(load.start(slow), succeeds());
    ASSERT_TRUE(store.waitUntil([](const auto& all) { return reaches(all, "c", 1); }));
    load.stop();
    EXPECT_TRUE(ends());
}

TEST_F(Load, stopEndsAWorkerThatThinks)
{
    LoadPlan thinker = plan(0, 2);
    thinker.thinkTime = std::chrono::hours(3);
    ASSERT_THAT(load.start(thinker), succeeds());
    ASSERT_TRUE(store.waitUntil([](const auto& all) { return reaches(all, "c", 2); }));
    load.stop();
    EXPECT_TRUE(ends());
}

TEST_F(Load, endsWithItsOwnerWhateverItDoes)
{
    for (const bool paused : {false, true}) {
        LoadGenerator mine(store, clock);
        LoadPlan slow = plan(0, 8);
        slow.thinkTime = std::chrono::hours(3);
        ASSERT_THAT(mine.start(slow), succeeds());
        if (paused)
            mine.pause();
    }
    SUCCEED();
}

TEST_F(Load, aFailingServerIsCountedNotHidden)
{
    std::atomic<int> puts = 0;
    store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op != Op::Put || !seen.cas)
            return;
        const int n = ++puts;
        if (n % 5 == 0)
            store.script(Op::Put, Fault::UnknownAfterApply);
        else if (n % 7 == 0)
            store.script(Op::Put, Fault::UnknownBeforeApply);
        else if (n % 11 == 0)
            store.script(Op::Put, Fault::Server);
    };
    ASSERT_THAT(load.start(plan(200, 8)), succeeds());
    load.wait();
    store.before = {};
    store.calm();
    const auto stats = load.stats();
    EXPECT_GT(stats.unknown, 0U);
    EXPECT_GT(stats.failed, 0U);
    EXPECT_EQ(stats.acknowledged + stats.unknown + stats.failed, 200U);
    EXPECT_FALSE(stats.lastError.empty());
    const auto books = load.closeBooks();
    ASSERT_THAT(books, succeeds());
    EXPECT_LE(books->acknowledged, books->storedGain);
    EXPECT_LE(books->storedGain, books->acknowledged + books->unknown);
    EXPECT_FALSE(checkC3(*books)) << "unknown is not lost";
}

TEST_F(Load, keepsAHeatStripOfOneMinutePerWorker)
{
    store.before = [this](const FakeStore::Seen& seen) {
        if (seen.op == Op::Put && seen.cas)
            clock.advance(1s);
    };
    ASSERT_THAT(load.start(plan(200, 2)), succeeds());
    load.wait();
    const auto stats = load.stats();
    ASSERT_EQ(stats.heat.size(), 2U);
    for (const auto& row : stats.heat)
        EXPECT_EQ(row.size(), 60U);
    EXPECT_GE(stats.seconds, 200);
    EXPECT_GE(stats.latencyP95Ms, stats.latencyP50Ms);
    EXPECT_GE(stats.latencyP50Ms, 1000);
    EXPECT_GE(stats.attemptsP50, 1);
    EXPECT_GT(stats.windowSeconds, 0.9);
}

// Race it

TEST_F(Load, aRaceSwitchesToCheckThenWriteAndBackAndShowsTheLoss)
{
    Quirks before;
    before.commitDelayMs = 0;
    before.tickingEpoch = true;
    store.setQuirksDirectly(before);
    std::atomic<bool> racyInside = false;
    store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == Op::Put && seen.cas && store.quirksNow().racyCas)
            racyInside = true;
    };
    const auto books = raceIt(store, clock, 200, 16, false, {});
    ASSERT_THAT(books, succeeds());
    EXPECT_TRUE(racyInside);
    EXPECT_FALSE(store.quirksNow().racyCas);
    EXPECT_TRUE(store.quirksNow().tickingEpoch) << "the rest is as it was";
    EXPECT_EQ(books->acknowledged, 200);
    EXPECT_LT(books->storedGain, 200);
    EXPECT_THAT(books->counter, testing::StartsWith("race:"));
    const auto found = checkC3(*books);
    ASSERT_TRUE(found);
    EXPECT_THAT(found->evidence, HasSubstr(std::to_string(200 - books->storedGain) + " lost"));
}

TEST_F(Load, aRaceOnAServerThatIsNotOursLeavesItsCasAlone)
{
    store.offersFaults = false;
    const auto books = raceIt(store, clock, 100, 8, false, {});
    ASSERT_THAT(books, succeeds());
    EXPECT_EQ(books->storedGain, 100) << "atomic here";
    EXPECT_EQ(store.count(Op::SetQuirks), 0U);
}

TEST_F(Load, aRaceThatCannotStartRestoresTheServer)
{
    EXPECT_THAT(raceIt(store, clock, 10, 0, false, {}), failsWith(ErrorKind::InvalidRequest));
    EXPECT_FALSE(store.quirksNow().racyCas);
}

TEST_F(Load, aRaceThatCannotBeUndoneSaysSo)
{
    store.before = [&, sets = 0](const FakeStore::Seen& seen) mutable {
        if (seen.op == Op::SetQuirks && ++sets == 2)
            store.script(Op::SetQuirks, Fault::Unreachable);
    };
    const auto books = raceIt(store, clock, 10, 2, false, {});
    ASSERT_THAT(books, failsWith(ErrorKind::Unreachable));
    EXPECT_THAT(books.error().message, HasSubstr("could not be restored"));
}

TEST_F(Load, aRaceWhoseSwitchingEndedUnknownRestoresTheServer)
{
    store.before = [&, sets = 0](const FakeStore::Seen& seen) mutable {
        if (seen.op != Op::SetQuirks || ++sets != 1)
            return;
        Quirks switched; // it was, only its answer is lost
        switched.racyCas = true;
        store.setQuirksDirectly(switched);
        store.script(Op::SetQuirks, Fault::UnknownAfterApply);
    };
    EXPECT_THAT(raceIt(store, clock, 10, 2, false, {}), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_FALSE(store.quirksNow().racyCas);
    EXPECT_EQ(store.count(Op::SetQuirks), 2U);
}

TEST_F(Load, underConfirmARunNeedsConsentOnceForAllItDoes)
{
    GuardedStore guard(store, GuardMode::Confirm);
    LoadGenerator guarded(guard, clock);
    EXPECT_THAT(guarded.start(plan(20)), failsWith(ErrorKind::NeedsConsent));
    LoadPlan agreed = plan(20);
    agreed.consent = true;
    ASSERT_THAT(guarded.start(agreed), succeeds());
    guarded.wait();
    EXPECT_EQ(guarded.stats().acknowledged, 20U);
    EXPECT_THAT(raceIt(guard, clock, 20, 2, false, {}), failsWith(ErrorKind::NeedsConsent));
    EXPECT_THAT(raceIt(guard, clock, 20, 2, true, {}), succeeds());
    EXPECT_FALSE(store.quirksNow().racyCas);
}

TEST_F(Load, aStoppedRaceEndsAndRestoresTheServer)
{
    std::stop_source stop;
    store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == Op::Put && seen.value == "5")
            stop.request_stop();
    };
    const auto books = raceIt(store, clock, 1'000'000'000, 4, false, stop.get_token());
    ASSERT_THAT(books, succeeds());
    EXPECT_LT(books->acknowledged, 1'000'000);
    EXPECT_FALSE(store.quirksNow().racyCas);
}

TEST_F(Load, aRaceThatWasStoppedBeforehandEndsAtOnce)
{
    std::stop_source stop;
    stop.request_stop();
    (void)raceIt(store, clock, 1'000'000'000, 4, false, stop.get_token());
    EXPECT_FALSE(store.quirksNow().racyCas);
}

} // namespace
} // namespace norikv::client
