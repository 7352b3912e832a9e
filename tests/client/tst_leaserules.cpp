// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/audit.h"
#include "client/audit/leaserules.h"
#include "client/patterns/lease.h"
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

constexpr EpochMs Lease = 10'000;

/// A lease as a watcher sees it; times in seconds.
class Watched {
public:
    void beat(const std::string& holder, double at)
    {
        take({LeaseSample::Kind::Held, holder, Version{0, ++m_index}, ms(at) + Lease, ms(at), true, true});
    }
    void free(double at, LeaseSample::Kind how = LeaseSample::Kind::Released)
    {
        take({how, {}, {}, {}, ms(at), true, true});
    }
    void take(const LeaseSample& sample) { track.take(sample); }
    std::vector<std::string> rules(double at) const
    {
        std::vector<std::string> out;
        for (const Finding& finding : track.judge(ms(at)))
            out.push_back(finding.rule);
        return out;
    }
    static EpochMs ms(double at) { return FakeClock::StartMs + static_cast<EpochMs>(at * 1000); }

    LeaseTrack track{"leader:billing", {}};

private:
    std::uint64_t m_index = 0;
};

TEST(LeaseRules, aHealthyLeaseAndAProperHandoverGiveNothing)
{
    Watched lease;
    for (double at = 0; at < 60; at += 3.3)
        lease.beat("a", at);
    lease.free(60);
    for (double at = 60.5; at < 90; at += 3.3)
        lease.beat("b", at);
    lease.free(100, LeaseSample::Kind::Expired);
    EXPECT_THAT(lease.rules(130), testing::IsEmpty());
}

TEST(Heartbeats, countTheGapsOfEachHolderAndWhatIsMissing)
{
    Watched lease;
    EXPECT_TRUE(heartbeatsOf(lease.track).gapsMs.empty());
    for (const double at : {0.0, 3.3, 6.6, 16.6})
        lease.beat("a", at);
    lease.free(17);
    // The pause between two holders is nobody's heartbeat.
    for (const double at : {40.0, 43.3})
        lease.beat("b", at);
    const auto stats = heartbeatsOf(lease.track);
    EXPECT_EQ(stats.dueMs, Lease / 3);
    EXPECT_EQ(stats.gapsMs, (std::vector<EpochMs>{3300, 3300, 10'000, 3300}));
    EXPECT_EQ(stats.missed, 2U) << "two more should have come in ten seconds";
}

TEST(LeaseRules, aDuelIsCertainWhereNothingWasMissed)
{
    Watched lease;
    lease.beat("a", 0);
    lease.beat("b", 2);
    lease.beat("a", 4);
    ASSERT_EQ(lease.rules(4.1), std::vector<std::string>{"L1"});
    EXPECT_EQ(lease.track.judge(Watched::ms(4.1)).front().severity, Severity::Certain);
    EXPECT_EQ(lease.track.judge(Watched::ms(4.1)).front().subject, "billing");
}

TEST(LeaseRules, aDuelSeenByAskingIsOnlySuspect)
{
    LeaseTrack track("leader:billing", Lease);
    std::uint64_t index = 0;
    for (const auto& [holder, at] : {std::pair("a", 0), std::pair("b", 2), std::pair("a", 4)})
        track.take({LeaseSample::Kind::Held, holder, Version{0, ++index}, {}, Watched::ms(at), false, false});
    const auto findings = track.judge(Watched::ms(5));
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].rule, "L1");
    EXPECT_EQ(findings[0].severity, Severity::Suspect);
}

TEST(LeaseRules, comingBackAfterAReleaseIsNoDuel)
{
    Watched lease;
    lease.beat("a", 0);
    lease.free(1);
    lease.beat("b", 2);
    lease.free(3);
    lease.beat("a", 4);
    EXPECT_THAT(lease.rules(5), testing::IsEmpty());
}

TEST(LeaseRules, aTakeoverIsToldWhenItStillStandsALeaseLater)
{
    Watched lease;
    lease.beat("a", 0);
    for (double at = 3; at < 20; at += 3)
        lease.beat("b", at);
    EXPECT_THAT(lease.rules(6), testing::IsEmpty()) << "the other may come back";
    EXPECT_EQ(lease.rules(19), std::vector<std::string>{"L2"});
}

TEST(LeaseRules, aDeadLeaseIsCertainWhereTheLeaseTimeIsKnown)
{
    Watched lease;
    lease.beat("a", 0);
    EXPECT_THAT(lease.rules(6), testing::IsEmpty());
    EXPECT_EQ(lease.rules(11), std::vector<std::string>{"L4"}) << "late, and it may still expire";
    EXPECT_EQ(lease.rules(12.5), std::vector<std::string>{"L3"});
    EXPECT_EQ(lease.track.judge(Watched::ms(13)).front().severity, Severity::Certain);
    lease.free(13, LeaseSample::Kind::Expired);
    EXPECT_THAT(lease.rules(40), testing::IsEmpty());
}

TEST(LeaseRules, aDeadLeaseOfUnknownTimeIsSuspect)
{
    LeaseTrack track("leader:x", {});
    track.take({LeaseSample::Kind::Held, "a", Version{0, 1}, {}, Watched::ms(0), true, false});
    const auto findings = track.judge(Watched::ms(13));
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].severity, Severity::Suspect);
}

