// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/counterfeed.h"
#include "tests/models/feedfixture.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

using namespace norikv;
using namespace std::chrono_literals;
using models::CounterFeed;
using models::FeedState;
using test::Bench;
using test::FakeStore;
using test::spin;
using test::waitFor;
using Op = FakeStore::Op;

namespace {

/// A feed over a store in memory, and all that it said.
struct FeedBench : Bench {
    std::unique_ptr<CounterFeed> feed;
    std::vector<CounterFeed::Outcome> outcomes;
    std::vector<client::Finding> findings;
    std::vector<client::ClosedRun> runs;
    std::vector<client::ShardedCounter::MergePlan> plans;

    void start()
    {
        open();
        feed = std::make_unique<CounterFeed>(*dispatcher, *connection, clock);
        QObject::connect(feed.get(), &CounterFeed::acted, feed.get(),
            [this](const CounterFeed::Outcome& o) { outcomes.push_back(o); });
        QObject::connect(feed.get(), &CounterFeed::found, feed.get(),
            [this](const client::Finding& f) { findings.push_back(f); });
        QObject::connect(feed.get(), &CounterFeed::runClosed, feed.get(),
            [this](const client::ClosedRun& r) { runs.push_back(r); });
        QObject::connect(feed.get(), &CounterFeed::mergePlanned, feed.get(),
            [this](const client::ShardedCounter::MergePlan& p) { plans.push_back(p); });
    }
    [[nodiscard]] bool ready()
    {
        return waitFor([this] { return feed->state() == FeedState::Ready; });
    }
    [[nodiscard]] bool shows(const client::Bytes& name, std::int64_t total)
    {
        return waitFor([&] {
            const auto* state = feed->book().find(name);
            return state && state->total == total;
        });
    }
    void sample(std::chrono::milliseconds after = 100ms)
    {
        clock.advance(after);
        feed->sampleNow();
    }
    std::size_t writes() const { return store.count(Op::Put) + store.count(Op::Remove); }
};

std::vector<std::string> rules(const std::vector<client::Finding>& findings)
{
    std::vector<std::string> out;
    for (const auto& f : findings)
        out.push_back(f.rule);
    return out;
}

} // namespace

TEST(CounterFeed, ScanThenWatch)
{
    FeedBench b;
    b.store.plant("page:views", "12");
    b.store.plant("api:shard:0", "1");
    b.store.plant("words", "hello");
    b.start();
    EXPECT_EQ(b.feed->state(), FeedState::Loading);
    ASSERT_TRUE(b.ready());
    EXPECT_EQ(b.feed->coverage(), client::Coverage::Complete);
    EXPECT_TRUE(b.feed->live());
    EXPECT_EQ(b.feed->book().counters().size(), 2U);
    EXPECT_EQ(b.feed->selected(), "api") << "something is selected at once";
    b.store.plant("page:views", "13");
    b.store.plant("new:one", "7");
    b.store.erase("api:shard:0");
    ASSERT_TRUE(b.shows("page:views", 13));
    ASSERT_TRUE(b.shows("new:one", 7));
    ASSERT_TRUE(b.shows("api", 0));
    EXPECT_EQ(b.store.count(Op::Scan), 1U);
    EXPECT_EQ(b.writes(), 0U) << "looking changes nothing";
}

TEST(CounterFeed, PollsKnownNamesWhereNothingCanBeListed)
{
    FeedBench b;
    b.store.offersExplore = false;
    b.profile.counters = {"page:views", "api"};
    b.profile.counterShards["api"] = 2;
    b.store.plant("page:views", "3");
    b.store.plant("api:shard:0", "1");
    b.store.plant("api:shard:2", "40");
    b.store.plant("unknown", "5");
    b.start();
    ASSERT_TRUE(b.ready());
    EXPECT_EQ(b.feed->coverage(), client::Coverage::KnownKeys);
    EXPECT_FALSE(b.feed->live());
    EXPECT_EQ(b.feed->selected(), "page:views");
    EXPECT_EQ(b.feed->book().counters().size(), 2U);
    ASSERT_TRUE(b.shows("api", 41)) << "indexes beyond the declared ones are looked at";
    EXPECT_EQ(b.feed->book().find("api")->hidden(), 40);
    b.store.plant("page:views", "4");
    ASSERT_TRUE(b.shows("page:views", 4));
    b.feed->openCounter("unknown", std::nullopt);
    ASSERT_TRUE(b.shows("unknown", 5));
    b.store.erase("unknown");
    ASSERT_TRUE(b.shows("unknown", 0));
    b.feed->sampleNow();
    EXPECT_THAT(rules(b.findings), ::testing::Contains("C4"));
}

