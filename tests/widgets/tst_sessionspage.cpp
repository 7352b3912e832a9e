// SPDX-License-Identifier: GPL-3.0-or-later
// The sessions page over a store in memory.
#include "tests/models/feedfixture.h"
#include "widgets/expirystrip.h"
#include "widgets/fadingtable.h"
#include "widgets/inlineconfirm.h"
#include "widgets/sessioninspector.h"
#include "widgets/sessionspage.h"
#include "widgets/theme.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTableView>
#include <QTest>

#include <gtest/gtest.h>

using namespace norikv;
using namespace norikv::widgets;
using namespace std::chrono_literals;
using models::SessionFeed;
using test::Bench;
using test::FakeClock;
using test::FakeStore;
using test::waitFor;

namespace {

client::Bytes record(const std::string& user, const std::string& roles = R"(["user"])")
{
    return R"({"userId":")" + user + R"(","email":"a@x","roles":)" + roles
        + R"(,"createdAt":1,"lastAccessedAt":)" + std::to_string(FakeClock::StartMs) + "}";
}

struct PageBench : Bench {
    Theme theme{ThemePreference::Light};
    std::unique_ptr<SessionFeed> feed;
    std::unique_ptr<SessionsPage> page;
    std::unique_ptr<SessionInspector> inspector;

    ~PageBench()
    {
        inspector.reset();
        page.reset();
        feed.reset();
    }
    void start()
    {
        store.idle = [this] {
            clock.advance(20ms);
            std::this_thread::sleep_for(2ms); // a watch is idle at the pace of its server
        };
        open();
        feed = std::make_unique<SessionFeed>(*dispatcher, *connection, clock, nullptr);
        page = std::make_unique<SessionsPage>(*feed, theme);
        inspector = std::make_unique<SessionInspector>(*feed, theme);
        page->resize(900, 640);
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
    QTableView& table() { return *page->findChild<QTableView*>(QStringLiteral("sessionsTable")); }
    bool rows(int count)
    {
        return waitFor([&] { return table().model()->rowCount() == count; });
    }
    template <class W> W* in(QWidget& where, const char* name)
    {
        return where.findChild<W*>(QString::fromLatin1(name));
    }
};

TEST(FadingTable, DrawsAVeilOverRowsThatEndAndRestsOtherwise)
{
    QStandardItemModel rows(2, 1);
    for (int row = 0; row < 2; ++row)
        rows.setItem(row, new QStandardItem(QStringLiteral("HHHHHHHH")));
    FadingTable table;
    table.setModel(&rows);
    table.resize(300, 200);
    double second = 0;
    table.setFade([&](int row) { return row == 1 ? second : 0; });
    table.show();
    const auto ink = [&](int row) {
        const QImage picture = table.viewport()->grab().toImage();
        const QRect cell = table.visualRect(rows.index(row, 0));
        int darkest = 255;
        for (int y = cell.top() + 2; y < cell.bottom() - 2; ++y) {
            for (int x = cell.left() + 2; x < cell.right() - 2; ++x)
                darkest = std::min(darkest, qGray(picture.pixel(x, y)));
        }
        return darkest;
    };
    table.look();
    EXPECT_FALSE(table.fading());
    const int before = ink(1);
    second = 0.8;
    table.look();
    ASSERT_TRUE(table.fading());
    EXPECT_GT(ink(1), before + 60) << "towards the ground";
    EXPECT_EQ(ink(0), before) << "the other as it was";
    second = 0;
    EXPECT_TRUE(waitFor([&] { return !table.fading(); })) << "no timer when nothing fades";
}

TEST(SessionsPage, ARowFadesOverItsLastTwoSeconds)
{
    PageBench t;
    t.store.plant("session:ends", record("ends"), 20'000);
    t.store.plant("session:stays", record("stays"), 3'600'000);
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.table().model()->rowCount() == 2; }));
    auto& table = static_cast<FadingTable&>(t.table());
    EXPECT_FALSE(table.fading());
    EXPECT_TRUE(waitFor([&] {
        table.look(); // the page does every second; this clock runs faster than that
        return table.fading();
    }));
}

