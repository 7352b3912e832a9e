// SPDX-License-Identifier: GPL-3.0-or-later
// Stock as the window gets it: the book alone, its models, and the feed over a store in memory.
#include "models/stockfeed.h"

#include "tests/models/feedfixture.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include <gtest/gtest.h>

#include <map>
#include <random>

using namespace norikv;
using namespace std::chrono_literals;
using client::Bytes;
using models::FeedState;
using models::LeakMeter;
using models::ReservationModel;
using models::StockBook;
using models::StockFeed;
using models::StockModel;
using test::Bench;
using test::FakeClock;
using test::FakeStore;
using test::waitFor;

namespace {

constexpr EpochMs T = FakeClock::StartMs;

Bytes itemValue(const std::string& sku, std::int64_t quantity, std::int64_t reserved, EpochMs at = T)
{
    return R"({"sku":")" + sku + R"(","quantity":)" + std::to_string(quantity) + R"(,"reserved":)"
        + std::to_string(reserved) + R"(,"lastUpdated":)" + std::to_string(at) + "}";
}

Bytes reservationValue(const std::string& sku, std::int64_t units, EpochMs at = T)
{
    return R"({"sku":")" + sku + R"(","quantity":)" + std::to_string(units) + R"(,"createdAt":)"
        + std::to_string(at) + "}";
}

/// A book with a clock of its own, and the models that show what it publishes.
struct Book {
    std::shared_ptr<StockBook::Queue> queue = std::make_shared<StockBook::Queue>();
    StockBook book;
    StockModel board;
    ReservationModel reservations;
    QAbstractItemModelTester boardTester{&board, QAbstractItemModelTester::FailureReportingMode::Fatal};
    QAbstractItemModelTester listTester{&reservations, QAbstractItemModelTester::FailureReportingMode::Fatal};
    EpochMs now = T;
    client::Coverage coverage = client::Coverage::Complete;
    std::vector<std::string> rules; ///< of findings told so far
    models::StockTotals totals;
    std::vector<LeakMeter::Point> leak;

