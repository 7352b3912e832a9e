// SPDX-License-Identifier: GPL-3.0-or-later
// The inventory page over a store in memory.
#include "tests/models/feedfixture.h"
#include "widgets/delegates/stockbardelegate.h"
#include "widgets/droptarget.h"
#include "widgets/inlineconfirm.h"
#include "widgets/inventorypage.h"
#include "widgets/stockinspector.h"
#include "widgets/theme.h"

#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

#include <gtest/gtest.h>

using namespace norikv;
using namespace norikv::widgets;
using namespace std::chrono_literals;
using models::StockFeed;
using test::Bench;
using test::FakeClock;
using test::FakeStore;
using test::waitFor;

namespace {

constexpr EpochMs T = FakeClock::StartMs;

struct PageBench : Bench {
    Theme theme{ThemePreference::Light};
    std::unique_ptr<StockFeed> feed;
    std::unique_ptr<InventoryPage> page;
    std::unique_ptr<StockInspector> inspector;

    ~PageBench()
    {
        inspector.reset();
        page.reset();
        feed.reset();
    }
    void item(const std::string& sku, int quantity, int reserved, EpochMs at = T)
    {
        store.plant("inventory:" + sku,
            R"({"sku":")" + sku + R"(","quantity":)" + std::to_string(quantity) + R"(,"reserved":)"
                + std::to_string(reserved) + R"(,"lastUpdated":)" + std::to_string(at) + "}");
    }
    void reservation(const std::string& id, const std::string& sku, int units)
    {
        store.plant("inventory:reservation:" + id,
            R"({"sku":")" + sku + R"(","quantity":)" + std::to_string(units) + R"(,"createdAt":)"
                + std::to_string(T) + "}",
            600'000);
    }
    void start(std::chrono::milliseconds pace = 2ms)
    {
        store.idle = [this, pace] {
            clock.advance(pace);
            std::this_thread::sleep_for(2ms); // a watch is idle at the pace of its server
        };
        open();
        feed = std::make_unique<StockFeed>(*dispatcher, *connection, clock, nullptr);
        page = std::make_unique<InventoryPage>(*feed, theme);
        inspector = std::make_unique<StockInspector>(*feed, theme);
        page->resize(960, 700);
        page->show();
        inspector->show();
    }
    bool says(const QString& text)
    {
        return waitFor([&] {
            const auto labels = page->findChildren<QLabel*>();
            return std::ranges::any_of(labels,
                [&](const QLabel* label) { return label->isVisible() && label->text().contains(text); });
        });
    }
    template <class W> W& in(QWidget& where, const char* name)
    {
        return *where.findChild<W*>(QString::fromLatin1(name));
    }
    QTableView& board() { return in<QTableView>(*page, "stockTable"); }
    QTableView& reservations() { return in<QTableView>(*page, "reservationsTable"); }
    std::string stored(const std::string& sku) { return store.value("inventory:" + sku).value_or(""); }
};

TEST(InventoryPage, SaysThatItReadsWhyItFailedAndThatThereIsNothing)
{
    PageBench t;
    t.store.always(FakeStore::Op::Scan, FakeStore::Fault::Unreachable);
    t.start();
    EXPECT_TRUE(t.says(QStringLiteral("Looking for stock")));
    EXPECT_TRUE(t.says(QStringLiteral("could not be read")));
    t.store.calm();
    EXPECT_TRUE(t.says(QStringLiteral("No stock yet")));
}

TEST(InventoryPage, ShowsTheBoardAndTheReservationsOfTheChosenItem)
{
    PageBench t;
    t.item("MUG", 20, 5);
    t.item("<b>PEN</b>", 9, 0);
    t.reservation("r1", "MUG", 5);
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.board().model()->rowCount() == 2; }));
    EXPECT_FALSE(t.page->grab().isNull());
    t.feed->select("MUG");
    ASSERT_TRUE(
        waitFor([&] { return t.reservations().isVisible() && t.reservations().model()->rowCount() == 1; }));
    t.feed->select("<b>PEN</b>");
    EXPECT_TRUE(t.says(QStringLiteral("No reservation of this item")));
}

TEST(InventoryPage, EnterCommitsAndDeleteReleases)
{
    PageBench t;
    t.item("MUG", 20, 5);
    t.reservation("r1", "MUG", 2);
    t.reservation("r2", "MUG", 3);
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.reservations().model()->rowCount() == 2; }));
    t.reservations().setFocus();
    t.reservations().setCurrentIndex(t.reservations().model()->index(0, 0));
    QTest::keyClick(&t.reservations(), Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return t.reservations().model()->rowCount() == 1; }));
    ASSERT_TRUE(waitFor([&] { return t.stored("MUG").find(R"("quantity":20)") == std::string::npos; }));
    const std::string sold = t.stored("MUG");
    t.reservations().setCurrentIndex(t.reservations().model()->index(0, 0));
    QTest::keyClick(&t.reservations(), Qt::Key_Delete);
    ASSERT_TRUE(waitFor([&] { return t.stored("MUG").find(R"("reserved":0)") != std::string::npos; }));
    EXPECT_EQ(
        t.stored("MUG").substr(0, t.stored("MUG").find("reserved")), sold.substr(0, sold.find("reserved")))
        << "a release sells nothing";
}

