// SPDX-License-Identifier: GPL-3.0-or-later
// Bulk jobs, import, undo and "copy as", by keyboard and in every state.
#include "tests/models/feedfixture.h"
#include "tests/support/matchers.h"
#include "tests/support/scratchfolder.h"

#include "widgets/bulkdialog.h"
#include "widgets/copyasmenu.h"
#include "widgets/importdialog.h"
#include "widgets/journalpanel.h"
#include "widgets/theme.h"
#include "widgets/undodialog.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>

using namespace norikv;
using namespace norikv::widgets;
using client::BulkAction;
using models::BulkFeed;
using test::Bench;
using test::FakeStore;
using test::waitFor;
using State = BulkFeed::State;
using Op = FakeStore::Op;

namespace {

template <class Widget> Widget& the(QWidget& root, const char* name)
{
    auto* found = root.findChild<Widget*>(QString::fromLatin1(name));
    if (!found)
        throw std::runtime_error(name);
    return *found;
}

struct DialogBench : Bench {
    test::ScratchFolder folder;
    Theme theme{ThemePreference::Light};
    std::unique_ptr<QDialog> dialog;

    DialogBench() { theme.setReducedMotion(true); }
    ~DialogBench() { dialog.reset(); }

    std::unique_ptr<BulkFeed> makeFeed()
    {
        models::BulkPlace place;
        place.undoFolder = QString::fromStdString(folder.file("undo"));
        place.ourSandbox = true;
        return std::make_unique<BulkFeed>(*dispatcher, *connection, clock, place);
    }
    BulkDialog& bulk(int n, BulkAction action = BulkAction::Delete)
    {
        open();
        client::BulkRequest request;
        request.action = action;
        request.fromPrefix = "k:";
        request.toPrefix = "copy:";
        for (int i = 0; i < n; ++i) {
            request.keys.push_back("k:" + std::to_string(i));
            store.plant(request.keys.back(), "value");
        }
        auto made = std::make_unique<BulkDialog>(makeFeed(), theme);
        BulkDialog& shown = *made;
        dialog = std::move(made);
        shown.feed().plan(std::move(request));
        shown.show();
        EXPECT_TRUE(waitFor([&] { return shown.feed().state() == State::Planned; }));
        return shown;
    }
};

} // namespace

TEST(BulkDialog, ShowsTheDryRunAndAsksForTheNumberAboveAHundred)
{
    DialogBench bench;
    auto& dialog = bench.bulk(150);
    EXPECT_EQ(the<QLabel>(dialog, "bulkSentence").text(),
        "150 key(s) will be deleted." /* plurals are translated in the program */);
    EXPECT_TRUE(the<QLabel>(dialog, "bulkCost").text().contains(QStringLiteral("not open yet")));
    EXPECT_EQ(the<QTableView>(dialog, "bulkKeys").model()->rowCount(), 150);
    auto& start = the<QPushButton>(dialog, "bulkStart");
    auto& typed = the<QLineEdit>(dialog, "bulkTyped");
    EXPECT_FALSE(start.isEnabled());
    QTest::keyClicks(&typed, QStringLiteral("15"));
    EXPECT_FALSE(start.isEnabled());
    QTest::keyClick(&typed, Qt::Key_Return); // not yet
    EXPECT_EQ(dialog.feed().state(), State::Planned);
    EXPECT_TRUE(dialog.isVisible());
    QTest::keyClicks(&typed, QStringLiteral("0"));
    EXPECT_TRUE(start.isEnabled());
    QTest::keyClick(&typed, Qt::Key_Return);
    EXPECT_TRUE(dialog.isVisible());
    ASSERT_TRUE(waitFor([&] { return dialog.feed().state() == State::Ended; }));
    EXPECT_EQ(dialog.feed().progress().state, client::BulkState::Finished);
    EXPECT_TRUE(bench.store.contents().empty());
    EXPECT_TRUE(the<QLabel>(dialog, "bulkUndoFile").text().startsWith(QStringLiteral("Undo file saved as ")));
    EXPECT_EQ(the<QLabel>(dialog, "bulkHeadline").text(), QStringLiteral("Delete keys · Finished"));
    QTest::mouseClick(&the<QPushButton>(dialog, "bulkUndoAll"), Qt::LeftButton);
    ASSERT_TRUE(waitFor(
        [&] { return dialog.feed().state() == State::Ended && bench.store.contents().size() == 150; }));
}

