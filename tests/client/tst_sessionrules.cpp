// SPDX-License-Identifier: GPL-3.0-or-later
// S1-S6: the damage is planted as bytes in the store, and found by the audit and by nothing else.
#include "client/audit/audit.h"
#include "client/audit/sessionrules.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr EpochMs T = FakeClock::StartMs;
constexpr std::uint64_t Ttl = 180'000;

Bytes session(EpochMs last, const std::string& roles = R"(["user"])")
{
    return R"({"userId":"u1","email":"a@x","roles":)" + roles + R"(,"createdAt":)"
        + std::to_string(T - 9'000'000) + R"(,"lastAccessedAt":)" + std::to_string(last) + "}";
}

class SessionAudit : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    Profile profile;
    AuditOptions options{.watchFor = 0s, .recheckAfter = 0ms};

    void SetUp() override
    {
        profile.ttls["session:"] = Ttl;
        store.idle = [this] { clock.advance(1s); };
        options.sleeper = [this](std::chrono::milliseconds ms, const std::stop_token&) {
            clock.advance(ms);
            return true;
        };
    }
    AuditReport audit()
    {
        auto report = runAudit(store, profile, clock, options, {});
        EXPECT_THAT(report, succeeds());
        return report ? *report : AuditReport();
    }
    /// "S1 certain a": what is certain or suspect.
    std::vector<std::string> serious(const AuditReport& report)
    {
        std::vector<std::string> out;
        for (const Finding& f : report.findings) {
            if (f.severity != Severity::Info)
                out.push_back(f.rule + " " + std::string(name(f.severity)) + " " + f.subject);
        }
        return out;
    }
    /// The steps happen one a second while the audit watches.
    std::vector<std::string> watching(std::vector<std::function<void()>> steps)
    {
        options.watchFor = 8s;
        store.idle = [this, steps, next = std::size_t(0)]() mutable {
            clock.advance(1s);
            if (next < steps.size())
                steps[next++]();
        };
        return serious(audit());
    }
};

