// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/audit.h"

#include "client/patterns/counter.h"
#include "client/placement.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <set>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Fault = FakeStore::Fault;
using Op = FakeStore::Op;

class Audit : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    Profile profile;
    AuditOptions options{.watchFor = 0s, .recheckAfter = 0ms};

    void SetUp() override
    {
        profile.counters = {"api", "views"};
        profile.counterShards = {{"views", 4}};
        store.idle = [this] { clock.advance(1s); };
        options.sleeper = [this](std::chrono::milliseconds ms, const std::stop_token& stop) {
            clock.advance(ms);
            return !stop.stop_requested();
        };
    }
    void plantHealthy()
    {
        store.plant("api", "10");
        for (std::uint32_t i = 0; i < 4; ++i)
            store.plant(shardKey("views", i), "7");
        store.plant("note", "hello");
        store.plant("session:1", "{}", 3'600'000);
    }
    AuditReport audit()
    {
        auto report = runAudit(store, profile, clock, options, {});
        EXPECT_THAT(report, succeeds());
        return report ? *report : AuditReport();
    }
    static std::string why(const AuditReport& report, std::string_view rule)
    {
        for (const auto& row : report.notJudged) {
            if (row.rule == rule)
                return row.why;
        }
        return {};
    }
    /// Calls `change` before the second time the keys are read.
    void beforeTheSecondLook(std::function<void()> change)
    {
        store.before = [looks = 0, change = std::move(change)](const FakeStore::Seen& seen) mutable {
            if ((seen.op == Op::Scan || seen.op == Op::GetMany) && ++looks == 2)
                change();
        };
    }
};

TEST_F(Audit, findsNothingInAHealthyStoreAndSaysWhatItLookedAt)
{
    plantHealthy();
    const auto report = audit();
    EXPECT_THAT(report.findings, IsEmpty());
    EXPECT_EQ(report.coverage, Coverage::Complete);
    EXPECT_EQ(report.examined.at("keys"), 7U);
    EXPECT_EQ(report.examined.at("counters"), 2U);
    EXPECT_EQ(report.exitCode(), 0);
    EXPECT_EQ(why(report, "C2"), "needs --for SECONDS");
    EXPECT_THAT(why(report, "C3"), HasSubstr("closed run"));
    EXPECT_THAT(why(report, "C5"), HasSubstr("closed run"));
    EXPECT_EQ(why(report, "C4"), "") << "views is declared";
    EXPECT_EQ(store.count(Op::Scan), 1U) << "nothing to look at again";
    EXPECT_EQ(store.count(Op::Put) + store.count(Op::Remove), 0U);
}

TEST_F(Audit, findsPlantedFaultsAndNothingElse)
{
    plantHealthy();
    store.plant("views:shard:6", "412");
    store.plant("orders:shard:0", "1e+21");
    store.plant("possible", "abc");
    const auto report = audit();
    ASSERT_THAT(report.findings, SizeIs(2));
    EXPECT_EQ(report.findings[0].rule, "C1");
    EXPECT_EQ(report.findings[0].subject, "orders");
    EXPECT_EQ(report.findings[1].rule, "C4");
    EXPECT_EQ(report.findings[1].subject, "views");
    EXPECT_EQ(report.exitCode(), 1);
    EXPECT_EQ(store.count(Op::Scan), 2U);
}

TEST_F(Audit, neverJudgesAnIntegerUntilSomebodyCallsItACounter)
{
    store.plant("stock", "99999999999999999999");
    EXPECT_THAT(audit().findings, IsEmpty());
    profile.counters.push_back("stock");
    EXPECT_THAT(audit().findings, SizeIs(1));
}

TEST_F(Audit, dropsWhatHealedBeforeTheSecondLook)
{
    plantHealthy();
    store.plant("api", "half-writ");
    store.plant("views:shard:1", "x");
    beforeTheSecondLook([this] { store.plant("api", "11"); });
    const auto report = audit();
    ASSERT_THAT(report.findings, SizeIs(1));
    EXPECT_EQ(report.findings[0].key, "views:shard:1");
}

TEST_F(Audit, keepsBothTimesOfWhatStands)
{
    store.plant("api", "x");
    beforeTheSecondLook([this] { clock.advance(5s); });
    const auto report = audit();
    ASSERT_THAT(report.findings, SizeIs(1));
    EXPECT_EQ(report.findings[0].firstSeenMs, FakeClock::StartMs);
    EXPECT_EQ(report.findings[0].lastSeenMs, FakeClock::StartMs + 5000);
}