TEST(BulkDialog, WhatIsGoneAlreadyIsNotCounted)
{
    DialogBench bench;
    bench.open();
    client::BulkRequest request;
    for (int i = 0; i < 120; ++i) {
        request.keys.push_back("k:" + std::to_string(i));
        if (i < 90)
            bench.store.plant(request.keys.back(), "value");
    }
    auto made = std::make_unique<BulkDialog>(bench.makeFeed(), bench.theme);
    BulkDialog& dialog = *made;
    bench.dialog = std::move(made);
    dialog.feed().plan(request);
    dialog.show();
    ASSERT_TRUE(waitFor([&] { return dialog.feed().state() == State::Planned; }));
    EXPECT_EQ(the<QLabel>(dialog, "bulkSentence").text(), QStringLiteral("90 key(s) will be deleted."));
    EXPECT_TRUE(the<QLabel>(dialog, "bulkCost").text().contains(QStringLiteral("30 key(s) are gone already")));
    EXPECT_FALSE(the<QLineEdit>(dialog, "bulkTyped").isVisible()) << "90 keys are not more than a hundred";
    EXPECT_TRUE(the<QPushButton>(dialog, "bulkStart").isEnabled());
    request.keys = {"k:90", "k:91"};
    dialog.feed().plan(request);
    ASSERT_TRUE(waitFor([&] { return dialog.feed().state() == State::Planned; }));
    EXPECT_TRUE(the<QLabel>(dialog, "bulkSentence").text().startsWith(QStringLiteral("Nothing to do")));
    EXPECT_FALSE(the<QPushButton>(dialog, "bulkStart").isEnabled());
}

TEST(BulkDialog, APhraseIsTypedHoweverFewKeysThereAre)
{
    DialogBench bench;
    auto& dialog = bench.bulk(3);
    dialog.confirmByTyping(QStringLiteral("acme"), QStringLiteral("Type its id, acme, to confirm:"));
    client::BulkRequest request;
    request.keys = {"k:0", "k:1", "k:2"};
    dialog.feed().plan(request);
    ASSERT_TRUE(waitFor([&] { return dialog.feed().state() == State::Planned; }));
    auto& start = the<QPushButton>(dialog, "bulkStart");
    auto& typed = the<QLineEdit>(dialog, "bulkTyped");
    ASSERT_TRUE(typed.isVisible());
    EXPECT_FALSE(start.isEnabled());
    QTest::keyClicks(&typed, QStringLiteral("3"));
    EXPECT_FALSE(start.isEnabled()) << "their number is not enough";
    typed.clear();
    QTest::keyClicks(&typed, QStringLiteral("acme"));
    EXPECT_TRUE(start.isEnabled());
    QTest::keyClick(&typed, Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return dialog.feed().state() == State::Ended; }));
    EXPECT_TRUE(bench.store.contents().empty());
}

TEST(BulkDialog, EnterNeverStartsAndEscCloses)
{
    DialogBench bench;
    auto& dialog = bench.bulk(3);
    EXPECT_TRUE(the<QPushButton>(dialog, "bulkStart").isEnabled());
    EXPECT_FALSE(the<QLineEdit>(dialog, "bulkTyped").isVisible());
    QTest::keyClick(&dialog, Qt::Key_Escape);
    EXPECT_FALSE(dialog.isVisible());
    EXPECT_EQ(bench.store.contents().size(), 3U);
    dialog.show();
    QTest::keyClick(&dialog, Qt::Key_Return); // the default button is the way back
    EXPECT_FALSE(dialog.isVisible());
    EXPECT_EQ(bench.store.count(Op::Remove), 0U);
}

