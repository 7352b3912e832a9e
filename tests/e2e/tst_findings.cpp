// SPDX-License-Identifier: GPL-3.0-or-later
// Every rule against a real server: the damage is planted with a bare stub, as any program could do it, and
// the audit finds that rule and no other certain or suspect one; on healthy traffic it finds nothing for ten
// minutes of one clock that drives demo, server and audit alike (rulings 25).
#include "tests/sandbox/serverfixture.h"

#include "client/audit/audit.h"
#include "client/connection.h"
#include "client/demo/scenario.h"
#include "client/forwardingstore.h"
#include "client/trace.h"

#include <gmock/gmock.h>

namespace norikv::tests {
namespace {

using namespace std::chrono_literals;
using client::AuditOptions;
using client::AuditReport;
using client::Bytes;
using client::Finding;
using client::Severity;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t SessionTtl = 180'000;
constexpr std::uint64_t ReservationTtl = 60'000;
constexpr std::uint64_t LeaseTtl = 10'000;
constexpr const char* Tick = "note:tick"; // a key that no rule looks at

/// Lets the time of the store's server go on while it is watched: whenever the watcher has heard of the last
/// second, the next one begins and `second` does what happens in it.
class SteppedStore final : public client::ForwardingStore {
public:
    SteppedStore(client::Store& next, std::function<void()> second)
        : ForwardingStore(next)
        , m_second(std::move(second))
    {
    }
    client::Result<void> watch(
        client::Call& call, const client::WatchRequest& request, const WatchSink& sink) override
    {
        bool begun = false;
        return m_next.watch(call, request, [&](const client::WatchBatch& batch) {
            const bool heard = std::ranges::any_of(batch.events,
                [this](const auto& event) { return event.entry.key == Tick && event.entry.value == m_last; });
            const bool goesOn = sink(batch);
            if (goesOn && (heard || !std::exchange(begun, true)))
                step();
            return goesOn;
        });
    }

private:
    void step()
    {
        m_second();
        m_last = "t" + std::to_string(++m_count);
        client::Call call;
        client::Put tick;
        tick.key = Tick;
        tick.value = m_last;
        EXPECT_TRUE(m_next.put(call, tick));
    }

    std::function<void()> m_second;
    int m_count = 0;
    Bytes m_last;
};

class FindingsTest : public ServerFixture {
protected:
    const SystemClock real; // of the transport: deadlines and reconnects
    client::Profile profile;
    client::TraceLog trace;
    std::unique_ptr<client::Connection> connection;
    AuditOptions options;
    std::function<void(int)> whileWatched = [](int) {}; ///< what happens in each second of a watch

