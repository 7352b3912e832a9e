// SPDX-License-Identifier: GPL-3.0-or-later
// The overview and its inspector over a deployment in memory.
#include "models/findingsmodel.h"
#include "tests/models/manynodes.h"
#include "widgets/clusterinspector.h"
#include "widgets/nodecard.h"
#include "widgets/overviewpage.h"
#include "widgets/plots/shardgrid.h"
#include "widgets/plots/shardtimeline.h"
#include "widgets/shardleaders.h"
#include "widgets/shardmapview.h"
#include "widgets/theme.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTableWidget>
#include <QTest>

#include <gtest/gtest.h>

#include <set>

using namespace norikv;
using namespace norikv::widgets;
using namespace std::chrono_literals;
using test::ClusterBench;
using test::FakeStore;
using test::ManyNodes;
using test::waitFor;

namespace {

struct PageBench : ClusterBench {
    Theme theme{ThemePreference::Light};
    models::FindingsModel findings;
    std::unique_ptr<OverviewPage> page;
    std::unique_ptr<ClusterInspector> inspector;

    using ClusterBench::ClusterBench;
    ~PageBench()
    {
        inspector.reset();
        page.reset();
    }
    void start(models::EntryFollower::KnownKeys known = nullptr)
    {
        open(std::move(known));
        page = std::make_unique<OverviewPage>(*feed, findings, theme);
        inspector = std::make_unique<ClusterInspector>(*feed, theme);
        QObject::connect(
            page.get(), &OverviewPage::readOnlyChanged, inspector.get(), &ClusterInspector::setReadOnly);
        page->resize(900, 600);
        inspector->resize(300, 700);
        page->show();
        inspector->show();
    }
    bool says(const QString& text) const
    {
        return waitFor([&] { return shown(*page, text) || shown(*inspector, text); });
    }
    static bool shown(const QWidget& widget, const QString& text)
    {
        const auto labels = widget.findChildren<QLabel*>();
        return std::ranges::any_of(
            labels, [&](const QLabel* label) { return label->isVisible() && label->text().contains(text); });
    }
    template <class Widget> Widget& in(QWidget& parent, const char* name = nullptr) const
    {
        return *parent.findChild<Widget*>(name ? QString::fromLatin1(name) : QString());
    }
    plots::ShardGrid& grid() { return in<plots::ShardGrid>(*page); }
    bool led(std::size_t shards)
    {
        return waitFor([&] { return feed->map().led == shards; });
    }
};

TEST(OverviewPage, SaysWhyItWaitsForTheFirstNode)
{
    PageBench t;
    for (std::size_t node = 0; node < 3; ++node)
        t.store.away(node);
    t.start();
    EXPECT_TRUE(t.says(QStringLiteral("Waiting for the first node")));
    EXPECT_TRUE(t.says(QStringLiteral("10.0.0.1:7447 does not answer (connection refused)")));
    t.sayEvenly();
    EXPECT_TRUE(t.says(QStringLiteral("3 of 3 nodes up")));
}

TEST(OverviewPage, ShowsEachNodeAndItsShareOfTheLeaders)
{
    PageBench t;
    t.sayEvenly();
    t.start();
    ASSERT_TRUE(t.led(60));
    const auto cards = t.page->findChildren<NodeCard*>();
    ASSERT_EQ(cards.size(), 3);
    ASSERT_TRUE(waitFor([&] { return cards[1]->figures().name == QStringLiteral("node1"); }));
    EXPECT_TRUE(t.says(QStringLiteral("leads 20 of 64 · fair share 20")));
    EXPECT_TRUE(t.says(QStringLiteral("no HTTP port known")));
    t.store.away(1);
    ASSERT_TRUE(waitFor([&] { return cards[1]->figures().link == client::Link::Down; }));
    EXPECT_TRUE(t.says(QStringLiteral("connection refused"))) << "what is wrong stands on its card";
    EXPECT_TRUE(t.says(QStringLiteral("40 of 64 led")));
    EXPECT_FALSE(t.page->grab().isNull());
}

TEST(OverviewPage, OneNodeIsSaidPlainly)
{
    PageBench t(1);
    t.sayEvenly();
    t.start();
    EXPECT_TRUE(t.says(QStringLiteral("This deployment has one node")));
    EXPECT_TRUE(t.says(QStringLiteral("1 node, 64 shards")));
}

TEST(OverviewPage, IsUsableByKeyboard)
{
    PageBench t;
    t.sayEvenly();
    t.start();
    ASSERT_TRUE(t.led(60));
    EXPECT_TRUE(t.says(QStringLiteral("Choose a square of the map")));
    QTest::keyClick(&t.grid(), Qt::Key_Home);
    QTest::keyClick(&t.grid(), Qt::Key_Right);
    QTest::keyClick(&t.grid(), Qt::Key_Down);
    QTest::keyClick(&t.grid(), Qt::Key_Return);
    EXPECT_EQ(t.feed->shard(), 9U) << "eight shards a row";
    EXPECT_EQ(t.grid().chosen(), 9);
    EXPECT_TRUE(t.says(QStringLiteral("Shard 9")));
    auto* card = t.page->findChildren<NodeCard*>()[2];
    QTest::keyClick(card, Qt::Key_Return);
    EXPECT_EQ(t.feed->node(), 2U);
    EXPECT_EQ(t.grid().chosen(), -1);
    EXPECT_TRUE(t.says(QStringLiteral("node2")));
}

TEST(OverviewPage, TheMapIsATableToo)
{
    PageBench t;
    t.sayEvenly();
    t.start();
    ASSERT_TRUE(t.led(60));
    QTest::mouseClick(&t.grid(), Qt::LeftButton, {}, t.grid().squareOf(10).center());
    EXPECT_EQ(t.feed->shard(), 10U);
    t.page->toggleTable();
    auto& table = t.in<QTableWidget>(t.in<ShardMapView>(*t.page));
    ASSERT_TRUE(waitFor([&] { return table.isVisible() && table.rowCount() == 64; }));
    EXPECT_EQ(table.item(4, 2)->text(), QStringLiteral("node1"));
    EXPECT_EQ(table.item(63, 1)->text(), QStringLiteral("not opened yet"));
}

TEST(OverviewPage, SaysWhatIsClaimedTwiceAndWhatNobodyLeads)
{
    PageBench t;
    t.store.say(0, ManyNodes::view("node0", {1, 2}, {3}));
    t.store.say(1, ManyNodes::view("node1", {2}));
    t.store.say(2, ManyNodes::view("<b>node2</b>", {}));
    t.start();
    EXPECT_TRUE(t.says(QStringLiteral("1 claimed twice (two colours, framed)")));
    EXPECT_TRUE(t.says(QStringLiteral("1 without leader (hatched)")));
    EXPECT_TRUE(t.says(QStringLiteral("<b>node2</b>"))) << "a name is text";
    t.feed->selectShard(2);
    EXPECT_TRUE(t.says(QStringLiteral("node0 and node1 both claim to lead it")));
    t.feed->selectShard(3);
    EXPECT_TRUE(t.says(QStringLiteral("no node leads it")));
    for (const auto overlay : {ShardMapView::Overlay::Twice, ShardMapView::Overlay::Unclaimed,
             ShardMapView::Overlay::Cold, ShardMapView::Overlay::Calls}) {
        t.in<ShardMapView>(*t.page).setOverlay(overlay);
        EXPECT_FALSE(t.page->grab().isNull());
    }
}

TEST(OverviewPage, CountsTheKeysWhenTheyAreAskedFor)
{
    PageBench t;
    t.sayEvenly();
    for (int i = 0; i < 300; ++i)
        t.store.plant("key:" + std::to_string(i), "x");
    t.start();
    ASSERT_TRUE(t.led(60));
    EXPECT_EQ(t.store.count(FakeStore::Op::Scan), 0U);
    t.in<ShardMapView>(*t.page).setOverlay(ShardMapView::Overlay::Keys);
    EXPECT_TRUE(t.says(QStringLiteral("300 keys, at most")));
    std::uint32_t shard = 0;
    while (t.feed->keys()->perShard[shard] == 0)
        ++shard;
    t.feed->selectShard(shard);
    auto& keys = t.in<QListWidget>(*t.inspector, "shardKeys");
    ASSERT_TRUE(waitFor([&] { return keys.isVisible() && keys.count() > 0; }));
    QSignalSpy opened(t.inspector.get(), &ClusterInspector::keyActivated);
    keys.setCurrentRow(0);
    QTest::keyClick(&keys, Qt::Key_Return);
    ASSERT_EQ(opened.size(), 1);
    EXPECT_TRUE(opened[0][0].toByteArray().startsWith("key:"));
}

TEST(OverviewPage, ASnapshotNeedsItsWordsAndTransferSaysWhyNot)
{
    PageBench t;
    t.sayEvenly();
    t.start();
    ASSERT_TRUE(t.led(60));
    t.feed->selectShard(7);
    auto& snapshot = t.in<QPushButton>(*t.inspector, "snapshotShard");
    auto& word = t.in<QLineEdit>(*t.inspector, "snapshotWord");
    EXPECT_FALSE(snapshot.isEnabled());
    QTest::keyClicks(&word, QStringLiteral("snapshot 8"));
    EXPECT_FALSE(snapshot.isEnabled()) << "the words of another shard";
    word.setText(QStringLiteral("snapshot 7"));
    EXPECT_TRUE(snapshot.isEnabled());
    t.page->setReadOnly(true);
    EXPECT_FALSE(snapshot.isEnabled());
    t.page->setReadOnly(false);
    word.setText(QStringLiteral("snapshot 7"));
    snapshot.click();
    EXPECT_TRUE(t.says(QStringLiteral("Shard 7 has a snapshot")));
    EXPECT_EQ(t.store.count(FakeStore::Op::Snapshot), 1U);
    EXPECT_FALSE(snapshot.isEnabled()) << "once for each time it is typed";
    EXPECT_TRUE(t.says(QStringLiteral("The server says: TransferShard not yet implemented")));
    EXPECT_FALSE(t.in<QPushButton>(*t.inspector, "transferShard").isEnabled());
}

TEST(OverviewPage, ANodeIsAskedAndComparedWithAnother)
{
    PageBench t;
    t.store.say(0, ManyNodes::view("node0", {1, 2, 3}));
    t.store.say(1, ManyNodes::view("node1", {3, 4}));
    t.store.say(2, ManyNodes::view("node2", {5}));
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->map().twice == 1; }));
    t.feed->selectNode(0);
    EXPECT_TRUE(t.says(QStringLiteral("Address it tells")));
    auto& differences = t.in<QTableWidget>(*t.inspector, "nodeDifferences");
    ASSERT_TRUE(waitFor([&] { return differences.rowCount() > 0; }));
    EXPECT_TRUE(differences.item(0, 0)->text().contains(QStringLiteral("Both lead")));
    EXPECT_EQ(differences.item(0, 1)->text(), QStringLiteral("3"));
    t.in<QPushButton>(*t.inspector, "askNode").click();
    EXPECT_TRUE(t.says(QStringLiteral("answered at")));
    auto& raw = t.in<QPlainTextEdit>(*t.inspector, "rawView");
    EXPECT_TRUE(raw.toPlainText().contains(QStringLiteral("0.0.0.0:8447"))) << "shown as it came";
    EXPECT_TRUE(raw.toPlainText().contains(QStringLiteral("shard 2  node0  leader")));
}

