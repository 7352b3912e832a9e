// SPDX-License-Identifier: GPL-3.0-or-later
// A new key, a copy, looking for known keys, a note, a long name; and the sheet of shortcuts.
#include "models/keycreation.h"
#include "models/probefeed.h"
#include "tests/models/feedfixture.h"
#include "tests/support/scratchfolder.h"
#include "widgets/elidedlabel.h"
#include "widgets/fieldhint.h"
#include "widgets/keyinspector.h"
#include "widgets/newkeydialog.h"
#include "widgets/probedialog.h"
#include "widgets/shortcutsheet.h"
#include "widgets/theme.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableWidget>
#include <QTest>

#include <gtest/gtest.h>

#include <future>

using namespace norikv;
using namespace norikv::widgets;
using namespace std::chrono_literals;
using models::ProbeFeed;
using test::Bench;
using test::waitFor;
using Op = test::FakeStore::Op;

namespace {

struct NewKeyBench : Bench {
    Theme theme{ThemePreference::Light};
    std::unique_ptr<NewKeyDialog> dialog;
    std::vector<QByteArray> opened;

    ~NewKeyBench() { dialog.reset(); }
    void start(const client::Bytes& prefix = {})
    {
        if (!connection)
            open();
        dialog = std::make_unique<NewKeyDialog>(
            std::make_unique<models::KeyCreation>(*dispatcher, *connection, clock), theme, prefix);
        QObject::connect(dialog.get(), &NewKeyDialog::openRequested, dialog.get(),
            [this](const QByteArray& key) { opened.push_back(key); });
        dialog->show();
    }
    template <class Widget> Widget& the(const char* name)
    {
        auto* found = dialog->findChild<Widget*>(QString::fromLatin1(name));
        if (!found)
            throw std::runtime_error(name);
        return *found;
    }
    QLineEdit& name() { return the<QLineEdit>("newKeyName"); }
    QPushButton& create() { return the<QPushButton>("createKey"); }
    QString outcome() { return the<QLabel>("newKeyOutcome").text(); }
    QString problem() { return dialog->findChild<FieldHint*>()->problem(); }
};

} // namespace

TEST(NewKeyDialog, CreatesAKeyWithItsExpiryAndOpensIt)
{
    NewKeyBench b;
    b.start();
    EXPECT_FALSE(b.create().isEnabled()) << "no name yet";
    QTest::keyClicks(&b.name(), QStringLiteral("user:42"));
    b.the<QPlainTextEdit>("newValue").setPlainText(QStringLiteral("one\ntwo"));
    EXPECT_FALSE(b.the<QSpinBox>("newTtl").isVisible());
    b.the<QComboBox>("newExpiry").setCurrentIndex(1);
    EXPECT_TRUE(b.the<QSpinBox>("newTtl").isVisible());
    b.the<QSpinBox>("newTtl").setValue(5);
    QTest::keyClick(&b.name(), Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return !b.opened.empty(); }));
    EXPECT_EQ(b.opened[0], QByteArray("user:42"));
    EXPECT_FALSE(b.dialog->isVisible());
    EXPECT_EQ(b.store.value("user:42"), "one\ntwo");
    b.clock.advance(6s);
    EXPECT_EQ(b.store.value("user:42"), std::nullopt);
}

TEST(NewKeyDialog, AKeyThatExistsIsRefusedWithTheReasonAndCanBeOpened)
{
    NewKeyBench b;
    b.store.plant("there", "theirs");
    b.start();
    b.name().setText(QStringLiteral("there"));
    b.create().click();
    ASSERT_TRUE(waitFor([&] { return b.outcome().contains(QStringLiteral("exists already: version")); }));
    EXPECT_TRUE(b.dialog->isVisible());
    EXPECT_EQ(b.store.value("there"), "theirs");
    auto& open = b.the<QPushButton>("openExisting");
    ASSERT_TRUE(open.isVisible());
    b.name().setText(QStringLiteral("another"));
    EXPECT_FALSE(open.isVisible()) << "it was about the other name";
    EXPECT_TRUE(b.outcome().isEmpty());
    b.name().setText(QStringLiteral("there"));
    b.create().click();
    ASSERT_TRUE(waitFor([&] { return open.isVisible(); }));
    open.click();
    ASSERT_EQ(b.opened.size(), 1U);
    EXPECT_EQ(b.opened[0], QByteArray("there"));
}