TEST(CounterFeed, LostAndFoundAgain)
{
    for (const bool explore : {true, false}) {
        FeedBench b;
        b.store.offersExplore = explore;
        b.profile.counters = {"n"};
        b.store.plant("n", "1");
        b.start();
        ASSERT_TRUE(b.ready());
        ASSERT_TRUE(b.shows("n", 1));
        b.feed->select("n");
        for (int i = 0; i < 5; ++i)
            b.sample();
        b.store.cut();
        ASSERT_TRUE(waitFor([&] { return b.feed->state() == FeedState::Failed; }));
        EXPECT_EQ(b.feed->error().kind, client::ErrorKind::Unreachable);
        for (int i = 0; i < 5; ++i)
            b.sample();
        EXPECT_EQ(b.feed->book().find("n")->total, 1) << "what was known stays shown";
        b.store.plant("n", "9");
        b.store.mend();
        ASSERT_TRUE(b.ready());
        ASSERT_TRUE(b.shows("n", 9));
        for (int i = 0; i < 5; ++i)
            b.sample();
        const auto window = b.feed->book().find("n")->series.window(b.feed->moment(), 60);
        const auto gap = std::ranges::find_if(window, [](const auto& s) { return std::isnan(s.total); });
        ASSERT_NE(gap, window.end()) << "the outage is a gap, never a line";
        EXPECT_FALSE(std::isnan(window.front().total));
        EXPECT_FALSE(std::isnan(window.back().total));
    }
}

TEST(CounterFeed, KeysDeletedWhileAwayAreGone)
{
    FeedBench b;
    b.store.plant("a", "1");
    b.store.plant("b", "2");
    b.start();
    ASSERT_TRUE(b.shows("b", 2));
    b.store.cut();
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == FeedState::Failed; }));
    b.store.erase("a");
    b.store.mend();
    ASSERT_TRUE(b.ready());
    EXPECT_TRUE(waitFor([&] { return !b.feed->book().find("a"); }));
    EXPECT_TRUE(b.feed->book().find("b"));
}

TEST(CounterFeed, TimeIsMonotonicWhateverTheWallClockDoes)
{
    FeedBench b;
    b.store.plant("n", "0");
    b.start();
    ASSERT_TRUE(b.ready());
    b.feed->select("n");
    for (int i = 1; i <= 60; ++i) {
        b.store.plant("n", std::to_string(i * 10));
        ASSERT_TRUE(b.shows("n", i * 10));
        if (i % 10 == 0)
            b.clock.jumpWall(i % 20 == 0 ? -1h : 1h);
        b.sample();
    }
    const auto* state = b.feed->book().find("n");
    const auto window = state->series.window(b.feed->moment(), 60);
    ASSERT_GT(window.size(), 50U);
    for (std::size_t i = 1; i < window.size(); ++i) {
        EXPECT_LT(window[i - 1].t, window[i].t);
        EXPECT_LE(window[i - 1].total, window[i].total);
    }
    EXPECT_NEAR(state->rate10.perSecond(), 100, 12);
    EXPECT_LE(window.back().t - window.front().t, 6.5);
}

// The machine slept: nothing was seen for an hour, so nothing may be drawn for it.
TEST(CounterFeed, ALongSilenceOfOursIsAGapToo)
{
    FeedBench b;
    b.store.plant("n", "1");
    b.start();
    ASSERT_TRUE(b.ready());
    b.feed->select("n");
    for (int i = 0; i < 10; ++i)
        b.sample();
    b.sample(30s);
    b.sample();
    const auto window = b.feed->book().find("n")->series.window(b.feed->moment(), 60);
    EXPECT_TRUE(std::ranges::any_of(window, [](const auto& s) { return std::isnan(s.total); }));
    EXPECT_FALSE(std::isnan(window.back().total));
}

