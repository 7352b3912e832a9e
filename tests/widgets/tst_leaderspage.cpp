// SPDX-License-Identifier: GPL-3.0-or-later
// The leaders page over a store in memory.
#include "tests/models/feedfixture.h"
#include "widgets/leaderspage.h"
#include "widgets/leaseinspector.h"
#include "widgets/leaselanes.h"
#include "widgets/plots/histogram.h"
#include "widgets/theme.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include <gtest/gtest.h>

using namespace norikv;
using namespace norikv::widgets;
using namespace std::chrono_literals;
using models::LeaseFeed;
using test::Bench;
using test::FakeStore;
using test::waitFor;

namespace {

struct PageBench : Bench {
    Theme theme{ThemePreference::Light};
    std::unique_ptr<LeaseFeed> feed;
    std::unique_ptr<LeadersPage> page;
    std::unique_ptr<LeaseInspector> inspector;

    ~PageBench()
    {
        inspector.reset();
        page.reset();
        feed.reset();
    }
    void start()
    {
        store.idle = [this] {
            clock.advance(2ms);
            std::this_thread::sleep_for(2ms); // a watch is idle at the pace of its server
        };
        open();
        feed = std::make_unique<LeaseFeed>(*dispatcher, *connection, clock, nullptr);
        page = std::make_unique<LeadersPage>(*feed, theme);
        inspector = std::make_unique<LeaseInspector>(*feed, theme);
        page->resize(900, 600);
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
    LeaseLanes& lanes() { return *page->findChild<LeaseLanes*>(); }
    QTableView& table() { return *page->findChild<QTableView*>(QStringLiteral("leasesTable")); }
};

TEST(LeadersPage, SaysThatItReadsWhyItFailedAndThatThereIsNothing)
{
    PageBench t;
    t.store.always(FakeStore::Op::Scan, FakeStore::Fault::Unreachable);
    t.start();
    EXPECT_TRUE(t.says(QStringLiteral("Looking for leader leases")));
    EXPECT_TRUE(t.says(QStringLiteral("could not be read")));
    t.store.calm();
    EXPECT_TRUE(t.says(QStringLiteral("No election yet")));
}

TEST(LeadersPage, ShowsALaneAndARowForEachElection)
{
    PageBench t;
    t.store.plant("leader:billing", "a", 10'000);
    t.store.plant("leader:<b>mailer</b>", "b", 10'000);
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.lanes().laneCount() == 2 && t.table().model()->rowCount() == 2; }));
    EXPECT_FALSE(t.page->grab().isNull());
    EXPECT_EQ(t.table().model()->index(1, 0).data().toString(), QStringLiteral("billing"));
}

TEST(LeadersPage, ShowsItsSecondHalfWhereThereIsNoElection)
{
    PageBench t;
    t.start();
    ASSERT_TRUE(t.says(QStringLiteral("No election yet")));
    auto* shards = new QLabel(QStringLiteral("the shards"));
    t.page->addShards(shards);
    QSignalSpy changed(t.page.get(), &LeadersPage::halfChanged);
    t.page->showHalf(1);
    EXPECT_TRUE(shards->isVisible());
    ASSERT_EQ(changed.size(), 1);
    EXPECT_TRUE(changed[0][0].toBool());
    t.page->showHalf(0);
    EXPECT_FALSE(shards->isVisible());
    EXPECT_TRUE(t.says(QStringLiteral("No election yet")));
}

TEST(LeadersPage, IsUsableByKeyboard)
{
    PageBench t;
    t.store.plant("leader:a", "x");
    t.store.plant("leader:b", "y");
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.lanes().laneCount() == 2; }));
    t.feed->select("leader:a");
    ASSERT_TRUE(waitFor([&] { return t.table().currentIndex().row() == 0; }));
    QTest::keyClick(&t.lanes(), Qt::Key_Down);
    EXPECT_EQ(t.feed->selected(), "leader:b");
    ASSERT_TRUE(waitFor([&] { return t.table().currentIndex().row() == 1; }));
    QSignalSpy opened(t.page.get(), &Page::keyActivated);
    t.table().setFocus();
    QTest::keyClick(&t.table(), Qt::Key_Return);
    ASSERT_EQ(opened.size(), 1);
    EXPECT_EQ(opened[0][0].toByteArray(), QByteArray("leader:b"));
}

TEST(LeadersPage, ShowsHowRegularTheHeartbeatsAre)
{
    PageBench t;
    t.store.plant("leader:billing", "a", 9000);
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->find("leader:billing") != nullptr; }));
    auto* jitter = t.inspector->findChild<plots::Histogram*>(QStringLiteral("heartbeatJitter"));
    EXPECT_FALSE(jitter->isVisible()) << "one heartbeat has no gap";
    for (int beat = 0; beat < 3; ++beat) {
        t.clock.advance(3s);
        t.store.plant("leader:billing", "a", 9000);
        ASSERT_TRUE(waitFor([&] {
            const auto* lease = t.feed->find("leader:billing");
            return lease && client::heartbeatsOf(*lease).gapsMs.size() == std::size_t(beat) + 1;
        }));
    }
    ASSERT_TRUE(waitFor([&] { return jitter->isVisible(); }));
    double counted = 0;
    for (const auto& row : jitter->asTable().rows)
        counted += row[1].toDouble();
    EXPECT_EQ(counted, 3);
}

TEST(LeadersPage, CampaignsAndStepsDownFromTheInspector)
{
    PageBench t;
    t.start();
    auto* election = t.inspector->findChild<QLineEdit*>(QStringLiteral("campaignElection"));
    auto* campaign = t.inspector->findChild<QPushButton*>(QStringLiteral("campaign"));
    EXPECT_FALSE(campaign->isEnabled());
    QTest::keyClicks(election, QStringLiteral("exports"));
    ASSERT_TRUE(campaign->isEnabled());
    campaign->click();
    ASSERT_TRUE(waitFor([&] { return t.store.value("leader:exports") == "workbench"; }));
    QPushButton* down = nullptr;
    ASSERT_TRUE(waitFor([&] {
        down = t.inspector->findChild<QPushButton*>(QStringLiteral("stepDown"));
        return down != nullptr;
    }));
    down->click();
    EXPECT_TRUE(waitFor([&] { return !t.store.value("leader:exports"); }));
}

TEST(LaneScale, MapsMomentsToPlacesAndBack)
{
    const LaneScale scale{1000, 11'000, 100, 600};
    EXPECT_DOUBLE_EQ(scale.x(1000), 100);
    EXPECT_DOUBLE_EQ(scale.x(6000), 350);
    EXPECT_EQ(scale.at(350), 6000);
    EXPECT_EQ(scale.at(scale.x(7777)), 7777);
}

} // namespace