TEST_F(Audit, aWarningAloneDoesNotChangeTheExitCode)
{
    store.plant("api", "9007199254740993");
    const auto report = audit();
    ASSERT_THAT(report.findings, SizeIs(1));
    EXPECT_EQ(report.findings[0].severity, Severity::Info);
    EXPECT_EQ(report.exitCode(), 0);
}

TEST_F(Audit, seesAFallWhileItWatches)
{
    plantHealthy();
    options.watchFor = 3s;
    store.idle = [this, step = 0]() mutable {
        clock.advance(1s);
        if (++step == 1)
            store.plant("api", "12");
        if (step == 2)
            store.plant("api", "4");
    };
    const auto report = audit();
    ASSERT_THAT(report.findings, SizeIs(1));
    EXPECT_EQ(report.findings[0].rule, "C2");
    EXPECT_THAT(report.findings[0].evidence, testing::AllOf(HasSubstr("12"), HasSubstr("4")));
    EXPECT_EQ(report.watchedSeconds, 3);
    EXPECT_EQ(why(report, "C2"), "");
}

TEST_F(Audit, missesNoFallBetweenTheScanAndTheWatch)
{
    plantHealthy();
    options.watchFor = 2s;
    store.before = [this](const FakeStore::Seen& seen) {
        if (seen.op == Op::Watch)
            store.plant("views:shard:2", "1");
    };
    const auto report = audit();
    ASSERT_THAT(report.findings, SizeIs(1));
    EXPECT_EQ(report.findings[0].key, "views:shard:2");
}

TEST_F(Audit, countsARepeatedFallOnce)
{
    plantHealthy();
    options.watchFor = 6s;
    store.idle = [this, step = 0]() mutable {
        clock.advance(1s);
        store.plant("api", ++step % 2 == 0 ? "50" : "1");
    };
    const auto report = audit();
    ASSERT_THAT(report.findings, SizeIs(1));
    EXPECT_GT(report.findings[0].lastSeenMs, report.findings[0].firstSeenMs);
}

TEST_F(Audit, growthIsNoFall)
{
    plantHealthy();
    options.watchFor = 4s;
    store.idle = [this, value = 10]() mutable {
        clock.advance(1s);
        store.plant("api", std::to_string(++value));
        store.plant("newcomer:shard:0", std::to_string(100 - value));
    };
    EXPECT_THAT(audit().findings, IsEmpty());
}

TEST_F(Audit, doesNotClaimToHaveWatchedWhenTheWatchFailed)
{
    plantHealthy();
    options.watchFor = 30s;
    store.watchEnds = Error{ErrorKind::Gone, "the history asked for is no longer kept", {}};
    const auto report = audit();
    EXPECT_LT(report.watchedSeconds, 30);
    EXPECT_THAT(why(report, "C2"), HasSubstr("no longer kept"));
}

// Where the server cannot list its keys

TEST_F(Audit, readsTheKnownKeysWhereTheServerCannotList)
{
    plantHealthy();
    store.offersExplore = false;
    options.watchFor = 5s;
    store.plant("views:shard:9", "3"); // among the eight looked for beyond the declared ones
    const auto report = audit();
    EXPECT_EQ(report.coverage, Coverage::KnownKeys);
    EXPECT_EQ(report.examined.at("keys"), 6U);
    ASSERT_THAT(report.findings, SizeIs(1));
    EXPECT_EQ(report.findings[0].rule, "C4");
    EXPECT_EQ(why(report, "C2"), "") << "changes are asked for instead";
    EXPECT_EQ(report.watchedSeconds, 5);
}

TEST_F(Audit, opensNoMoreShardsThanItsBudget)
{
    plantHealthy();
    store.offersExplore = false;
    for (const std::uint32_t budget : {0U, 1U, 3U, 5U}) {
        store.forget();
        options.shardBudget = budget;
        const auto report = audit();
        std::set<std::uint32_t> touched;
        for (const auto& seen : store.seen()) {
            if (seen.op == Op::Get)
                touched.insert(shardOf(seen.key, profile.totalShards));
        }
        EXPECT_LE(touched.size(), budget);
        EXPECT_EQ(report.coverage, Coverage::Sampled);
    }
}