TEST(LeaseRules, aLookIsNoHeartbeat)
{
    LeaseTrack track("leader:x", 4000);
    for (double at = 0; at < 8; at += 0.5)
        track.take({LeaseSample::Kind::Held, "a", Version{0, 7}, {}, Watched::ms(at), false, false});
    ASSERT_EQ(track.judge(Watched::ms(8)).size(), 1U);
    EXPECT_EQ(track.judge(Watched::ms(8)).front().rule, "L3");
    // After a restart a version proves nothing.
    track.interrupted();
    track.take({LeaseSample::Kind::Held, "a", Version{0, 7}, {}, Watched::ms(8), false, false});
    EXPECT_THAT(
        track.judge(Watched::ms(9)), testing::Not(testing::Contains(testing::Field(&Finding::rule, "L3"))));
}

TEST(LeaseRules, flappingIsWorthKnowing)
{
    Watched lease;
    for (int i = 0; i < 6; ++i) {
        lease.beat(std::string(1, static_cast<char>('a' + i)), i * 12);
        lease.free(i * 12 + 1);
    }
    EXPECT_EQ(lease.rules(62), std::vector<std::string>{"L5"});
    EXPECT_EQ(lease.track.judge(Watched::ms(62)).front().severity, Severity::Info);
}

class LeaseOnAStore : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    Sleeper sleeper = [this](std::chrono::milliseconds ms, const std::stop_token&) {
        clock.advance(ms);
        return true;
    };
    LeaseCandidate candidate(const std::string& node)
    {
        return {store, "billing", node, static_cast<std::uint64_t>(Lease), sleeper};
    }
    AuditReport audit()
    {
        Profile profile;
        profile.ttls["leader:"] = static_cast<std::uint64_t>(Lease);
        AuditOptions options{.watchFor = 20s, .recheckAfter = 0ms};
        options.sleeper = sleeper;
        auto report = runAudit(store, profile, clock, options, {});
        EXPECT_THAT(report, succeeds());
        return report ? *report : AuditReport();
    }
};

TEST_F(LeaseOnAStore, oneCandidateLeadsUntilItResignsOrDies)
{
    Call call;
    auto a = candidate("a");
    auto b = candidate("b");
    EXPECT_TRUE(a.campaign(call)->leading);
    EXPECT_EQ(b.campaign(call)->holder, "a");
    clock.advance(8s);
    EXPECT_TRUE(a.heartbeat(call)->leading);
    clock.advance(8s);
    EXPECT_FALSE(b.campaign(call)->leading) << "the heartbeat renewed it";
    EXPECT_THAT(b.resign(call), succeeds());
    EXPECT_EQ(store.value("leader:billing"), "a") << "another's lease is left alone";
    EXPECT_THAT(a.resign(call), succeeds());
    EXPECT_TRUE(b.campaign(call)->leading);
    clock.advance(11s);
    EXPECT_TRUE(a.campaign(call)->leading) << "b died";
    EXPECT_FALSE(b.heartbeat(call)->leading);
}

TEST_F(LeaseOnAStore, aRivalThatWritesWhileTheElectionSettlesWins)
{
    sleeper = [this](std::chrono::milliseconds ms, const std::stop_token&) {
        clock.advance(ms);
        store.plant("leader:billing", "b", Lease);
        return true;
    };
    Call call;
    const auto standing = candidate("a").campaign(call);
    ASSERT_THAT(standing, succeeds());
    EXPECT_FALSE(standing->leading);
    EXPECT_EQ(standing->holder, "b");
}

TEST_F(LeaseOnAStore, theAuditFindsADeadLeaseAndADuelByWatching)
{
    store.plant("note", "an empty store has no revision to watch from");
    store.idle = [this, second = 0]() mutable {
        clock.advance(1s);
        if (++second == 1) {
            store.plant("leader:dead", "z", Lease);
            Call call;
            (void)store.flushTtl(call, "leader:dead");
        }
        if (second % 3 == 0)
            store.plant("leader:billing", second % 2 ? "a" : "b", Lease);
    };
    const auto report = audit();
    std::vector<std::string> certain;
    for (const Finding& finding : report.findings) {
        if (finding.severity == Severity::Certain)
            certain.push_back(finding.rule + " " + finding.subject);
    }
    EXPECT_THAT(certain, testing::UnorderedElementsAre("L3 dead", "L1 billing"));
}

TEST_F(LeaseOnAStore, aHealthyElectionGivesNothingInTheAudit)
{
    store.plant("leader:billing", "a", Lease);
    store.idle = [this, second = 0]() mutable {
        clock.advance(1s);
        if (++second % 3 == 0)
            store.plant("leader:billing", "a", Lease);
    };
    const auto report = audit();
    EXPECT_THAT(report.findings, testing::IsEmpty());
    EXPECT_EQ(report.examined.at("leases"), 1U);
}

} // namespace
} // namespace norikv::client