TEST(InventoryPage, AReservationCanBeDraggedToWhereItShallEnd)
{
    PageBench t;
    t.item("MUG", 20, 2);
    t.reservation("r1", "MUG", 2);
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.reservations().model()->rowCount() == 1; }));
    std::unique_ptr<QMimeData> dragged(t.feed->reservations().mimeData({t.feed->reservations().index(0, 0)}));
    auto& release = t.in<DropTarget>(*t.page, "releaseReservation");
    ASSERT_TRUE(waitFor([&] { return release.isEnabled(); }));
    QDragEnterEvent enter(QPoint(4, 4), Qt::MoveAction, dragged.get(), Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&release, &enter);
    EXPECT_TRUE(enter.isAccepted());
    // Meanwhile it goes: the drop says so and changes nothing.
    t.store.erase("inventory:reservation:r1");
    QDropEvent drop(QPointF(4, 4), Qt::MoveAction, dragged.get(), Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&release, &drop);
    EXPECT_TRUE(t.says(QStringLiteral("is gone")));
    EXPECT_NE(t.stored("MUG").find(R"("reserved":2)"), std::string::npos);
    QMimeData other;
    other.setText(QStringLiteral("x"));
    QDragEnterEvent foreign(QPoint(4, 4), Qt::CopyAction, &other, Qt::LeftButton, Qt::NoModifier);
    foreign.ignore();
    QCoreApplication::sendEvent(&release, &foreign);
    EXPECT_FALSE(foreign.isAccepted());
}

TEST(InventoryPage, CreatesAnItemAndReservesShowingEachAttempt)
{
    PageBench t;
    t.start();
    ASSERT_TRUE(t.says(QStringLiteral("No stock yet")));
    t.in<QPushButton>(*t.page, "newItem").click();
    QTest::keyClicks(&t.in<QLineEdit>(*t.page, "newSku"), QStringLiteral("MUG"));
    QTest::keyClick(&t.in<QLineEdit>(*t.page, "newSku"), Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return t.stored("MUG").find(R"("quantity":100)") != std::string::npos; }));
    auto& reserve = t.in<QPushButton>(*t.inspector, "reserve");
    ASSERT_TRUE(waitFor([&] { return reserve.isVisible() && reserve.isEnabled(); }));
    t.in<QSpinBox>(*t.inspector, "reserveUnits").setValue(3);
    reserve.click();
    ASSERT_TRUE(waitFor([&] { return t.stored("MUG").find(R"("reserved":3)") != std::string::npos; }));
    EXPECT_TRUE(waitFor([&] {
        return t.in<QLabel>(*t.inspector, "stockAttempts").text().contains(QStringLiteral("attempt 1"));
    }));
}

TEST(InventoryPage, LeakedUnitsGoBackOnlyAfterAQuestion)
{
    PageBench t;
    t.item("MUG", 20, 7, T - 3'600'000);
    t.start(200ms);
    auto& all = t.in<QPushButton>(*t.page, "reconcileAll");
    ASSERT_TRUE(waitFor([&] { return all.isVisible(); }));
    all.click();
    EXPECT_TRUE(t.says(QStringLiteral("reserved 7 → 0")));
    EXPECT_NE(t.stored("MUG").find(R"("reserved":7)"), std::string::npos);
    auto& confirm = t.in<InlineConfirm>(*t.page, "stockConfirm");
    QSignalSpy acted(&confirm, &InlineConfirm::acted);
    for (auto* button : confirm.findChildren<QPushButton*>()) {
        if (button->text() == QStringLiteral("Give back 7"))
            button->click();
    }
    ASSERT_EQ(acted.size(), 1);
    EXPECT_TRUE(waitFor([&] { return t.stored("MUG").find(R"("reserved":0)") != std::string::npos; }));
}

TEST(InventoryPage, WritesNothingWhileReadOnly)
{
    PageBench t;
    t.item("MUG", 20, 2);
    t.reservation("r1", "MUG", 2);
    t.start();
    t.page->setReadOnly(true);
    ASSERT_TRUE(waitFor([&] { return t.reservations().model()->rowCount() == 1; }));
    EXPECT_FALSE(t.in<QPushButton>(*t.page, "newItem").isEnabled());
    EXPECT_FALSE(t.in<DropTarget>(*t.page, "commitReservation").isEnabled());
    QTest::keyClick(&t.reservations(), Qt::Key_Return);
    EXPECT_EQ(t.store.count(FakeStore::Op::Put), 0);
    EXPECT_EQ(t.store.count(FakeStore::Op::Remove), 0);
}

TEST(InventoryPage, ARaceEndsWithItsBalanceSheet)
{
    PageBench t;
    t.item("MUG", 20, 0);
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.board().model()->rowCount() == 1; }));
    t.in<QPushButton>(*t.page, "raceStock").click();
    t.in<QPushButton>(*t.page, "startRace").click();
    ASSERT_TRUE(waitFor(
        [&] {
            const QString verdict = t.in<QLabel>(*t.page, "raceVerdict").text();
            return verdict.contains(QStringLiteral("I")) && !verdict.contains(QStringLiteral("is on"));
        },
        20'000))
        << "two operators commit each reservation: a rule says so";
    EXPECT_TRUE(t.in<QPushButton>(*t.page, "startRace").isEnabled());
}

TEST(StockBar, EveryPartThatIsThereCanBeSeen)
{
    const QRectF box(10, 0, 200, 12);
    const auto at = stockBarGeometry(box, {1'000'000, 1, 1, true});
    EXPECT_GE(at.held.width(), 3);
    EXPECT_GE(at.leaked.width(), 3);
    EXPECT_DOUBLE_EQ(at.available.left(), 10);
    EXPECT_DOUBLE_EQ(at.leaked.right(), 210);
    EXPECT_TRUE(stockBarGeometry(box, {5, 5, 0, false}).available.isEmpty());
    EXPECT_TRUE(stockBarGeometry(box, {0, 0, 0, true}).available.isEmpty());
    EXPECT_DOUBLE_EQ(stockBarGeometry(box, {3, 0, 0, true}).available.width(), 200);
}

} // namespace