TEST(SessionsPage, SaysThatItReadsWhyItFailedAndThatThereIsNothing)
{
    PageBench t;
    t.store.always(FakeStore::Op::Scan, FakeStore::Fault::Unreachable);
    t.start();
    EXPECT_TRUE(t.says(QStringLiteral("Looking for sessions")));
    EXPECT_TRUE(t.says(QStringLiteral("could not be read")));
    t.store.calm();
    EXPECT_TRUE(t.says(QStringLiteral("No session yet")));
}

TEST(SessionsPage, ChipsTextAndStripFilterTheTable)
{
    PageBench t;
    t.store.plant("session:a", record("ann", R"(["user","admin"])"), 30'000'000);
    t.store.plant("session:b", record("<b>bob</b>"), 150'000);
    t.store.plant("session:c", record("cara"));
    t.start();
    ASSERT_TRUE(t.rows(3));
    EXPECT_FALSE(t.page->grab().isNull());
    EXPECT_EQ(t.table().model()->index(0, 0).data().toString(), QStringLiteral("<b>bob</b>"));
    t.in<QPushButton>(*t.page, "onlyEndless")->click();
    ASSERT_TRUE(t.rows(1));
    t.in<QPushButton>(*t.page, "onlyEndless")->click();
    ASSERT_TRUE(t.rows(3));
    t.in<QPushButton>(*t.page, "onlyWrong")->click();
    ASSERT_TRUE(t.rows(1)) << "S5: the server keeps one without an expiry";
    t.in<QPushButton>(*t.page, "onlyWrong")->click();
    t.page->focusFilter();
    QTest::keyClicks(t.in<QLineEdit>(*t.page, "sessionFilter"), QStringLiteral("ADMIN"));
    ASSERT_TRUE(t.rows(1));
    t.in<QLineEdit>(*t.page, "sessionFilter")->clear();
    ASSERT_TRUE(t.rows(3));
    auto& strip = *t.page->findChild<ExpiryStrip*>();
    strip.setFocus();
    QTest::keyClick(&strip, Qt::Key_Right);
    QTest::keyClick(&strip, Qt::Key_Right);
    QTest::keyClick(&strip, Qt::Key_Return);
    ASSERT_TRUE(t.rows(1)) << "the one that ends in the third minute";
    QTest::keyClick(&strip, Qt::Key_Escape);
    ASSERT_TRUE(t.rows(3));
    QTest::mouseClick(&strip, Qt::LeftButton, {}, QPoint(strip.width() - 10, 10));
    ASSERT_TRUE(t.rows(1)) << "later";
}

TEST(SessionsPage, TheInspectorChangesAndRevokesAfterAWord)
{
    PageBench t;
    t.store.plant("session:a", record("eve"), 3'000'000);
    t.store.plant("session:b", record("eve"), 6'000'000);
    t.start();
    ASSERT_TRUE(t.rows(2));
    auto* roles = t.in<QLineEdit>(*t.inspector, "sessionRoles");
    ASSERT_TRUE(waitFor([&] { return roles->text() == QStringLiteral("user"); }));
    roles->setText(QStringLiteral("user, premium"));
    QTest::keyClick(roles, Qt::Key_Return);
    EXPECT_TRUE(waitFor([&] { return t.store.value("session:a")->find("premium") != std::string::npos; }));
    t.in<QPushButton>(*t.inspector, "revokeUser")->click();
    auto* confirm = t.page->findChild<InlineConfirm*>(QStringLiteral("sessionConfirm"));
    ASSERT_TRUE(waitFor([&] { return confirm->isVisible(); }));
    EXPECT_TRUE(t.store.value("session:a")) << "nothing is destroyed before a person says so";
    Q_EMIT confirm->acted();
    EXPECT_TRUE(waitFor([&] { return !t.store.value("session:a") && !t.store.value("session:b"); }));
}

TEST(SessionsPage, CreatesAndIsGreyWhileReadOnly)
{
    PageBench t;
    t.start();
    ASSERT_TRUE(t.says(QStringLiteral("No session yet")));
    t.page->setReadOnly(true);
    EXPECT_FALSE(t.in<QPushButton>(*t.page, "newSession")->isEnabled());
    t.page->setReadOnly(false);
    t.in<QPushButton>(*t.page, "newSession")->click();
    t.in<QLineEdit>(*t.page, "newUser")->setText(QStringLiteral("zoë"));
    t.in<QPushButton>(*t.page, "createSession")->click();
    EXPECT_TRUE(t.rows(1));
}

} // namespace
