// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of events over a store: by the audit, and by a race of appenders.
#include "client/audit/audit.h"
#include "client/audit/eventrules.h"
#include "client/demo/appendrace.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <mutex>
#include <thread>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr EpochMs T = FakeClock::StartMs;

class EventAudit : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    Profile profile;
    AuditOptions options{.watchFor = 0s, .recheckAfter = 0ms};

    void SetUp() override
    {
        store.idle = [this] { clock.advance(1s); };
        options.sleeper = [this](std::chrono::milliseconds ms, const std::stop_token&) {
            clock.advance(ms);
            return true;
        };
    }
    void plant(const EventStreamId& stream, std::uint64_t number, const std::string& data)
    {
        store.plant(stream.eventKey(number),
            *eventJson(stream, number, {"id-" + std::to_string(number), "T", data, clock.nowMs()}));
    }
    AuditReport audit()
    {
        auto report = runAudit(store, profile, clock, options, {});
        EXPECT_THAT(report, succeeds());
        return report ? *report : AuditReport();
    }
    static std::vector<std::string> rules(const AuditReport& report)
    {
        std::vector<std::string> out;
        for (const Finding& finding : report.findings)
            out.push_back(finding.rule + " " + finding.subject);
        return out;
    }
    static std::vector<std::string> silent(const AuditReport& report)
    {
        std::vector<std::string> out;
        for (const NotJudged& each : report.notJudged) {
            if (each.rule[0] == 'E')
                out.push_back(each.rule);
        }
        return out;
    }
};

TEST_F(EventAudit, saysWhatADialectLacks)
{
    EXPECT_THAT(silent(audit()), IsEmpty()) << "nothing to judge";
    plant({EventLayout::Stream, "cart"}, 1, "{}");
    store.plant("stream:cart:meta", "1");
    store.plant("event:invoice:0000000003", "{}");
    store.plant("event:sequence", "3");
    const auto report = audit();
    EXPECT_THAT(report.findings, IsEmpty());
    EXPECT_EQ(report.examined.at("events"), 2U);
    EXPECT_THAT(silent(report), ElementsAre("E4", "E7", "E3", "E1", "E2", "E7"));
    options.watchFor = 2s;
    EXPECT_THAT(silent(audit()), ElementsAre("E3", "E1", "E2", "E7"));
}

TEST_F(EventAudit, anAppendUnderWayIsNoFinding)
{
    const EventStreamId stream{EventLayout::Document, "a"};
    plant(stream, 1, "{}");
    store.plant(stream.metaKey(), R"({"version":1})");
    plant(stream, 2, R"({"x":1})");
    options.sleeper = [&](std::chrono::milliseconds, const std::stop_token&) {
        store.plant(stream.metaKey(), R"({"version":2})");
        plant(stream, 3, R"({"x":2})"); // and the next is on its way
        return true;
    };
    EXPECT_THAT(audit().findings, IsEmpty());
}

TEST_F(EventAudit, withoutAListAMetaThatMovesMakesNothingCertain)
{
    store.offersExplore = false;
    const EventStreamId stream{EventLayout::Document, "a"};
    plant(stream, 1, "{}");
    plant(stream, 2, R"({"x":1})");
    store.plant(stream.metaKey(), R"({"version":1})");
    for (const Bytes& key : {stream.metaKey(), stream.eventKey(1), stream.eventKey(2)})
        options.known.push_back({key, {}});
    EXPECT_THAT(rules(audit()), ElementsAre("E2 a"));
    std::uint64_t version = 1;
    store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == FakeStore::Op::GetMany)
            store.plant(stream.metaKey(), "{\"version\":" + std::to_string(++version) + "}");
    };
    for (const Finding& finding : audit().findings)
        EXPECT_EQ(finding.severity, Severity::Suspect) << finding.evidence;
}

TEST_F(EventAudit, damageThatHappensIsSeenWhileWatching)
{
    const EventStreamId stream{EventLayout::Document, "a"};
    for (std::uint64_t n = 1; n <= 3; ++n)
        plant(stream, n, "{\"n\":" + std::to_string(n) + "}");
    store.plant(stream.metaKey(), R"({"version":3})");
    int second = 0;
    store.idle = [&] {
        clock.advance(1s);
        if (++second == 1)
            plant(stream, 2, R"({"other":1})");
        if (second == 2)
            store.plant(stream.metaKey(), R"({"version":1})");
    };
    options.watchFor = 8s;
    EXPECT_THAT(rules(audit()), testing::UnorderedElementsAre("E4 a", "E7 a"));
}