TEST(CounterFeed, PausedMomentStandsStillAndFillsOn)
{
    FeedBench b;
    b.store.plant("n", "1");
    b.start();
    ASSERT_TRUE(b.ready());
    b.feed->select("n");
    b.sample();
    b.feed->setPaused(true);
    const double moment = b.feed->moment();
    b.sample();
    b.sample();
    EXPECT_EQ(b.feed->moment(), moment);
    EXPECT_GT(b.feed->book().find("n")->series.last().t, moment);
    b.feed->setPaused(false);
    EXPECT_GT(b.feed->moment(), moment);
}

TEST(CounterFeed, IncrementAndDecrementAreCas)
{
    FeedBench b;
    b.store.plant("n", "5");
    b.start();
    ASSERT_TRUE(b.ready());
    b.feed->select("n");
    b.feed->add(1);
    ASSERT_TRUE(waitFor([&] { return b.outcomes.size() == 1; }));
    EXPECT_TRUE(b.outcomes[0].ok);
    EXPECT_TRUE(b.outcomes[0].text.contains(QStringLiteral("5 → 6"))) << b.outcomes[0].text.toStdString();
    b.feed->add(-2);
    ASSERT_TRUE(waitFor([&] { return b.outcomes.size() == 2; }));
    EXPECT_EQ(b.store.value("n"), "4");
    const auto seen = b.store.seen();
    EXPECT_EQ(b.store.count(Op::Put), 2U);
    EXPECT_TRUE(std::ranges::all_of(seen, [](const auto& s) { return s.op != Op::Put || s.cas; }));
    ASSERT_TRUE(b.shows("n", 4));
    b.sample();
    EXPECT_THAT(b.findings, ::testing::IsEmpty()) << "our own decrement is no finding";
}

TEST(CounterFeed, QuickClicksAllCount)
{
    FeedBench b;
    b.store.plant("n", "0");
    b.start();
    ASSERT_TRUE(b.ready());
    b.feed->select("n");
    for (int i = 0; i < 8; ++i)
        b.feed->add(1);
    ASSERT_TRUE(waitFor([&] { return b.outcomes.size() == 8; }, 5000)) << b.outcomes.size() << " told";
    EXPECT_EQ(b.store.value("n"), "8");
    for (const auto& outcome : b.outcomes)
        EXPECT_TRUE(outcome.ok) << outcome.text.toStdString();
}

TEST(CounterFeed, AFailedDecrementExcusesNothing)
{
    FeedBench b;
    b.profile.counters = {"n"};
    b.store.plant("n", "5");
    b.start();
    ASSERT_TRUE(b.shows("n", 5));
    b.store.script(Op::Put, FakeStore::Fault::Server);
    b.feed->add(-1);
    ASSERT_TRUE(waitFor([&] { return b.outcomes.size() == 1; }));
    EXPECT_FALSE(b.outcomes[0].ok);
    b.store.plant("n", "4"); // somebody else
    ASSERT_TRUE(b.shows("n", 4));
    b.sample();
    EXPECT_THAT(rules(b.findings), ::testing::ElementsAre("C2"));
}

TEST(CounterFeed, UnknownOutcomeIsSaidAndNotRepeated)
{
    FeedBench b;
    b.store.plant("n", "5");
    b.start();
    ASSERT_TRUE(b.ready());
    b.feed->select("n");
    b.store.script(Op::Put, FakeStore::Fault::UnknownAfterApply);
    b.feed->add(1);
    ASSERT_TRUE(waitFor([&] { return !b.outcomes.empty(); }));
    EXPECT_FALSE(b.outcomes[0].ok);
    EXPECT_TRUE(b.outcomes[0].unknown);
    EXPECT_FALSE(b.outcomes[0].remedy.isEmpty());
    spin(50);
    EXPECT_EQ(b.store.count(Op::Put), 1U);
    EXPECT_EQ(b.store.value("n"), "6");
}

