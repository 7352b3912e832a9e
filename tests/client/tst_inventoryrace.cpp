// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/inventoryauditor.h"
#include "client/demo/inventory.h"
#include "client/demo/inventoryrace.h"
#include "client/patterns/inventorymanager.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace norikv::client {
namespace {

using demo::InventoryRacePlan;
using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using Crash = InventoryRacePlan::Crash;

class InventoryRace : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};

    demo::InventoryRaceResult race(Crash crash, bool documentsCode, int buyers = 16, std::int64_t units = 20)
    {
        const auto result
            = demo::raceForStock(store, clock, {"RACE", buyers, units, crash, documentsCode}, {});
        EXPECT_THAT(result, succeeds());
        return result ? *result : demo::InventoryRaceResult();
    }
    static std::vector<std::string> rules(const demo::InventoryRaceResult& result)
    {
        std::vector<std::string> out;
        for (const Finding& finding : result.findings)
            out.push_back(finding.rule);
        return out;
    }
};

TEST_F(InventoryRace, balancesWithoutACrash)
{
    for (const bool documentsCode : {false, true}) {
        store.erase("inventory:RACE");
        const auto result = race(Crash::None, documentsCode);
        EXPECT_EQ(result.books.sold, 20);
        EXPECT_EQ(result.refused, 6);
        EXPECT_EQ(result.books.quantity, 0);
        EXPECT_THAT(result.findings, testing::IsEmpty());
    }
}

TEST_F(InventoryRace, theDocumentsCodeCommitsTwiceAndTheBooksShowIt)
{
    const auto result = race(Crash::CommitTwice, true, 4);
    EXPECT_EQ(result.books.sold, 8);
    EXPECT_EQ(result.books.quantity, 4) << "20 less two times 8";
    EXPECT_THAT(rules(result), testing::ElementsAre("I8", "I1"));
}

TEST_F(InventoryRace, oursCommitsOnce)
{
    const auto result = race(Crash::CommitTwice, false);
    EXPECT_EQ(result.books.sold, 20);
    EXPECT_EQ(result.lostCommits, 10);
    EXPECT_THAT(result.findings, testing::IsEmpty());
}

TEST_F(InventoryRace, aCrashBetweenTheWritesLeaksInBoth)
{
    for (const bool documentsCode : {false, true}) {
        store.erase("inventory:RACE");
        const auto result = race(Crash::BetweenWrites, documentsCode, 9, 100);
        EXPECT_EQ(result.crashed, 3);
        EXPECT_EQ(result.books.reserved, 6);
        EXPECT_THAT(rules(result), testing::ElementsAre("I5"));
    }
}

TEST_F(InventoryRace, refusesAPlanOutsideItsLimitsAndAnItemInUse)
{
    EXPECT_THAT(demo::raceForStock(store, clock, {"RACE", 0, 1, Crash::None, false}, {}),
        failsWith(ErrorKind::InvalidRequest));
    store.plant("inventory:RACE", "precious");
    EXPECT_THAT(demo::raceForStock(store, clock, {"RACE", 1, 1, Crash::None, false}, {}),
        failsWith(ErrorKind::Conflict));
}

// Ten minutes of the demo on one fake clock, looked at every ten seconds; then a pause longer than a
// reservation lives.
TEST(InventoryDemo, calmTrafficGivesNoFindingHoweverLongItRunsOrPauses)
{
    using namespace std::chrono_literals;
    FakeClock clock;
    FakeStore store(clock);
    Profile profile;
    demo::Inventory actor;
    actor.declare(profile);
    Call call;
    std::mt19937_64 random(7);
    ASSERT_THAT(actor.seed(store, call, random, clock.nowMs()), succeeds());
    double seconds = 0;
    std::uint64_t reservations = 0;
    std::int64_t least = 1 << 20;
    const auto step = [&](std::chrono::milliseconds by) {
        clock.advance(by);
        seconds += static_cast<double>(by.count()) / 1000;
        actor.step(store, call, random, clock.nowMs(), seconds);
    };
    const auto look = [&] {
        InventoryAuditor auditor(profile, {});
        Call scanning;
        EXPECT_THAT(store.scan(scanning, {},
                        [&](const ScanBatch& batch) {
                            for (const Entry& entry : batch.entries)
                                auditor.take(entry, clock.nowMs());
                            return true;
                        }),
            succeeds());
        auditor.setCoverage(Coverage::Complete);
        EXPECT_EQ(auditor.examined().at("items"), 8U);
        reservations += auditor.examined().at("reservations");
        for (const Finding& finding : auditor.judge(clock.nowMs()))
            ADD_FAILURE() << testing::PrintToString(finding);
        least = std::min(least, InventoryManager(store, clock).available(call, "DESK-STANDING").value_or(-1));
    };
    for (int i = 0; i < 1200; ++i) {
        step(500ms);
        if (i % 20 == 0)
            look();
    }
    EXPECT_GT(reservations, 300U) << "about a dozen carts at any time";
    EXPECT_GE(least, 0);
    step(10min);
    look();
}

} // namespace
} // namespace norikv::client
