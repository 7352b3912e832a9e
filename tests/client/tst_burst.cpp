// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/burst.h"

#include "client/patterns/ratelimit.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <barrier>

namespace norikv::client::demo {
namespace {

using namespace std::chrono_literals;
using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

class Bursting : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    BurstPlan plan;

    void SetUp() override
    {
        plan.identifier = "burst";
        plan.limit = {20, 10'000};
    }
    Result<BurstResult> run() { return runBurst(store, clock, plan, Call()); }
};

TEST_F(Bursting, ourProtocolLetsInExactlyWhatIsAllowed)
{
    const auto result = run();
    ASSERT_THAT(result, succeeds());
    EXPECT_EQ(result->sent, 80);
    EXPECT_EQ(result->allowed, 20);
    EXPECT_LE(result->admitted, 20);
    EXPECT_EQ(result->admitted, result->stored);
    EXPECT_EQ(result->admitted + result->refused + result->undecided, 80);
    EXPECT_EQ(result->tooMany(), 0);
    EXPECT_THAT(result->findings, IsEmpty());
}

TEST_F(Bursting, theDocumentsFirstWritesOverwriteOneAnotherAndR1SaysSo)
{
    plan.limit = {2, 10'000};
    plan.clients = 6;
    plan.requestsEach = 1;
    plan.documentsCode = true;
    // All of them have read that there is nothing before the first one writes.
    std::barrier together(plan.clients);
    store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == FakeStore::Op::Put) {
            together.arrive_and_wait();
            clock.advance(1ms);
        }
    };
    const auto result = run();
    ASSERT_THAT(result, succeeds());
    EXPECT_EQ(result->admitted, 6);
    EXPECT_EQ(result->stored, 1);
    EXPECT_EQ(result->tooMany(), 4);
    EXPECT_THAT(result->findings, ElementsAre(Field(&Finding::rule, "R1")));
}

TEST_F(Bursting, clocksApartByMoreThanAWindowLetInTooMuchAndR2SaysWhy)
{
    plan.limit = {4, 10'000};
    plan.clients = 4;
    plan.skew = 60s;
    plan.spacing = 5ms; // so that the one that is ahead sends again after the others
    const auto result = run();
    ASSERT_THAT(result, succeeds());
    EXPECT_GT(result->admitted, result->allowed);
    EXPECT_THAT(result->findings, testing::Contains(Field(&Finding::rule, "R2")));
}

TEST_F(Bursting, refusesAPlanOutsideItsLimitsAndAnIdentifierInUse)
{
    for (const auto& change : std::vector<std::function<void(BurstPlan&)>>{[](auto& p) { p.clients = 0; },
             [](auto& p) { p.clients = 65; }, [](auto& p) { p.requestsEach = 0; },
             [](auto& p) { p.limit.windowMs = 0; }, [](auto& p) { p.identifier.clear(); }}) {
        BurstPlan bad = plan;
        change(bad);
        EXPECT_THAT(runBurst(store, clock, bad, Call()), failsWith(ErrorKind::InvalidRequest));
    }
    store.plant("ratelimit:burst", "[]");
    EXPECT_THAT(run(), failsWith(ErrorKind::InvalidRequest));
    EXPECT_EQ(store.count(FakeStore::Op::Put), 0U);
}

TEST_F(Bursting, endsAtTheFirstErrorAndWhenStopped)
{
    store.always(FakeStore::Op::Put, FakeStore::Fault::Server);
    EXPECT_THAT(run(), failsWith(ErrorKind::Server));
    store.calm();
    plan.spacing = 1h;
    std::stop_source stop;
    store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == FakeStore::Op::Put)
            stop.request_stop();
    };
    Call call;
    call.stop = stop.get_token();
    EXPECT_FALSE(runBurst(store, clock, plan, call));
}

} // namespace
} // namespace norikv::client::demo