TEST(AppendRace, theDocumentsCodeLosesEventsAndTheRulesFindThem)
{
    FakeClock clock;
    FakeStore store(clock);
    const auto result = demo::raceToAppend(store, clock, {"race", 2, 10, true}, {});
    ASSERT_THAT(result, succeeds());
    EXPECT_EQ(result->acknowledged + result->refused, 20U);
    EXPECT_GT(result->overwrites, 0U);
    EXPECT_GT(result->lost, 0U);
    std::vector<std::string> rules;
    for (const Finding& finding : result->findings)
        rules.push_back(finding.rule);
    EXPECT_THAT(rules, testing::Contains("E3"));
}

TEST(AppendRace, oursLoseNothing)
{
    FakeClock clock;
    FakeStore store(clock);
    const auto result = demo::raceToAppend(store, clock, {"race", 8, 20, false}, {});
    ASSERT_THAT(result, succeeds());
    EXPECT_EQ(result->acknowledged, 160U);
    EXPECT_EQ(result->stored, 160U);
    EXPECT_EQ(result->lost, 0U);
    EXPECT_EQ(result->overwrites, 0U);
    EXPECT_THAT(result->findings, IsEmpty());
}

TEST(AppendRace, keepsToItsLimitsAndEndsWithTheStore)
{
    FakeClock clock;
    FakeStore store(clock);
    EXPECT_THAT(
        demo::raceToAppend(store, clock, {"race", 65, 1, true}, {}), failsWith(ErrorKind::InvalidRequest));
    EXPECT_THAT(demo::raceToAppend(store, clock, {"", 2, 1, true}, {}), failsWith(ErrorKind::InvalidRequest));
    store.plant("events:race:1", "{}");
    EXPECT_THAT(
        demo::raceToAppend(store, clock, {"race", 2, 1, true}, {}), failsWith(ErrorKind::InvalidRequest));
    store.always(FakeStore::Op::Put, FakeStore::Fault::Server);
    EXPECT_THAT(demo::raceToAppend(store, clock, {"other", 4, 5, true}, {}), failsWith(ErrorKind::Server));
    std::stop_source stop;
    stop.request_stop();
    (void)demo::raceToAppend(store, clock, {"third", 2, 5, true}, stop.get_token()); // ends
}

// A server whose compare-and-set is not atomic, and the document's appenders on it: whatever is lost is
// found.
TEST(AppendRace, whatAFaithfulServerLosesIsFound)
{
    FakeClock clock;
    FakeStore store(clock);
    store.setQuirksDirectly({.racyCas = true, .casWindowMs = 1});
    for (const bool documentsCode : {true, false}) {
        const Bytes aggregate = documentsCode ? "naive" : "ours";
        const EventStreamId stream{EventLayout::Document, aggregate};
        EventStreamFacts facts(stream);
        std::mutex mutex;
        const std::uint64_t expected = 8 * 5;
        store.plant("note:start", aggregate);
        Call scanning;
        std::uint64_t revision = 0;
        ASSERT_THAT(store.scan(scanning, {},
                        [&](const ScanBatch& batch) {
                            revision = batch.revision;
                            return true;
                        }),
            succeeds());
        std::jthread watcher([&](const std::stop_token& stop) {
            Call call;
            call.stop = stop;
            (void)store.watch(call, {"events:", revision, false}, [&](const WatchBatch& batch) {
                const std::scoped_lock lock(mutex);
                for (const ChangeEvent& event : batch.events) {
                    const auto key = parseEventKey(event.entry.key, event.entry.value);
                    if (!key || key->stream != stream)
                        continue;
                    if (key->number)
                        facts.put(*key->number,
                            EventFacts::of(parseEvent(stream, *key->number, event.entry.value)), T);
                    else
                        facts.putMeta(event.entry.value, T);
                }
                return true;
            });
        });
        const auto result = demo::raceToAppend(store, clock, {aggregate, 8, 5, documentsCode}, {});
        ASSERT_THAT(result, succeeds());
        EXPECT_EQ(result->acknowledged + result->refused, expected);
        const auto last = store.value(stream.metaKey()).value_or(Bytes());
        const auto heard = [&] {
            const std::scoped_lock lock(mutex);
            return facts.events().size() == result->stored && facts.meta()
                && *eventMetaJson(stream, {}, *facts.meta()) == last;
        };
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (!heard() && std::chrono::steady_clock::now() < end)
            std::this_thread::yield();
        ASSERT_TRUE(heard());
        const std::scoped_lock lock(mutex);
        const auto findings = facts.judge(true, T + 10'000);
        EXPECT_TRUE(result->lost > 0 || !documentsCode);
        EXPECT_TRUE(result->lost == 0 || !findings.empty()) << result->lost << " were lost";
    }
}

} // namespace
} // namespace norikv::client