TEST_F(SessionAudit, healthySessionsOfEveryDialectGiveNothing)
{
    store.plant("session:a", session(T - 60'000), Ttl - 60'000);
    store.plant("session:p",
        R"({"user_id": "u", "roles": [], "created_at": 1699999000000, "last_accessed_at": 1699999990000})",
        Ttl);
    store.plant("session:g",
        R"({"ID":"g","UserID":4,"CreatedAt":"2023-11-14T22:13:20Z","ExpiresAt":"2023-11-14T22:43:20Z"})",
        Ttl);
    const auto report = audit();
    EXPECT_THAT(report.findings, IsEmpty());
    EXPECT_EQ(report.examined.at("sessions"), 3U);
    options.watchFor = 5s;
    store.idle = [this, n = 0]() mutable {
        clock.advance(1s);
        store.plant(
            "session:a", session(clock.nowMs(), ++n > 1 ? R"(["user","admin"])" : R"(["user"])"), Ttl);
    };
    EXPECT_THAT(audit().findings, IsEmpty());
}

TEST_F(SessionAudit, S1AnImmortalSessionIsCertainWhereTheTimeToLiveIsDeclared)
{
    store.plant("session:a", session(T - 300'000));
    EXPECT_THAT(serious(audit()), ElementsAre("S1 certain a"));
}

TEST_F(SessionAudit, S1IsCertainByTheRecordsOwnExpiry)
{
    profile.ttls.clear();
    store.plant("session:g",
        R"({"ID":"g","UserID":4,"CreatedAt":"2023-11-14T21:00:00Z","ExpiresAt":"2023-11-14T22:00:00Z"})");
    EXPECT_THAT(serious(audit()), ElementsAre("S1 certain g"));
}

TEST_F(SessionAudit, S1OnAServerThatTellsNothingIsSuspectUnderTheDefaultAndCertainWhereSetHere)
{
    store.offersExplore = false;
    profile.ttls.clear();
    store.plant("session:a", session(T - 4'000'000));
    store.plant("session:b", session(T - 60'000));
    options.known = {{"session:a", {}}, {"session:b", {}}};
    EXPECT_THAT(serious(audit()), ElementsAre("S1 suspect a"));
    options.known = {{"session:a", {}}, {"session:b", T - 10'000}};
    EXPECT_THAT(serious(audit()), ElementsAre("S1 suspect a", "S1 certain b"));
}

TEST_F(SessionAudit, S2AnOlderValueThatComesBackIsCertain)
{
    store.plant("session:a", session(T), Ttl);
    EXPECT_THAT(
        watching({[this] { store.plant("session:a", session(T + 1000), Ttl); },
            [this] { store.erase("session:a"); }, [this] { store.plant("session:a", session(T), Ttl); }}),
        ElementsAre("S2 certain a"));
}

TEST_F(SessionAudit, S2IsFoundByAskingToo)
{
    store.offersExplore = false;
    options.known = {{"session:a", {}}};
    store.plant("session:a", session(T), Ttl);
    options.watchFor = 6s;
    options.sleeper = [this, n = 0](std::chrono::milliseconds ms, const std::stop_token&) mutable {
        clock.advance(ms);
        ++n;
        if (n == 2)
            store.plant("session:a", session(T + 1000), Ttl);
        if (n == 4)
            store.plant("session:a", session(T), Ttl);
        return true;
    };
    EXPECT_THAT(serious(audit()), ElementsAre("S2 certain a"));
}

TEST_F(SessionAudit, S3ARevokedRoleThatIsBackIsSuspect)
{
    store.plant("session:a", session(T, R"(["user","admin"])"), Ttl);
    EXPECT_THAT(watching({[this] { store.plant("session:a", session(T + 1, R"(["user"])"), Ttl); },
                    [this] { store.plant("session:a", session(T + 2, R"(["admin","user"])"), Ttl); }}),
        ElementsAre("S3 suspect a"));
}

TEST_F(SessionAudit, S3TakingARoleAwayAgainIsAnAdministratorsRight)
{
    store.plant("session:a", session(T), Ttl);
    EXPECT_THAT(watching({[this] { store.plant("session:a", session(T + 1, R"(["user","admin"])"), Ttl); },
                    [this] { store.plant("session:a", session(T + 2), Ttl); }}),
        IsEmpty());
}

TEST_F(SessionAudit, S4AClockThatIsAheadIsCertain)
{
    store.plant("session:a", session(T + 90'000), Ttl);
    store.plant("session:b", session(T + 1500), Ttl);
    const auto report = audit();
    EXPECT_THAT(serious(report), ElementsAre("S4 certain a"));
    EXPECT_THAT(report.findings[0].evidence, testing::HasSubstr("90 s"));
}

TEST_F(SessionAudit, S5ASessionWithoutExpiryIsSuspect)
{
    store.plant("session:a", session(T - 1000));
    EXPECT_THAT(serious(audit()), ElementsAre("S5 suspect a"));
}

TEST_F(SessionAudit, whatIsNoJsonIsNotJudgedByItsContentAndSaidSo)
{
    store.plant("session:a", "<b>not json</b>", Ttl);
    store.plant("session:b", R"({"userId":7,"lastAccessedAt":"x"})", Ttl);
    const auto report = audit();
    EXPECT_THAT(report.findings, IsEmpty());
    EXPECT_THAT(report.notJudged, testing::Contains(testing::Field(&NotJudged::rule, "S4")));
}

TEST(SessionHistory, S6ALogOutThatWasUndoneIsCertain)
{
    SessionHistory history("session:a");
    const std::vector<std::string> roles{"user"};
    history.put("1", &roles, T);
    history.destroyedHere(T + 1000);
    EXPECT_THAT(history.findings(), IsEmpty());
    history.put("2", &roles, T + 3000);
    ASSERT_EQ(history.findings().size(), 1U);
    EXPECT_EQ(history.findings()[0].rule, "S6");
    EXPECT_EQ(history.findings()[0].severity, Severity::Certain);
}

TEST(SessionHistory, S6SpeaksAloneWhereTheLateReadIsOfAnOlderValueAndItsRoles)
{
    SessionHistory history("session:a");
    const std::vector<std::string> plain{"user"};
    const std::vector<std::string> more{"user", "admin"};
    history.put("1", &more, T);
    history.put("2", &plain, T + 1000);
    history.destroyedHere(T + 2000);
    history.put("1", &more, T + 3000);
    ASSERT_EQ(history.findings().size(), 1U) << "one damage, one finding";
    EXPECT_EQ(history.findings()[0].rule, "S6");
}

} // namespace
} // namespace norikv::client
