// SPDX-License-Identifier: GPL-3.0-or-later
// R1-R4: the damage is planted as bytes in the store, and found by the audit and by nothing else.
#include "client/audit/audit.h"
#include "client/audit/ratelimitrules.h"
#include "client/patterns/ratelimiter.h"
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
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr EpochMs T = FakeClock::StartMs;
constexpr std::uint64_t Window = 30'000;

/// `[T + first, T + second ...]`
Bytes times(const std::vector<EpochMs>& offsets)
{
    Bytes out = "[";
    for (const EpochMs offset : offsets)
        out += (out.size() > 1 ? "," : "") + std::to_string(T + offset);
    return out + "]";
}

class RateLimitAudit : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    Profile profile;
    AuditOptions options{.watchFor = 0s, .recheckAfter = 0ms};

    void SetUp() override
    {
        profile.rateLimits["in:"] = {3, Window};
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

TEST_F(RateLimitAudit, healthyOnesOfEveryShapeGiveNothing)
{
    store.plant("ratelimit:in:a", times({-29'000, -10'000, -1}), Window);
    store.plant("ratelimit:in:edge", times({-30'000, -20'000, -10'000, 0}), Window);
    store.plant("ratelimit:in:p", "[" + std::to_string(T - 1) + ", " + std::to_string(T) + "]", Window);
    store.plant("ratelimit:in:slack", times({1500, -400}), Window);
    store.plant("ratelimit:in:empty", "[]", Window);
    store.plant("ratelimit:go:28333333", "17", 60'000);
    store.plant("ratelimit:in:j", R"({"windowStart":)" + std::to_string(T - 9) + R"(,"count":3})", Window);
    profile.rateLimits["in:edge"] = {4, Window};
    const auto report = audit();
    EXPECT_THAT(report.findings, IsEmpty());
    EXPECT_EQ(report.examined.at("rate limits"), 7U);
}

TEST_F(RateLimitAudit, aLimiterAtWorkGivesNothingHoweverLongOneWatches)
{
    options.watchFor = 120s;
    store.plant("ratelimit:in:c", times({0}), Window); // an empty store has nothing to watch from
    RateLimiter limiter(store, clock);
    store.idle = [&] {
        clock.advance(1s);
        Call call;
        for (const char* id : {"in:a", "in:b", "in:a"})
            EXPECT_THAT(limiter.check(call, id, {3, Window}), succeeds());
        if (clock.nowMs() % 17'000 < 1000) {
            EXPECT_THAT(limiter.reset(call, "in:b"), succeeds());
        }
    };
    const auto report = audit();
    EXPECT_THAT(report.findings, IsEmpty());
    EXPECT_GT(store.count(FakeStore::Op::Put), 8U);
}

TEST_F(RateLimitAudit, clocksThatDifferByLessThanTheSlackGiveNothing)
{
    struct Ahead final : Clock {
        explicit Ahead(const Clock& other)
            : right(other)
        {
        }
        EpochMs nowMs() const override { return right.nowMs() + 1500; }
        Elapsed elapsed() const override { return right.elapsed(); }
        const Clock& right;
    };
    const Ahead ahead(clock);
    options.watchFor = 40s;
    store.plant("ratelimit:in:c", times({0}), Window);
    RateLimiter limiter(store, clock);
    RateLimiter early(store, ahead);
    store.idle = [&, second = 0]() mutable {
        clock.advance(1s);
        Call call;
        if (++second == 1) {
            for (int i = 0; i < 3; ++i)
                EXPECT_TRUE(limiter.check(call, "in:a", {3, Window})->allowed);
        }
        if (second == 30) { // one that is ahead forgets all three a little early
            EXPECT_TRUE(early.check(call, "in:a", {3, Window})->allowed);
            EXPECT_TRUE(limiter.check(call, "in:a", {3, Window})->allowed);
        }
    };
    EXPECT_THAT(audit().findings, IsEmpty());
}

TEST_F(RateLimitAudit, R1MoreThanAllowedIsCertainWhereTheLimitIsDeclared)
{
    store.plant("ratelimit:in:a", times({-20'000, -15'000, -10'000, -5000}), Window);
    const auto report = audit();
    EXPECT_THAT(serious(report), ElementsAre("R1 certain in:a"));
    EXPECT_THAT(report.findings[0].evidence, HasSubstr("4 requests were let in within 30 s"));
    EXPECT_THAT(report.findings[0].evidence, HasSubstr("3 in 30 s"));
}

TEST_F(RateLimitAudit, R1IsSuspectUnderTheExamplesLimitAndForCountsOfOthers)
{
    std::vector<EpochMs> many;
    for (EpochMs i = 0; i < 101; ++i)
        many.push_back(-i);
    store.plant("ratelimit:other", times({many.rbegin(), many.rend()}), 60'000);
    profile.rateLimits["go:"] = {16, 60'000};
    store.plant("ratelimit:go:x:28333333", "17", 60'000);
    store.plant("ratelimit:in:j", R"({"windowStart":)" + std::to_string(T - 9) + R"(,"count":4})", Window);
    EXPECT_THAT(
        serious(audit()), ElementsAre("R1 suspect go:x:28333333", "R1 suspect in:j", "R1 suspect other"));
}

TEST_F(RateLimitAudit, R1AMinuteOfGoIsNotHeldToAShorterWindow)
{
    store.plant("ratelimit:in:go:28333333", "17", 60'000);
    EXPECT_THAT(serious(audit()), IsEmpty());
}

TEST_F(RateLimitAudit, R1FirstRequestsThatOverwroteOneAnotherShowWhileWatching)
{
    store.plant("ratelimit:in:c", times({0}), Window);
    std::vector<std::function<void()>> steps;
    for (EpochMs i = 1; i <= 4; ++i)
        steps.push_back([this, i] { store.plant("ratelimit:in:a", times({i}), Window); });
    EXPECT_THAT(watching(steps), ElementsAre("R1 certain in:a"));
}

TEST_F(RateLimitAudit, R1AResetForgetsRightly)
{
    store.plant("ratelimit:in:c", times({0}), Window);
    std::vector<std::function<void()>> steps;
    for (EpochMs i = 1; i <= 6; ++i) {
        steps.push_back([this, i] {
            if (i == 4)
                store.erase("ratelimit:in:a");
            store.plant("ratelimit:in:a", times({i}), Window);
        });
    }
    EXPECT_THAT(watching(steps), IsEmpty());
}

TEST_F(RateLimitAudit, R1IsSuspectWhereAResetCouldHavePassedUnseen)
{
    store.offersExplore = false;
    options.known = {{"ratelimit:in:a", {}}};
    options.watchFor = 9s;
    store.plant("ratelimit:in:a", times({0}), Window);
    options.sleeper = [this, n = EpochMs(0)](std::chrono::milliseconds ms, const std::stop_token&) mutable {
        clock.advance(ms);
        if (++n < 6)
            store.plant("ratelimit:in:a", times({n}), Window);
        return true;
    };
    EXPECT_THAT(serious(audit()), ElementsAre("R1 suspect in:a"));
}

TEST_F(RateLimitAudit, R2ATimeInTheFutureIsCertainAndItsSkewIsShown)
{
    store.plant("ratelimit:in:a", times({-10'000, 90'000, -5000}), Window);
    store.plant("ratelimit:in:b", times({-10'000, 1500}), Window);
    store.plant(
        "ratelimit:in:j", R"({"windowStart":)" + std::to_string(T + 60'000) + R"(,"count":1})", Window);
    const auto report = audit();
    EXPECT_THAT(serious(report), ElementsAre("R2 certain in:a", "R2 certain in:j"));
    EXPECT_THAT(report.findings[0].evidence, HasSubstr("90 s in the future"));
}

TEST_F(RateLimitAudit, R3DisorderBeyondTheSlackIsCertain)
{
    store.plant("ratelimit:in:a", times({-5000, -20'000, -1}), Window);
    store.plant("ratelimit:in:b", times({-5000, -6500, -1}), Window);
    const auto report = audit();
    EXPECT_THAT(serious(report), ElementsAre("R3 certain in:a"));
    EXPECT_THAT(report.findings[0].evidence, HasSubstr("15 s before"));
}

TEST_F(RateLimitAudit, R3AListThatIsNeverCleanedIsFound)
{
    store.plant("ratelimit:in:a", times({-90'000, -60'000, -30'000, 0}), Window);
    std::vector<EpochMs> endless;
    for (EpochMs i = 1100; i > 0; --i)
        endless.push_back(-i * 1000);
    store.plant("ratelimit:other", times(endless), 60'000);
    store.plant("ratelimit:p", times({endless.begin(), endless.begin() + 900}), 60'000);
    EXPECT_THAT(serious(audit()), ElementsAre("R3 certain in:a", "R3 suspect other"));
}

TEST_F(RateLimitAudit, R4AKeyThatOutlivesItsWindowIsCertainWhereTheWindowIsKnown)
{
    store.plant("ratelimit:in:a", times({-40'000, -33'000}));
    store.plant("ratelimit:in:b", times({-31'000}));
    store.plant("ratelimit:other", times({-70'000}));
    store.plant("ratelimit:go:28333300", "17");
    store.plant("ratelimit:in:j", R"({"windowStart":)" + std::to_string(T - 70'000) + R"(,"count":1})");
    EXPECT_THAT(serious(audit()),
        ElementsAre("R4 suspect go:28333300", "R4 certain in:a", "R4 certain in:j", "R4 suspect other"));
}

TEST_F(RateLimitAudit, R4KnowsWhatWasSetHere)
{
    store.offersExplore = false;
    store.plant("ratelimit:other", times({-1}));
    options.known = {{"ratelimit:other", T - 10'000}};
    EXPECT_THAT(serious(audit()), ElementsAre("R4 certain other"));
}

TEST_F(RateLimitAudit, oneDamageIsOneFinding)
{
    // Ahead, therefore out of order, and more than allowed with it: three names for two damages at most.
    store.plant("ratelimit:in:a", times({-3, 90'000, -2}), Window);
    EXPECT_THAT(serious(audit()), ElementsAre("R2 certain in:a"));
    store.plant("ratelimit:in:a", times({-20'000, -4, -25'000, -3, -2}), Window);
    EXPECT_THAT(serious(audit()), ElementsAre("R1 certain in:a"));
}

TEST_F(RateLimitAudit, secondsAreNeverMoreThanSuspect)
{
    store.plant("ratelimit:in:a", "[1699999990,1699999991,1699999992,1699999993]", Window);
    EXPECT_THAT(serious(audit()), ElementsAre("R1 suspect in:a"));
}

TEST_F(RateLimitAudit, whatCannotBeJudgedIsSaid)
{
    store.plant("ratelimit:in:a", "<b>\xE2\x80\xAE</b>", Window);
    store.plant("ratelimit:in:b", "[null,{}]");
    const auto report = audit();
    EXPECT_THAT(report.findings, IsEmpty());
    EXPECT_THAT(report.notJudged, Contains(Field(&NotJudged::rule, "R4")));
    EXPECT_THAT(report.notJudged, Contains(Field(&NotJudged::why, HasSubstr("1 value is no rate limit"))));
    EXPECT_THAT(report.notJudged, Contains(Field(&NotJudged::why, HasSubstr("needs --for"))));
}

TEST_F(RateLimitAudit, aMillionTimesAreJudgedByTheNewest)
{
    profile.rateLimits["big"] = {200'000, 1'000'000};
    std::string value = "[";
    for (int i = 0; i < 1'000'000; ++i)
        value += (i > 0 ? "," : "") + std::to_string(T - 1'000'000 + i);
    store.plant("ratelimit:in:a", value + "]", Window);
    store.plant("ratelimit:big", value + "]", Window);
    const auto report = audit();
    EXPECT_THAT(serious(report), ElementsAre("R3 certain big", "R1 certain in:a"));
    EXPECT_THAT(
        report.notJudged, Contains(Field(&NotJudged::why, HasSubstr("longer than what is looked at"))));
}

} // namespace
} // namespace norikv::client
