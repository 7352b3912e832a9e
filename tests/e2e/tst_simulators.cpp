// SPDX-License-Identifier: GPL-3.0-or-later
// Our inventory and append protocols on a sound server, and what the simulators say on one that imitates the
// shipped surprises: there compare-and-set lets two through, and the balance sheet must say what is really
// stored.
#include "tests/sandbox/serverfixture.h"
#include "tests/support/stockproperty.h"

#include "client/connection.h"
#include "client/demo/appendrace.h"
#include "client/demo/burst.h"
#include "client/demo/inventoryrace.h"
#include "client/patterns/ratelimit.h"
#include "client/trace.h"

#include <gmock/gmock.h>

namespace norikv::tests {
namespace {

using namespace client;
using client::demo::InventoryRacePlan;
using norikv::test::succeeds;

class Simulators : public ServerFixture {
protected:
    const SystemClock real;
    Profile profile;
    TraceLog trace;
    std::unique_ptr<Connection> connection;

    void begin(const sandbox::Quirks& quirks)
    {
        auto wanted = config();
        wanted.quirks = quirks;
        start(wanted);
        profile.seeds = {"127.0.0.1:" + std::to_string(server->nodes()[0].rpc)};
        auto opened = Connection::open(profile, real, trace);
        ASSERT_THAT(opened, succeeds());
        connection = std::move(*opened);
    }
    void TearDown() override
    {
        connection.reset();
        server.reset();
    }
    std::string stored(const std::string& key)
    {
        v1::GetResponse reply;
        EXPECT_TRUE(get(key, reply).ok());
        return reply.value();
    }
    static bool tells(const std::vector<Finding>& findings, std::string_view rule)
    {
        return std::ranges::find(findings, rule, &Finding::rule) != findings.end();
    }
    demo::InventoryRaceResult race(const Bytes& sku, InventoryRacePlan::Crash crash, bool documentsCode)
    {
        InventoryRacePlan plan;
        plan.sku = sku;
        plan.crash = crash;
        plan.documentsCode = documentsCode;
        const auto result = demo::raceForStock(connection->store(), clock, plan, {});
        EXPECT_THAT(result, succeeds());
        return result.value_or(demo::InventoryRaceResult());
    }
    /// The verdict follows from what a stranger reads out of the store, and from nothing else.
    void expectTrue(const demo::InventoryRaceResult& result)
    {
        const auto item = parseItem(itemKey(result.books.sku), stored(itemKey(result.books.sku)));
        ASSERT_THAT(item, succeeds());
        EXPECT_EQ(result.books.quantity, item->quantity);
        EXPECT_EQ(result.books.reserved, item->reserved);
        const std::int64_t missing = result.books.initial - *item->quantity - result.books.sold;
        EXPECT_EQ(tells(result.findings, "I8"), missing < 0 || missing > result.books.unknown);
        EXPECT_EQ(tells(result.findings, "I1"), *item->quantity < 0 || *item->reserved < 0);
    }
};

// Takes some seconds: forty thousand calls over gRPC, which the store in memory does not show.
TEST_F(Simulators, OnASoundServerTenThousandOperationsWithCrashesKeepTheStockRight)
{
    begin(sandbox::Quirks::sound());
    norikv::test::expectStockHolds(connection->store(), clock, 32, [this] {
        clock.advance(3'600'000);
        server->pokeClock();
    });
}

// Fewer than in memory, where it is 10,000: over gRPC each append is four calls and those of the lost rounds.
TEST_F(Simulators, OnASoundServerEightAppendersOfOursLoseAndRepeatNothing)
{
    begin(sandbox::Quirks::sound());
    const auto result = demo::raceToAppend(connection->store(), clock, {"ours", 8, 150, false}, {});
    ASSERT_THAT(result, succeeds());
    EXPECT_EQ(result->acknowledged, 1'200U);
    EXPECT_EQ(result->stored, 1'200U);
    EXPECT_EQ(result->lost, 0U);
    EXPECT_EQ(result->overwrites, 0U);
    EXPECT_THAT(result->findings, testing::IsEmpty());
}

TEST_F(Simulators, ABurstOnAFaithfulServerTellsWhatWasLost)
{
    begin(sandbox::Quirks::faithful());
    demo::BurstPlan plan;
    plan.identifier = "burst";
    plan.limit = {20, 60'000};
    plan.requestsEach = 6;
    const auto result = demo::runBurst(connection->store(), clock, plan, Call());
    ASSERT_THAT(result, succeeds());
    EXPECT_EQ(result->admitted + result->refused + result->undecided, 48);
    EXPECT_GT(result->admitted, result->stored) << "a request that was let in was overwritten by another";
    EXPECT_EQ(result->allowed, 20);
    EXPECT_EQ(tells(result->findings, "R1"), result->admitted > 20);
    const auto record = parseRateLimit("ratelimit:burst", stored("ratelimit:burst"));
    ASSERT_THAT(record, succeeds());
    EXPECT_EQ(result->stored, std::int64_t(record->count));
}

TEST_F(Simulators, ARaceForStockOnAFaithfulServerTellsWhatIsStored)
{
    begin(sandbox::Quirks::faithful());
    using Crash = InventoryRacePlan::Crash;
    bool lost = false;
    for (const bool documentsCode : {false, true}) {
        for (const Crash crash : {Crash::None, Crash::BetweenWrites, Crash::CommitTwice}) {
            const auto result = race(
                "RACE-" + std::to_string(int(crash)) + (documentsCode ? "-doc" : ""), crash, documentsCode);
            expectTrue(result);
            lost = lost || !result.findings.empty();
        }
    }
    EXPECT_TRUE(lost) << "six races on compare-and-set that is not atomic, and nothing was lost";
}

} // namespace
} // namespace norikv::tests
