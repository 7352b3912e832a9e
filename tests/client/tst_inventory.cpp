// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/inventorymanager.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakesleeper.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"
#include "tests/support/stockproperty.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <random>
#include <thread>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeSleeper;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::HasSubstr;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using Fault = FakeStore::Fault;
using Op = FakeStore::Op;

TEST(InventoryItem, isReadInEveryDialect)
{
    const auto ts
        = parseItem("inventory:A", R"({"sku":"A","quantity":10,"reserved":3,"lastUpdated":1700000000000})");
    ASSERT_THAT(ts, succeeds());
    EXPECT_EQ(ts->available(), 7);
    EXPECT_EQ(ts->dialect, Dialect::TypeScript);
    EXPECT_EQ(ts->lastUpdated->ms, 1700000000000);
    const auto python = parseItem(
        "inventory:A", R"({"sku": "A", "quantity": 10, "reserved": 3, "last_updated": 1700000000000})");
    ASSERT_THAT(python, succeeds());
    EXPECT_EQ(python->dialect, Dialect::Python);
    EXPECT_TRUE(python->hasReservations());
    const auto go = parseItem("inventory:A", R"({"SKU":"A","Quantity":10,"Reserved":3})");
    ASSERT_THAT(go, succeeds());
    EXPECT_EQ(go->dialect, Dialect::Go);
    EXPECT_EQ(go->available(), 7);
    EXPECT_FALSE(go->hasReservations());
    const auto java = parseItem("inventory:A", R"({"available":7,"reserved":3})");
    ASSERT_THAT(java, succeeds());
    EXPECT_EQ(java->dialect, Dialect::Java);
    EXPECT_EQ(java->available(), 7);
    EXPECT_EQ(java->quantity, 10);
}

TEST(InventoryItem, isRewrittenInItsOwnDialectWithWhatItDoesNotKnow)
{
    const auto change = [](std::string_view stored) {
        const auto out = changeItem("inventory:A", stored, {-2, -2}, 1700000009000);
        return out ? *out : "failed: " + out.error().message;
    };
    EXPECT_EQ(change(R"({"bin":{"x":1.50},"sku":"A","quantity":10,"reserved":3,"lastUpdated":1600000000})"),
        R"({"bin":{"x":1.50},"sku":"A","quantity":8,"reserved":1,"lastUpdated":1700000009})")
        << "a time in seconds stays in seconds";
    EXPECT_EQ(change(R"({"sku": "A", "quantity": 10, "reserved": 3, "last_updated": 1700000000000})"),
        R"({"sku": "A", "quantity": 8, "reserved": 1, "last_updated": 1700000009000})");
    EXPECT_EQ(
        change(R"({"SKU":"A","Quantity":10,"Reserved":3})"), R"({"SKU":"A","Quantity":8,"Reserved":1})");
    EXPECT_EQ(change(R"({"available":7,"reserved":3})"), R"({"available":7,"reserved":1})")
        << "confirm lowers reserved only";
}

TEST(InventoryItem, saysWhatIsWrongInsteadOfGuessing)
{
    EXPECT_THAT(parseItem("inventory:A", "not json"), failsWith(ErrorKind::BadData));
    EXPECT_THAT(parseItem("inventory:A", "[1]"), failsWith(ErrorKind::BadData));
    EXPECT_THAT(parseItem("inventory:reservation:A", "{}"), failsWith(ErrorKind::InvalidRequest));
    const auto odd
        = parseItem("inventory:A", R"({"sku":"A","quantity":5.5,"reserved":-3,"lastUpdated":1700000000})");
    ASSERT_THAT(odd, succeeds());
    EXPECT_FALSE(odd->quantity);
    EXPECT_THAT(odd->complaints,
        UnorderedElementsAre(
            HasSubstr("quantity is 5.5"), HasSubstr("which is seconds"), HasSubstr("reserved is -3")));
}

TEST(InventoryItem, neverLeaves64Bits)
{
    const std::string most = R"({"sku":"A","quantity":9223372036854775807,"reserved":0})";
    EXPECT_THAT(changeItem("inventory:A", most, {1, 0}, 1), failsWith(ErrorKind::BadData));
    EXPECT_THAT(changeItem("inventory:A", R"({"sku":"A","quantity":1e+21,"reserved":0})", {1, 0}, 1),
        failsWith(ErrorKind::BadData));
    EXPECT_THAT(changeItem("inventory:A", R"({"sku":"A"})", {1, 0}, 1), failsWith(ErrorKind::BadData));
}