TEST(NewKeyDialog, APastedLineOfAMegabyteIsKeptWholeAndNotShaped)
{
    NewKeyBench b;
    b.start();
    b.name().setText(QStringLiteral("long"));
    const std::string line(1000 * 1000, 'x');
    QApplication::clipboard()->setText(QString::fromStdString(line));
    auto& value = b.the<QPlainTextEdit>("newValue");
    value.paste();
    EXPECT_TRUE(value.document()->isEmpty());
    EXPECT_TRUE(value.placeholderText().contains(QStringLiteral("pasted and kept")));
    b.create().click();
    ASSERT_TRUE(waitFor([&] { return !b.opened.empty(); }));
    EXPECT_EQ(b.store.value("long"), line);

    b.start();
    b.name().setText(QStringLiteral("short"));
    b.the<QPlainTextEdit>("newValue").paste();
    QTest::keyClicks(&b.the<QPlainTextEdit>("newValue"), QStringLiteral("typed"));
    b.create().click();
    ASSERT_TRUE(waitFor([&] { return b.opened.size() == 2; }));
    EXPECT_EQ(b.store.value("short"), "typed") << "typing replaces what was pasted";
}

TEST(NewKeyDialog, DoesNotCloseOverAWriteThatIsUnderWay)
{
    NewKeyBench b;
    b.start();
    b.name().setText(QStringLiteral("slow"));
    std::atomic<bool> held = false;
    std::promise<void> answer;
    b.store.before = [&, go = answer.get_future().share()](const test::FakeStore::Seen& seen) {
        if (seen.op == Op::Put && !held.exchange(true))
            go.wait_for(10s);
    };
    b.create().click();
    ASSERT_TRUE(waitFor([&] { return held.load(); }));
    b.dialog->reject();
    EXPECT_TRUE(b.dialog->isVisible());
    EXPECT_TRUE(b.outcome().contains(QStringLiteral("Waiting for the server")));
    answer.set_value();
    EXPECT_TRUE(waitFor([&] { return !b.opened.empty(); }));
}

TEST(NewKeyDialog, SaysWhatIsWrongWithANameOrAValue)
{
    NewKeyBench b;
    b.start();
    b.name().setText(QStringLiteral("a\\x"));
    EXPECT_TRUE(b.problem().contains(QStringLiteral("broken escape")));
    EXPECT_FALSE(b.create().isEnabled());
    b.name().setText(QString(1025, QLatin1Char('k')));
    EXPECT_TRUE(b.problem().contains(QStringLiteral("at most 1,024 bytes")));
    b.name().setText(QStringLiteral("k"));
    EXPECT_TRUE(b.problem().isEmpty());
    EXPECT_TRUE(b.create().isEnabled());
    b.the<QPlainTextEdit>("newValue")
        .setPlainText(
            (QString(1023, QLatin1Char('v')) + QLatin1Char('\n')).repeated(1024) + QLatin1Char('v'));
    EXPECT_TRUE(b.problem().contains(QStringLiteral("at most 1.0 MB")));
    EXPECT_FALSE(b.create().isEnabled());
}

TEST(NewKeyDialog, InsideAPrefixEveryNameIsUnderIt)
{
    NewKeyBench b;
    b.start("tenant:acme:");
    EXPECT_EQ(b.the<QLabel>("newKeyPrefix").text(), QStringLiteral("tenant:acme:"));
    EXPECT_FALSE(b.create().isEnabled());
    b.name().setText(QStringLiteral("tenant:acme:"));
    EXPECT_FALSE(b.create().isEnabled()) << "the prefix alone is no name";
    b.name().setText(QStringLiteral("tenant:other:a"));
    b.create().click();
    ASSERT_TRUE(waitFor([&] { return b.opened.size() == 1; }));
    EXPECT_EQ(b.opened[0], QByteArray("tenant:acme:tenant:other:a"));
    EXPECT_EQ(b.store.value("tenant:other:a"), std::nullopt);
    b.start("tenant:acme:");
    b.name().setText(QStringLiteral("tenant:acme:b"));
    b.create().click();
    ASSERT_TRUE(waitFor([&] { return b.opened.size() == 2; }));
    EXPECT_EQ(b.opened[1], QByteArray("tenant:acme:b"));
}