TEST(OverviewPage, ListsElectionsNewestFirst)
{
    PageBench t;
    t.sayEvenly();
    t.start();
    auto& table = t.in<QTableView>(*t.page, "electionsTable");
    ASSERT_TRUE(waitFor([&] { return t.feed->electionCount() == 60 && table.model()->rowCount() >= 4; }));
    t.clock.advance(1s);
    t.store.say(2, ManyNodes::view("node2", {4}));
    ASSERT_TRUE(waitFor([&] {
        return table.model()->index(0, models::ElectionModel::Before).data().toString()
            == QStringLiteral("node1");
    }));
    table.setCurrentIndex(table.model()->index(0, 0));
    EXPECT_EQ(t.feed->shard(), 4U);
}

TEST(OverviewPage, KeepsItsPlace)
{
    PageBench t;
    t.sayEvenly();
    t.start();
    ASSERT_TRUE(t.led(60));
    t.feed->selectShard(12);
    t.in<ShardMapView>(*t.page).setOverlay(ShardMapView::Overlay::Cold);
    const auto place = t.page->place();
    t.feed->selectNode(1);
    t.in<ShardMapView>(*t.page).setOverlay(ShardMapView::Overlay::Leader);
    t.page->setPlace(place);
    EXPECT_EQ(t.feed->shard(), 12U);
    EXPECT_EQ(t.in<ShardMapView>(*t.page).overlay(), ShardMapView::Overlay::Cold);
}