    void begin(bool explore = true)
    {
        auto wanted = config();
        wanted.explore = explore;
        start(wanted);
        profile.seeds = {"127.0.0.1:" + std::to_string(server->nodes()[0].rpc)};
        auto opened = client::Connection::open(profile, real, trace);
        ASSERT_TRUE(opened) << opened.error().message;
        connection = std::move(*opened);
        options.sleeper = [this](std::chrono::milliseconds ms, const std::stop_token&) {
            pass(ms.count());
            return true;
        };
    }
    void TearDown() override
    {
        connection.reset();
        server.reset();
    }
    /// What an application's profile declares; with the defaults of the patterns much would be suspect only.
    void SetUp() override
    {
        profile.ttls["session:"] = SessionTtl;
        profile.ttls["inventory:reservation:"] = ReservationTtl;
        profile.ttls["leader:"] = LeaseTtl;
        profile.counters = {"page:views"};
        profile.counterShards["clicks"] = 4;
    }
    void pass(std::int64_t ms)
    {
        clock.advance(ms);
        server->pokeClock();
    }
    void plant(const std::string& key, const std::string& value, std::uint64_t ttlMs = 0)
    {
        const auto status = put(key, value, ttlMs);
        EXPECT_TRUE(status.ok()) << key << ": " << status.error_message();
    }
    void loseExpiry(const std::string& prefix)
    {
        sandbox::v1::Prefix request;
        request.set_prefix(prefix);
        fault(&sandbox::v1::Faults::Stub::Flush, request);
    }
    std::string now(std::int64_t plusMs = 0) const { return std::to_string(clock.nowMs() + plusMs); }
    std::string session(std::int64_t seenAgoMs, const std::string& roles = R"(["user"])") const
    {
        return R"({"userId":"u1","email":"a@x","roles":)" + roles + R"(,"createdAt":)" + now(-9'000'000)
            + R"(,"lastAccessedAt":)" + now(-seenAgoMs) + "}";
    }
    std::string item(const std::string& sku, int quantity, int reserved, std::int64_t changedAgoMs = 0) const
    {
        return R"({"sku":")" + sku + R"(","quantity":)" + std::to_string(quantity) + R"(,"reserved":)"
            + std::to_string(reserved) + R"(,"lastUpdated":)" + now(-changedAgoMs) + "}";
    }
    std::string reservation(const std::string& sku, int units) const
    {
        return R"({"sku":")" + sku + R"(","quantity":)" + std::to_string(units) + R"(,"createdAt":)" + now()
            + "}";
    }
    std::string event(const std::string& id, int version, const std::string& data, std::int64_t agoMs,
        const std::string& type = "T", const std::string& aggregate = "a") const
    {
        return R"({"id":")" + id + R"(","aggregateId":")" + aggregate + R"(","type":")" + type
            + R"(","data":)" + data + R"(,"timestamp":)" + now(-agoMs) + R"(,"version":)"
            + std::to_string(version) + "}";
    }
    /// A healthy stream of aggregate `a`.
    void events(int count)
    {
        for (int n = 1; n <= count; ++n)
            plant("events:a:" + std::to_string(n),
                event("e" + std::to_string(n), n, R"({"n":)" + std::to_string(n) + "}", 9000 - n));
        plant("events:meta:a", R"({"version":)" + std::to_string(count) + "}");
    }
    static std::string tenant(const std::string& id, const std::string& plan, const std::string& limits)
    {
        return R"({"id":")" + id + R"(","name":"N","plan":")" + plan
            + R"(","createdAt":1699999000000,"limits":)" + limits + "}";
    }

    AuditReport audit(std::chrono::seconds watchFor = 0s)
    {
        options.watchFor = watchFor;
        int second = 0;
        SteppedStore stepped(connection->store(), [&] {
            pass(1000);
            whileWatched(second++);
        });
        auto report = client::runAudit(stepped, profile, clock, options, {});
        EXPECT_TRUE(report) << (report ? "" : report.error().message);
        return report ? *report : AuditReport();
    }
    static std::vector<std::string> rules(const AuditReport& report, bool serious)
    {
        std::vector<std::string> out;
        for (const Finding& f : report.findings) {
            if (serious == (f.severity != Severity::Info))
                out.push_back(f.rule + " " + f.subject);
        }
        return out;
    }
    /// One look finds `expected` ("S1 u") and nothing else that is certain or suspect.
    void expectOnly(const std::string& expected, std::chrono::seconds watchFor = 0s)
    {
        const auto report = audit(watchFor);
        EXPECT_THAT(rules(report, true), ElementsAre(expected));
        EXPECT_EQ(report.exitCode(), 1);
    }
    void expectOnlyInfo(const std::string& expected)
    {
        const auto report = audit();
        EXPECT_THAT(rules(report, true), IsEmpty());
        EXPECT_THAT(rules(report, false), ElementsAre(expected));
        EXPECT_EQ(report.exitCode(), 0);
    }
};

TEST_F(FindingsTest, healthyDataOfEveryKindGivesNothing)
{
    begin();
    plant("page:views", "12");
    for (int shard = 0; shard < 4; ++shard)
        plant("clicks:shard:" + std::to_string(shard), "3");
    plant("session:a", session(1000), SessionTtl);
    plant("inventory:MUG", item("MUG", 20, 3));
    plant("inventory:reservation:r1", reservation("MUG", 3), ReservationTtl);
    plant("leader:billing", "node-a", LeaseTtl);
    plant("tenant-meta:acme", tenant("acme", "free", R"({"maxKeys":1000,"maxStorageMB":10})"));
    plant("tenant:acme:greeting", "hello");
    events(4);
    plant("stream:cart:event:1",
        R"({"type":"ItemAdded","data":{},"timestamp":"2023-11-14T22:13:20Z","version":1})");
    plant("stream:cart:meta", "1");
    const auto report = audit(3s);
    EXPECT_THAT(report.findings, IsEmpty());
    for (const char* kind : {"counters", "sessions", "items", "reservations", "leases", "tenants", "events"})
        EXPECT_GT(report.examined.at(kind), 0U) << kind;
    EXPECT_EQ(report.exitCode(), 0);
}

TEST_F(FindingsTest, C1ACounterThatIsNoNumber)
{
    begin();
    plant("page:views", "abc");
    expectOnly("C1 page:views");
}