TEST(NewKeyDialog, ACopyKeepsEveryByteAndNeedsANameOfItsOwn)
{
    NewKeyBench b;
    const client::Bytes odd("\0\xff\r\n", 4);
    b.store.plant("odd", odd);
    b.store.plant("text", "a\nb");
    b.start();
    b.dialog->copyFrom("odd");
    EXPECT_FALSE(b.create().isEnabled());
    auto& value = b.the<QPlainTextEdit>("newValue");
    ASSERT_TRUE(waitFor([&] { return value.placeholderText().contains(QStringLiteral("4 B")); }));
    EXPECT_TRUE(value.isReadOnly());
    EXPECT_EQ(b.problem(), QStringLiteral("The copy needs a name of its own."));
    b.name().setText(QStringLiteral("odd:2"));
    b.create().click();
    ASSERT_TRUE(waitFor([&] { return b.opened.size() == 1; }));
    EXPECT_EQ(b.store.value("odd:2"), odd);
    b.start();
    b.dialog->copyFrom("text");
    auto& text = b.the<QPlainTextEdit>("newValue");
    ASSERT_TRUE(waitFor([&] { return text.toPlainText() == QStringLiteral("a\nb"); }));
    EXPECT_FALSE(text.isReadOnly());
    b.start();
    b.dialog->copyFrom("gone");
    ASSERT_TRUE(waitFor([&] { return b.outcome() == QStringLiteral("gone is gone."); }));
    b.name().setText(QStringLiteral("gone:2"));
    EXPECT_FALSE(b.create().isEnabled()) << "no value, no copy";
}

TEST(NewKeyDialog, TheGuardAsksOnce)
{
    NewKeyBench b;
    b.profile.guard = client::GuardMode::Confirm;
    b.start();
    b.name().setText(QStringLiteral("k"));
    b.create().click();
    ASSERT_TRUE(waitFor([&] { return b.create().text() == QStringLiteral("Yes, create it"); }));
    EXPECT_EQ(b.store.value("k"), std::nullopt);
    b.create().click();
    ASSERT_TRUE(waitFor([&] { return b.opened.size() == 1; }));
    EXPECT_EQ(b.store.value("k"), "");
}

TEST(ProbeDialog, ShowsTheCostRunsStopsAndTellsWhatCameOfIt)
{
    Bench b;
    test::ScratchFolder folder;
    b.store.plant("k:1", "v");
    b.open();
    models::Catalogue catalogue({folder.file("catalogue"), "bench", 1024}, b.clock);
    std::vector<client::Bytes> keys;
    for (int i = 0; i < 40; ++i)
        keys.push_back("k:" + std::to_string(i));
    ASSERT_TRUE(catalogue.add(keys));
    {
        ProbeDialog dialog(std::make_unique<ProbeFeed>(*b.dispatcher, *b.connection, b.clock, catalogue));
        auto* start = dialog.findChild<QPushButton*>(QStringLiteral("probeStart"));
        auto* cost = dialog.findChild<QLabel*>(QStringLiteral("probeCost"));
        auto* headline = dialog.findChild<QLabel*>(QStringLiteral("probeHeadline"));
        auto* figures = dialog.findChild<QLabel*>(QStringLiteral("probeFigures"));
        dialog.show();
        EXPECT_FALSE(start->isVisible());
        dialog.feed().plan();
        ASSERT_TRUE(waitFor([&] { return start->isVisible(); }));
        EXPECT_TRUE(headline->text().startsWith(QStringLiteral("40 known key(s) on ")));
        EXPECT_TRUE(cost->text().contains(QStringLiteral("of these shards is cold")));
        EXPECT_TRUE(start->text().startsWith(QStringLiteral("Open ")))
            << "many shards are opened: it says so";
        EXPECT_EQ(b.store.count(Op::Get) + b.store.count(Op::GetMany), 0U);
        QTest::keyClick(&dialog, Qt::Key_Return); // the default button is the way back
        EXPECT_FALSE(dialog.isVisible());
        dialog.show();
        start->click();
        ASSERT_TRUE(waitFor([&] { return dialog.feed().state() != ProbeFeed::State::Running; }));
        EXPECT_EQ(headline->text(), QStringLiteral("All known keys were read"));
        EXPECT_EQ(figures->text(), QStringLiteral("40 of 40 read · 1 there · 39 missing"));
    }
    b.dispatcher.reset();
}