TEST(CounterFeed, SetAsksBeforeOverwritingText)
{
    FeedBench b;
    b.profile.counters = {"n"};
    b.store.plant("n", "abc");
    b.start();
    ASSERT_TRUE(b.ready());
    b.feed->set(3, false, {});
    ASSERT_TRUE(waitFor([&] { return b.outcomes.size() == 1; }));
    EXPECT_FALSE(b.outcomes[0].ok);
    EXPECT_EQ(b.store.value("n"), "abc");
    b.feed->set(3, true, QStringLiteral("repair"));
    ASSERT_TRUE(waitFor([&] { return b.outcomes.size() == 2; }));
    EXPECT_TRUE(b.outcomes[1].ok);
    EXPECT_EQ(b.store.value("n"), "3");
    const auto traced = b.trace.take().operations;
    EXPECT_TRUE(std::ranges::any_of(traced, [](const auto& op) { return op.why == "set: repair"; }));
}

// What holds no integer is passed over by the scan; a name that a person gives is looked at whatever it
// holds.
TEST(CounterFeed, NamedKeysAreShownWhateverTheyHold)
{
    for (int round = 0; round < 20; ++round) {
        FeedBench b;
        b.profile.counters = {"declared"};
        b.store.plant("declared", "abc");
        b.store.plant("later", "xyz");
        b.start();
        ASSERT_TRUE(b.ready());
        b.feed->openCounter("later", std::nullopt);
        ASSERT_TRUE(waitFor(
            [&] { return b.feed->book().find("declared")->partial && b.feed->book().find("later")->partial; },
            3000));
        b.sample();
        EXPECT_THAT(rules(b.findings), ::testing::ElementsAre("C1", "C1"));
    }
}

TEST(CounterFeed, InitializeCreatesEveryShard)
{
    FeedBench b;
    b.start();
    ASSERT_TRUE(b.ready());
    b.feed->openCounter("wide", 5);
    b.feed->initialize();
    ASSERT_TRUE(waitFor([&] { return !b.outcomes.empty(); }));
    EXPECT_TRUE(b.outcomes[0].ok) << b.outcomes[0].text.toStdString();
    EXPECT_EQ(b.store.contents().size(), 5U);
    b.store.plant("wide:shard:2", "7");
    b.feed->initialize();
    ASSERT_TRUE(waitFor([&] { return b.outcomes.size() == 2; }));
    EXPECT_EQ(b.store.value("wide:shard:2"), "7") << "what is there stays";
}

TEST(CounterFeed, MergeMovesEverythingIntoOneShard)
{
    FeedBench b;
    for (int i = 0; i < 4; ++i)
        b.store.plant(client::shardKey("wide", std::uint32_t(i)), std::to_string(10 + i));
    b.start();
    ASSERT_TRUE(b.ready());
    b.feed->openCounter("wide", 4);
    b.feed->planMerge();
    ASSERT_TRUE(waitFor([&] { return !b.plans.empty(); }));
    EXPECT_EQ(b.writes(), 0U) << "a dry run writes nothing";
    EXPECT_EQ(b.plans[0].total, 46);
    ASSERT_EQ(b.plans[0].sources.size(), 3U);
    b.feed->merge(b.plans[0]);
    ASSERT_TRUE(waitFor([&] { return !b.outcomes.empty(); }));
    EXPECT_TRUE(b.outcomes[0].ok) << b.outcomes[0].text.toStdString();
    EXPECT_EQ(b.store.value("wide:shard:0"), "46");
    EXPECT_EQ(b.store.value("wide:shard:3"), "0");
    ASSERT_TRUE(waitFor([&] {
        return b.feed->book().find("wide")->values() == std::vector<std::int64_t>{46, 0, 0, 0};
    }));
    b.sample();
    EXPECT_THAT(b.findings, ::testing::IsEmpty()) << "our own merge is no fall";
}

TEST(CounterFeed, HiddenShardsAreLookedFor)
{
    FeedBench b;
    b.store.offersExplore = false;
    b.store.plant("wide:shard:0", "1");
    b.store.plant("wide:shard:4", "9");
    b.start();
    ASSERT_TRUE(b.ready());
    b.feed->openCounter("wide", 2);
    b.feed->findHidden();
    ASSERT_TRUE(waitFor([&] { return !b.outcomes.empty(); }));
    EXPECT_TRUE(b.outcomes[0].ok);
    EXPECT_EQ(b.feed->book().find("wide")->hidden(), 9);
    b.feed->openCounter("other", 2);
    b.feed->findHidden();
    ASSERT_TRUE(waitFor([&] { return b.outcomes.size() == 2; }));
    EXPECT_EQ(b.feed->book().find("other")->hidden(), 0);
    EXPECT_NE(b.outcomes[0].text, b.outcomes[1].text);
}

