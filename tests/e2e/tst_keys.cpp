// SPDX-License-Identifier: GPL-3.0-or-later
// Finding keys and keeping the place: the real window against the real server.
#include "tests/e2e/windowfixture.h"

#include "widgets/keyspage.h"
#include "widgets/keysview.h"

#include <QLineEdit>
#include <QScrollBar>
#include <QTableView>
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

} // namespace
} // namespace norikv::tests