class Inventory : public testing::Test {
protected:
    FakeClock clock;
    FakeSleeper sleeper{clock};
    FakeStore store{clock};
    Call call;
    std::vector<CasAttempt> attempts;

    InventoryManager manager()
    {
        InventoryManager::Options options;
        options.loop.sleep = sleeper.sleeper();
        options.loop.tell = [this](const CasAttempt& attempt) { attempts.push_back(attempt); };
        options.newId = [] { return Bytes("r1"); };
        return {store, clock, options};
    }
    InventoryItem item()
    {
        const auto value = store.value("inventory:A");
        const auto read = parseItem("inventory:A", value.value_or(""));
        EXPECT_THAT(read, succeeds());
        return read ? *read : InventoryItem();
    }
};

TEST_F(Inventory, reservesCommitsAndReleasesAsTheDocumentSays)
{
    auto shop = manager();
    ASSERT_THAT(shop.createItem(call, "A", 10), succeeds());
    EXPECT_EQ(
        *store.value("inventory:A"), R"({"sku":"A","quantity":10,"reserved":0,"lastUpdated":1700000000000})");
    ASSERT_THAT(shop.reserve(call, "A", 4), succeeds());
    EXPECT_EQ(
        *store.value("inventory:reservation:r1"), R"({"sku":"A","quantity":4,"createdAt":1700000000000})");
    EXPECT_EQ(store.contents()["inventory:reservation:r1"].expiresAtMs, FakeClock::StartMs + 600'000);
    EXPECT_EQ(shop.available(call, "A").value_or(-1), 6);
    const auto refused = shop.reserve(call, "A", 7);
    ASSERT_THAT(refused, failsWith(ErrorKind::InvalidRequest));
    EXPECT_EQ(refused.error().message, "Insufficient inventory: need 7, have 6");
    ASSERT_THAT(shop.commit(call, "r1"), succeeds());
    EXPECT_EQ(item().quantity, 6);
    EXPECT_EQ(item().reserved, 0);
    EXPECT_FALSE(store.value("inventory:reservation:r1"));
    ASSERT_THAT(shop.reserve(call, "A", 2), succeeds());
    ASSERT_THAT(shop.release(call, "r1"), succeeds());
    EXPECT_EQ(item().quantity, 6);
    EXPECT_EQ(item().reserved, 0);
}

TEST_F(Inventory, createNeverOverwritesAndRefusesNamesThatCollide)
{
    auto shop = manager();
    store.plant("inventory:A", "precious");
    EXPECT_THAT(shop.createItem(call, "A", 10), failsWith(ErrorKind::Conflict));
    EXPECT_EQ(*store.value("inventory:A"), "precious");
    EXPECT_THAT(shop.createItem(call, "reservation:x", 10), failsWith(ErrorKind::InvalidRequest));
    EXPECT_THAT(shop.createItem(call, "B", -1), failsWith(ErrorKind::InvalidRequest));
    EXPECT_THAT(shop.reserve(call, "nowhere", 1), failsWith(ErrorKind::NotFound));
}

TEST_F(Inventory, aReservationThatIsGoneIsSaidAndChangesNothing)
{
    auto shop = manager();
    ASSERT_THAT(shop.createItem(call, "A", 10), succeeds());
    ASSERT_THAT(shop.reserve(call, "A", 4), succeeds());
    clock.advance(601s);
    const Bytes before = *store.value("inventory:A");
    EXPECT_THAT(shop.commit(call, "r1"), failsWith(ErrorKind::NotFound));
    EXPECT_EQ(*store.value("inventory:A"), before);
}

TEST_F(Inventory, ofTwoOperatorsOneWins)
{
    auto shop = manager();
    ASSERT_THAT(shop.createItem(call, "A", 10), succeeds());
    ASSERT_THAT(shop.reserve(call, "A", 4), succeeds());
    // The other one commits between this one's read and its delete.
    bool done = false;
    store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op != Op::Remove || done)
            return;
        done = true;
        Call theirs;
        EXPECT_THAT(InventoryManager(store, clock).commit(theirs, "r1"), succeeds());
    };
    EXPECT_THAT(shop.commit(call, "r1"), failsWith(ErrorKind::NotFound));
    EXPECT_EQ(item().quantity, 6);
    EXPECT_EQ(item().reserved, 0);
}