TEST_F(FindingsTest, C2AValueThatFell)
{
    begin();
    plant("page:views", "500");
    whileWatched = [this](int second) {
        if (second == 1)
            plant("page:views", "400");
    };
    expectOnly("C2 page:views", 4s);
}

TEST_F(FindingsTest, C4ShardsBeyondTheDeclaredNumber)
{
    begin();
    for (const int shard : {0, 1, 2, 3, 6})
        plant("clicks:shard:" + std::to_string(shard), "3");
    expectOnly("C4 clicks");
}

TEST_F(FindingsTest, S1ASessionThatOutlivedItsTime)
{
    begin();
    plant("session:u", session(0), SessionTtl);
    loseExpiry("session:");
    pass(SessionTtl + 20'000);
    expectOnly("S1 u");
}

TEST_F(FindingsTest, S2AnOlderValueThatComesBack)
{
    begin();
    plant("session:u", session(9000), SessionTtl);
    const std::string first = session(9000);
    whileWatched = [this, first](int second) {
        if (second == 1)
            plant("session:u", session(0), SessionTtl);
        if (second == 3)
            plant("session:u", first, SessionTtl);
    };
    expectOnly("S2 u", 6s);
}

TEST_F(FindingsTest, S3ARevokedRoleThatIsBack)
{
    begin();
    plant("session:u", session(3000, R"(["user","admin"])"), SessionTtl);
    whileWatched = [this](int second) {
        if (second == 1)
            plant("session:u", session(2000, R"(["user"])"), SessionTtl);
        if (second == 3)
            plant("session:u", session(0, R"(["user","admin"])"), SessionTtl);
    };
    expectOnly("S3 u", 6s);
}

TEST_F(FindingsTest, S4AClockThatIsAhead)
{
    begin();
    plant("session:u", session(-3'600'000), SessionTtl);
    expectOnly("S4 u");
}

TEST_F(FindingsTest, S5ASessionThatNeverExpires)
{
    begin();
    plant("session:u", session(0));
    expectOnly("S5 u");
}

TEST_F(FindingsTest, I1AnItemBelowZero)
{
    begin();
    plant("inventory:MUG", item("MUG", 20, -3));
    expectOnly("I1 MUG");
}

TEST_F(FindingsTest, I2AnItemThatIsOversold)
{
    begin();
    plant("inventory:MUG", item("MUG", 5, 8));
    expectOnly("I2 MUG");
}

TEST_F(FindingsTest, I3UnitsThatAreReservedForNobody)
{
    begin();
    plant("inventory:MUG", item("MUG", 20, 4, 3'600'000));
    expectOnly("I3 MUG");
}

TEST_F(FindingsTest, I4ReservationsOfMoreThanTheItemCounts)
{
    begin();
    plant("inventory:MUG", item("MUG", 20, 1));
    plant("inventory:reservation:r", reservation("MUG", 3), ReservationTtl);
    expectOnly("I4 MUG");
}

TEST_F(FindingsTest, I5UnitsThatNoReservationExplains)
{
    begin();
    plant("inventory:MUG", item("MUG", 20, 4));
    expectOnlyInfo("I5 MUG");
}

TEST_F(FindingsTest, I6AReservationThatOutlivedItsTime)
{
    begin();
    plant("inventory:MUG", item("MUG", 20, 2));
    plant("inventory:reservation:r", reservation("MUG", 2), ReservationTtl);
    loseExpiry("inventory:reservation:");
    pass(ReservationTtl + 20'000);
    expectOnly("I6 MUG");
}

TEST_F(FindingsTest, I7AReservationOfNothing)
{
    begin();
    plant("inventory:reservation:r", reservation("MUG", 2), ReservationTtl);
    expectOnly("I7 MUG");
}

TEST_F(FindingsTest, I9ASkuThatCouldBeAnotherKind)
{
    begin();
    plant("inventory:cups:MUG", item("cups:MUG", 5, 0));
    expectOnly("I9 cups:MUG");
}

// Each request of the race is right by itself, and overwrites the one before.
TEST_F(FindingsTest, R1RequestsThatOverwriteOneAnother)
{
    profile.rateLimits["in:"] = {2, 60'000};
    begin();
    const auto request = [this] { plant("ratelimit:in:race", "[" + now() + "]", 60'000); };
    request();
    whileWatched = [&](int second) {
        if (second < 5)
            request();
    };
    expectOnly("R1 in:race", 8s);
}

TEST_F(FindingsTest, R1IsSuspectWhereThePastIsAskedForOnceASecond)
{
    profile.rateLimits["in:"] = {2, 60'000};
    begin(false);
    const auto request = [this] { plant("ratelimit:in:race", "[" + now() + "]", 60'000); };
    request();
    options.known = {{"ratelimit:in:race", {}}};
    options.sleeper = [&](std::chrono::milliseconds ms, const std::stop_token&) {
        pass(ms.count());
        request();
        return true;
    };
    const auto report = audit(8s);
    ASSERT_THAT(rules(report, true), ElementsAre("R1 in:race"));
    EXPECT_EQ(report.findings[0].severity, Severity::Suspect);
}

TEST_F(FindingsTest, L1TwoLeadersThatOverwriteEachOther)
{
    begin();
    plant("leader:billing", "a", LeaseTtl);
    whileWatched = [this](int second) {
        if (second % 2 == 0)
            plant("leader:billing", second % 4 == 0 ? "b" : "a", LeaseTtl);
    };
    expectOnly("L1 billing", 12s);
}

TEST_F(FindingsTest, L2ALeaseThatWasTakenOverEarly)
{
    begin();
    plant("leader:billing", "a", LeaseTtl);
    whileWatched = [this](int second) {
        if (second == 1 || (second > 1 && second % 3 == 0))
            plant("leader:billing", second == 0 ? "a" : "b", LeaseTtl);
    };
    expectOnly("L2 billing", 20s);
}

TEST_F(FindingsTest, L3ADeadLeadersLease)
{
    begin();
    plant("leader:billing", "a", LeaseTtl);
    loseExpiry("leader:");
    expectOnly("L3 billing", 16s);
}

TEST_F(FindingsTest, T1ATenantOverItsLimit)
{
    begin();
    plant("tenant-meta:acme", tenant("acme", "free", R"({"maxKeys":1,"maxStorageMB":10})"));
    plant("tenant:acme:a", "x");
    plant("tenant:acme:b", "x");
    expectOnly("T1 acme");
}

TEST_F(FindingsTest, T2OneKeyOfTwoTenants)
{
    begin();
    for (const char* id : {"a", "a:b"})
        plant(std::string("tenant-meta:") + id, tenant(id, "free", R"({"maxKeys":1000,"maxStorageMB":10})"));
    plant("tenant:a:b:c", "x");
    plant("tenant:a:z", "x");
    const auto report = audit();
    for (const auto& rule : rules(report, true))
        EXPECT_EQ(rule.substr(0, 2), "T2") << rule;
    EXPECT_FALSE(rules(report, true).empty());
}

TEST_F(FindingsTest, T3KeysOfATenantThatIsNotThere)
{
    begin();
    plant("tenant:ghost:a", "x");
    expectOnly("T3 ghost");
}

TEST_F(FindingsTest, T4ATenantWithoutKeys)
{
    begin();
    plant("tenant-meta:acme", tenant("acme", "free", R"({"maxKeys":1000,"maxStorageMB":10})"));
    expectOnlyInfo("T4 acme");
}

TEST_F(FindingsTest, T5APlanThatNobodyKnows)
{
    begin();
    plant("tenant-meta:acme", tenant("acme", "gold", R"({"maxKeys":1000,"maxStorageMB":10})"));
    plant("tenant:acme:a", "x");
    expectOnly("T5 acme");
}

TEST_F(FindingsTest, T6AUsageCounterThatDiffersFromTheCount)
{
    begin();
    plant("tenant-meta:acme", tenant("acme", "free", R"({"maxKeys":1000,"maxStorageMB":10})"));
    plant("tenant:acme:a", "x");
    plant("tenant:acme:usage", "77");
    expectOnly("T6 acme");
}

TEST_F(FindingsTest, T7MetadataThatAStrictReaderRefuses)
{
    begin();
    plant(
        "tenant-meta:acme", tenant("acme", "enterprise", R"({"maxKeys":Infinity,"maxStorageMB":Infinity})"));
    plant("tenant:acme:a", "x");
    expectOnly("T7 acme");
}

TEST_F(FindingsTest, E1AnEventThatIsMissing)
{
    begin();
    events(4);
    plant("events:meta:a", R"({"version":1000000})");
    expectOnly("E1 a");
}

TEST_F(FindingsTest, E2AnEventThatNoMetaNames)
{
    begin();
    events(4);
    plant("events:a:5", event("e5", 5, R"({"n":5})", 0));
    expectOnly("E2 a");
}

TEST_F(FindingsTest, E3AnAppendThatWasWrittenOver)
{
    begin();
    events(2);
    plant("events:a:3", event("mine", 3, R"({"amount":5})", 900));
    plant("events:a:4", event("mine-again", 4, R"({"amount":5})", 860));
    plant("events:meta:a", R"({"version":4})");
    expectOnly("E3 a");
}

TEST_F(FindingsTest, E4AnEventThatWasRewritten)
{
    begin();
    events(4);
    whileWatched = [this](int second) {
        if (second == 1)
            plant("events:a:2", event("e2", 2, R"({"n":99})", 8998));
    };
    expectOnly("E4 a", 8s);
}

TEST_F(FindingsTest, E5AnEnvelopeOfAnotherEvent)
{
    begin();
    events(4);
    plant("events:a:3", event("e3", 7, R"({"n":3})", 8997));
    expectOnly("E5 a");
}

TEST_F(FindingsTest, E6AnEventThatIsOlderThanTheOneBefore)
{
    begin();
    events(4);
    plant("events:a:5", event("e5", 5, R"({"n":5})", 20'000));
    plant("events:meta:a", R"({"version":5})");
    expectOnlyInfo("E6 a");
}

TEST_F(FindingsTest, E7AMetaThatWentBackwards)
{
    begin();
    events(4);
    whileWatched = [this](int second) {
        if (second == 1)
            plant("events:meta:a", R"({"version":2})");
    };
    expectOnly("E7 a", 4s);
}

TEST_F(FindingsTest, E8AnAggregateCalledMeta)
{
    begin();
    plant("events:meta:1", event("e1", 1, "{}", 100, "T", "meta"));
    plant("events:meta:meta", R"({"version":1})");
    expectOnly("E8 meta");
}

TEST_F(FindingsTest, E9AnAccountThatIsOverdrawn)
{
    begin();
    plant("events:a:1", event("e1", 1, "{}", 300, "AccountOpened"));
    plant("events:a:2", event("e2", 2, R"({"amount":100})", 200, "MoneyDeposited"));
    plant("events:a:3", event("e3", 3, R"({"amount":130})", 100, "MoneyWithdrawn"));
    plant("events:meta:a", R"({"version":3})");
    expectOnly("E9 a");
}

// Where keys cannot be listed the known ones are read, twice, and an expiry is only as sure as the profile.
TEST_F(FindingsTest, withoutExploreKnownKeysAreJudged)
{
    begin(false);
    plant("session:u", session(SessionTtl + 60'000));
    plant("session:fine", session(0), SessionTtl);
    plant("inventory:MUG", item("MUG", 5, 8));
    plant("inventory:PEN", item("PEN", 5, 0));
    for (const char* key : {"session:u", "session:fine", "inventory:MUG", "inventory:PEN"})
        options.known.push_back({key, {}});
    const auto report = audit();
    EXPECT_EQ(report.coverage, client::Coverage::KnownKeys);
    auto found = rules(report, true);
    std::ranges::sort(found);
    EXPECT_THAT(found, ElementsAre("I2 MUG", "S1 u"));
    EXPECT_EQ(report.examined.at("sessions"), 2U);
}

TEST_F(FindingsTest, tenMinutesOfCalmTrafficGiveNothing)
{
    profile = {};
    client::Scenario::declare(profile);
    begin();
    client::Traffic traffic(connection->store(), clock, client::ScenarioKind::Calm);
    ASSERT_TRUE(traffic.seed({}));
    whileWatched = [&](int) { traffic.step({}); };
    std::map<std::string, std::uint64_t> examined; // most of each kind
    // Ten watches of a minute, each after a look at everything.
    for (int minute = 0; minute < 10; ++minute) {
        const auto report = audit(60s);
        for (const Finding& finding : report.findings)
            ADD_FAILURE() << "minute " << minute << ": " << finding.rule << " " << finding.subject << ": "
                          << finding.evidence;
        EXPECT_EQ(report.coverage, client::Coverage::Complete);
        EXPECT_GE(report.watchedSeconds, 60);
        for (const auto& [kind, count] : report.examined)
            examined[kind] = std::max(examined[kind], count);
        if (HasFailure())
            break;
    }
    EXPECT_GE(examined.size(), 8U) << "a pattern is missing from the demo";
    for (const auto& [kind, count] : examined)
        EXPECT_GT(count, 0U) << kind;
    // The same check sees a fault when there is one.
    ASSERT_TRUE(client::Scenario::commit(connection->store(), clock, 0));
    EXPECT_FALSE(rules(audit(20s), true).empty());
}

} // namespace
} // namespace norikv::tests