TEST(BulkDialog, ReadOnlyCannotStart)
{
    DialogBench bench;
    bench.profile.guard = client::GuardMode::ReadOnly;
    auto& dialog = bench.bulk(3);
    EXPECT_FALSE(the<QPushButton>(dialog, "bulkStart").isEnabled());
    EXPECT_TRUE(the<QPushButton>(dialog, "bulkStart").toolTip().contains(QStringLiteral("read-only")));
}

TEST(BulkDialog, ClosingStopsTheJob)
{
    DialogBench bench;
    auto& dialog = bench.bulk(2000);
    std::atomic<bool> hold{true};
    bench.store.before = [&](const FakeStore::Seen& seen) {
        while (seen.op == Op::Remove && hold)
            std::this_thread::yield();
    };
    dialog.feed().start(0);
    ASSERT_TRUE(waitFor([&] { return bench.store.count(Op::Get) > 0; }));
    QTest::keyClick(&dialog, Qt::Key_Escape);
    hold = false;
    ASSERT_TRUE(waitFor([&] { return dialog.feed().state() == State::Ended; }));
    EXPECT_EQ(dialog.feed().progress().state, client::BulkState::Cancelled);
    EXPECT_GT(bench.store.contents().size(), 0U);
}

TEST(BulkDialog, PauseButtonAndFailuresTable)
{
    DialogBench bench;
    auto& dialog = bench.bulk(5);
    bench.store.script(Op::Remove, FakeStore::Fault::Invalid);
    QTest::mouseClick(&the<QPushButton>(dialog, "bulkStart"), Qt::LeftButton);
    ASSERT_TRUE(waitFor([&] { return dialog.feed().state() == State::Ended; }));
    EXPECT_TRUE(the<QTableView>(dialog, "bulkFailures").isVisible());
    EXPECT_EQ(the<QTableView>(dialog, "bulkFailures").model()->rowCount(), 1);
    EXPECT_FALSE(the<QPushButton>(dialog, "bulkPause").isVisible());
    EXPECT_TRUE(the<QLabel>(dialog, "bulkOutcomes").text().contains(QStringLiteral("failed 1")));
}

TEST(BulkDialog, HostileKeysStayPlainText)
{
    DialogBench bench;
    bench.open();
    client::BulkRequest request;
    request.keys = {"<img src=file:///etc/passwd>", std::string("\0\x1b[31m", 6), std::string(1024, 'k')};
    auto made = std::make_unique<BulkDialog>(bench.makeFeed(), bench.theme);
    made->feed().plan(request);
    made->show();
    ASSERT_TRUE(waitFor([&] { return made->feed().state() == State::Planned; }));
    for (auto* label : made->findChildren<QLabel*>())
        EXPECT_EQ(label->textFormat(), Qt::PlainText) << label->text().toStdString();
    const auto* model = the<QTableView>(*made, "bulkKeys").model();
    EXPECT_EQ(model->index(1, 0).data().toString(), QStringLiteral("\\x00\\x1b[31m"));
}

TEST(ImportDialog, ShowsTheFirstLinesTheBrokenOnesAndImports)
{
    DialogBench bench;
    bench.open();
    bench.store.plant("a", "theirs");
    const std::string file = bench.folder.file("in.csv");
    test::writeFile(file, "key,value\na,ours\nb\nc,3\n");
    auto made = std::make_unique<ImportDialog>(bench.makeFeed(), bench.theme);
    ImportDialog& dialog = *made;
    bench.dialog = std::move(made);
    dialog.show();
    EXPECT_FALSE(the<QPushButton>(dialog, "importStart").isEnabled());
    dialog.setFile(QString::fromStdString(file));
    auto& preview = the<QTableWidget>(dialog, "importPreview");
    ASSERT_TRUE(waitFor([&] { return preview.rowCount() == 2; }));
    EXPECT_EQ(preview.item(1, 0)->text(), "c");
    auto& broken = the<QTableWidget>(dialog, "importBroken");
    ASSERT_EQ(broken.rowCount(), 1);
    EXPECT_EQ(broken.item(0, 0)->text(), "3");
    EXPECT_TRUE(broken.item(0, 1)->text().contains(QStringLiteral("1 cells")));
    the<QComboBox>(dialog, "importExisting").setCurrentIndex(1);
    QTest::mouseClick(&the<QPushButton>(dialog, "importStart"), Qt::LeftButton);
    ASSERT_TRUE(waitFor([&] { return bench.store.value("c").has_value(); }));
    EXPECT_EQ(bench.store.value("a"), "ours");
    ASSERT_TRUE(waitFor([&] { return the<QPushButton>(dialog, "bulkUndoAll").isVisible(); }));
}

