// SPDX-License-Identifier: GPL-3.0-or-later
// Each rule: damage planted as bytes behind the wire, that finding and no other certain or suspect one.
#include "client/audit/audit.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <functional>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class InventoryRules : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    Profile profile;
    AuditOptions options{.watchFor = 0s, .recheckAfter = 5000ms};

    void SetUp() override
    {
        profile.ttls = {{"inventory:reservation:", 60'000}};
        options.sleeper = [this](std::chrono::milliseconds ms, const std::stop_token&) {
            clock.advance(ms);
            if (meanwhile)
                meanwhile();
            return true;
        };
        item("H", 10, 3);
        reservation("h1", "H", 3);
        store.plant("inventory:G", R"({"SKU":"G","Quantity":10,"Reserved":3})");
        store.plant("inventory:J", R"({"available":7,"reserved":3})");
    }
    void item(const std::string& sku, std::int64_t quantity, std::int64_t reserved, std::int64_t agoMs = 0)
    {
        store.plant("inventory:" + sku,
            R"({"sku":")" + sku + R"(","quantity":)" + std::to_string(quantity) + R"(,"reserved":)"
                + std::to_string(reserved) + R"(,"lastUpdated":)" + std::to_string(clock.nowMs() - agoMs)
                + "}");
    }
    void reservation(const std::string& id, const std::string& sku, std::int64_t units,
        std::int64_t agoMs = 0, std::uint64_t ttlMs = 60'000)
    {
        store.plant("inventory:reservation:" + id,
            R"({"sku":")" + sku + R"(","quantity":)" + std::to_string(units) + R"(,"createdAt":)"
                + std::to_string(clock.nowMs() - agoMs) + "}",
            ttlMs);
    }
    AuditReport audit()
    {
        auto report = runAudit(store, profile, clock, options, {});
        EXPECT_THAT(report, succeeds());
        return report ? *report : AuditReport();
    }
    /// "I1 certain A", without the infos.
    std::vector<std::string> serious()
    {
        std::vector<std::string> out;
        for (const Finding& f : audit().findings) {
            if (f.severity != Severity::Info)
                out.push_back(f.rule + " " + std::string(name(f.severity)) + " " + f.subject);
        }
        return out;
    }
    std::function<void()> meanwhile;
};

TEST_F(InventoryRules, healthyDataGivesNothing)
{
    const auto report = audit();
    EXPECT_THAT(report.findings, IsEmpty());
    EXPECT_EQ(report.examined.at("items"), 3U);
    EXPECT_EQ(report.examined.at("reservations"), 1U);
}

TEST_F(InventoryRules, oddValuesAreWithstoodInSilence)
{
    store.plant("inventory:1", "not json");
    store.plant("inventory:2", "{}");
    store.plant("inventory:3", R"({"sku":3,"quantity":"ten","reserved":[],"lastUpdated":{}})");
    store.plant("inventory:4", R"({"sku":"4","quantity":1e+21,"reserved":1})");
    store.plant("inventory:5", R"({"sku":"5","quantity":9,"reserved":0,"lastUpdated":99999999999999})");
    store.plant("inventory:reservation:1", "not json");
    store.plant("inventory:reservation:2", R"({"sku":"H","quantity":-5})");
    EXPECT_THAT(serious(), IsEmpty());
}

TEST_F(InventoryRules, i1BelowZero)
{
    item("A", 14, -3);
    reservation("a1", "A", 2);
    EXPECT_THAT(serious(), ElementsAre("I1 certain A"));
}

TEST_F(InventoryRules, i1OfQuantity)
{
    item("A", -1, 0);
    EXPECT_THAT(serious(), ElementsAre("I1 certain A"));
}

TEST_F(InventoryRules, i2Oversold)
{
    item("A", 5, 8, 600'000);
    EXPECT_THAT(serious(), ElementsAre("I2 certain A"));
}

TEST_F(InventoryRules, i2InGoAndJava)
{
    store.plant("inventory:A", R"({"SKU":"A","Quantity":5,"Reserved":8})");
    store.plant("inventory:B", R"({"available":-3,"reserved":8})");
    EXPECT_THAT(serious(), ElementsAre("I2 certain A", "I2 certain B"));
}

TEST_F(InventoryRules, i3QuietItem)
{
    item("A", 30, 7, 300'000);
    EXPECT_THAT(serious(), ElementsAre("I3 certain A"));
}

TEST_F(InventoryRules, i3WaitsForTheTimeToLiveAndItsSlack)
{
    item("A", 30, 7, 110'000); // 60 s + 60 s have not passed, also not at the second look
    EXPECT_THAT(serious(), IsEmpty());
}

TEST_F(InventoryRules, i3IsSuspectByThePatternsDefault)
{
    profile.ttls.clear();
    item("A", 30, 7, 700'000);
    EXPECT_THAT(serious(), ElementsAre("I3 suspect A"));
}

TEST_F(InventoryRules, i3IsSuspectWhileAReservationCanBeRead)
{
    item("A", 30, 7, 300'000);
    reservation("a1", "A", 2);
    EXPECT_THAT(serious(), ElementsAre("I3 suspect A"));
}

TEST_F(InventoryRules, i4SettledTwice)
{
    item("A", 10, 2);
    reservation("a1", "A", 5);
    EXPECT_THAT(serious(), ElementsAre("I4 certain A"));
}

TEST_F(InventoryRules, i4NeedsTwoCuts)
{
    item("A", 10, 2);
    reservation("a1", "A", 5);
    meanwhile = [this] { item("A", 10, 5); }; // an operation was in flight
    EXPECT_THAT(serious(), IsEmpty());
}

TEST_F(InventoryRules, i5IsAnInfo)
{
    item("A", 10, 4);
    reservation("a1", "A", 1);
    const auto findings = audit().findings;
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].rule, "I5");
    EXPECT_EQ(findings[0].severity, Severity::Info);
    EXPECT_THAT(findings[0].evidence, HasSubstr("3 units of 4 reserved"));
}

TEST_F(InventoryRules, i5NeedsTwoCuts)
{
    item("A", 10, 4);
    meanwhile = [this] { reservation("a1", "A", 4); };
    EXPECT_THAT(audit().findings, IsEmpty());
}

TEST_F(InventoryRules, i6Immortal)
{
    item("A", 10, 4, 300'000);
    reservation("a1", "A", 4, 300'000, 0);
    EXPECT_THAT(serious(), ElementsAre("I6 certain A"));
}

TEST_F(InventoryRules, i6IsSuspectByThePatternsDefault)
{
    profile.ttls.clear();
    item("A", 10, 4, 700'000);
    reservation("a1", "A", 4, 700'000, 0);
    EXPECT_THAT(serious(), ElementsAre("I6 suspect A"));
}

TEST_F(InventoryRules, i6OfAReconciledItemIsNoI4)
{
    item("A", 10, 0, 300'000);
    reservation("a1", "A", 4, 300'000, 0);
    EXPECT_THAT(serious(), ElementsAre("I6 certain A"));
}

TEST_F(InventoryRules, i7NoItem)
{
    reservation("a1", "A", 4);
    reservation("a2", "A", 1);
    EXPECT_THAT(serious(), ElementsAre("I7 certain A"));
}

TEST_F(InventoryRules, i7NeedsTheItemToHaveBeenLookedFor)
{
    store.offersExplore = false;
    reservation("a1", "A", 4);
    options.known = {{"inventory:reservation:a1", {}}};
    EXPECT_THAT(serious(), IsEmpty());
    options.known.push_back({"inventory:A", {}});
    EXPECT_THAT(serious(), ElementsAre("I7 certain A"));
}

TEST_F(InventoryRules, i9KeysOfTwoShapes)
{
    store.plant(
        "inventory:reservation:X", R"({"sku":"reservation:X","quantity":5,"reserved":0,"lastUpdated":1})");
    item("shoe:42", 5, 0);
    reservation("a:b", "H", 0);
    EXPECT_THAT(
        serious(), testing::UnorderedElementsAre("I9 suspect X", "I9 suspect shoe:42", "I9 suspect a:b"));
}

TEST_F(InventoryRules, findsTheSameWhereOnlyKnownKeysCanBeRead)
{
    store.offersExplore = false;
    options.shardBudget = 100;
    item("A", 30, 7, 300'000);
    item("B", 14, -3);
    options.known = {{"inventory:A", {}}, {"inventory:B", {}}};
    EXPECT_THAT(serious(), ElementsAre("I3 certain A", "I1 certain B"));
}

} // namespace
} // namespace norikv::client