TEST_F(Inventory, tellsEveryAttempt)
{
    auto shop = manager();
    ASSERT_THAT(shop.createItem(call, "A", 10), succeeds());
    store.script(Op::Put, Fault::Conflict, 2);
    ASSERT_THAT(shop.reserve(call, "A", 1), succeeds());
    ASSERT_THAT(attempts, SizeIs(3));
    EXPECT_FALSE(attempts[0].won);
    EXPECT_EQ(attempts[0].wait, 10ms);
    EXPECT_EQ(attempts[1].wait, 20ms);
    EXPECT_TRUE(attempts[2].won);
}

TEST_F(Inventory, aReservationThatCannotBeWrittenSetsTheItemBack)
{
    auto shop = manager();
    ASSERT_THAT(shop.createItem(call, "A", 10), succeeds());
    class Refusing final : public ForwardingStore {
    public:
        using ForwardingStore::ForwardingStore;
        Result<Version> put(Call& c, const Put& put) override
        {
            if (idOfReservationKey(put.key))
                return fail(ErrorKind::Server, "no room");
            return ForwardingStore::put(c, put);
        }
    } refusing(store);
    InventoryManager limited(refusing, clock);
    const auto refused = limited.reserve(call, "A", 3);
    ASSERT_THAT(refused, failsWith(ErrorKind::Server));
    EXPECT_THAT(refused.error().detail, HasSubstr("set back"));
    EXPECT_EQ(item().reserved, 0);
}

TEST_F(Inventory, anUnknownOutcomeIsUnknownAndACheckFindsOut)
{
    using Kind = StockVerdict::Kind;
    auto shop = manager();
    ASSERT_THAT(shop.createItem(call, "A", 10), succeeds());
    for (const Fault fault : {Fault::UnknownBeforeApply, Fault::UnknownAfterApply}) {
        StockDoubt doubt;
        store.script(Op::Put, fault);
        ASSERT_THAT(shop.reserve(call, "A", 2, &doubt), failsWith(ErrorKind::UnknownOutcome));
        EXPECT_EQ(doubt.step, StockDoubt::Step::ItemRaised);
        const auto verdict = shop.check(call, doubt);
        ASSERT_THAT(verdict, succeeds());
        EXPECT_EQ(verdict->kind, fault == Fault::UnknownAfterApply ? Kind::Applied : Kind::NotApplied);
    }
    EXPECT_EQ(item().reserved, 2);
    ASSERT_THAT(shop.reserve(call, "A", 3), succeeds());
    StockDoubt doubt;
    store.script(Op::Remove, Fault::UnknownBeforeApply);
    ASSERT_THAT(shop.commit(call, "r1", &doubt), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(doubt.step, StockDoubt::Step::ReservationTaken);
    EXPECT_EQ(shop.check(call, doubt)->kind, Kind::NotApplied);
    store.script(Op::Put, Fault::UnknownAfterApply);
    ASSERT_THAT(shop.commit(call, "r1", &doubt), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(doubt.step, StockDoubt::Step::ItemSettled);
    EXPECT_EQ(doubt.units, 3);
    EXPECT_EQ(shop.check(call, doubt)->kind, Kind::Applied);
}

TEST_F(Inventory, reconcileReturnsTheLeakAndRefusesAMovedItem)
{
    auto shop = manager();
    store.plant(
        "inventory:A", R"({"sku":"A","quantity":30,"reserved":7,"lastUpdated":1600000000000,"bin":4})");
    auto read = store.get(call, "inventory:A", Consistency::Strong);
    ASSERT_THAT(read, succeeds());
    read->key = "inventory:A";
    const auto plan = InventoryManager::plan(*read, 2, clock.nowMs());
    ASSERT_THAT(plan, succeeds());
    ASSERT_TRUE(plan->has_value());
    EXPECT_EQ((*plan)->leaked, 5);
    const auto after = shop.reconcile(call, **plan);
    ASSERT_THAT(after, succeeds());
    EXPECT_EQ(after->value, R"({"sku":"A","quantity":30,"reserved":2,"lastUpdated":1700000000000,"bin":4})");
    EXPECT_THAT(shop.reconcile(call, **plan), failsWith(ErrorKind::Conflict))
        << "the item moved since the plan";
}

TEST(InventoryProperty, neverOversellsNorCommitsTwiceAndReconcileFindsEveryLeak)
{
    FakeClock clock;
    FakeStore store(clock);
    norikv::test::expectStockHolds(store, clock, 4, [&] { clock.advance(std::chrono::hours(1)); });
}

} // namespace
} // namespace norikv::client
