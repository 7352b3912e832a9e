// SPDX-License-Identifier: GPL-3.0-or-later
// The keys page over a store in memory: what it shows and says in each state, by mouse and by keyboard.
#include "tests/models/feedfixture.h"

#include "models/scansource.h"
#include "widgets/badge.h"
#include "widgets/keyfilterbar.h"
#include "widgets/keyspage.h"
#include "widgets/keysview.h"
#include "widgets/noticebar.h"
#include "widgets/theme.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include <gmock/gmock.h>

using namespace norikv;
using namespace norikv::widgets;
using namespace std::chrono_literals;
using models::FeedState;
using models::KeysFeed;
using test::Bench;
using test::waitFor;
using Op = test::FakeStore::Op;
using Fault = test::FakeStore::Fault;

namespace {

struct KeysBench : Bench {
    Theme theme{ThemePreference::Light};
    std::unique_ptr<KeysFeed> feed;
    std::unique_ptr<KeysPage> page;
    std::vector<client::Bytes> opened;
    std::vector<std::pair<QString, std::vector<client::Bytes>>> bulk;

    KeysBench() { theme.setReducedMotion(true); }
    ~KeysBench()
    {
        page.reset();
        feed.reset();
    }
    void plantShop()
    {
        for (int i = 100; i < 160; ++i)
            store.plant("user:" + std::to_string(i), std::string(100, 'v'));
        store.plant("session:a", "{}", 60'000);
        store.plant("session:b", "{}", 3'600'000);
        store.plant("leader:jobs", "{}", 5'000);
        store.plant("top", "1");
    }
    void start(bool connectBulk = true)
    {
        open();
        std::vector<std::unique_ptr<models::KeySource>> sources;
        sources.push_back(std::make_unique<models::ScanSource>(connection->store()));
        feed = std::make_unique<KeysFeed>(*dispatcher, clock, std::move(sources));
        page = std::make_unique<KeysPage>(*feed, clock, theme, QStringLiteral("bench"), 1024);
        QObject::connect(page.get(), &KeysPage::openRequested, page.get(),
            [this](const client::Bytes& key) { opened.push_back(key); });
        if (connectBulk) {
            QObject::connect(page.get(), &KeysPage::bulkRequested, page.get(),
                [this](const QString& action, const std::vector<client::Bytes>& keys) {
                    bulk.emplace_back(action, keys);
                });
        }
        page->resize(900, 420);
        page->show();
        page->activateWindow();
    }
    [[nodiscard]] bool ready()
    {
        return waitFor([this] { return feed->state() == FeedState::Ready && !feed->indexing(); });
    }
    template <class Widget> Widget& the(const char* name)
    {
        auto* found = page->findChild<Widget*>(QString::fromLatin1(name));
        EXPECT_NE(found, nullptr) << name;
        return *found;
    }
    QTableView& list() { return the<QTableView>("keyList"); }
    QTreeView& tree() { return the<QTreeView>("keyTree"); }
    void showList() { the<QToolButton>("asList").click(); }
    bool says(const QString& words)
    {
        for (auto* label : page->findChildren<QLabel*>()) {
            if (label->isVisible() && label->text().contains(words))
                return true;
        }
        return page->notices().isOpen() && page->notices().text().contains(words);
    }
    QPushButton* button(const QString& text)
    {
        for (auto* b : page->findChildren<QPushButton*>()) {
            if (b->isVisible() && b->text() == text)
                return b;
        }
        return nullptr;
    }
    void press(const QString& text)
    {
        ASSERT_TRUE(waitFor([&] { return button(text) != nullptr; })) << text.toStdString();
        button(text)->click();
    }
    [[nodiscard]] bool shows(std::size_t rows)
    {
        return waitFor([&] { return feed->view().size() == rows && !feed->indexing(); });
    }
    QAction* menuEntry(const QString& text)
    {
        auto* menu = page->findChild<QMenu*>(QStringLiteral("keyMenu"));
        if (!menu)
            return nullptr;
        for (QAction* action : menu->actions()) {
            if (action->text() == text)
                return action;
        }
        return nullptr;
    }
    QStringList menu()
    {
        auto& view = list().isVisible() ? static_cast<QAbstractItemView&>(list()) : tree();
        const QPoint at = view.visualRect(view.currentIndex()).center();
        Q_EMIT view.customContextMenuRequested(at);
        QStringList texts;
        for (QAction* action : page->findChild<QMenu*>(QStringLiteral("keyMenu"))->actions())
            texts << (action->isSeparator() ? QStringLiteral("-") : action->text());
        return texts;
    }
};

QString keyAt(const QModelIndex& index)
{
    return QString::fromUtf8(index.data(models::KeyRole).toByteArray());
}

} // namespace

TEST(KeysPage, FoldersComeFirstAndOpenByKeyboard)
{
    KeysBench b;
    b.plantShop();
    b.start();
    ASSERT_TRUE(b.ready());
    EXPECT_TRUE(waitFor([&] { return b.says(QStringLiteral("64 key")); }));
    EXPECT_EQ(b.the<Badge>("keyCoverage").text(), QStringLiteral("complete"));
    auto* model = b.tree().model();
    ASSERT_EQ(model->rowCount(), 4);
    b.tree().setFocus();
    b.tree().setCurrentIndex(model->index(1, 0));
    EXPECT_EQ(keyAt(b.tree().currentIndex()), QStringLiteral("session:"));
    QTest::keyClick(&b.tree(), Qt::Key_Return);
    EXPECT_TRUE(b.tree().isExpanded(model->index(1, 0)));
    EXPECT_TRUE(b.opened.empty());
    QTest::keyClick(&b.tree(), Qt::Key_Down);
    QTest::keyClick(&b.tree(), Qt::Key_Return);
    EXPECT_THAT(b.opened, testing::ElementsAre("session:a"));
    QTest::keyClick(&b.tree(), Qt::Key_Left);
    QTest::keyClick(&b.tree(), Qt::Key_Left);
    EXPECT_FALSE(b.tree().isExpanded(model->index(1, 0)));
}

TEST(KeysPage, AFilterNarrowsAndDownLeadsIntoTheRows)
{
    KeysBench b;
    b.plantShop();
    b.start();
    ASSERT_TRUE(b.ready());
    b.page->focusFilter();
    auto& field = b.the<QLineEdit>("keyFilter");
    EXPECT_TRUE(field.hasFocus());
    QTest::keyClicks(&field, QStringLiteral("er:15"));
    ASSERT_TRUE(b.shows(10));
    EXPECT_TRUE(b.says(QStringLiteral("10 of 64 keys")));
    // Few matches are shown without a click.
    EXPECT_TRUE(b.tree().isExpanded(b.tree().model()->index(0, 0)));
    QTest::keyClick(&field, Qt::Key_Down);
    EXPECT_TRUE(b.tree().hasFocus());
    EXPECT_TRUE(b.tree().currentIndex().isValid());
    field.clear();
    ASSERT_TRUE(b.shows(64));
    EXPECT_FALSE(b.tree().isExpanded(b.tree().model()->index(3, 0))) << "open folders are those of before";
}

TEST(KeysPage, ABadPatternIsSaidBelowTheField)
{
    KeysBench b;
    b.plantShop();
    b.start();
    ASSERT_TRUE(b.ready());
    auto& mode = b.the<QComboBox>("keyFilterMode");
    mode.setCurrentIndex(mode.findData(int(models::KeyFilter::Mode::Regex)));
    auto& field = b.the<QLineEdit>("keyFilter");
    field.setText(QStringLiteral("^user:1(0"));
    EXPECT_TRUE(b.says(QStringLiteral("The pattern cannot be used")));
    EXPECT_EQ(b.feed->view().size(), 64u);
    field.setText(QStringLiteral("^user:1(0|1)"));
    EXPECT_FALSE(b.says(QStringLiteral("The pattern cannot be used")));
    ASSERT_TRUE(b.shows(20));
}

TEST(KeysPage, NoMatchOffersToClearTheFilter)
{
    KeysBench b;
    b.plantShop();
    b.start();
    ASSERT_TRUE(b.ready());
    b.the<QLineEdit>("keyFilter").setText(QStringLiteral("nothing"));
    ASSERT_TRUE(waitFor([&] { return b.says(QStringLiteral("No key matches")); }));
    b.press(QStringLiteral("Clear the filter"));
    ASSERT_TRUE(b.shows(64));
    EXPECT_TRUE(b.the<QLineEdit>("keyFilter").text().isEmpty());
}

TEST(KeysPage, KindsAndExpiryNarrowToo)
{
    KeysBench b;
    b.plantShop();
    b.start();
    ASSERT_TRUE(b.ready());
    auto* kinds = b.the<QToolButton>("keyKinds").menu();
    for (QAction* action : kinds->actions()) {
        if (action->text() == QStringLiteral("session"))
            action->trigger();
    }
    ASSERT_TRUE(b.shows(2));
    b.the<QToolButton>("onlyWithoutExpiry").click();
    ASSERT_TRUE(b.shows(0));
    kinds->actions().front()->trigger();
    ASSERT_TRUE(b.shows(61));
}

TEST(KeysPage, TheListSortsByItsHeader)
{
    KeysBench b;
    b.plantShop();
    b.start();
    ASSERT_TRUE(b.ready());
    b.showList();
    auto* header = b.list().horizontalHeader();
    const auto clickColumn = [&](models::KeyColumn column) {
        const int x = header->sectionViewportPosition(int(column)) + 10;
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, QPoint(x, header->height() / 2));
    };
    clickColumn(models::KeyColumn::Expires);
    ASSERT_TRUE(
        waitFor([&] { return keyAt(b.list().model()->index(0, 0)) == QStringLiteral("leader:jobs"); }));
    EXPECT_EQ(header->sortIndicatorSection(), int(models::KeyColumn::Expires));
    clickColumn(models::KeyColumn::Size);
    ASSERT_TRUE(waitFor([&] { return keyAt(b.list().model()->index(0, 0)) == QStringLiteral("top"); }));
    clickColumn(models::KeyColumn::Size);
    ASSERT_TRUE(waitFor([&] { return keyAt(b.list().model()->index(0, 0)) == QStringLiteral("user:100"); }));
    // Folders go by key again, and coming back the list is as it was.
    b.the<QToolButton>("asTree").click();
    ASSERT_TRUE(waitFor([&] { return b.tree().model()->rowCount() == 4; }));
    b.showList();
    ASSERT_TRUE(waitFor([&] { return keyAt(b.list().model()->index(0, 0)) == QStringLiteral("user:100"); }));
}

TEST(KeysPage, SelectionIsCountedAndStaysWithItsKeys)
{
    KeysBench b;
    b.plantShop();
    b.start();
    ASSERT_TRUE(b.ready());
    b.showList();
    auto* rows = b.list().selectionModel();
    for (const char* key : {"user:110", "user:120", "session:a"}) {
        for (int row = 0; row < b.list().model()->rowCount(); ++row) {
            if (keyAt(b.list().model()->index(row, 0)) == QLatin1String(key))
                rows->select(
                    b.list().model()->index(row, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        }
    }
    EXPECT_TRUE(waitFor([&] { return b.says(QStringLiteral("3 keys, 202 B")); }));
    b.store.erase("user:110");
    b.store.plant("aaa", "v");
    ASSERT_TRUE(
        waitFor([&] { return b.feed->known() == 64 && b.says(QStringLiteral("2 keys, 102 B")); }));
    QStringList chosen;
    for (const QModelIndex& index : rows->selectedRows())
        chosen << keyAt(index);
    EXPECT_THAT(
        chosen, testing::UnorderedElementsAre(QStringLiteral("session:a"), QStringLiteral("user:120")));
    b.list().setFocus();
    QTest::keySequence(&b.list(), QKeySequence::Copy);
    EXPECT_EQ(QApplication::clipboard()->text(), QStringLiteral("session:a\nuser:120"));
    QTest::keyClick(&b.list(), Qt::Key_Delete);
    ASSERT_EQ(b.bulk.size(), 1u);
    EXPECT_EQ(b.bulk[0].first, QStringLiteral("delete"));
    EXPECT_THAT(b.bulk[0].second, testing::ElementsAre("session:a", "user:120"));
}

TEST(KeysPage, AFolderStandsForItsKeys)
{
    KeysBench b;
    b.plantShop();
    b.start();
    ASSERT_TRUE(b.ready());
    b.tree().setCurrentIndex(b.tree().model()->index(3, 0));
    EXPECT_TRUE(waitFor([&] { return b.says(QStringLiteral("60 keys, 5.9 KB")); }));
    EXPECT_THAT(b.menu(),
        testing::ElementsAre(QStringLiteral("Open in a tab"), QStringLiteral("Copy prefix"),
            QStringLiteral("Copy 60 keys"), QStringLiteral("Favourite"), QStringLiteral("Export…"),
            QStringLiteral("-"),
            QStringLiteral("TTL…"), QStringLiteral("Delete…")));
    b.menuEntry(QStringLiteral("TTL…"))->trigger();
    ASSERT_EQ(b.bulk.size(), 1u);
    EXPECT_EQ(b.bulk[0].second.size(), 60u);
    b.menuEntry(QStringLiteral("Open in a tab"))->trigger();
    ASSERT_TRUE(b.shows(60));
    EXPECT_EQ(b.the<QTabBar>("keyTabs").count(), 2);
}

TEST(KeysPage, InsideAScopeTheRestIsHiddenUnderEveryFilter)
{
    KeysBench b;
    b.plantShop();
    b.store.plant("tenant:acme:a", "1");
    b.store.plant("tenant:acme:b", "1");
    b.store.plant("tenant:other:a", "1");
    b.start();
    ASSERT_TRUE(b.ready());
    b.page->setScope("tenant:acme:", QStringLiteral("tenant acme"));
    ASSERT_TRUE(b.shows(2));
    EXPECT_TRUE(waitFor([&] { return b.says(QStringLiteral("2 key(s) of tenant acme")); }));
    EXPECT_FALSE(b.says(QStringLiteral("of 67 keys")));
    EXPECT_EQ(b.page->figures().value(QStringLiteral("keys")).toInt(), 2);
    auto& field = b.the<QLineEdit>("keyFilter");
    EXPECT_EQ(field.placeholderText(), QStringLiteral("Filter keys of tenant acme"));
    EXPECT_TRUE(b.page->findChild<KeysView*>()->expanded()
        == (std::vector<client::Bytes>{"tenant:", "tenant:acme:"}))
        << "nobody opens folders with one child one by one";
    field.setText(QStringLiteral("user"));
    ASSERT_TRUE(b.shows(0));
    EXPECT_TRUE(b.says(QStringLiteral("None of 2 keys")));
    field.setText(QStringLiteral("e:a"));
    ASSERT_TRUE(b.shows(1));
    field.clear();
    ASSERT_TRUE(b.shows(2));
    // What comes later is judged in the same way, in a list sorted by something else too.
    b.showList();
    b.store.plant("tenant:acme:c", "1");
    b.store.plant("tenant:other:c", "1");
    b.page->refreshNow();
    ASSERT_TRUE(b.shows(3));
    b.page->setScope({}, {});
    ASSERT_TRUE(b.shows(69));
    EXPECT_FALSE(b.says(QStringLiteral("tenant acme")));
}

TEST(KeysPage, ReadOnlyOffersNoWrites)
{
    KeysBench b;
    b.plantShop();
    b.start();
    ASSERT_TRUE(b.ready());
    b.page->setReadOnly(true);
    b.showList();
    b.list().setCurrentIndex(b.list().model()->index(0, 0));
    const QStringList entries = b.menu();
    EXPECT_EQ(entries.front(), QStringLiteral("Open"));
    EXPECT_TRUE(entries.contains(QStringLiteral("Delete… (read-only)")));
    EXPECT_FALSE(b.menuEntry(QStringLiteral("Delete… (read-only)"))->isEnabled());
    b.list().setFocus();
    QTest::keyClick(&b.list(), Qt::Key_Delete);
    EXPECT_TRUE(b.bulk.empty());
}

TEST(KeysPage, WritesThatNobodyCarriesOutAreNotOffered)
{
    KeysBench b;
    b.plantShop();
    b.start(false);
    ASSERT_TRUE(b.ready());
    b.showList();
    b.list().setCurrentIndex(b.list().model()->index(0, 0));
    b.menu();
    EXPECT_FALSE(b.menuEntry(QStringLiteral("Delete…"))->isEnabled());
}

TEST(KeysPage, FavouritesAreStarredAndFilteredFor)
{
    KeysBench b;
    b.plantShop();
    b.start();
    ASSERT_TRUE(b.ready());
    b.showList();
    b.list().setCurrentIndex(b.list().model()->index(0, 0));
    b.menu();
    b.menuEntry(QStringLiteral("Favourite"))->trigger();
    ASSERT_TRUE(waitFor([&] { return b.list().model()->index(0, 0).data(models::FavouriteRole).toBool(); }));
    b.the<QToolButton>("onlyFavourites").click();
    ASSERT_TRUE(b.shows(1));
    EXPECT_EQ(keyAt(b.list().model()->index(0, 0)), QStringLiteral("leader:jobs"));
}

TEST(KeysPage, TabsKeepTheirPlaceAndComeBack)
{
    KeysBench b;
    b.plantShop();
    b.start();
    ASSERT_TRUE(b.ready());
    auto& bar = b.the<QTabBar>("keyTabs");
    b.tree().expand(b.tree().model()->index(1, 0));
    b.tree().setCurrentIndex(b.tree().model()->index(0, 0, b.tree().model()->index(1, 0)));
    b.the<QToolButton>("addKeyTab").click();
    ASSERT_EQ(bar.count(), 2);
    b.the<QLineEdit>("keyFilter").setText(QStringLiteral("user"));
    ASSERT_TRUE(b.shows(60));
    EXPECT_EQ(bar.tabText(1), QStringLiteral("user"));
    bar.setCurrentIndex(0);
    ASSERT_TRUE(b.shows(64));
    EXPECT_TRUE(b.tree().isExpanded(b.tree().model()->index(1, 0)));
    EXPECT_EQ(keyAt(b.tree().currentIndex()), QStringLiteral("session:a"));
    bar.setCurrentIndex(1);
    ASSERT_TRUE(b.shows(60));
    QTest::keyClick(b.page.get(), Qt::Key_W, Qt::ControlModifier);
    ASSERT_TRUE(b.shows(64));
    EXPECT_EQ(bar.count(), 1);
    QTest::keyClick(b.page.get(), Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
    ASSERT_TRUE(b.shows(60));
    EXPECT_EQ(b.the<QLineEdit>("keyFilter").text(), QStringLiteral("user"));
}

TEST(KeysPage, ThePlaceSurvivesARestart)
{
    QVariantMap place;
    {
        KeysBench b;
        b.plantShop();
        b.start();
        ASSERT_TRUE(b.ready());
        b.tree().expand(b.tree().model()->index(3, 0));
        b.tree().setCurrentIndex(b.tree().model()->index(40, 0, b.tree().model()->index(3, 0)));
        b.tree().scrollTo(b.tree().currentIndex(), QAbstractItemView::PositionAtTop);
        place = b.page->place();
    }
    KeysBench b;
    b.plantShop();
    b.start();
    ASSERT_TRUE(b.ready());
    b.page->setPlace(place);
    ASSERT_TRUE(waitFor([&] { return keyAt(b.tree().currentIndex()) == QStringLiteral("user:140"); }));
    EXPECT_EQ(keyAt(b.tree().indexAt(QPoint(0, 0))), QStringLiteral("user:140"));
}

TEST(KeysPage, TheFirstVisibleRowStaysWhileKeysComeAndGo)
{
    KeysBench b;
    b.plantShop();
    b.start();
    ASSERT_TRUE(b.ready());
    for (const bool tree : {false, true}) {
        if (tree) {
            b.the<QToolButton>("asTree").click();
            b.tree().expandAll();
        } else {
            b.showList();
        }
        auto& view = tree ? static_cast<QAbstractItemView&>(b.tree()) : b.list();
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum() / 2 + 5);
        const QModelIndex top = view.indexAt(QPoint(0, 0));
        const QString key = keyAt(top);
        const int offset = view.visualRect(top).top();
        for (int i = 0; i < 30; ++i)
            b.store.plant((tree ? "session:t" : "session:l") + std::to_string(i), "v");
        b.store.erase("leader:jobs");
        const std::size_t rows = tree ? 123 : 93;
        ASSERT_TRUE(waitFor([&] { return b.feed->known() == rows; }));
        const QModelIndex after = view.indexAt(QPoint(0, 0));
        EXPECT_EQ(keyAt(after), key) << tree;
        EXPECT_EQ(view.visualRect(after).top(), offset) << tree;
    }
}

TEST(KeysPage, AnEmptyStoreSaysSo)
{
    KeysBench b;
    b.start();
    ASSERT_TRUE(b.ready());
    EXPECT_TRUE(waitFor([&] { return b.says(QStringLiteral("No key yet")); }));
    b.store.plant("first", "v");
    ASSERT_TRUE(b.shows(1));
    EXPECT_TRUE(waitFor([&] { return !b.says(QStringLiteral("No key yet")); }));
}

TEST(KeysPage, AServerThatCannotListOffersTheName)
{
    KeysBench b;
    b.store.offersExplore = false;
    b.start();
    ASSERT_TRUE(waitFor([&] { return b.says(QStringLiteral("This server cannot list its keys")); }));
    QSignalSpy asked(b.page.get(), &KeysPage::openByNameRequested);
    b.press(QStringLiteral("Open a key…"));
    EXPECT_EQ(asked.count(), 1);
    EXPECT_FALSE(b.says(QStringLiteral("0 keys"))) << "a total that nobody can know";
}

TEST(KeysPage, AFailureOffersToTryAgain)
{
    KeysBench b;
    b.plantShop();
    b.store.always(Op::Scan, Fault::Unreachable);
    b.start();
    ASSERT_TRUE(waitFor([&] { return b.says(QStringLiteral("The keys could not be listed")); }));
    b.store.calm();
    b.press(QStringLiteral("Try again"));
    ASSERT_TRUE(b.shows(64));
}

TEST(KeysPage, WhatIsFromBeforeIsMarkedAndStays)
{
    KeysBench b;
    b.plantShop();
    b.start();
    ASSERT_TRUE(b.ready());
    b.store.always(Op::Watch, Fault::Unreachable);
    b.store.cut();
    ASSERT_TRUE(waitFor([&] { return b.the<Badge>("keyCoverage").text() == QStringLiteral("from before"); }));
    EXPECT_TRUE(b.says(QStringLiteral("The server is away")));
    EXPECT_EQ(b.tree().model()->rowCount(), 4);
    b.store.plant("while:away", "v"); // the store in memory speaks only of changes
    b.store.mend();
    ASSERT_TRUE(waitFor([&] { return b.the<Badge>("keyCoverage").text() == QStringLiteral("complete"); }));
    EXPECT_TRUE(b.says(QStringLiteral("Connected again")));
}

TEST(KeysPage, HostileKeysAreShownAsPlainText)
{
    KeysBench b;
    b.store.plant("<img src=x onerror=alert(1)>", "v");
    b.store.plant(std::string("a\0b\n\xFF", 5), "v");
    b.store.plant(std::string(1024, 'k'), "v");
    b.start();
    ASSERT_TRUE(b.ready());
    b.showList();
    EXPECT_EQ(
        b.list().model()->index(0, 0).data().toString(), QStringLiteral("<img src=x onerror=alert(1)>"));
    EXPECT_TRUE(
        b.list().model()->index(0, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("&lt;img")));
    EXPECT_EQ(b.list().model()->index(1, 0).data().toString(), QStringLiteral("a\\x00b\\x0a\\xff"));
    EXPECT_LE(b.list().model()->index(2, 0).data().toString().size(), 257);
    b.list().grab();
}