TEST(CounterFeed, ConfirmModeAsksFirst)
{
    FeedBench b;
    b.profile.guard = client::GuardMode::Confirm;
    b.profile.counters = {"n"};
    b.store.plant("n", "5");
    b.start();
    ASSERT_TRUE(b.shows("n", 5));
    b.feed->add(-1);
    ASSERT_TRUE(waitFor([&] { return b.outcomes.size() == 1; }));
    EXPECT_TRUE(b.outcomes[0].needsConsent);
    EXPECT_FALSE(b.outcomes[0].ok);
    EXPECT_EQ(b.writes(), 0U);
    b.feed->repeatWithConsent();
    ASSERT_TRUE(waitFor([&] { return b.outcomes.size() == 2; }));
    EXPECT_TRUE(b.outcomes[1].ok) << b.outcomes[1].text.toStdString();
    EXPECT_EQ(b.store.value("n"), "4");
    ASSERT_TRUE(b.shows("n", 4));
    b.store.plant("n", "3"); // somebody else: the refused decrement excuses nothing
    ASSERT_TRUE(b.shows("n", 3));
    b.sample();
    EXPECT_THAT(rules(b.findings), ::testing::ElementsAre("C2"));
    b.feed->add(1);
    ASSERT_TRUE(waitFor([&] { return b.outcomes.size() == 3; }));
    EXPECT_TRUE(b.outcomes[2].needsConsent) << "a word counts once";
}

// The question was about one counter; another is selected when it is answered.
TEST(CounterFeed, ConsentIsForTheCounterThatWasAskedAbout)
{
    FeedBench b;
    b.profile.guard = client::GuardMode::Confirm;
    b.store.plant("a", "5");
    b.store.plant("b", "5");
    b.start();
    ASSERT_TRUE(b.shows("b", 5));
    b.feed->select("a");
    b.feed->add(1);
    ASSERT_TRUE(waitFor([&] { return b.outcomes.size() == 1; }));
    b.feed->select("b");
    b.feed->repeatWithConsent();
    ASSERT_TRUE(waitFor([&] { return b.outcomes.size() == 2; }));
    EXPECT_EQ(b.store.value("a"), "6");
    EXPECT_EQ(b.store.value("b"), "5");
    EXPECT_EQ(b.feed->selected(), "b");
}

TEST(CounterFeed, OneStrayShardMakesNoBillionRequests)
{
    FeedBench b;
    b.store.plant("w:shard:999999999", "1");
    b.start();
    ASSERT_TRUE(b.shows("w", 1));
    b.store.forget();
    b.feed->planMerge();
    b.feed->initialize();
    b.feed->add(1);
    EXPECT_EQ(b.outcomes.size(), 3U);
    spin(50);
    EXPECT_EQ(b.writes(), 0U);
    EXPECT_EQ(b.store.count(Op::Get) + b.store.count(Op::GetMany), 0U);
    for (const auto& outcome : b.outcomes)
        EXPECT_FALSE(outcome.ok || outcome.remedy.isEmpty());
}