    Book()
        : book({}, queue)
    {
    }
    models::FollowStatus status() const { return {coverage, true, now, 0}; }
    void put(const Bytes& key, const Bytes& value, std::optional<EpochMs> expiresAt = {})
    {
        client::Entry entry;
        entry.key = key;
        entry.value = value;
        entry.version = client::Version{0, ++m_index};
        entry.expiresAtMs = expiresAt;
        entry.provenance = expiresAt ? client::TtlProvenance::Server : client::TtlProvenance::Unknown;
        book.put(entry, status());
    }
    void item(const std::string& sku, std::int64_t quantity, std::int64_t reserved)
    {
        put(client::itemKey(sku), itemValue(sku, quantity, reserved, now));
    }
    void reservation(
        const std::string& id, const std::string& sku, std::int64_t units, EpochMs lives = 600'000)
    {
        put(client::reservationKey(id), reservationValue(sku, units, now), now + lives);
    }
    void gone(const Bytes& key) { book.gone(key, StockBook::Gone::Deleted, status()); }
    void show()
    {
        book.publish(status());
        for (auto& chunk : queue->take()) {
            for (const auto& piece : chunk) {
                board.show(piece->items);
                reservations.setNow(now);
                reservations.show(piece->reservations);
                totals = piece->totals;
                leak = piece->leak;
                for (const auto& finding : piece->findings)
                    rules.push_back(finding.rule + " " + finding.subject);
            }
        }
    }
    void pass(EpochMs ms)
    {
        now += ms;
        show();
    }
    std::vector<std::string> skus() const
    {
        std::vector<std::string> out;
        for (int row = 0; row < board.rowCount(); ++row)
            out.push_back(board.record(row).reading.sku);
        return out;
    }
    QString cell(int row, int column) const { return board.index(row, column).data().toString(); }

private:
    std::uint64_t m_index = 0;
};

using Names = std::vector<std::string>;

TEST(StockBook, SumsTheReservationsOfEachItem)
{
    Book t;
    t.item("MUG", 20, 5);
    t.reservation("r1", "MUG", 2);
    t.reservation("r2", "MUG", 3);
    t.item("PEN", 9, 0);
    t.book.choose("MUG");
    t.show();
    EXPECT_EQ(t.skus(), (Names{"MUG", "PEN"}));
    EXPECT_EQ(t.cell(0, StockModel::Available), QStringLiteral("15"));
    EXPECT_EQ(t.cell(0, StockModel::Held), QStringLiteral("5 in 2"));
    EXPECT_EQ(t.cell(0, StockModel::State), QStringLiteral("balanced"));
    EXPECT_EQ(t.reservations.rowCount(), 2);
    EXPECT_EQ(t.totals.available, 24);
    EXPECT_EQ(t.totals.reservations, 2U);
    t.book.choose("PEN");
    t.pass(1);
    EXPECT_EQ(t.reservations.rowCount(), 0);
    t.gone(client::itemKey("PEN"));
    t.pass(1000);
    EXPECT_EQ(t.skus(), (Names{"MUG"}));
    t.pass(6000);
    EXPECT_TRUE(t.rules.empty()) << t.rules.front();
}

TEST(StockBook, AReservationInFlightIsNoLeakButOneThatStandsIs)
{
    Book t;
    t.item("MUG", 20, 0);
    t.show();
    t.book.choose("MUG");
    // The item is raised first: for a moment nothing holds the units.
    t.pass(1000);
    t.item("MUG", 20, 2);
    t.pass(1000);
    EXPECT_EQ(t.totals.leaked, 0);
    t.reservation("r", "MUG", 2);
    t.pass(6000);
    EXPECT_EQ(t.totals.leaked, 0);
    EXPECT_TRUE(t.leak.empty()) << "it was in flight";
    t.gone(client::reservationKey("r"));
    t.pass(1000);
    t.pass(2000);
    EXPECT_EQ(t.totals.leaked, 0);
    t.pass(3000);
    EXPECT_EQ(t.totals.leaked, 2);
    ASSERT_EQ(t.leak.size(), 1U);
    EXPECT_EQ(t.leak[0].leaked, 2);
    EXPECT_EQ(t.cell(0, StockModel::State), QStringLiteral("2 leaking"));
    const auto parts = t.board.index(0, 0).data(StockModel::PartsRole).value<models::StockParts>();
    EXPECT_EQ(parts.available, 18);
    EXPECT_EQ(parts.held, 0);
    EXPECT_EQ(parts.leaked, 2);
    t.item("MUG", 20, 0);
    t.pass(1000);
    EXPECT_EQ(t.totals.leaked, 0) << "given back";
}

TEST(StockBook, SaysWhatIsWrongAfterItHasStoodAndPutsItFirst)
{
    Book t;
    t.item("A", 20, 0);
    t.item("OVER", 5, 8);
    t.item("TWICE", 10, 1);
    t.reservation("r", "TWICE", 3);
    t.reservation("orphan", "NONE", 1);
    t.show();
    EXPECT_EQ(t.skus(), (Names{"NONE", "OVER", "TWICE", "A"}));
    EXPECT_TRUE(t.rules.empty()) << "not before a second cut";
    t.pass(6000);
    std::vector<std::string> serious;
    for (const auto& rule : t.rules)
        if (!rule.starts_with("I5"))
            serious.push_back(rule);
    EXPECT_EQ(serious, (Names{"I7 NONE", "I2 OVER", "I4 TWICE"}));
    t.book.setFilter({"", true});
    t.pass(1);
    EXPECT_EQ(t.skus(), (Names{"NONE", "OVER", "TWICE"}));
    t.book.setFilter({"over", false});
    t.pass(1);
    EXPECT_EQ(t.skus(), (Names{"OVER"}));
    t.book.setFilter({});
    t.book.setOrder(models::StockOrder::FewestAvailable);
    t.pass(1);
    EXPECT_EQ(t.skus().front(), "OVER");
}

TEST(StockBook, AReservationThatOutlivesItsTimeIsSaidSo)
{
    Book t;
    t.item("MUG", 20, 2);
    t.reservation("r", "MUG", 2, 40'000);
    t.book.choose("MUG");
    t.show();
    const auto state = [&] { return t.reservations.index(0, ReservationModel::State).data().toString(); };
    EXPECT_EQ(state(), QStringLiteral("held"));
    t.pass(20'000);
    EXPECT_EQ(state(), QStringLiteral("ends soon"));
    EXPECT_NEAR(t.reservations.index(0, 0).data(ReservationModel::LeftRole).toDouble(), 20.0 / 600, 0.001);
    t.pass(30'000);
    EXPECT_TRUE(state().startsWith(QStringLiteral("I6")));
    t.pass(6000);
    ASSERT_FALSE(t.rules.empty());
    EXPECT_EQ(t.rules.back(), "I6 MUG");
}

TEST(StockBook, ShowsValuesThatAreNoRecordsAndKeepsGoing)
{
    Book t;
    t.put(client::itemKey("broken"), "not json");
    t.put(client::itemKey("<b>x</b>"), R"({"sku":"<b>x</b>","quantity":"many","reserved":1e99})");
    t.put(client::itemKey("big"),
        R"({"sku":"big","quantity":9223372036854775807,"reserved":-9223372036854775808})");
    t.put(client::reservationKey("r"), "[]");
    t.show();
    EXPECT_EQ(t.board.rowCount(), 3);
    t.pass(6000);
    // The only figure that is wrong by itself is the negative one.
    EXPECT_EQ(t.rules, (Names{"I1 big"}));
}

TEST(StockBook, AnItemWithoutStoredReservationsIsNotCompared)
{
    Book t;
    t.put(client::itemKey("GO"), R"({"SKU":"GO","Quantity":10,"Reserved":4})");
    t.show();
    EXPECT_EQ(t.cell(0, StockModel::Held), QStringLiteral("not stored"));
    t.pass(6000);
    EXPECT_EQ(t.totals.leaked, 0);
    EXPECT_TRUE(t.rules.empty());
}

TEST(StockBook, AsksForTheItemsThatReservationsName)
{
    Book t;
    t.coverage = client::Coverage::KnownKeys;
    t.reservation("r", "MUG", 1);
    t.reservation("s", "MUG", 1);
    EXPECT_EQ(t.book.alsoAsk(), (std::vector<Bytes>{client::itemKey("MUG")}));
    t.show();
    t.pass(6000);
    EXPECT_TRUE(t.rules.empty()) << "an item that nobody looked for is not missing";
    t.gone(client::itemKey("MUG"));
    t.pass(1000);
    t.pass(6000);
    ASSERT_FALSE(t.rules.empty());
    EXPECT_EQ(t.rules.back(), "I7 MUG");
}

TEST(StockBook, AlwaysEndsAtWhatIsStored)
{
    Book t;
    std::mt19937 random(7);
    std::map<Bytes, Bytes> stored;
    t.book.choose("S1");
    for (int step = 0; step < 3000; ++step) {
        const std::string sku = "S" + std::to_string(random() % 12);
        const Bytes key = random() % 3 ? client::reservationKey("r" + std::to_string(random() % 60))
                                       : client::itemKey(sku);
        if (random() % 4 == 0) {
            t.gone(key);
            stored.erase(key);
        } else {
            const auto units = static_cast<std::int64_t>(random() % 9);
            stored[key] = client::skuOfItemKey(key) ? itemValue(*client::skuOfItemKey(key), 50, units)
                                                    : reservationValue(sku, units);
            t.put(key, stored[key], t.now + 1'000'000);
        }
        if (random() % 7 == 0)
            t.pass(300);
    }
    t.pass(1000);
    std::map<std::string, std::int64_t> held;
    int ofS1 = 0;
    for (const auto& [key, value] : stored) {
        if (client::skuOfItemKey(key))
            continue;
        const auto reservation = client::parseReservation(key, value);
        held[reservation->sku] += *reservation->quantity;
        ofS1 += reservation->sku == "S1" ? 1 : 0;
    }
    EXPECT_EQ(t.reservations.rowCount(), ofS1);
    for (int row = 0; row < t.board.rowCount(); ++row) {
        const auto& shown = t.board.record(row);
        EXPECT_EQ(shown.held, held[shown.reading.sku]) << shown.reading.sku;
        EXPECT_EQ(shown.reading.there, stored.contains(shown.key)) << shown.reading.sku;
    }
}

TEST(LeakMeter, SaysWhenNothingIsLeftToSell)
{
    using Point = LeakMeter::Point;
    EXPECT_FALSE(LeakMeter::soldOutOnPaper({}));
    EXPECT_FALSE(LeakMeter::soldOutOnPaper({Point{0, 2, 50}, Point{1000, 2, 40}})) << "it does not grow";
    EXPECT_EQ(LeakMeter::soldOutOnPaper({Point{0, 2, 50}, Point{1000, 4, 40}}), 21'000);
}

struct Feed : Bench {
    std::unique_ptr<StockFeed> feed;
    std::vector<models::Outcome> outcomes;
    std::vector<client::Finding> findings;
    std::vector<std::vector<client::ReconcilePlan>> plans;
    QStringList attempts;

    ~Feed() { feed.reset(); }
    void start()
    {
        store.idle = [this] {
            clock.advance(300ms);
            std::this_thread::sleep_for(1ms); // a watch is idle at the pace of its server
        };
        open();
        feed = std::make_unique<StockFeed>(*dispatcher, *connection, clock, nullptr);
        QObject::connect(feed.get(), &StockFeed::found, feed.get(),
            [this](const client::Finding& finding) { findings.push_back(finding); });
        QObject::connect(feed.get(), &StockFeed::acted, feed.get(),
            [this](const models::Outcome& outcome) { outcomes.push_back(outcome); });
        QObject::connect(feed.get(), &StockFeed::planned, feed.get(),
            [this](const std::vector<client::ReconcilePlan>& made) { plans.push_back(made); });
        QObject::connect(
            feed.get(), &StockFeed::attempted, feed.get(), [this](const QString& text) { attempts << text; });
    }
    bool ready()
    {
        return waitFor([&] { return feed->state() == FeedState::Ready; });
    }
    bool acted(std::size_t count = 1)
    {
        return waitFor([&] { return outcomes.size() >= count; });
    }
    std::optional<client::InventoryItem> item(const std::string& sku)
    {
        const auto value = store.value(client::itemKey(sku));
        if (!value)
            return std::nullopt;
        const auto parsed = client::parseItem(client::itemKey(sku), *value);
        return parsed ? std::optional(*parsed) : std::nullopt;
    }
    Bytes onlyReservation()
    {
        return waitFor([&] { return feed->reservations().rowCount() == 1; })
            ? *client::idOfReservationKey(feed->reservations().record(0).key)
            : Bytes();
    }
};

TEST(StockFeed, CreatesReservesCommitsAndReleases)
{
    Feed t;
    t.start();
    ASSERT_TRUE(t.ready());
    t.feed->createItem("MUG", 10);
    ASSERT_TRUE(t.acted());
    EXPECT_TRUE(t.outcomes.back().ok) << t.outcomes.back().text.toStdString();
    t.feed->createItem("MUG", 99);
    ASSERT_TRUE(t.acted(2));
    EXPECT_FALSE(t.outcomes.back().ok) << "an item in use is never overwritten";
    EXPECT_EQ(t.item("MUG")->quantity, 10);
    t.feed->reserve("MUG", 4);
    ASSERT_TRUE(t.acted(3));
    EXPECT_TRUE(t.attempts.join(QLatin1Char('\n')).contains(QStringLiteral("attempt 1: read version")));
    EXPECT_EQ(t.item("MUG")->reserved, 4);
    t.feed->commit(t.onlyReservation());
    ASSERT_TRUE(t.acted(4));
    EXPECT_TRUE(t.outcomes.back().text.contains(QStringLiteral("Sold 4")))
        << t.outcomes.back().text.toStdString();
    EXPECT_EQ(t.item("MUG")->quantity, 6);
    EXPECT_EQ(t.item("MUG")->reserved, 0);
    t.feed->reserve("MUG", 7);
    ASSERT_TRUE(t.acted(5));
    EXPECT_TRUE(t.outcomes.back().text.contains(QStringLiteral("need 7, have 6")))
        << t.outcomes.back().text.toStdString();
    ASSERT_TRUE(waitFor([&] { return t.feed->reservations().rowCount() == 0; }));
    t.feed->reserve("MUG", 2);
    ASSERT_TRUE(t.acted(6));
    const Bytes id = t.onlyReservation();
    t.feed->release(id);
    ASSERT_TRUE(t.acted(7));
    EXPECT_EQ(t.item("MUG")->reserved, 0);
    t.feed->commit(id);
    ASSERT_TRUE(t.acted(8));
    EXPECT_TRUE(t.outcomes.back().text.contains(QStringLiteral("gone")))
        << t.outcomes.back().text.toStdString();
    EXPECT_EQ(t.item("MUG")->quantity, 6);
}

TEST(StockFeed, AnUnknownOutcomeStaysUnknownUntilItIsChecked)
{
    Feed t;
    t.store.plant("inventory:MUG", itemValue("MUG", 10, 0));
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->model().rowCount() == 1; }));
    t.store.script(FakeStore::Op::Put, FakeStore::Fault::UnknownAfterApply);
    t.feed->reserve("MUG", 3);
    ASSERT_TRUE(t.acted());
    EXPECT_TRUE(t.outcomes.back().unknown);
    ASSERT_TRUE(t.outcomes.back().canCheck);
    t.feed->check();
    ASSERT_TRUE(t.acted(2));
    EXPECT_TRUE(t.outcomes.back().text.contains(QStringLiteral("3 units")))
        << t.outcomes.back().text.toStdString();
}

TEST(StockFeed, GivesLeakedUnitsBackAfterADryRun)
{
    Feed t;
    const EpochMs old = T - 3'600'000;
    t.store.plant("inventory:MUG", itemValue("MUG", 10, 7, old));
    t.store.plant("inventory:reservation:r", reservationValue("MUG", 2, T), 600'000);
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->totals().leaked == 5; }));
    t.feed->planReconcile({});
    ASSERT_TRUE(waitFor([&] { return !t.plans.empty(); }));
    ASSERT_EQ(t.plans.back().size(), 1U);
    EXPECT_EQ(t.plans.back()[0].leaked, 5);
    EXPECT_EQ(t.item("MUG")->reserved, 7) << "a dry run writes nothing";
    // Somebody is faster: what was planned is not written over it.
    t.store.plant("inventory:MUG", itemValue("MUG", 10, 8, old));
    t.feed->reconcile(t.plans.back());
    ASSERT_TRUE(t.acted());
    EXPECT_FALSE(t.outcomes.back().ok);
    EXPECT_EQ(t.item("MUG")->reserved, 8);
    t.feed->planReconcile({"MUG"});
    ASSERT_TRUE(waitFor([&] { return t.plans.size() == 2; }));
    t.feed->reconcile(t.plans.back());
    ASSERT_TRUE(t.acted(2));
    EXPECT_TRUE(t.outcomes.back().ok) << t.outcomes.back().text.toStdString();
    EXPECT_EQ(t.item("MUG")->reserved, 2);
    EXPECT_EQ(t.item("MUG")->quantity, 10);
}

TEST(StockFeed, NeverReconcilesWhatMayBeAReservationOnItsWay)
{
    Feed t;
    t.start();
    ASSERT_TRUE(t.ready());
    t.store.idle = [] { std::this_thread::sleep_for(1ms); };
    t.store.plant("inventory:MUG", itemValue("MUG", 10, 7, t.feed->nowMs()));
    t.feed->planReconcile({"MUG"});
    ASSERT_TRUE(t.acted());
    EXPECT_TRUE(t.outcomes.back().text.contains(QStringLiteral("moment ago")))
        << t.outcomes.back().text.toStdString();
    EXPECT_TRUE(t.plans.empty());
}

TEST(StockFeed, OffersAFixOnlyWhereItIsProvable)
{
    Feed t;
    t.start();
    client::Finding finding{"I3", client::Severity::Certain, "MUG", "inventory:MUG", "", 0, 0};
    EXPECT_TRUE(t.feed->fixTitle(finding).contains(QStringLiteral("MUG")));
    finding.severity = client::Severity::Suspect;
    EXPECT_TRUE(t.feed->fixTitle(finding).isEmpty());
    finding.rule = "I1";
    finding.severity = client::Severity::Certain;
    EXPECT_TRUE(t.feed->fixTitle(finding).isEmpty());
}

TEST(StockFeed, FollowsKnownKeysWhereTheServerCannotList)
{
    Feed t;
    t.store.offersExplore = false;
    t.store.plant("inventory:MUG", itemValue("MUG", 10, 2));
    t.store.plant("inventory:reservation:r", reservationValue("MUG", 2), 600'000);
    t.start();
    ASSERT_TRUE(t.ready());
    EXPECT_EQ(t.feed->coverage(), client::Coverage::KnownKeys);
    t.feed->select("inventory:reservation:r");
    ASSERT_TRUE(waitFor([&] { return t.feed->selected() == "MUG"; }));
    ASSERT_TRUE(waitFor([&] {
        t.clock.advance(50ms); // nobody else moves it: there is no watch
        return t.feed->selectedRow() && t.feed->selectedRow()->reading.there
            && t.feed->selectedRow()->held == 2;
    }));
    EXPECT_EQ(t.feed->reservations().rowCount(), 1);
}

TEST(StockFeed, RacesForAnItemOfItsOwn)
{
    Feed t;
    t.start();
    ASSERT_TRUE(t.ready());
    std::optional<client::demo::InventoryRaceResult> result;
    QObject::connect(t.feed.get(), &StockFeed::raced, t.feed.get(),
        [&](const client::demo::InventoryRaceResult& ended) { result = ended; });
    client::demo::InventoryRacePlan plan;
    plan.buyers = 4;
    t.feed->race(plan);
    EXPECT_TRUE(t.feed->racing());
    ASSERT_TRUE(waitFor([&] { return result.has_value(); }, 20'000));
    EXPECT_TRUE(result->findings.empty()) << result->findings.front().evidence;
    EXPECT_EQ(result->books.sold, 8);
}

} // namespace