TEST(ShardLeaders, ShowWhoLedWhenAndLeadToTheShard)
{
    PageBench t;
    t.sayEvenly();
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->electionCount() == 60; }));
    t.clock.advance(60s);
    t.store.say(1, ManyNodes::view("node1", {1, 7}));
    t.store.say(2, ManyNodes::view("node2", {2, 4, 5}));
    ASSERT_TRUE(waitFor([&] { return t.feed->map().cells[4].leader == 2; }));
    t.clock.advance(60s);
    ShardLeaders half(*t.feed, t.theme);
    half.resize(900, 500);
    half.show();
    auto& timeline = t.in<plots::ShardTimeline>(half);
    // Shard 4 was led by one node for the first half of what is known, and by another since.
    const auto spans = [&] {
        std::set<int> leaders;
        for (const auto& row : timeline.asTable().rows) {
            if (row[0] == QStringLiteral("4") && row[1].startsWith(QStringLiteral("node")))
                leaders.insert(row[1].back().digitValue());
        }
        return leaders;
    };
    ASSERT_TRUE(waitFor([&] { return spans().size() == 2 && spans().contains(2); }));
    const QPoint late(
        timeline.width() - 8, int((timeline.height() - 20) * 4.5 / double(t.feed->map().cells.size())));
    const auto* span = timeline.spanAt(late);
    ASSERT_NE(span, nullptr);
    EXPECT_EQ(span->shard, 4);
    EXPECT_EQ(span->series, 2);
    const auto* earlier = timeline.spanAt(QPoint(timeline.width() / 4, late.y()));
    ASSERT_NE(earlier, nullptr);
    EXPECT_NE(earlier->series, 2);
    QTest::mouseClick(&timeline, Qt::LeftButton, {}, late);
    EXPECT_EQ(t.feed->shard(), 4U);
}

} // namespace
