// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/scenario.h"

#include "client/audit/audit.h"
#include "client/demo/counters.h"
#include "client/patterns/counter.h"
#include "client/patterns/tenantusage.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <set>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using Fault = FakeStore::Fault;
using Op = FakeStore::Op;

/// Every look at the time is so much later than the last: the demo looks once in each of its rounds.
class SteppingClock final : public Clock {
public:
    explicit SteppingClock(std::chrono::seconds step)
        : m_step(step)
    {
    }
    EpochMs nowMs() const override { return m_clock.nowMs(); }
    Elapsed elapsed() const override
    {
        m_clock.advance(m_step);
        return m_clock.elapsed();
    }

private:
    const std::chrono::seconds m_step;
    mutable FakeClock m_clock;
};

class Demo : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    Profile profile;

    void SetUp() override { Scenario::declare(profile); }

    bool seeded()
    {
        // The last key of the last pattern.
        return store.waitUntil([](const auto& all) { return all.contains("inventory:NOTEBOOK-A5"); });
    }
    std::int64_t number(const Bytes& key) const
    {
        return parseCounter(store.value(key).value_or("")).value_or(-1);
    }
};

TEST(ScenarioNames, areTheOnesOfTheCommandLine)
{
    EXPECT_EQ(scenarioFromName(""), ScenarioKind::Lively);
    EXPECT_EQ(scenarioFromName("lively"), ScenarioKind::Lively);
    EXPECT_EQ(scenarioFromName("calm"), ScenarioKind::Calm);
    EXPECT_EQ(scenarioFromName("races"), ScenarioKind::Races);
    EXPECT_EQ(scenarioFromName("vectors"), ScenarioKind::Vectors);
    EXPECT_EQ(scenarioFromName("Calm"), std::nullopt);
}