TEST(ShortcutSheet, ListsWhatTheWindowTakesAndFindsIt)
{
    QWidget window;
    auto* action = new QAction(QStringLiteral("&New key …"), &window);
    action->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N));
    window.addAction(action);
    new QAction(QStringLiteral("No keys"), &window);
    (new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_P), &window))
        ->setWhatsThis(QStringLiteral("Open by name"));
    new QShortcut(QKeySequence(Qt::Key_F9), &window); // says nothing of itself
    const auto rows = shortcutsOf(window);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].what, QStringLiteral("New key"));
    EXPECT_EQ(rows[0].keys, QStringLiteral("Ctrl+Shift+N"));
    ShortcutSheet sheet(rows);
    sheet.show();
    auto* field = sheet.findChild<QLineEdit*>(QStringLiteral("shortcutFilter"));
    auto* table = sheet.findChild<QTableWidget*>(QStringLiteral("shortcutTable"));
    const auto hidden = [&](int row) { return table->isRowHidden(row); };
    field->setText(QStringLiteral("name"));
    EXPECT_TRUE(hidden(0));
    EXPECT_FALSE(hidden(1));
    field->setText(QStringLiteral("ctrl shift n"));
    EXPECT_FALSE(hidden(0));
    EXPECT_TRUE(hidden(1));
    field->setText(QStringLiteral("nothing like it"));
    EXPECT_FALSE(table->isVisible());
    field->clear();
    EXPECT_FALSE(hidden(0) || hidden(1));
    EXPECT_TRUE(table->isVisible());
}

TEST(ElidedLabel, ANameTakesMoreLinesBeforeAnythingIsLeftOut)
{
    const QString name = QStringLiteral("tenant:acme:user:0123456789:profile:settings:notifications");
    ElidedLabel label(name, Qt::ElideMiddle);
    const int line = label.fontMetrics().lineSpacing();
    const int whole = label.fontMetrics().horizontalAdvance(name);
    label.setMostLines(3);
    EXPECT_EQ(label.heightForWidth(whole + 4), line);
    EXPECT_EQ(label.heightForWidth(whole * 6 / 10), 2 * line);
    EXPECT_EQ(label.heightForWidth(whole / 10), 3 * line) << "no more than asked for";
    label.show(); // a hidden one is told of its size later
    label.resize(whole * 6 / 10, 2 * line);
    EXPECT_TRUE(label.toolTip().isEmpty()) << "nothing is left out";
    label.resize(whole / 10, 3 * line);
    EXPECT_TRUE(label.toolTip().contains(name));
}

TEST(KeyInspectorNote, IsKeptForTheKeyItWasTypedAt)
{
    Bench b;
    const Theme theme(ThemePreference::Light);
    b.store.plant("a", "1");
    b.open();
    models::KeyFeed feed(*b.dispatcher, *b.connection, b.clock);
    KeyInspector page(feed, b.clock, theme);
    page.resize(320, 600);
    page.show();
    feed.open("a");
    ASSERT_TRUE(waitFor([&] { return feed.state() == models::KeyFeed::State::Ready; }));
    QSignalSpy noted(&page, &KeyInspector::noteChanged);
    auto* field = page.findChild<QLineEdit*>(QStringLiteral("keyNote"));
    page.setNote("a", QStringLiteral("old"));
    EXPECT_EQ(field->text(), QStringLiteral("old"));
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("mine"));
    page.setNote("a", QStringLiteral("told late"));
    EXPECT_EQ(field->text(), QStringLiteral("mine")) << "what is typed is newer";
    page.setNote("b", QString()); // another key was opened before Enter
    ASSERT_EQ(noted.count(), 1);
    EXPECT_EQ(noted[0][0].toByteArray(), QByteArray("a"));
    EXPECT_EQ(noted[0][1].toString(), QStringLiteral("mine"));
    EXPECT_TRUE(field->text().isEmpty());
    QTest::keyClicks(field, QStringLiteral("of b"));
    QTest::keyClick(field, Qt::Key_Return);
    ASSERT_EQ(noted.count(), 2);
    EXPECT_EQ(noted[1][0].toByteArray(), QByteArray("b"));
}