TEST_F(Audit, cannotRunWithoutAnyKeyToRead)
{
    store.offersExplore = false;
    profile.counters.clear();
    const auto report = audit();
    EXPECT_EQ(report.coverage, Coverage::None);
    EXPECT_EQ(report.exitCode(), 2);
    EXPECT_THAT(why(report, "C4"), HasSubstr("no counter has a declared number"));
}

TEST_F(Audit, knownKeysThatDoNotExistAreNoAnswerEither)
{
    store.offersExplore = false;
    EXPECT_EQ(audit().exitCode(), 2);
}

TEST_F(Audit, anEmptyStoreThatWasSeenWholeIsHealthy) { EXPECT_EQ(audit().exitCode(), 0); }

TEST_F(Audit, failsWhenTheServerDoes)
{
    store.script(Op::Scan, Fault::Unreachable);
    EXPECT_THAT(runAudit(store, profile, clock, options, {}), failsWith(ErrorKind::Unreachable));
    store.offersExplore = false;
    store.always(Op::Get, Fault::Unreachable);
    EXPECT_THAT(runAudit(store, profile, clock, options, {}), failsWith(ErrorKind::Unreachable));
}

TEST_F(Audit, endsWhenItIsStopped)
{
    std::stop_source stop;
    store.plant("api", "x");
    options.recheckAfter = std::chrono::hours(1);
    stop.request_stop();
    EXPECT_THAT(runAudit(store, profile, clock, options, stop.get_token()), failsWith(ErrorKind::Cancelled));
}

// Tenants

TEST_F(Audit, judgesTenantsAndCountsThem)
{
    plantHealthy();
    store.plant("tenant-meta:acme",
        R"({"id":"acme","name":"Acme","plan":"free","createdAt":1,"limits":{"maxKeys":2,"maxStorageMB":10}})");
    for (int i = 0; i < 3; ++i)
        store.plant("tenant:acme:k" + std::to_string(i), "v");
    store.plant("tenant:ghost:k", "v");
    const auto report = audit();
    EXPECT_EQ(report.examined.at("tenants"), 2U);
    ASSERT_THAT(report.findings, SizeIs(2));
    EXPECT_EQ(report.findings[0].rule, "T1");
    EXPECT_EQ(report.findings[0].severity, Severity::Certain);
    EXPECT_EQ(report.findings[1].rule, "T3");
    EXPECT_EQ(report.exitCode(), 1);
}

TEST_F(Audit, aTenantInTheMiddleOfItsCreationIsNoFinding)
{
    plantHealthy();
    store.plant("tenant:acme:k", "v");
    beforeTheSecondLook([this] { store.plant("tenant-meta:acme", R"({"plan":"free"})"); });
    EXPECT_THAT(audit().findings, IsEmpty());
}

TEST_F(Audit, readsKnownTenantsAndSaysWhatItCannotJudge)
{
    store.offersExplore = false;
    profile.counters = {"tenant:acme:a", "tenant:acme:b", "tenant:ghost:c"};
    profile.tenants = {"acme"};
    store.plant("tenant-meta:acme", R"({"plan":"pro","limits":{"maxKeys":1,"maxStorageMB":Infinity}})");
    store.plant("tenant:acme:usage", "9");
    for (const auto& key : profile.counters)
        store.plant(key, "1");
    const auto report = audit();
    EXPECT_EQ(report.coverage, Coverage::KnownKeys);
    EXPECT_EQ(report.examined.at("tenants"), 2U);
    ASSERT_THAT(report.findings, SizeIs(2)) << "the metadata of ghost was never looked for";
    EXPECT_EQ(report.findings[0].rule, "T1");
    EXPECT_EQ(report.findings[0].severity, Severity::Info);
    EXPECT_EQ(report.findings[1].rule, "T7");
    for (const char* rule : {"T1", "T4", "T6"})
        EXPECT_NE(why(report, rule), "") << rule;
}

