// SPDX-License-Identifier: GPL-3.0-or-later
// Finding keys and keeping the place: the real window against the real server.
#include "tests/e2e/windowfixture.h"

#include "widgets/keyspage.h"
#include "widgets/keysview.h"

#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QTableWidget>
#include <QToolButton>
#include <QTreeView>
#include <QtTest/qtestkeyboard.h>

namespace norikv::tests {
namespace {

using models::FeedState;

class KeysJourney : public WindowTest {
protected:
    LiveServer server;
    OtherClient other{server.seeds()};

    void SetUp() override
    {
        ASSERT_TRUE(server.ready());
        for (int i = 100; i < 300; ++i)
            ASSERT_TRUE(other.put("user:" + std::to_string(i), "value " + std::to_string(i)));
        ASSERT_TRUE(other.put("session:one", "{}", 600'000));
        connectTo(server, {QStringLiteral("--panel"), QStringLiteral("keys")});
        ASSERT_EQ(window().currentPanel(), QStringLiteral("keys"));
        ASSERT_TRUE(waitFor([&] { return listed(201); })) << everythingSaid().toStdString();
    }
    bool listed(qulonglong keys)
    {
        const auto figures = window().figures();
        return figures.value(QStringLiteral("keys")).toULongLong() == keys
            && figures.value(QStringLiteral("coverage")).toString() == QStringLiteral("complete");
    }
    qulonglong shown() { return window().figures().value(QStringLiteral("shown")).toULongLong(); }
    static QString keyAt(const QModelIndex& index)
    {
        return QString::fromUtf8(index.data(models::KeyRole).toByteArray());
    }
};

TEST_F(KeysJourney, AKeyIsFoundByAFilterAndOpened)
{
    QTest::keyClick(&window(), Qt::Key_F, Qt::ControlModifier);
    auto& field = the<QLineEdit>("keyFilter");
    EXPECT_TRUE(field.hasFocus());
    QTest::keyClicks(&field, QStringLiteral("r:217"));
    ASSERT_TRUE(waitFor([&] { return shown() == 1; }));
    auto& tree = the<QTreeView>("keyTree");
    QTest::keyClick(&field, Qt::Key_Down);
    QTest::keyClick(&tree, Qt::Key_Down);
    EXPECT_EQ(keyAt(tree.currentIndex()), QStringLiteral("user:217"));
    QTest::keyClick(&tree, Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return workspace()->key().state() == models::KeyFeed::State::Ready; }));
    EXPECT_EQ(workspace()->key().entry().value, "value 217");
}

TEST_F(KeysJourney, WhatOthersWriteAppearsChangesAndGoes)
{
    click("asList");
    ASSERT_TRUE(other.put("aaa:new", "written elsewhere", 5'000));
    auto& list = the<QTableView>("keyList");
    ASSERT_TRUE(waitFor([&] { return keyAt(list.model()->index(0, 0)) == QStringLiteral("aaa:new"); }, 2s));
    EXPECT_EQ(list.model()->index(0, int(models::KeyColumn::Size)).data().toString(), QStringLiteral("17"));
    ASSERT_TRUE(other.put("aaa:new", "four"));
    ASSERT_TRUE(waitFor(
        [&] {
            return list.model()->index(0, int(models::KeyColumn::Size)).data().toString()
                == QStringLiteral("4");
        },
        2s));
    ASSERT_TRUE(other.put("aaa:new", "gone soon", 300));
    ASSERT_TRUE(waitFor([&] { return keyAt(list.model()->index(0, 0)) == QStringLiteral("session:one"); }));
    EXPECT_TRUE(listed(201));
}

TEST_F(KeysJourney, TheServerIsLostAndBackAndThePlaceIsKept)
{
    click("asList");
    auto& list = the<QTableView>("keyList");
    list.setCurrentIndex(list.model()->index(120, 0));
    list.scrollTo(list.currentIndex(), QAbstractItemView::PositionAtTop);
    const QString current = keyAt(list.currentIndex());
    const QString top = keyAt(list.indexAt(QPoint(0, 0)));
    server.kill();
    ASSERT_TRUE(waitFor([&] {
        return window().figures().value(QStringLiteral("coverage")).toString()
            == QStringLiteral("from before");
    })) << everythingSaid().toStdString();
    EXPECT_TRUE(says(QStringLiteral("what you see is from before")));
    EXPECT_EQ(list.model()->rowCount(), 201);
    server.start();
    ASSERT_TRUE(server.ready());
    ASSERT_TRUE(waitFor([&] { return listed(201); }, 20s)) << everythingSaid().toStdString();
    // Anything, once the other client has found the server again.
    ASSERT_TRUE(waitFor([&] { return other.put("aaa:first", "v"); }, 20s));
    ASSERT_TRUE(waitFor([&] { return listed(202); }));
    EXPECT_EQ(keyAt(list.currentIndex()), current);
    EXPECT_EQ(keyAt(list.indexAt(QPoint(0, 0))), top);
}

TEST_F(KeysJourney, ThePlaceIsKeptOverARefresh)
{
    auto& tree = the<QTreeView>("keyTree");
    tree.expand(tree.model()->index(1, 0));
    tree.setCurrentIndex(tree.model()->index(150, 0, tree.model()->index(1, 0)));
    tree.scrollTo(tree.currentIndex(), QAbstractItemView::PositionAtTop);
    const int scrolled = tree.verticalScrollBar()->value();
    QTest::keyClick(&window(), Qt::Key_F5);
    ASSERT_TRUE(waitFor([&] { return workspace()->keys().state() == FeedState::Ready && listed(201); }));
    EXPECT_EQ(keyAt(tree.currentIndex()), QStringLiteral("user:250"));
    EXPECT_EQ(tree.verticalScrollBar()->value(), scrolled);
}

TEST_F(KeysJourney, ChosenKeysAreDeletedAfterADryRun)
{
    click("asList");
    auto& list = the<QTableView>("keyList");
    list.selectRow(0);
    list.selectionModel()->select(
        list.model()->index(1, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    const std::string first = keyAt(list.model()->index(0, 0)).toStdString();
    const std::string second = keyAt(list.model()->index(1, 0)).toStdString();
    list.setFocus();
    QTest::keyClick(&list, Qt::Key_Delete);
    ASSERT_TRUE(waitFor([&] {
        auto* start = window().findChild<QPushButton*>(QStringLiteral("bulkStart"));
        return start && start->isEnabled();
    })) << everythingSaid().toStdString();
    EXPECT_TRUE(other.get(first).exists()) << "nothing is done before it is confirmed";
    click("bulkStart");
    ASSERT_TRUE(waitFor([&] { return !other.get(first).exists() && !other.get(second).exists(); }));
    EXPECT_TRUE(waitFor([&] { return listed(199); }));
}

TEST_F(KeysJourney, ThePlaceAndTheFavouritesAreKeptOverARestart)
{
    type("keyFilter", QStringLiteral("user:2"));
    ASSERT_TRUE(waitFor([&] { return shown() == 100; }));
    click("asList");
    workspace()->favourites().set("user:250", true);
    auto& list = the<QTableView>("keyList");
    list.setCurrentIndex(list.model()->index(42, 0));
    const QString current = keyAt(list.currentIndex());
    quit();
    connectTo(server, {QStringLiteral("--panel"), QStringLiteral("keys")});
    ASSERT_TRUE(waitFor([&] { return listed(201) && shown() == 100; })) << everythingSaid().toStdString();
    EXPECT_EQ(the<QLineEdit>("keyFilter").text(), QStringLiteral("user:2"));
    EXPECT_TRUE(waitFor([&] { return keyAt(the<QTableView>("keyList").currentIndex()) == current; }))
        << keyAt(the<QTableView>("keyList").currentIndex()).toStdString();
    EXPECT_TRUE(waitFor([&] { return workspace()->favourites().contains("user:250"); }));
}
TEST_F(KeysJourney, AKeyIsMadeOnceDuplicatedAndNoted)
{
    QTest::keyClick(&window(), Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
    ASSERT_TRUE(waitFor([&] { return window().findChild<QLineEdit*>(QStringLiteral("newKeyName")); }));
    type("newKeyName", QStringLiteral("user:100"));
    click("createKey");
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("user:100 exists already")); }))
        << everythingSaid().toStdString();
    EXPECT_EQ(other.get("user:100").value, "value 100");
    the<QLineEdit>("newKeyName").clear();
    type("newKeyName", QStringLiteral("user:new"));
    type("newValue", QStringLiteral("made here"));
    click("createKey");
    ASSERT_TRUE(waitFor([&] { return workspace()->key().key() == "user:new"; }));
    EXPECT_EQ(other.get("user:new").value, "made here");
    ASSERT_TRUE(waitFor([&] { return workspace()->key().state() == models::KeyFeed::State::Ready; }));
    ASSERT_TRUE(waitFor([&] { return !window().findChild<QLineEdit*>(QStringLiteral("newKeyName")); }));
    window().activateWindow(); // there is no window manager to do it when the dialog goes
    ASSERT_TRUE(waitFor([&] { return window().isActiveWindow(); }));
    QTest::keyClick(&window(), Qt::Key_D, Qt::ControlModifier);
    ASSERT_TRUE(waitFor([&] { return window().findChild<QLineEdit*>(QStringLiteral("newKeyName")); }));
    EXPECT_EQ(the<QLineEdit>("newKeyName").text(), QStringLiteral("user:new"));
    type("newKeyName", QStringLiteral("user:copy")); // the name stands selected
    click("createKey");
    ASSERT_TRUE(waitFor([&] { return workspace()->key().key() == "user:copy"; }));
    EXPECT_EQ(other.get("user:copy").value, "made here");
    ASSERT_TRUE(waitFor([&] { return the<QLineEdit>("keyNote").isVisible(); }));
    type("keyNote", QStringLiteral("ask Ada"));
    QTest::keyClick(&the<QLineEdit>("keyNote"), Qt::Key_Return);
    openKeyByField(QStringLiteral("user:new"));
    ASSERT_TRUE(waitFor([&] { return the<QLineEdit>("keyNote").text().isEmpty(); }));
    openKeyByField(QStringLiteral("user:copy"));
    EXPECT_TRUE(waitFor([&] { return the<QLineEdit>("keyNote").text() == QStringLiteral("ask Ada"); }));
}

TEST_F(KeysJourney, TheSheetTellsTheShortcutsThatWork)
{
    QTest::keyClick(&window(), Qt::Key_Slash, Qt::ControlModifier);
    ASSERT_TRUE(waitFor([&] { return window().findChild<QTableWidget*>(QStringLiteral("shortcutTable")); }));
    auto& table = the<QTableWidget>("shortcutTable");
    QStringList all;
    for (int row = 0; row < table.rowCount(); ++row)
        all << table.item(row, 0)->text() + QLatin1Char('=') + table.item(row, 1)->text();
    for (const char* row : {"New key=Ctrl+Shift+N", "Duplicate the key=Ctrl+D", "Shortcuts=Ctrl+/",
             "Go to Counters=Ctrl+2", "Open a key or counter by its name=Ctrl+P", "Delete the chosen keys=Del"})
        EXPECT_TRUE(all.contains(QString::fromLatin1(row))) << row << " in " << all.join(u'\n').toStdString();
}

/// NoriKV cannot list keys: what was met here is what is known, today and after a restart.
class KnownKeysJourney : public WindowTest, public testing::WithParamInterface<const char*> {
protected:
    LiveServer server{std::string(GetParam()) == "faithful"
            ? std::vector<std::string>{"--quirks", "faithful", "--no-explore", "--no-vector"}
            : std::vector<std::string>{"--no-explore"}};
    OtherClient other{server.seeds()};

    void openKeys() { connectTo(server, {QStringLiteral("--panel"), QStringLiteral("keys")}); }
    bool knows(qulonglong keys)
    {
        return window().figures().value(QStringLiteral("keys")).toULongLong() == keys;
    }
};

TEST_P(KnownKeysJourney, WhatWasMetIsListedAlsoAfterARestart)
{
    ASSERT_TRUE(server.ready());
    ASSERT_TRUE(other.put("user:1", "one"));
    ASSERT_TRUE(other.put("user:2", "two"));
    ASSERT_TRUE(other.put("user:3", "three"));
    openKeys();
    openKeyByField(QStringLiteral("user:1"));
    ASSERT_TRUE(waitFor([&] { return knows(1); })) << everythingSaid().toStdString();
    openKeyByField(QStringLiteral("user:2"));
    ASSERT_TRUE(waitFor([&] { return knows(2); })) << everythingSaid().toStdString();
    EXPECT_TRUE(
        window().figures().value(QStringLiteral("coverage")).toString().contains(QStringLiteral("known")))
        << window().figures().value(QStringLiteral("coverage")).toString().toStdString();
    quit();
    openKeys();
    EXPECT_TRUE(waitFor([&] { return knows(2); })) << everythingSaid().toStdString();
}

TEST_P(KnownKeysJourney, TheCostOfLookingForThemIsToldFirst)
{
    ASSERT_TRUE(server.ready());
    ASSERT_TRUE(other.put("user:1", "one"));
    openKeys();
    openKeyByField(QStringLiteral("user:1"));
    ASSERT_TRUE(waitFor([&] { return knows(1); })) << everythingSaid().toStdString();
    click("probeKeys");
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("1 known key")); }))
        << everythingSaid().toStdString();
    click("probeStart");
    EXPECT_TRUE(waitFor([&] { return says(QStringLiteral("1 of 1 read · 1 there")); }))
        << everythingSaid().toStdString();
}

INSTANTIATE_TEST_SUITE_P(Servers, KnownKeysJourney, testing::Values("no_explore", "faithful"),
    [](const auto& which) { return std::string(which.param); });

} // namespace
} // namespace norikv::tests
