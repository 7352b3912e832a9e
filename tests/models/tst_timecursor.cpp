// SPDX-License-Identifier: GPL-3.0-or-later
// The moment that all panels show: the cursor and its recordings alone, tables that jump, and feeds that go
// back.
#include "models/counterfeed.h"
#include "models/sessionfeed.h"
#include "models/sheetmodel.h"
#include "models/stockfeed.h"
#include "models/timecursor.h"

#include "tests/models/feedfixture.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include <gtest/gtest.h>

#include <random>

using namespace norikv;
using namespace std::chrono_literals;
using models::Reel;
using models::TimeCursor;
using test::Bench;
using test::FakeClock;
using test::waitFor;
using State = TimeCursor::State;

namespace {

constexpr EpochMs T = FakeClock::StartMs;

} // namespace

TEST(TimeCursor, GoesBackStepsAndComesToLive)
{
    FakeClock clock;
    TimeCursor cursor(clock, {});
    const QSignalSpy changed(&cursor, &TimeCursor::changed);
    EXPECT_EQ(cursor.state(), State::Live);
    clock.advance(10s);
    cursor.pause();
    EXPECT_EQ(cursor.state(), State::Paused);
    EXPECT_EQ(cursor.moment(), T + 10'000);
    clock.advance(10s);
    EXPECT_EQ(cursor.moment(), T + 10'000) << "it stands still";
    cursor.step(-3s);
    EXPECT_EQ(cursor.state(), State::Replay);
    EXPECT_EQ(cursor.moment(), T + 7'000);
    cursor.show(T - 5'000);
    EXPECT_EQ(cursor.moment(), T) << "before the first moment there is nothing";
    cursor.step(1h);
    EXPECT_EQ(cursor.state(), State::Live) << "the future is LIVE";
    EXPECT_EQ(changed.count(), 4);
    cursor.live();
    EXPECT_EQ(changed.count(), 4) << "it was";
}

TEST(TimeCursor, ForgetsWhatIsOlderThanItsSpan)
{
    FakeClock clock;
    TimeCursor cursor(clock, {1min, 1U << 20U});
    Reel<int> reel;
    cursor.add(reel);
    for (int second = 0; second < 180; ++second) {
        reel.push(clock.nowMs(), second, 10);
        clock.advance(1s);
        cursor.trim();
    }
    EXPECT_EQ(cursor.oldestMs(), clock.nowMs() - 60'000);
    EXPECT_FALSE(cursor.full());
    EXPECT_EQ(reel.at(cursor.oldestMs()), 120) << "what was shown at the edge is kept";
    EXPECT_EQ(reel.at(clock.nowMs()), 179);
    EXPECT_LE(reel.bytes(), 62U * 10U);
    cursor.leave(reel);
}

TEST(TimeCursor, WhenMemoryIsFullTheEdgeMovesAndTheMomentWithIt)
{
    FakeClock clock;
    TimeCursor cursor(clock, {30min, 1000});
    Reel<int> small;
    Reel<int> large;
    cursor.add(small);
    cursor.add(large);
    for (int second = 0; second < 20; ++second) {
        small.push(clock.nowMs(), second, 1);
        large.push(clock.nowMs(), second, 100);
        clock.advance(1s);
        if (second == 4)
            cursor.pause();
        cursor.trim();
        EXPECT_LE(small.bytes() + large.bytes(), 1000U);
    }
    EXPECT_TRUE(cursor.full());
    EXPECT_GT(cursor.oldestMs(), T + 10'000);
    EXPECT_EQ(cursor.moment(), cursor.oldestMs()) << "it fell out of what is recorded";
    EXPECT_EQ(large.at(cursor.oldestMs()), (cursor.oldestMs() - T) / 1000);
    EXPECT_EQ(small.at(cursor.oldestMs()), (cursor.oldestMs() - T) / 1000) << "every panel shows one moment";
    cursor.leave(small);
    cursor.leave(large);
}

TEST(TimeCursor, AClockThatJumpsBackKeepsTheOrder)
{
    Reel<int> reel;
    reel.push(T, 1, 1);
    reel.push(T + 5'000, 2, 1);
    reel.push(T + 1'000, 3, 1);
    EXPECT_EQ(reel.at(T - 1), 1);
    EXPECT_EQ(reel.at(T + 4'999), 1);
    EXPECT_EQ(reel.at(T + 5'000), 3);
}

namespace {

struct Item {
    client::Bytes key;
    int value = 0;
};

class ItemModel final : public models::SheetModel<Item> {
public:
    int columnCount(const QModelIndex&) const override { return 1; }

protected:
    QVariant cell(const Item& item, int, int role) const override
    {
        return role == Qt::DisplayRole ? QVariant(item.value) : QVariant();
    }
};

} // namespace

TEST(SheetModel, JumpsAmongTheViewsOfOneListAndRowsKeepTheirPlaceByKey)
{
    const unsigned seed = std::random_device()();
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    models::SheetKeeper<Item> keeper(
        [](const Item& a, const Item& b) { return std::tie(a.value, a.key) < std::tie(b.value, b.key); });
    std::vector<std::shared_ptr<const models::SheetView<Item>>> views;
    for (int step = 0; step < 60; ++step) {
        for (int change = 0; change < 5; ++change) {
            const auto key = "k" + std::to_string(random() % 40);
            if (random() % 3 == 0)
                keeper.erase(key);
            else
                keeper.put({key, int(random() % 100)});
        }
        views.push_back(keeper.publish());
    }
    ItemModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.show(views.back());
    for (int jump = 0; jump < 200; ++jump) {
        std::vector<std::pair<QPersistentModelIndex, client::Bytes>> held;
        for (int row = 0; row < model.rowCount(); row += 3)
            held.emplace_back(model.index(row, 0), model.record(row).key);
        const auto& next = *views[random() % views.size()];
        model.show(views[std::size_t(next.number - 1)]);
        ASSERT_EQ(model.rowCount(), int(next.sheet.size()));
        for (const auto& [index, key] : held) {
            const auto* there = next.sheet.firstOf([&](const Item& item) { return item.key == key; });
            ASSERT_EQ(index.isValid(), there != nullptr);
            if (there) {
                ASSERT_EQ(model.record(index.row()).key, key);
            }
        }
    }
}

namespace {

/// A cursor and the feeds that follow it, over a store in memory.
struct Replay : Bench {
    TimeCursor cursor{clock, {}};
    std::unique_ptr<models::CounterFeed> counters;
    std::unique_ptr<models::StockFeed> stock;
    std::unique_ptr<models::SessionFeed> sessions;
    std::vector<std::string> rules;

    ~Replay()
    {
        counters.reset();
        stock.reset();
        sessions.reset();
    }
    template <class Feed> void follow(std::unique_ptr<Feed>& feed)
    {
        if (!connection) {
            store.idle = [] { std::this_thread::sleep_for(1ms); };
            open();
        }
        if constexpr (std::is_same_v<Feed, models::CounterFeed>)
            feed = std::make_unique<Feed>(*dispatcher, *connection, clock);
        else
            feed = std::make_unique<Feed>(*dispatcher, *connection, clock, nullptr);
        feed->setCursor(cursor);
        QObject::connect(feed.get(), &Feed::found, feed.get(),
            [this](const client::Finding& finding) { rules.push_back(finding.rule); });
        ASSERT_TRUE(waitFor([&] { return feed->state() == models::FeedState::Ready; }));
    }
};

client::Bytes item(const char* sku, int quantity)
{
    return std::string(R"({"sku":")") + sku + R"(","quantity":)" + std::to_string(quantity)
        + R"(,"reserved":0,"lastUpdated":1700000000000})";
}

} // namespace

TEST(TimeTravel, CountersAreShownAsTheyWere)
{
    Replay t;
    t.store.plant("views", "1");
    t.follow(t.counters);
    auto& feed = *t.counters;
    ASSERT_TRUE(waitFor([&] { return feed.book().find("views") != nullptr; }));
    feed.select("views");
    const auto to = [&](const char* value, std::int64_t total) {
        t.clock.advance(2s);
        t.store.plant("views", value);
        ASSERT_TRUE(waitFor([&] { return feed.book().find("views")->total == total; }));
        t.clock.advance(100ms);
        feed.sampleNow();
    };
    feed.sampleNow();
    to("5", 5);
    const EpochMs then = t.clock.nowMs();
    to("9", 9);
    to("30", 30);
    EXPECT_EQ(feed.selectedState()->total, 30);
    t.cursor.show(then);
    EXPECT_EQ(feed.selectedState()->total, 5);
    EXPECT_EQ(feed.shownBook().find("views")->values(), (std::vector<std::int64_t>{5}));
    EXPECT_EQ(feed.book().find("views")->total, 30) << "what is judged is now";
    const auto window = feed.selectedState()->series.window(feed.moment(), 60);
    ASSERT_FALSE(window.empty());
    EXPECT_EQ(window.back().total, 5) << "the chart ends at that moment";
    to("31", 31);
    EXPECT_EQ(feed.selectedState()->total, 5) << "it stands still";
    t.cursor.live();
    EXPECT_EQ(feed.selectedState()->total, 31);
    t.cursor.show(then);
    feed.add(1);
    EXPECT_EQ(t.cursor.state(), State::Live) << "an action is about now";
}

// Between the moment that is paused and the feed that hears of it the clock goes on.
TEST(TimeTravel, APauseShowsWhatWasShownOnASlowMachineToo)
{
    Replay t;
    t.store.plant("views", "1");
    QObject::connect(&t.cursor, &models::TimeCursor::changed, [&] { t.clock.advance(5ms); });
    t.follow(t.counters);
    auto& feed = *t.counters;
    ASSERT_TRUE(waitFor([&] { return feed.book().find("views") != nullptr; }));
    feed.select("views");
    t.cursor.pause();
    ASSERT_NE(feed.shownBook().find("views"), nullptr);
    EXPECT_EQ(feed.selectedState()->total, 1);
}

TEST(TimeTravel, ATableGoesBackAndFindingsAreToldAllTheSame)
{
    Replay t;
    t.store.plant("inventory:MUG", item("MUG", 10));
    t.follow(t.stock);
    auto& feed = *t.stock;
    ASSERT_TRUE(waitFor([&] { return feed.selectedRow().has_value(); }));
    t.clock.advance(5s);
    const EpochMs then = t.clock.nowMs();
    t.clock.advance(5s);
    t.store.plant("inventory:MUG", item("MUG", 4));
    t.store.plant("inventory:PEN", item("PEN", 7));
    ASSERT_TRUE(waitFor([&] {
        t.clock.advance(20ms); // it publishes four times a second
        return feed.model().rowCount() == 2 && feed.selectedRow()->reading.item->quantity == 4;
    }));
    t.cursor.show(then);
    EXPECT_EQ(feed.model().rowCount(), 1);
    ASSERT_TRUE(feed.selectedRow().has_value());
    EXPECT_EQ(feed.selectedRow()->reading.item->quantity, 10);
    EXPECT_EQ(feed.nowMs(), then) << "countdowns count to that moment";
    t.rules.clear();
    t.store.plant("inventory:PEN", item("PEN", -7));
    t.clock.advance(1s);
    ASSERT_TRUE(waitFor([&] {
        t.clock.advance(1s); // what stands for five seconds is told
        return !t.rules.empty();
    })) << "the past is shown, the present is judged";
    EXPECT_EQ(feed.model().rowCount(), 1);
    t.cursor.live();
    EXPECT_EQ(feed.model().rowCount(), 2);
    EXPECT_EQ(feed.selectedRow()->reading.item->quantity, 4);
    t.cursor.show(then);
    feed.select("PEN");
    EXPECT_EQ(t.cursor.state(), State::Live) << "its reservations were not recorded";
    EXPECT_EQ(feed.selected(), "PEN");
}

TEST(TimeTravel, AFilterIsAboutNow)
{
    Replay t;
    t.store.plant("session:a",
        R"({"userId":"u","email":"a@x","roles":["user"],"createdAt":1700000000000,"lastAccessedAt":1700000000000})",
        600'000);
    t.follow(t.sessions);
    auto& feed = *t.sessions;
    ASSERT_TRUE(waitFor([&] { return feed.all() == 1; }));
    t.clock.advance(5s);
    t.cursor.pause();
    t.store.erase("session:a");
    t.clock.advance(5s);
    EXPECT_FALSE(waitFor([&] { return feed.all() == 0; }, 200));
    ASSERT_TRUE(feed.selectedRow().has_value());
    models::SessionFilter filter;
    filter.text = "u";
    feed.setFilter(filter);
    EXPECT_EQ(t.cursor.state(), State::Live);
    EXPECT_TRUE(waitFor([&] {
        t.clock.advance(20ms);
        return feed.all() == 0;
    }));
}