TEST_F(Demo, seedsTheCountersItDeclares)
{
    const Scenario demo(store, clock, ScenarioKind::Calm);
    ASSERT_TRUE(seeded());
    EXPECT_GE(number("api:requests"), 41'312);
    EXPECT_GE(number("orders:placed"), 2'908);
    std::int64_t views = 0;
    for (std::uint32_t i = 0; i < 20; ++i)
        views += number(shardKey("page:views", i));
    EXPECT_EQ(views, 184'207);
    EXPECT_THAT(profile.counters, testing::Contains("page:views"));
    EXPECT_EQ(profile.counterShards.at("page:views"), 20U);
    EXPECT_EQ(profile.counterShards.at("mail:sent"), 4U);
    EXPECT_FALSE(profile.counterShards.contains("api:requests"));
}

TEST_F(Demo, seedsTenantsAtDifferentPressure)
{
    ASSERT_THAT(Scenario::seed(store, clock, {}), succeeds());
    TenantTally tally;
    std::map<Bytes, TenantMetadata> metadata;
    for (const auto& [key, entry] : store.contents()) {
        if (const auto id = tenantOfMetaKey(key)) {
            metadata[*id] = *parseTenant(entry.value);
            tally.know(*id);
        }
    }
    for (const auto& [key, entry] : store.contents())
        tally.add(key, entry.value.size(), entry.value);
    const auto pressure = [&](const Bytes& id) {
        return static_cast<double>(tally.tenants().at(id).bytes) / *metadata.at(id).limits.maxBytes();
    };
    EXPECT_NEAR(pressure("acme"), 0.60, 0.01);
    EXPECT_NEAR(pressure("globex"), 0.85, 0.01);
    EXPECT_EQ(tally.tenants().at("globex").keys * 100, *metadata.at("globex").limits.maxKeys * 85);
    EXPECT_EQ(metadata.at("initech").limits, TenantLimits());
    EXPECT_EQ(metadata.at("hooli").dialect, Dialect::Python);
    EXPECT_THAT(profile.tenants, testing::UnorderedElementsAre("acme", "globex", "hooli", "initech"));
}

TEST_F(Demo, seedsTheSameFromTheSameSeed)
{
    FakeStore other(clock);
    FakeStore third(clock);
    const Scenario a(store, clock, ScenarioKind::Calm, 7);
    const Scenario b(other, clock, ScenarioKind::Calm, 7);
    const Scenario c(third, clock, ScenarioKind::Calm, 8);
    for (FakeStore* each : {&store, &other, &third})
        ASSERT_TRUE(each->waitUntil([](const auto& all) { return all.contains("mail:sent:shard:3"); }));
    bool differs = false;
    for (std::uint32_t i = 0; i < 20; ++i) {
        EXPECT_EQ(store.value(shardKey("page:views", i)), other.value(shardKey("page:views", i)));
        differs = differs || store.value(shardKey("page:views", i)) != third.value(shardKey("page:views", i));
    }
    EXPECT_TRUE(differs);
}

TEST_F(Demo, isNotSeededTwice)
{
    ASSERT_THAT(Scenario::seed(store, clock, {}), succeeds());
    ASSERT_TRUE(store.value("mail:sent:shard:3"));
    store.erase("page:views:shard:7");
    const SteppingClock steps(1s);
    const Scenario demo(store, steps, ScenarioKind::Calm, 1, true);
    ASSERT_TRUE(
        store.waitUntil([](const auto& all) { return parseCounter(all.at("api:requests").value) > 41'312; }));
    EXPECT_FALSE(store.value("page:views:shard:7"));
}

TEST_F(Demo, seedingTellsWhyItFailed)
{
    store.always(Op::Get, Fault::Unreachable);
    EXPECT_THAT(Scenario::seed(store, clock, {}), norikv::test::failsWith(ErrorKind::Unreachable));
}

TEST_F(Demo, keepsWhatAStoreAlreadyHolds)
{
    store.plant("api:requests", "5");
    const Scenario demo(store, clock, ScenarioKind::Calm);
    ASSERT_TRUE(seeded());
    EXPECT_EQ(number("api:requests"), 5);
}

TEST_F(Demo, waitsForAServerThatIsNotThereYet)
{
    store.script(Op::Get, Fault::Unreachable, 1);
    const Scenario demo(store, clock, ScenarioKind::Calm);
    EXPECT_TRUE(seeded());
}

TEST_F(Demo, calmTrafficCountsUpAndGivesNoFinding)
{
    const SteppingClock steps(2s);
    const Scenario demo(store, steps, ScenarioKind::Calm);
    ASSERT_TRUE(seeded());
    // Each quiet moment of the watch is two seconds, in which the demo writes.
    store.idle = [this, seen = Bytes()]() mutable {
        clock.advance(2s);
        store.waitUntil([&](const auto& all) { return all.at("api:requests").value != seen; });
        seen = *store.value("api:requests");
    };
    const auto report = runAudit(store, profile, clock, {.watchFor = 40s, .recheckAfter = 0ms}, {});
    ASSERT_THAT(report, succeeds());
    for (const Finding& finding : report->findings)
        ADD_FAILURE() << testing::PrintToString(finding);
    EXPECT_EQ(report->exitCode(), 0);
    EXPECT_EQ(report->examined.at("counters"), 4U);
    EXPECT_EQ(report->examined.at("items"), 8U);
    EXPECT_EQ(report->coverage, Coverage::Complete);
    EXPECT_GT(number("api:requests"), 41'312);
    EXPECT_TRUE(store.waitUntil([](const auto& all) {
        return parseCounter(all.at("orders:placed").value) > 2'908
            && parseCounter(all.at("api:requests").value) > 41'500;
    })) << "the traffic goes on";
}

TEST_F(Demo, everyFaultRaisesTheRuleItNames)
{
    ASSERT_FALSE(Scenario::faults().empty());
    for (std::size_t i = 0; i < Scenario::faults().size(); ++i) {
        const auto fault = Scenario::faults()[i];
        SCOPED_TRACE(std::string(fault.title));
        FakeStore fresh(clock);
        {
            const Scenario demo(fresh, clock, ScenarioKind::Calm);
            // The last key that is seeded: half a tenant would be a finding of its own.
            ASSERT_TRUE(fresh.waitUntil([](const auto& all) { return all.contains("inventory:NOTEBOOK-A5"); }));
        }
        fresh.idle = [&, done = false]() mutable {
            clock.advance(1s);
            if (!std::exchange(done, true)) {
                EXPECT_THAT(Scenario::commit(fresh, clock, i), succeeds());
            }
        };
        // Twice: what a look finds is there after the watch, and C2 is seen during it.
        const AuditOptions options{.watchFor = 2s, .recheckAfter = 0ms};
        const auto first = runAudit(fresh, profile, clock, options, {});
        const auto second = runAudit(fresh, profile, clock, options, {});
        ASSERT_TRUE(first && second);
        std::set<std::string> raised;
        for (const auto* report : {&*first, &*second}) {
            for (const Finding& finding : report->findings) {
                EXPECT_EQ(finding.severity, Severity::Certain);
                raised.insert(finding.rule);
            }
        }
        EXPECT_THAT(raised, testing::ElementsAre(std::string(fault.rule))) << "that rule and no other";
    }
}

TEST_F(Demo, livelyCommitsAFaultEveryFifteenSeconds)
{
    const SteppingClock steps(5s);
    const Scenario demo(store, steps, ScenarioKind::Lively);
    ASSERT_TRUE(store.waitUntil([](const auto& all) { return all.contains("mail:sent:shard:6"); }));
    ASSERT_TRUE(store.waitUntil([](const auto& all) { return all.contains("orders:cancelled:shard:0"); }));
    ASSERT_TRUE(store.waitUntil(
        [](const auto& all) { return parseCounter(all.at("orders:placed").value).value_or(9999) < 2000; }));
}

TEST_F(Demo, calmAndRacesCommitNoFault)
{
    for (const ScenarioKind kind : {ScenarioKind::Calm, ScenarioKind::Races}) {
        const SteppingClock steps(5s);
        FakeStore fresh(steps);
        const Scenario demo(fresh, steps, kind);
        // Half a minute of traffic: two faults of the lively demo.
        ASSERT_TRUE(fresh.waitUntil([](const auto& all) {
            const auto found = all.find("api:requests");
            return found != all.end() && parseCounter(found->second.value).value_or(0) > 41'312 + 14 * 35;
        }));
        EXPECT_FALSE(fresh.value("mail:sent:shard:6"));
        EXPECT_FALSE(fresh.value("orders:cancelled:shard:0"));
        EXPECT_GE(parseCounter(*fresh.value("orders:placed")), 2'908);
        EXPECT_EQ(fresh.quirksNow().racyCas, kind == ScenarioKind::Races);
        EXPECT_EQ(fresh.quirksNow().deleteIgnoresIfMatch, kind == ScenarioKind::Races);
    }
}

TEST_F(Demo, theShowcaseIsAPlanTheLoadGeneratorTakes)
{
    LoadPlan plan = demo::Counters::showcase();
    EXPECT_EQ(plan.counter, "page:views");
    EXPECT_EQ(plan.shards, profile.counterShards.at("page:views"));
    plan.increments = 20;
    plan.targetPerSecond = 0;
    LoadGenerator load(store, clock);
    EXPECT_THAT(load.start(plan), succeeds());
    load.wait();
    EXPECT_EQ(load.closeBooks()->storedGain, 20);
}

TEST_F(Demo, endsAtOnceInEveryState)
{
    store.always(Op::Get, Fault::Unreachable);
    for (int i = 0; i < 5; ++i)
        const Scenario demo(store, clock, ScenarioKind::Lively);
    SUCCEED();
}

} // namespace
} // namespace norikv::client
