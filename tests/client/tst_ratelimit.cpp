// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/ratelimiter.h"

#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr EpochMs T = FakeClock::StartMs;

std::string at(EpochMs offset) { return std::to_string(T + offset); }

TEST(RateLimitRecords, areReadInEveryShape)
{
    const auto ts = parseRateLimit("ratelimit:ada", "[" + at(-5) + "," + at(0) + "]");
    ASSERT_THAT(ts, succeeds());
    EXPECT_EQ(ts->shape, LimitShape::Times);
    EXPECT_EQ(ts->dialect, Dialect::TypeScript);
    EXPECT_THAT(ts->times, ElementsAre(T - 5, T));
    EXPECT_THAT(ts->complaints, IsEmpty());
    const auto python = parseRateLimit("ratelimit:ada", " [ " + at(-5) + ", " + at(0) + " ]\n");
    ASSERT_THAT(python, succeeds());
    EXPECT_EQ(python->dialect, Dialect::Python);
    EXPECT_EQ(python->count, 2U);
    const auto empty = parseRateLimit("ratelimit:ada", "[]");
    ASSERT_THAT(empty, succeeds());
    EXPECT_EQ(empty->count, 0U);
    const auto go = parseRateLimit("ratelimit:a:b:28333333", "17");
    ASSERT_THAT(go, succeeds());
    EXPECT_EQ(go->shape, LimitShape::Bucket);
    EXPECT_EQ(go->count, 17U);
    EXPECT_EQ(go->startMs, 28333333LL * 60'000);
    const auto java = parseRateLimit("ratelimit:ada", R"({"windowStart":)" + at(0) + R"(,"count":9,"x":1})");
    ASSERT_THAT(java, succeeds());
    EXPECT_EQ(java->shape, LimitShape::Counter);
    EXPECT_EQ(java->count, 9U);
    EXPECT_EQ(java->startMs, T);
}

TEST(RateLimitRecords, whatIsNoTimeIsCountedAndSaidSo)
{
    const auto odd = parseRateLimit("ratelimit:a",
        R"([1700000000000,"1700000000001",null,[1,[2,"]"]],{"a":"]}"},1e400,-Infinity,1700000000000.75,true])");
    ASSERT_THAT(odd, succeeds());
    EXPECT_THAT(odd->times, ElementsAre(1700000000000, 1700000000000));
    EXPECT_EQ(odd->odd, 7U);
    EXPECT_THAT(odd->complaints, ElementsAre(HasSubstr("7 members"), HasSubstr("no whole milliseconds")));
    for (const std::string bad : {"", "[", "[1", "[1,", "[1,]", "[1]]", "[1 2]", "[\"a]", "7", "\"x\"", "{}",
             "{\"a\":1}", "<b>", "[[[", "[,]"})
        EXPECT_THAT(parseRateLimit("ratelimit:a", bad), failsWith(ErrorKind::BadData)) << bad;
    EXPECT_THAT(parseRateLimit("ratelimit:a", std::string(900'000, '[')), failsWith(ErrorKind::BadData));
}

TEST(RateLimitRecords, secondsAreUnderstoodAndSaidSo)
{
    const auto seconds = parseRateLimit("ratelimit:a", "[1700000000,1700000001]");
    ASSERT_THAT(seconds, succeeds());
    EXPECT_THAT(seconds->times, ElementsAre(T, T + 1000));
    EXPECT_EQ(seconds->form, TimeForm::Seconds);
    EXPECT_THAT(seconds->complaints, ElementsAre(HasSubstr("seconds")));
    const auto mixed = parseRateLimit("ratelimit:a", "[1700000000,1700000001000]");
    ASSERT_THAT(mixed, succeeds());
    EXPECT_EQ(mixed->form, TimeForm::Milliseconds);
    EXPECT_THAT(mixed->complaints, ElementsAre(HasSubstr("1 of 2 times are seconds")));
    const auto early = parseRateLimit("ratelimit:a:1700000000", "7");
    ASSERT_THAT(early, succeeds());
    EXPECT_FALSE(early->startMs);
    EXPECT_THAT(early->complaints, ElementsAre(HasSubstr("no minute")));
}

TEST(RateLimitRecords, aMillionTimesAreCountedAndTheNewestKept)
{
    std::string value = "[";
    for (int i = 0; i < 1'000'000; ++i)
        value += (i > 0 ? "," : "") + std::to_string(T + i);
    value += "]";
    const auto record = parseRateLimit("ratelimit:a", value);
    ASSERT_THAT(record, succeeds());
    EXPECT_EQ(record->count, 1'000'000U);
    EXPECT_EQ(record->times.size(), RateLimitRecord::MostTimes);
    EXPECT_EQ(record->cut, 900'000U);
    EXPECT_EQ(record->times.front(), T + 900'000);
    EXPECT_EQ(record->newestMs, T + 999'999);
    EXPECT_EQ(record->disorderMs, 0);
    EXPECT_THAT(record->complaints, ElementsAre(HasSubstr("1000000 times")));
}

TEST(KnownLimits, theLongestPrefixOfTheIdentifierCounts)
{
    const RateLimits limits{{"", {7, 1000}}, {"api:", {60, 60'000}}, {"api:bulk:", {5, 10'000}}};
    EXPECT_EQ(limitFor(limits, "api:bulk:x").limit, (RateLimit{5, 10'000}));
    EXPECT_EQ(limitFor(limits, "api:x").prefix, "api:");
    EXPECT_TRUE(limitFor(limits, "other").declared);
    const KnownLimit none = limitFor({}, "other");
    EXPECT_FALSE(none.declared);
    EXPECT_EQ(none.limit, (RateLimit{100, 60'000}));
}

TEST(Prediction, aTimeCountsUntilItIsExactlyOneWindowOld)
{
    const auto record = parseRateLimit("ratelimit:a", "[" + at(0) + "," + at(400) + "," + at(700) + "]");
    const RateLimit limit{2, 1000};
    LimitState state = predictLimit(&*record, limit, T + 999);
    EXPECT_EQ(state.used, 3U);
    EXPECT_FALSE(state.passes);
    EXPECT_EQ(state.remaining, 0U);
    EXPECT_EQ(state.resetAtMs, T + 1000) << "the oldest in the window + the window";
    EXPECT_EQ(state.passesAtMs, T + 1400) << "two must leave before there is room for one";
    state = predictLimit(&*record, limit, T + 1000);
    EXPECT_EQ(state.used, 2U) << "ts > now - window";
    EXPECT_EQ(state.resetAtMs, T + 1400);
    state = predictLimit(&*record, limit, T + 1400);
    EXPECT_TRUE(state.passes);
    EXPECT_EQ(state.passesAtMs, T + 1400);
    EXPECT_EQ(state.remaining, 1U);
    EXPECT_EQ(predictLimit(&*record, limit, T + 999, T + 1200).passesAtMs, T + 1200)
        << "the store forgets all of it before";
    EXPECT_EQ(predictLimit(nullptr, limit, T).remaining, 2U);
    EXPECT_EQ(nextChangeMs(*record, limit, T + 999), T + 1000);
    EXPECT_EQ(nextChangeMs(*record, limit, T + 5000), std::nullopt);
}

TEST(Prediction, isRightWheneverALimiterIsAskedAtThatMoment)
{
    std::vector<std::string> texts;
    for (int i = 0; i < 40; ++i)
        texts.push_back(at((i * 7919) % 5000));
    std::string value = "[";
    for (const auto& text : texts)
        value += (value.size() > 1 ? "," : "") + text;
    value += "]";
    const auto record = parseRateLimit("ratelimit:a", value);
    for (const std::uint32_t most : {1U, 3U, 17U, 40U}) {
        const RateLimit limit{most, 3000};
        for (EpochMs now = T; now < T + 9000; now += 111) {
            const auto state = predictLimit(&*record, limit, now);
            if (state.passes)
                continue;
            EXPECT_TRUE(predictLimit(&*record, limit, state.passesAtMs).passes);
            EXPECT_FALSE(predictLimit(&*record, limit, state.passesAtMs - 1).passes);
        }
    }
}

TEST(Prediction, bucketsAndCountersEndWithTheirWindow)
{
    const auto go = parseRateLimit("ratelimit:a:28333333", "17");
    const EpochMs start = 28333333LL * 60'000;
    EXPECT_EQ(predictLimit(&*go, {17, 60'000}, start + 1).passesAtMs, start + 60'000);
    EXPECT_EQ(predictLimit(&*go, {18, 60'000}, start + 1).remaining, 1U);
    EXPECT_EQ(predictLimit(&*go, {17, 60'000}, start + 60'000).used, 0U);
    const auto java = parseRateLimit("ratelimit:a", R"({"windowStart":)" + at(0) + R"(,"count":5})");
    EXPECT_FALSE(predictLimit(&*java, {5, 10'000}, T + 9999).passes);
    EXPECT_TRUE(predictLimit(&*java, {5, 10'000}, T + 10'000).passes);
}

class Limiting : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    Call call;
    CasLoop loop{CasPolicy::impatient(5), [](auto, const auto&) { return true; }, {}};
    RateLimiter limiter{store, clock, loop};
};

TEST_F(Limiting, aHundredPassAndTheNextIsRefusedAsTheDocumentSays)
{
    const RateLimit limit{100, 60'000};
    for (int i = 0; i < 100; ++i) {
        const auto answer = limiter.check(call, "user:1", limit);
        ASSERT_THAT(answer, succeeds());
        EXPECT_TRUE(answer->allowed);
        EXPECT_EQ(answer->remaining, 99U - static_cast<unsigned>(i));
        EXPECT_EQ(answer->resetAtMs, T + 60'000);
        clock.advance(10ms);
    }
    const auto before = store.value("ratelimit:user:1");
    const auto puts = store.count(FakeStore::Op::Put);
    const auto refused = limiter.check(call, "user:1", limit);
    ASSERT_THAT(refused, succeeds());
    EXPECT_FALSE(refused->allowed);
    EXPECT_EQ(refused->remaining, 0U);
    EXPECT_EQ(refused->resetAtMs, T + 60'000);
    EXPECT_FALSE(refused->countedMs);
    EXPECT_EQ(store.count(FakeStore::Op::Put), puts) << "a refused request writes nothing";
    EXPECT_EQ(store.value("ratelimit:user:1"), before);
    EXPECT_EQ(store.contents().at("ratelimit:user:1").expiresAtMs, T + 990 + 60'000);
}

TEST_F(Limiting, writesWhatTheDocumentWritesAndDropsWhatLeftTheWindow)
{
    ASSERT_THAT(limiter.check(call, "a", {3, 1000}), succeeds());
    EXPECT_EQ(store.value("ratelimit:a"), "[" + at(0) + "]");
    store.plant("ratelimit:a", "[" + at(-1000) + "," + at(-999) + "]", 1000);
    ASSERT_THAT(limiter.check(call, "a", {3, 1000}), succeeds());
    EXPECT_EQ(store.value("ratelimit:a"), "[" + at(-999) + "," + at(0) + "]");
}

TEST_F(Limiting, rewritesStayInTheirDialect)
{
    store.plant("ratelimit:p", "[" + at(-5) + ", " + at(-1) + "]");
    store.plant("ratelimit:s", "[1699999999]");
    store.plant("ratelimit:j", R"({ "x":1.50,"windowStart":)" + at(-5) + R"(,"count":2})");
    for (const char* id : {"p", "s", "j"})
        ASSERT_THAT(limiter.check(call, id, {9, 60'000}), succeeds());
    EXPECT_EQ(store.value("ratelimit:p"), "[" + at(-5) + ", " + at(-1) + ", " + at(0) + "]");
    EXPECT_EQ(store.value("ratelimit:s"), "[1699999999,1700000000]");
    EXPECT_EQ(store.value("ratelimit:j"), R"({ "x":1.50,"windowStart":)" + at(-5) + R"(,"count":3})");
    store.plant("ratelimit:j", R"({ "x":1.50,"windowStart":)" + at(-60'000) + R"(,"count":9})");
    ASSERT_THAT(limiter.check(call, "j", {9, 60'000}), succeeds());
    EXPECT_EQ(store.value("ratelimit:j"), R"({ "x":1.50,"windowStart":)" + at(0) + R"(,"count":1})");
}

TEST_F(Limiting, whatIsNoRateLimitIsLeftAsItIs)
{
    for (const char* odd : {"<b>no</b>", "[1,\"x\"]", "{}", "7"}) {
        store.plant("ratelimit:a", odd);
        EXPECT_THAT(limiter.check(call, "a", {9, 1000}), failsWith(ErrorKind::BadData)) << odd;
        EXPECT_EQ(store.value("ratelimit:a"), odd);
    }
    store.plant("ratelimit:a:28333333", "7");
    EXPECT_THAT(limiter.check(call, "a:28333333", {9, 1000}), failsWith(ErrorKind::InvalidRequest));
    EXPECT_THAT(limiter.check(call, "a", {0, 1000}), failsWith(ErrorKind::InvalidRequest));
}

TEST_F(Limiting, lookingNeverWritesAndResetForgets)
{
    EXPECT_EQ(limiter.peek(call, "a", {3, 1000})->remaining, 3U);
    store.plant("ratelimit:a", "[" + at(0) + "]");
    EXPECT_EQ(limiter.peek(call, "a", {3, 1000})->remaining, 2U);
    EXPECT_EQ(store.count(FakeStore::Op::Put), 0U);
    EXPECT_EQ(*limiter.reset(call, "a"), true);
    EXPECT_EQ(*limiter.reset(call, "a"), false);
    EXPECT_FALSE(store.value("ratelimit:a"));
}

TEST_F(Limiting, firstRequestsThatMeetAreAllCounted)
{
    // The window begins again and again: the key's creation was seen by the server before.
    const RateLimit limit{6, 60'000};
    RateLimiter patient(store, clock, {CasPolicy::impatient(1000), realSleeper(), {}});
    for (int round = 0; round < 20; ++round) {
        std::atomic<int> allowed = 0;
        {
            std::vector<std::jthread> clients;
            for (int i = 0; i < 12; ++i) {
                clients.emplace_back([&] {
                    Call own;
                    const auto answer = patient.check(own, "a", limit);
                    allowed += answer && answer->allowed ? 1 : 0;
                });
            }
        }
        EXPECT_EQ(allowed, 6);
        EXPECT_EQ(parseRateLimit("ratelimit:a", *store.value("ratelimit:a"))->count, 6U);
        if (round % 2 == 0)
            clock.advance(61s);
        else
            store.erase("ratelimit:a");
    }
}

TEST_F(Limiting, anUnknownOutcomeEndsTheLoop)
{
    store.plant("ratelimit:a", "[]");
    store.script(FakeStore::Op::Put, FakeStore::Fault::UnknownAfterApply);
    EXPECT_THAT(limiter.check(call, "a", {3, 1000}), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(store.count(FakeStore::Op::Put), 1U);
}

TEST_F(Limiting, contentionIsTold)
{
    store.plant("ratelimit:a", "[]");
    store.before = [this, n = 0](const FakeStore::Seen& seen) mutable {
        if (seen.op == FakeStore::Op::Put)
            store.plant("ratelimit:a", "[" + at(-(++n)) + "]");
    };
    EXPECT_THAT(limiter.check(call, "a", {30, 1000}), failsWith(ErrorKind::Contended));
}

} // namespace
} // namespace norikv::client