TEST(ImportDialog, LinesOutsideThePrefixAreLeftOutAndCounted)
{
    DialogBench bench;
    bench.open();
    const std::string file = bench.folder.file("in.csv");
    test::writeFile(file, "key,value\ntenant:a:1,x\ntenant:b:1,y\nother,z\n");
    auto made = std::make_unique<ImportDialog>(bench.makeFeed(), bench.theme);
    ImportDialog& dialog = *made;
    bench.dialog = std::move(made);
    dialog.setOnlyPrefix("tenant:a:");
    dialog.show();
    dialog.setFile(QString::fromStdString(file));
    auto& preview = the<QTableWidget>(dialog, "importPreview");
    ASSERT_TRUE(waitFor([&] { return preview.rowCount() == 1; }));
    const QString said = the<QLabel>(dialog, "importSummary").text();
    EXPECT_TRUE(said.contains(QStringLiteral("1 line(s) can be imported"))) << said.toStdString();
    EXPECT_TRUE(said.contains(QStringLiteral("2 line(s) are of keys outside tenant:a:")));
    QTest::mouseClick(&the<QPushButton>(dialog, "importStart"), Qt::LeftButton);
    ASSERT_TRUE(waitFor([&] { return the<QPushButton>(dialog, "bulkUndoAll").isVisible(); }));
    EXPECT_EQ(bench.store.value("tenant:a:1"), "x");
    EXPECT_EQ(bench.store.contents().size(), 1U);
}

TEST(ImportDialog, AFileThatIsNoImportIsSaid)
{
    DialogBench bench;
    bench.open();
    test::writeFile(bench.folder.file("x"), "just,some\ntext,here\n");
    auto made = std::make_unique<ImportDialog>(bench.makeFeed(), bench.theme);
    ImportDialog& dialog = *made;
    bench.dialog = std::move(made);
    dialog.show();
    dialog.setFile(QString::fromStdString(bench.folder.file("x")));
    ASSERT_TRUE(waitFor([&] {
        return the<QLabel>(dialog, "importSummary")
            .text()
            .contains(QStringLiteral("no column is called key"));
    }));
    EXPECT_FALSE(the<QPushButton>(dialog, "importStart").isEnabled());
}

TEST(CopyAsMenu, OffersWhatCanBeSaidAndTheReasonForTheRest)
{
    client::ShownOperation put{
        .what = client::ShownOperation::What::Put, .key = "a", .value = "v", .ttlMs = 5};
    CopyAsMenu menu([&] { return put; }, {"h:7447", "h:8080"});
    QSignalSpy copied(&menu, &CopyAsMenu::copied);
    menu.fill();
    ASSERT_EQ(menu.actions().size(), 6);
    EXPECT_FALSE(menu.actions().last()->isEnabled());
    EXPECT_TRUE(menu.actions().last()->text().contains(QStringLiteral("time to live")));
    menu.actions().at(1)->trigger();
    EXPECT_EQ(QApplication::clipboard()->text(), "await client.put(\"a\", \"v\", PutOptions(ttl_ms=5))\n");
    EXPECT_EQ(copied.count(), 1);
}

namespace {

struct JournalBench : Bench {
    test::ScratchFolder folder;
    Theme theme{ThemePreference::Light};
    client::Journal journal{folder.file("journal.ndjson"), clock};
    std::unique_ptr<models::JournalFeed> feed;
    std::unique_ptr<JournalPanel> panel;
    std::unique_ptr<QWidget> tools;