TEST(CounterFeed, ConfirmModeAsksOnceForALoadAndARace)
{
    FeedBench b;
    b.profile.guard = client::GuardMode::Confirm;
    b.store.plant("n", "0");
    b.start();
    ASSERT_TRUE(b.ready());
    client::LoadPlan plan;
    plan.counter = "n";
    plan.workers = 2;
    plan.increments = 20;
    b.feed->startLoad(plan);
    ASSERT_EQ(b.outcomes.size(), 1U);
    EXPECT_TRUE(b.outcomes[0].needsConsent);
    EXPECT_EQ(b.writes(), 0U);
    b.feed->repeatWithConsent();
    ASSERT_TRUE(waitFor([&] { return b.runs.size() == 1; }));
    EXPECT_EQ(b.runs[0].acknowledged, 20);
    b.feed->race();
    ASSERT_EQ(b.outcomes.size(), 2U);
    EXPECT_TRUE(b.outcomes[1].needsConsent);
    b.feed->repeatWithConsent();
    ASSERT_TRUE(waitFor([&] { return b.runs.size() == 2; }, 30'000));
}

TEST(CounterFeed, ReadOnlyRefuses)
{
    FeedBench b;
    b.profile.guard = client::GuardMode::ReadOnly;
    b.store.plant("n", "5");
    b.start();
    ASSERT_TRUE(b.ready());
    b.feed->select("n");
    client::LoadPlan plan;
    plan.counter = "n";
    const std::function<void()> actions[] = {[&] { b.feed->add(1); }, [&] { b.feed->set(9, true, {}); },
        [&] { b.feed->startLoad(plan); }, [&] { b.feed->race(); }, [&] { b.feed->repeatWithConsent(); }};
    std::size_t told = 0;
    for (const auto& action : actions) {
        action();
        ++told;
        ASSERT_TRUE(waitFor([&] { return b.outcomes.size() == told; })) << told;
        EXPECT_FALSE(b.outcomes.back().ok);
        EXPECT_FALSE(b.outcomes.back().needsConsent);
        EXPECT_FALSE(b.outcomes.back().text.isEmpty());
    }
    EXPECT_EQ(b.writes(), 0U);
    EXPECT_EQ(b.store.value("n"), "5");
}

TEST(CounterFeed, LoadRunClosesItsBooks)
{
    FeedBench b;
    b.start();
    ASSERT_TRUE(b.ready());
    client::LoadPlan plan;
    plan.counter = "loaded";
    plan.workers = 4;
    plan.increments = 300;
    b.feed->startLoad(plan);
    ASSERT_TRUE(waitFor([&] { return !b.runs.empty(); }, 20'000));
    EXPECT_EQ(b.runs.size(), 1U);
    EXPECT_EQ(b.runs[0].counter, "loaded");
    EXPECT_EQ(b.runs[0].acknowledged + b.runs[0].unknown, b.runs[0].storedGain);
    EXPECT_EQ(b.store.value("loaded"), std::to_string(b.runs[0].storedGain));
    EXPECT_EQ(b.feed->selected(), "loaded") << "the load is what one wants to see";
    ASSERT_TRUE(b.feed->lastRun());
    EXPECT_EQ(std::ranges::count(rules(b.findings), "C3"), 0);
    EXPECT_FALSE(b.feed->book().find("loaded")->markers.empty());
    spin(250);
    EXPECT_EQ(b.runs.size(), 1U) << "closed once";
}

TEST(CounterFeed, ComparisonRunsBothSidesAndClosesTheirBooks)
{
    FeedBench b;
    b.start();
    ASSERT_TRUE(b.ready());
    client::LoadPlan plan;
    plan.counter = "page";
    plan.shards = 4;
    plan.workers = 2;
    plan.increments = 100;
    auto& comparison = b.feed->comparison();
    b.feed->compareLoad(plan);
    EXPECT_TRUE(comparison.active());
    ASSERT_TRUE(waitFor([&] { return comparison.state() == models::ComparisonFeed::State::Finished; }, 20'000));
    ASSERT_TRUE(comparison.books());
    EXPECT_EQ(comparison.books()->basic.storedGain, 100);
    EXPECT_EQ(comparison.books()->sharded.storedGain, 100);
    EXPECT_EQ(comparison.sharded().plan.shards, 4U);
    EXPECT_FALSE(b.store.value("page")) << "the counter it was started from is not written";
}

TEST(CounterFeed, ReadOnlyStartsNoComparison)
{
    FeedBench b;
    b.start();
    ASSERT_TRUE(b.ready());
    b.connection->setGuardMode(client::GuardMode::ReadOnly);
    client::LoadPlan plan;
    plan.counter = "page";
    b.feed->compareLoad(plan);
    EXPECT_EQ(b.feed->comparison().state(), models::ComparisonFeed::State::Idle);
    ASSERT_FALSE(b.outcomes.empty());
    EXPECT_FALSE(b.outcomes.back().ok);
}

TEST(CounterFeed, PausedLoadWritesNothingAndStopEndsIt)
{
    FeedBench b;
    b.start();
    ASSERT_TRUE(b.ready());
    client::LoadPlan plan;
    plan.counter = "loaded";
    plan.workers = 2;
    b.feed->startLoad(plan);
    ASSERT_TRUE(waitFor([&] { return b.feed->loadStats().acknowledged > 10; }));
    b.feed->pauseLoad(true);
    ASSERT_TRUE(waitFor([&] { return b.feed->loadStats().state == client::LoadState::Paused; }));
    spin(50); // what was under way ends
    const auto before = b.store.value("loaded");
    spin(100);
    EXPECT_EQ(b.store.value("loaded"), before);
    b.feed->pauseLoad(false);
    ASSERT_TRUE(waitFor([&] { return b.store.value("loaded") != before; }));
    b.feed->stopLoad();
    ASSERT_TRUE(waitFor([&] { return b.runs.size() == 1; }));
    EXPECT_EQ(b.feed->loadStats().state, client::LoadState::Finished);
}

TEST(CounterFeed, LostUpdatesOfALoadAreAFinding)
{
    FeedBench b;
    std::atomic<int> reads = 0;
    b.store.before = [&b, &reads](const FakeStore::Seen& seen) {
        // Behind the wire five increments disappear between two of ours.
        if (seen.op == Op::Get && seen.key == "loaded" && ++reads == 40)
            b.store.plant("loaded", std::to_string(std::stoll(b.store.value("loaded").value_or("0")) - 5));
    };
    b.start();
    ASSERT_TRUE(b.ready());
    client::LoadPlan plan;
    plan.counter = "loaded";
    plan.workers = 1;
    plan.increments = 100;
    b.feed->startLoad(plan);
    ASSERT_TRUE(waitFor([&] { return !b.runs.empty(); }));
    EXPECT_EQ(b.runs[0].acknowledged, 100);
    EXPECT_EQ(b.runs[0].storedGain, 95);
    EXPECT_EQ(std::ranges::count(rules(b.findings), "C3"), 1);
}

TEST(CounterFeed, RaceShowsWhatWasLost)
{
    FeedBench b;
    b.start();
    ASSERT_TRUE(b.ready());
    EXPECT_FALSE(b.feed->racing());
    b.feed->race();
    EXPECT_TRUE(b.feed->racing());
    ASSERT_TRUE(waitFor([&] { return !b.runs.empty(); }, 60'000));
    const auto& run = b.runs[0];
    EXPECT_LE(run.acknowledged, 1000);
    EXPECT_GT(run.acknowledged, run.storedGain) << "check-then-write loses increments";
    EXPECT_EQ(b.store.value(run.counter), std::to_string(run.storedGain));
    EXPECT_THAT(rules(b.findings), ::testing::Contains("C3"));
    ASSERT_TRUE(waitFor([&] { return !b.outcomes.empty(); }));
    EXPECT_TRUE(b.outcomes[0].text.contains(QString::number(run.acknowledged - run.storedGain)));
    EXPECT_EQ(b.feed->selected(), run.counter);
    EXPECT_FALSE(b.store.quirksNow().racyCas) << "the sandbox is put back";
    EXPECT_FALSE(b.feed->racing());
}

// In whatever state the feed ends, nothing is delivered later and nothing touches what is gone.
TEST(CounterFeed, EndsWhileEverythingIsUnderWay)
{
    std::mt19937 random(4);
    for (int round = 0; round < 50; ++round) {
        FeedBench b;
        b.store.offersExplore = round % 2 == 0;
        b.profile.counters = {"n", "wide"};
        b.profile.counterShards["wide"] = 4;
        for (int i = 0; i < 200; ++i)
            b.store.plant("many:" + std::to_string(i), "1");
        b.start();
        client::LoadPlan plan;
        plan.counter = "n";
        plan.workers = 8;
        b.feed->select("wide");
        b.feed->planMerge();
        b.feed->initialize();
        b.feed->startLoad(plan);
        b.feed->add(1);
        if (round % 5 == 0)
            b.feed->race();
        spin(int(random() % 30));
        if (round % 3 == 0)
            b.store.cut();
        b.feed->findHidden();
        b.feed->add(-1);
        if (round % 7 == 0)
            b.feed->stopLoad();
        spin(int(random() % 10));
        const auto told = b.outcomes.size();
        b.feed.reset();
        QCoreApplication::processEvents();
        EXPECT_EQ(b.outcomes.size(), told);
    }
}