TEST_F(Audit, readsTheMetadataOfKnownTenantsAgainAfterTheirKeys)
{
    store.offersExplore = false;
    profile.counters = {"tenant:acme:a", "tenant:acme:b"};
    profile.tenants = {"acme"};
    for (const auto& key : profile.counters)
        store.plant(key, "1");
    const auto plan
        = [](int most) { return R"({"plan":"free","limits":{"maxKeys":)" + std::to_string(most) + "}}"; };
    store.plant("tenant-meta:acme", plan(1));
    // The limit is raised between the metadata and the keys: the second try sees a stable one.
    store.before = [&, looks = 0](const FakeStore::Seen& seen) mutable {
        if (seen.op == Op::Get && seen.key == "tenant:acme:usage" && ++looks == 1)
            store.plant("tenant-meta:acme", plan(50));
    };
    EXPECT_THAT(audit().findings, IsEmpty());
    const auto looks = std::ranges::count_if(
        store.seen(), [](const auto& seen) { return seen.op == Op::Get && seen.key == "tenant-meta:acme"; });
    EXPECT_EQ(looks, 2 + 2) << "around the tenant's keys, and once more";
    // It moves all the time: nothing is certain.
    store.before = [&, limit = 0](const FakeStore::Seen& seen) mutable {
        if (seen.op == Op::Get && seen.key == "tenant:acme:usage")
            store.plant("tenant-meta:acme",
                R"({"plan":"gold","limits":{"maxKeys":)" + std::to_string(++limit) + "}}");
    };
    const auto report = audit();
    ASSERT_FALSE(report.findings.empty());
    for (const Finding& finding : report.findings)
        EXPECT_NE(finding.severity, Severity::Certain) << testing::PrintToString(finding);
}

TEST(AuditExitCode, followsTheRuling)
{
    AuditReport report;
    report.coverage = Coverage::Complete;
    report.examined["keys"] = 0;
    EXPECT_EQ(report.exitCode(), 0);
    report.findings.push_back({.rule = "C1", .severity = Severity::Info});
    EXPECT_EQ(report.exitCode(), 0);
    report.findings.push_back({.rule = "I4", .severity = Severity::Suspect});
    EXPECT_EQ(report.exitCode(), 1);
    report.findings.clear();
    report.coverage = Coverage::KnownKeys;
    EXPECT_EQ(report.exitCode(), 2);
    report.examined["keys"] = 1;
    EXPECT_EQ(report.exitCode(), 0);
    report.coverage = Coverage::None;
    report.examined.clear();
    EXPECT_EQ(report.exitCode(), 2);
}

TEST_F(Audit, writesTheAgreedJsonOnOneLine)
{
    plantHealthy();
    store.plant(Bytes("bad\xff:shard:0"), "NaN");
    const std::string text = toJson(audit(), "norikv://h:7447");
    EXPECT_EQ(text.find('\n'), std::string::npos);
    const auto json = nlohmann::ordered_json::parse(text);
    std::vector<std::string> names;
    for (const auto& [name, value] : json.items())
        names.push_back(name);
    EXPECT_THAT(
        names, testing::ElementsAre("target", "coverage", "examined", "watched_s", "findings", "not_judged"));
    EXPECT_EQ(json["target"], "norikv://h:7447");
    EXPECT_EQ(json["coverage"], "complete");
    EXPECT_EQ(json["examined"]["keys"], 8);
    EXPECT_EQ(json["examined"]["counters"], 3);
    EXPECT_EQ(json["watched_s"], 0);
    ASSERT_EQ(json["findings"].size(), 1U);
    const auto& finding = json["findings"][0];
    names.clear();
    for (const auto& [name, value] : finding.items())
        names.push_back(name);
    EXPECT_THAT(names,
        testing::ElementsAre("rule", "severity", "subject", "evidence", "first_seen_ms", "last_seen_ms"));
    EXPECT_EQ(finding["rule"], "C1");
    EXPECT_EQ(finding["severity"], "certain");
    EXPECT_EQ(finding["subject"], "bad\\xff") << "the one notation for bytes";
    EXPECT_TRUE(finding["first_seen_ms"].is_number_integer());
    for (const auto& row : json["not_judged"]) {
        EXPECT_EQ(row.size(), 2U);
        EXPECT_TRUE(row["rule"].is_string() && row["why"].is_string());
    }
}

TEST(AuditJson, isWrittenForAnyTargetText)
{
    const auto json = nlohmann::json::parse(toJson({}, "h\xff"));
    EXPECT_EQ(json["coverage"], "none");
    EXPECT_TRUE(json["findings"].empty());
}

TEST(AuditCoverage, isNamedAsTheRulingSays)
{
    EXPECT_EQ(name(Coverage::Complete), "complete");
    EXPECT_EQ(name(Coverage::KnownKeys), "known keys only");
    EXPECT_EQ(name(Coverage::Sampled), "sampled");
    EXPECT_EQ(name(Coverage::None), "none");
}

} // namespace
} // namespace norikv::client