    JournalBench()
    {
        theme.setReducedMotion(true);
        store.plant("k", "old");
        connection
            = client::Connection::over(store, profile, clock, client::Recorders(trace, nullptr, &journal));
        dispatcher = std::make_unique<models::Dispatcher>(2);
        feed = std::make_unique<models::JournalFeed>(*dispatcher, *connection, journal, clock);
        panel = std::make_unique<JournalPanel>(*feed, client::CopyTarget{"h:7447", {}}, theme);
        tools.reset(panel->tools());
        panel->resize(1000, 200);
        panel->show();
    }
    ~JournalBench()
    {
        tools.reset();
        panel.reset();
        feed.reset();
    }
    void put(const client::Bytes& value)
    {
        client::Call call;
        ASSERT_THAT(connection->store().put(call, {.key = "k", .value = value}), test::succeeds());
        feed->collect();
    }
};

} // namespace

TEST(JournalPanel, UndoAsksThenSaysTheThreeSteps)
{
    JournalBench bench;
    EXPECT_FALSE(the<QToolButton>(*bench.tools, "journalUndo").isEnabled());
    QSignalSpy message(bench.panel.get(), &JournalPanel::message);
    bench.panel->undoLast();
    EXPECT_EQ(message.count(), 1);
    bench.put("new");
    EXPECT_TRUE(the<QToolButton>(*bench.tools, "journalUndo").isEnabled());
    bench.panel->undoLast();
    auto* dialog = bench.panel->findChild<UndoDialog*>();
    ASSERT_NE(dialog, nullptr);
    EXPECT_EQ(bench.store.value("k"), "new") << "it asks first";
    QTest::mouseClick(&the<QPushButton>(*dialog, "undoNow"), Qt::LeftButton);
    auto& steps = the<QLabel>(*dialog, "undoSteps");
    ASSERT_TRUE(waitFor([&] { return steps.isVisible(); }));
    EXPECT_EQ(steps.text().count(QLatin1Char('\n')), 2);
    EXPECT_EQ(bench.store.value("k"), "old");
    EXPECT_FALSE(the<QPushButton>(*dialog, "undoForce").isVisible());
    QTest::keyClick(dialog, Qt::Key_Escape);
    EXPECT_FALSE(dialog->isVisible());
}

TEST(JournalPanel, SomethingElseThereIsShownAndOnlyForcedByAnotherWord)
{
    JournalBench bench;
    bench.put("new");
    bench.store.plant("k", "theirs");
    bench.panel->undoLast();
    auto* dialog = bench.panel->findChild<UndoDialog*>();
    ASSERT_NE(dialog, nullptr);
    QTest::mouseClick(&the<QPushButton>(*dialog, "undoNow"), Qt::LeftButton);
    auto& force = the<QPushButton>(*dialog, "undoForce");
    ASSERT_TRUE(waitFor([&] { return force.isVisible(); }));
    EXPECT_EQ(bench.store.value("k"), "theirs");
    EXPECT_TRUE(the<QLabel>(*dialog, "undoSteps").text().contains(QStringLiteral("theirs")));
    QTest::mouseClick(&force, Qt::LeftButton);
    ASSERT_TRUE(waitFor([&] { return bench.store.value("k") == "old"; }));
}

TEST(JournalPanel, CtrlShiftCOpensCopyAs)
{
    JournalBench bench;
    bench.put("new");
    auto& table = the<QTableView>(*bench.panel, "journalTable");
    table.setCurrentIndex(table.model()->index(0, 0));
    auto* menu = bench.panel->findChild<CopyAsMenu*>();
    ASSERT_NE(menu, nullptr);
    const auto keys = QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C);
    const auto actions = table.actions();
    EXPECT_TRUE(std::ranges::any_of(actions, [&](const QAction* a) { return a->shortcut() == keys; }));
    menu->fill();
    menu->actions().first()->trigger();
    EXPECT_EQ(QApplication::clipboard()->text(), "await client.put(\"k\", \"new\");\n");
}
