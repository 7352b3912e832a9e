// SPDX-License-Identifier: GPL-3.0-or-later
// The counters page, the inspectors and the panels over a store in memory.
#include "tests/models/feedfixture.h"

#include "models/counterfeed.h"
#include "models/findingsmodel.h"
#include "models/keyfeed.h"
#include "models/operationsmodel.h"
#include "widgets/counterinspector.h"
#include "widgets/counterspage.h"
#include "widgets/findingspanel.h"
#include "widgets/keyinspector.h"
#include "widgets/keyvaluelist.h"
#include "widgets/mergedialog.h"
#include "widgets/noticebar.h"
#include "widgets/opencounterdialog.h"
#include "widgets/operationspanel.h"
#include "widgets/plots/barchart.h"
#include "widgets/theme.h"
#include "widgets/valueview.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <QToolButton>

#include <gmock/gmock.h>

#include <limits>

using namespace norikv;
using namespace norikv::widgets;
using namespace std::chrono_literals;
using models::CounterFeed;
using models::FeedState;
using models::KeyFeed;
using test::Bench;
using test::FakeStore;
using test::spin;
using test::waitFor;
using Op = FakeStore::Op;

namespace {

struct PageBench : Bench {
    Theme theme{ThemePreference::Light};
    std::unique_ptr<CounterFeed> feed;
    std::unique_ptr<CountersPage> page;
    std::unique_ptr<CounterInspector> inspector;

    PageBench() { theme.setReducedMotion(true); }
    ~PageBench()
    {
        inspector.reset();
        page.reset();
        feed.reset();
    }

    void start()
    {
        open();
        feed = std::make_unique<CounterFeed>(*dispatcher, *connection, clock);
    }
    void showPage()
    {
        page = std::make_unique<CountersPage>(*feed, theme);
        page->resize(1000, 760);
        page->show();
    }
    void showInspector()
    {
        inspector = std::make_unique<CounterInspector>(*feed, theme);
        inspector->resize(320, 800);
        inspector->show();
    }
    [[nodiscard]] bool ready()
    {
        return waitFor([this] { return feed->state() == FeedState::Ready; });
    }
    void sample(int times = 4)
    {
        for (int i = 0; i < times; ++i) {
            clock.advance(100ms);
            feed->sampleNow();
        }
    }
};

struct KeyPageBench : Bench {
    Theme theme{ThemePreference::Light};
    std::unique_ptr<KeyFeed> feed;
    std::unique_ptr<KeyInspector> page;

    KeyPageBench() { theme.setReducedMotion(true); }
    ~KeyPageBench()
    {
        page.reset();
        feed.reset();
    }
    void start()
    {
        open();
        feed = std::make_unique<KeyFeed>(*dispatcher, *connection, clock);
        page = std::make_unique<KeyInspector>(*feed, clock, theme);
        page->resize(340, 700);
        page->show();
    }
    [[nodiscard]] bool show(const client::Bytes& key, KeyFeed::State state = KeyFeed::State::Ready)
    {
        feed->open(key);
        QSignalSpy laid(feed.get(), &KeyFeed::laidOut);
        return waitFor([&] { return feed->state() == state && (laid.count() > 0); });
    }
    template <class T> T* child(const char* name) { return page->findChild<T*>(QString::fromLatin1(name)); }
    QString notice() { return page->findChild<NoticeBar*>()->text(); }
    bool noticed(const QString& part)
    {
        return waitFor([&] { return notice().contains(part); });
    }
};

template <class T> T* named(QWidget& parent, const char* name)
{
    return parent.findChild<T*>(QString::fromLatin1(name));
}

QAbstractButton* button(QWidget& parent, const QString& text)
{
    for (auto* b : parent.findChildren<QAbstractButton*>()) {
        if (b->text() == text)
            return b;
    }
    return nullptr;
}

/// All text that a person can see now.
QString seenText(QWidget& parent)
{
    QStringList out;
    for (const auto* label : parent.findChildren<QLabel*>()) {
        if (label->isVisibleTo(&parent))
            out << label->text();
    }
    for (const auto* b : parent.findChildren<QAbstractButton*>()) {
        if (b->isVisibleTo(&parent))
            out << b->text();
    }
    for (const auto* w : parent.findChildren<QWidget*>()) {
        if (w->isVisibleTo(&parent))
            out << w->accessibleName();
    }
    return out.join(QLatin1Char('\n'));
}

/// Data must never be read as markup: neither by labels nor by tool tips.
void expectPlainText(QWidget& root)
{
    int labels = 0;
    for (const auto* label : root.findChildren<QLabel*>()) {
        EXPECT_EQ(label->textFormat(), Qt::PlainText)
            << label->metaObject()->className() << ": " << label->text().toStdString();
        ++labels;
    }
    for (const auto* w : root.findChildren<QWidget*>())
        EXPECT_FALSE(w->toolTip().contains(QStringLiteral("<img"))) << w->toolTip().toStdString();
    EXPECT_GT(labels, 3);
}

void click(QWidget* widget)
{
    ASSERT_TRUE(widget);
    ASSERT_TRUE(widget->isEnabled());
    QTest::mouseClick(widget, Qt::LeftButton);
}

/// Longest time in which the event loop did not turn, while `until` became true.
int longestStallMs(const std::function<bool()>& until)
{
    QElapsedTimer since;
    since.start();
    qint64 longest = 0;
    QTimer heart;
    heart.setTimerType(Qt::PreciseTimer);
    QObject::connect(&heart, &QTimer::timeout, &heart, [&] { longest = std::max(longest, since.restart()); });
    heart.start(1);
    EXPECT_TRUE(waitFor(until));
    longest = std::max(longest, since.elapsed());
    return int(longest);
}

} // namespace

TEST(CountersPageTest, LoadingThenEmptyThenRows)
{
    PageBench b;
    b.start();
    b.showPage();
    EXPECT_TRUE(seenText(*b.page).contains(QStringLiteral("Looking for counters")));
    ASSERT_TRUE(b.ready());
    ASSERT_TRUE(waitFor([&] { return seenText(*b.page).contains(QStringLiteral("No counter yet")); }));
    QSignalSpy asked(b.page.get(), &CountersPage::openCounterRequested);
    int offers = 0;
    for (auto* open : b.page->findChildren<QPushButton*>()) {
        if (open->text() == QStringLiteral("Open counter…") && open->isVisible()) {
            click(open);
            ++offers;
        }
    }
    EXPECT_EQ(asked.count(), offers);
    EXPECT_GE(offers, 1) << "an empty page offers the next step";
    b.store.plant("n", "5");
    auto* list = named<QTableView>(*b.page, "counterList");
    ASSERT_TRUE(waitFor([&] { return list->isVisible() && list->model()->rowCount() == 1; }));
    EXPECT_FALSE(seenText(*b.page).contains(QStringLiteral("No counter yet")));
}

TEST(CountersPageTest, FailedSaysWhyAndRecovers)
{
    PageBench b;
    b.store.cut();
    b.start();
    b.showPage();
    ASSERT_TRUE(waitFor([&] { return seenText(*b.page).contains(QStringLiteral("could not be read")); }));
    EXPECT_TRUE(seenText(*b.page).contains(QStringLiteral("no connection")));
    click(button(*b.page, QStringLiteral("Try again now")));
    b.store.plant("n", "5");
    b.store.mend();
    auto* list = named<QTableView>(*b.page, "counterList");
    EXPECT_TRUE(waitFor([&] { return list->isVisible(); }));
}

TEST(CountersPageTest, LostServerKeepsWhatWasShown)
{
    PageBench b;
    b.store.plant("n", "5");
    b.start();
    b.showPage();
    ASSERT_TRUE(b.ready());
    b.store.cut();
    ASSERT_TRUE(waitFor([&] { return b.page->notices().text().contains(QStringLiteral("server is away")); }));
    EXPECT_TRUE(named<QTableView>(*b.page, "counterList")->isVisible());
    b.store.mend();
    EXPECT_TRUE(
        waitFor([&] { return b.page->notices().text().contains(QStringLiteral("Connected again")); }));
}

TEST(CountersPageTest, FilterAndSelectionSurviveRefresh)
{
    PageBench b;
    for (int i = 10; i < 30; ++i)
        b.store.plant("n" + std::to_string(i), std::to_string(i));
    b.start();
    b.showPage();
    auto* list = named<QTableView>(*b.page, "counterList");
    ASSERT_TRUE(waitFor([&] { return list->model()->rowCount() == 20; }));
    QTest::mouseClick(
        list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(3, 0)).center());
    EXPECT_EQ(b.feed->selected(), "n13");
    b.store.plant("n05", "1");
    b.store.plant("n13", "99");
    ASSERT_TRUE(waitFor([&] { return list->model()->rowCount() == 21; }));
    EXPECT_EQ(list->currentIndex().row(), 4);
    EXPECT_EQ(b.feed->selected(), "n13");
    b.page->focusFilter();
    auto* filter = b.page->findChild<QLineEdit*>();
    ASSERT_TRUE(filter->hasFocus());
    QTest::keyClicks(filter, QStringLiteral("N2"));
    EXPECT_EQ(list->model()->rowCount(), 10);
    EXPECT_EQ(b.feed->selected(), "n13") << "a filter chooses nothing";
    b.sample();
    EXPECT_EQ(list->model()->rowCount(), 10) << "and holds through refreshes";
    filter->clear();
    EXPECT_EQ(list->model()->rowCount(), 21);
    b.sample();
    EXPECT_EQ(list->currentIndex().data(models::KeyRole).toByteArray(), QByteArray("n13"));
}

// The selected counter expires: its row goes, and the page goes on.
TEST(CountersPageTest, SelectedCounterMayDisappear)
{
    PageBench b;
    for (const char* name : {"a", "b", "c"})
        b.store.plant(name, "1");
    b.start();
    b.showPage();
    auto* list = named<QTableView>(*b.page, "counterList");
    ASSERT_TRUE(waitFor([&] { return list->model()->rowCount() == 3; }));
    b.feed->select("b");
    b.sample(2);
    b.store.erase("b");
    ASSERT_TRUE(waitFor([&] { return list->model()->rowCount() == 2; }));
    b.sample(4);
    EXPECT_EQ(b.feed->selected(), "b") << "nobody chose another";
    EXPECT_FALSE(list->currentIndex().isValid());
    b.store.plant("b", "7");
    ASSERT_TRUE(waitFor([&] { return list->model()->rowCount() == 3; }));
    b.sample(1);
    EXPECT_EQ(list->currentIndex().row(), 1);
}

TEST(CountersPageTest, WorksByKeyboard)
{
    PageBench b;
    for (const char* name : {"a", "b", "c"})
        b.store.plant(name, "1");
    b.start();
    b.showPage();
    auto* list = named<QTableView>(*b.page, "counterList");
    ASSERT_TRUE(waitFor([&] { return list->model()->rowCount() == 3; }));
    b.sample(1);
    auto* filter = b.page->findChild<QLineEdit*>();
    bool reachedList = false;
    bool reachedFilter = false;
    b.page->window()->activateWindow();
    filter->setFocus();
    for (int i = 0; i < 30 && !(reachedList && reachedFilter); ++i) {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        ASSERT_TRUE(QApplication::focusWidget());
        reachedList = reachedList || QApplication::focusWidget() == list;
        reachedFilter = reachedFilter || QApplication::focusWidget() == filter;
    }
    EXPECT_TRUE(reachedList);
    EXPECT_TRUE(reachedFilter) << "the tab order is a ring";
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Home, Qt::ControlModifier);
    QTest::keyClick(list, Qt::Key_Down);
    EXPECT_EQ(b.feed->selected(), "b");
    QTest::keyClick(list, Qt::Key_Down);
    EXPECT_EQ(b.feed->selected(), "c");
    QTest::keyClick(list, Qt::Key_Up);
    EXPECT_EQ(b.feed->selected(), "b");
}

TEST(CountersPageTest, BarsLeadToTheirKeys)
{
    PageBench b;
    for (int i = 0; i < 4; ++i)
        b.store.plant(client::shardKey("api", std::uint32_t(i)), std::to_string(10 + i));
    b.start();
    b.showPage();
    ASSERT_TRUE(b.ready());
    b.feed->select("api");
    b.sample();
    auto* bars = b.page->findChild<plots::ShardBars*>();
    ASSERT_TRUE(bars && bars->isVisible());
    ASSERT_EQ(bars->asTable().rows.size(), 4U);
    QSignalSpy opened(b.page.get(), &CountersPage::keyActivated);
    QPoint at(-1, bars->height() / 2);
    for (int x = 0; x < bars->width() && at.x() < 0; ++x) {
        if (bars->barAt({x, at.y()}) == 2)
            at.setX(x + 2);
    }
    ASSERT_GE(at.x(), 0);
    QTest::mouseClick(bars, Qt::LeftButton, {}, at);
    ASSERT_EQ(opened.count(), 1);
    EXPECT_EQ(opened.at(0).at(0).toByteArray(), QByteArray("api:shard:2"));
}

TEST(CountersPageTest, ConfirmInTheNotice)
{
    PageBench b;
    b.profile.guard = client::GuardMode::Confirm;
    b.store.plant("n", "5");
    b.start();
    b.showPage();
    ASSERT_TRUE(b.ready());
    b.feed->select("n");
    b.feed->add(1);
    ASSERT_TRUE(waitFor([&] { return b.page->notices().isOpen(); }));
    EXPECT_EQ(b.store.count(Op::Put), 0U);
    click(button(b.page->notices(), QStringLiteral("Confirm")));
    ASSERT_TRUE(waitFor([&] { return b.store.value("n") == "6"; }));
}

TEST(CountersPageTest, NamesAreNeverMarkup)
{
    PageBench b;
    const client::Bytes evil = "<img src='file:///etc/hostname'><b>bold</b>";
    b.store.plant(evil, "5");
    b.store.plant(evil + ":shard:0", "5");
    b.profile.counters = {evil + "2"};
    b.start();
    b.showPage();
    b.showInspector();
    ASSERT_TRUE(b.ready());
    for (const auto& name : {evil, evil + "2"}) {
        b.feed->select(name);
        b.sample();
        b.feed->add(1);
        spin(30);
        expectPlainText(*b.page);
        expectPlainText(*b.inspector);
    }
    const auto* model = named<QTableView>(*b.page, "counterList")->model();
    EXPECT_FALSE(Qt::mightBeRichText(model->index(0, 0).data(Qt::ToolTipRole).toString())
        && model->index(0, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<img")))
        << "the tool tip of a row would load a file";
}

TEST(CounterInspectorTest, IncrementSendsExactlyOneCas)
{
    PageBench b;
    b.store.plant("n", "5");
    b.start();
    b.showInspector();
    ASSERT_TRUE(b.ready());
    b.feed->select("n");
    b.sample(1);
    click(named<QPushButton>(*b.inspector, "increment"));
    ASSERT_TRUE(waitFor([&] { return b.store.value("n") == "6"; }));
    spin(50);
    ASSERT_EQ(b.store.count(Op::Put), 1U);
    for (const auto& seen : b.store.seen()) {
        if (seen.op == Op::Put) {
            EXPECT_TRUE(seen.cas);
            EXPECT_EQ(seen.value, "6");
        }
    }
    click(named<QPushButton>(*b.inspector, "decrement"));
    ASSERT_TRUE(waitFor([&] { return b.store.value("n") == "5"; }));
}

TEST(CounterInspectorTest, NothingSelectedNothingEnabled)
{
    PageBench b;
    b.start();
    b.showInspector();
    ASSERT_TRUE(b.ready());
    EXPECT_FALSE(b.inspector->isEnabled());
}

TEST(CounterInspectorTest, SetReadsWhatPeopleWrite)
{
    PageBench b;
    b.store.plant("n", "5");
    b.start();
    b.showInspector();
    ASSERT_TRUE(b.ready());
    b.feed->select("n");
    b.sample(1);
    auto* toggle = named<QPushButton>(*b.inspector, "set");
    auto* value = named<QLineEdit>(*b.inspector, "setValue");
    auto* apply = named<QPushButton>(*b.inspector, "setApply");
    const auto enter = [&](const QString& text) {
        toggle->setChecked(true);
        value->clear();
        QTest::keyClicks(value, text);
        QTest::mouseClick(apply, Qt::LeftButton);
    };
    for (const char* refused : {"abc", "10^30", "", "+", "99999999999999999999", "1e3", "1.5"}) {
        enter(QString::fromLatin1(refused));
        EXPECT_TRUE(value->isVisible()) << refused;
        EXPECT_TRUE(seenText(*b.inspector).contains(QStringLiteral("Write an integer"))) << refused;
    }
    EXPECT_EQ(b.store.count(Op::Put), 0U);
    const std::pair<const char*, const char*> accepted[]
        = {{"42", "42"}, {"+5", "47"}, {"-3", "44"}, {"1 000", "1000"}};
    for (const auto& [text, result] : accepted) {
        enter(QString::fromLatin1(text));
        EXPECT_FALSE(value->isVisible()) << text;
        ASSERT_TRUE(waitFor([&] { return b.store.value("n") == result; })) << text;
        ASSERT_TRUE(waitFor([&] { return b.feed->selectedState()->total == std::stoll(result); }));
    }
    EXPECT_EQ(b.store.count(Op::Put), 4U);
}

TEST(CounterInspectorTest, OverwritingTextIsAskedFor)
{
    PageBench b;
    b.profile.counters = {"n"};
    b.store.plant("n", "abc");
    b.start();
    b.showInspector();
    ASSERT_TRUE(b.ready());
    ASSERT_TRUE(waitFor([&] { return b.feed->selectedState() && b.feed->selectedState()->partial; }));
    b.sample(1);
    named<QPushButton>(*b.inspector, "set")->setChecked(true);
    QTest::keyClicks(named<QLineEdit>(*b.inspector, "setValue"), QStringLiteral("7"));
    auto* apply = named<QPushButton>(*b.inspector, "setApply");
    click(apply);
    EXPECT_EQ(apply->text(), QStringLiteral("Overwrite"));
    spin(30);
    EXPECT_EQ(b.store.value("n"), "abc");
    click(apply);
    EXPECT_TRUE(waitFor([&] { return b.store.value("n") == "7"; }));
}

TEST(CounterInspectorTest, LoadStartsPausesAndStops)
{
    PageBench b;
    b.store.plant("n", "0");
    b.start();
    b.showInspector();
    ASSERT_TRUE(b.ready());
    b.feed->select("n");
    b.sample(1);
    for (auto* box : b.inspector->findChildren<QSpinBox*>()) {
        if (box->accessibleName() == QStringLiteral("Writers"))
            box->setValue(2);
        if (box->accessibleName() == QStringLiteral("Target rate per second"))
            box->setValue(0);
    }
    click(named<QPushButton>(*b.inspector, "startLoad"));
    auto* stop = named<QPushButton>(*b.inspector, "stopLoad");
    ASSERT_TRUE(waitFor([&] { return stop->isVisible() && b.feed->loadStats().acknowledged > 5; }));
    EXPECT_EQ(b.feed->loadPlan().workers, 2);
    auto* pause = button(*b.inspector, QStringLiteral("Pause"));
    click(pause);
    ASSERT_TRUE(waitFor([&] { return pause->text() == QStringLiteral("Resume"); }));
    spin(50);
    const auto still = b.store.value("n");
    spin(60);
    EXPECT_EQ(b.store.value("n"), still);
    click(pause);
    ASSERT_TRUE(waitFor([&] { return b.store.value("n") != still; }));
    click(stop);
    ASSERT_TRUE(waitFor([&] { return named<QPushButton>(*b.inspector, "startLoad")->isVisible(); }));
    ASSERT_TRUE(waitFor([&] { return b.feed->lastRun().has_value(); }));
    EXPECT_EQ(b.store.value("n"), std::to_string(b.feed->lastRun()->storedGain));
}

TEST(CounterInspectorTest, CompareShowsBothSidesAndAVerdict)
{
    PageBench b;
    b.store.plant("n", "0");
    b.start();
    b.showInspector();
    ASSERT_TRUE(b.ready());
    b.feed->select("n");
    b.sample(1);
    auto* view = named<QWidget>(*b.inspector, "comparison");
    EXPECT_FALSE(view->isVisible());
    auto* compare = named<QPushButton>(*b.inspector, "compare");
    click(compare);
    auto* stop = named<QPushButton>(*b.inspector, "stopComparing");
    ASSERT_TRUE(waitFor([&] {
        return stop->isVisible() && b.feed->comparison().basic().stats.acknowledged > 5
            && b.feed->comparison().sharded().stats.acknowledged > 5;
    }));
    EXPECT_FALSE(compare->isEnabled());
    b.clock.advance(std::chrono::seconds(2)); // rates need time
    click(stop);
    auto* verdict = named<QLabel>(*b.inspector, "verdict");
    ASSERT_TRUE(
        waitFor([&] { return verdict->text().contains(QStringLiteral("increments of one key")); }, 20'000))
        << verdict->text().toStdString();
    EXPECT_TRUE(compare->isEnabled());
    EXPECT_FALSE(stop->isVisible());
    EXPECT_EQ(b.store.value("n"), "0");
}

TEST(CounterInspectorTest, MergeIsADryRunFirst)
{
    PageBench b;
    for (int i = 0; i < 3; ++i)
        b.store.plant(client::shardKey("api", std::uint32_t(i)), "10");
    b.start();
    b.showInspector();
    ASSERT_TRUE(b.ready());
    b.feed->select("api");
    b.sample(1);
    b.feed->planMerge();
    MergeDialog* dialog = nullptr;
    ASSERT_TRUE(waitFor([&] { return (dialog = b.inspector->findChild<MergeDialog*>()) != nullptr; }));
    expectPlainText(*dialog);
    EXPECT_EQ(b.store.count(Op::Put), 0U);
    click(button(*dialog, QStringLiteral("Merge")));
    ASSERT_TRUE(
        waitFor([&] { return b.store.value("api:shard:0") == "30" && b.store.value("api:shard:2") == "0"; }));
}

TEST(OpenCounterDialogTest, ChecksTheName)
{
    OpenCounterDialog dialog;
    dialog.show();
    auto* name = named<QLineEdit>(dialog, "counterName");
    auto* open = button(dialog, QStringLiteral("Open"));
    EXPECT_FALSE(open->isEnabled());
    name->setText(QStringLiteral("bad\\xZ"));
    EXPECT_FALSE(open->isEnabled());
    name->setText(QString(1025, QLatin1Char('a')));
    EXPECT_FALSE(open->isEnabled());
    EXPECT_TRUE(seenText(dialog).contains(QStringLiteral("1,024")));
    client::Bytes chosen;
    std::optional<std::uint32_t> width;
    QObject::connect(&dialog, &OpenCounterDialog::chosen, &dialog,
        [&](const client::Bytes& n, std::optional<std::uint32_t> shards) {
            chosen = n;
            width = shards;
        });
    name->setText(QStringLiteral("api\\x01"));
    named<QCheckBox>(dialog, "counterSharded")->setChecked(true);
    click(open);
    EXPECT_EQ(chosen, "api\x01");
    EXPECT_EQ(width, 10U);
}

TEST(KeyInspectorTest, TextJsonAndHex)
{
    KeyPageBench b;
    b.store.plant("k", R"({"a":1})");
    b.start();
    EXPECT_TRUE(seenText(*b.page).contains(QStringLiteral("No key open")));
    ASSERT_TRUE(b.show("k"));
    auto* tabs = b.page->findChild<QTabBar*>();
    EXPECT_EQ(tabs->currentIndex(), 1) << "JSON is recognised";
    for (const int tab : {3, 0, 2, 1}) {
        QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(tab).center());
        ASSERT_TRUE(waitFor([&] { return int(b.feed->presenter().now().mode) == tab; })) << tab;
        EXPECT_EQ(tabs->currentIndex(), tab);
    }
}

TEST(KeyInspectorTest, EditAndSave)
{
    KeyPageBench b;
    b.store.plant("k", "old", 60'000);
    b.start();
    ASSERT_TRUE(b.show("k"));
    click(b.child<QPushButton>("editValue"));
    EXPECT_TRUE(b.page->editing());
    auto* editor = b.child<QPlainTextEdit>("valueEditor");
    EXPECT_TRUE(editor->hasFocus());
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("new"));
    EXPECT_TRUE(b.child<QComboBox>("ttlChoice")->currentText().startsWith(QStringLiteral("Keep")));
    click(b.child<QPushButton>("saveValue"));
    ASSERT_TRUE(b.noticed(QStringLiteral("was saved")));
    EXPECT_FALSE(b.page->editing());
    EXPECT_EQ(b.store.value("k"), "new");
    EXPECT_EQ(b.store.contents().at("k").expiresAtMs, b.clock.nowMs() + 60'000);
}

// Opening and saving without a change must write the same bytes.
TEST(KeyInspectorTest, SavedUnchangedIsByteForByte)
{
    const client::Bytes values[]
        = {"plain", "two\nlines\n", "nbsp\xC2\xA0here", "line\xE2\x80\xA8sep", "tab\there",
            "\xEF\xBB\xBF"
            "bom",
            "par\xE2\x80\xA9sep", "ctrl\x01x", "😀", "object\xEF\xBF\xBCreplacement", "  "};
    for (const auto& value : values) {
        KeyPageBench b;
        b.store.plant("k", value);
        b.start();
        ASSERT_TRUE(b.show("k"));
        auto* edit = b.child<QPushButton>("editValue");
        if (!edit->isEnabled())
            continue; // shown, not edited: nothing can be lost
        click(edit);
        click(b.child<QPushButton>("saveValue"));
        ASSERT_TRUE(b.noticed(QStringLiteral("was saved")));
        EXPECT_EQ(b.store.value("k"), value) << client::printable(value);
    }
}

TEST(KeyInspectorTest, UnknownExpiryBlocksAOneClickSave)
{
    KeyPageBench b;
    client::Quirks quirks;
    quirks.emptyMeta = true;
    b.store.setQuirksDirectly(quirks);
    b.store.offersExplore = false;
    b.store.plant("k", "v", 60'000);
    b.start();
    ASSERT_TRUE(b.show("k"));
    click(b.child<QPushButton>("editValue"));
    auto* ttl = b.child<QComboBox>("ttlChoice");
    auto* save = b.child<QPushButton>("saveValue");
    EXPECT_FALSE(save->isEnabled());
    QTest::mouseClick(save, Qt::LeftButton);
    spin(20);
    EXPECT_EQ(b.store.count(Op::Put), 0U);
    ttl->setCurrentIndex(1);
    EXPECT_TRUE(save->isEnabled());
    ttl->setCurrentIndex(0);
    EXPECT_FALSE(save->isEnabled());
}

TEST(KeyInspectorTest, BinaryIsShownNotEdited)
{
    KeyPageBench b;
    const client::Bytes values[]
        = {"\xff\xfe", std::string("a\0b", 3), "cr\r\n", std::string(70'000, 'x'), std::string(5000, 'x')};
    for (const auto& value : values)
        b.store.plant("k" + std::to_string(value.size()), value);
    b.start();
    for (const auto& value : values) {
        ASSERT_TRUE(b.show("k" + std::to_string(value.size())));
        EXPECT_FALSE(b.child<QPushButton>("editValue")->isEnabled()) << value.size();
        EXPECT_FALSE(b.child<QPushButton>("editValue")->toolTip().isEmpty()) << "and it says why";
    }
}

TEST(KeyInspectorTest, MissingAndEmptyLookDifferent)
{
    KeyPageBench b;
    b.store.plant("empty", "");
    b.start();
    ASSERT_TRUE(b.show("empty"));
    const QString empty = seenText(*b.page);
    EXPECT_TRUE(empty.contains(QStringLiteral("empty (0 B)"))) << empty.toStdString();
    EXPECT_EQ(b.child<QPushButton>("editValue")->text(), QStringLiteral("Edit"));
    ASSERT_TRUE(b.show("gone", KeyFeed::State::Missing));
    EXPECT_TRUE(seenText(*b.page).contains(QStringLiteral("missing")));
    EXPECT_FALSE(seenText(*b.page).contains(QStringLiteral("empty (0 B)")));
    EXPECT_EQ(b.child<QPushButton>("editValue")->text(), QStringLiteral("Create"));
    EXPECT_FALSE(b.child<QPushButton>("deleteKey")->isEnabled());
    click(b.child<QPushButton>("editValue"));
    QTest::keyClicks(b.child<QPlainTextEdit>("valueEditor"), QStringLiteral("made"));
    click(b.child<QPushButton>("saveValue"));
    ASSERT_TRUE(waitFor([&] { return b.store.value("gone") == "made"; }));
}

TEST(KeyInspectorTest, FailedOffersToReadAgain)
{
    KeyPageBench b;
    b.store.plant("k", "v");
    b.store.always(Op::Get, FakeStore::Fault::Server);
    b.start();
    b.feed->open("k");
    ASSERT_TRUE(waitFor([&] { return seenText(*b.page).contains(QStringLiteral("could not be read")); }));
    b.store.calm();
    click(button(*b.page, QStringLiteral("Read again")));
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == KeyFeed::State::Ready; }));
}

TEST(KeyInspectorTest, DeleteIsAskedFor)
{
    KeyPageBench b;
    b.store.plant("k", "v");
    b.start();
    ASSERT_TRUE(b.show("k"));
    click(b.child<QPushButton>("deleteKey"));
    spin(30);
    EXPECT_EQ(b.store.count(Op::Remove), 0U);
    click(button(*b.page->findChild<NoticeBar*>(), QStringLiteral("Delete")));
    ASSERT_TRUE(waitFor([&] { return !b.store.value("k"); }));
    EXPECT_EQ(b.store.count(Op::Remove), 1U);
}

// A question about one key is never answered for the next one.
TEST(KeyInspectorTest, QuestionsGoWithTheirKey)
{
    KeyPageBench b;
    b.profile.guard = client::GuardMode::Confirm;
    b.store.plant("k", "v");
    b.store.plant("other", "o");
    b.start();
    ASSERT_TRUE(b.show("k"));
    click(b.child<QPushButton>("deleteKey"));
    ASSERT_TRUE(b.page->findChild<NoticeBar*>()->isOpen());
    ASSERT_TRUE(b.show("other"));
    EXPECT_FALSE(b.page->findChild<NoticeBar*>()->isOpen());
    ASSERT_TRUE(b.show("k"));
    click(b.child<QPushButton>("editValue"));
    QTest::keyClicks(b.child<QPlainTextEdit>("valueEditor"), QStringLiteral("mine"));
    click(b.child<QPushButton>("saveValue"));
    ASSERT_TRUE(b.noticed(QStringLiteral("confirm")));
    ASSERT_TRUE(b.show("other"));
    EXPECT_FALSE(b.page->findChild<NoticeBar*>()->isOpen());
    EXPECT_EQ(b.store.value("k"), "v");
    EXPECT_EQ(b.store.value("other"), "o");
}

TEST(KeyInspectorTest, ConflictKeepsTheEdit)
{
    KeyPageBench b;
    b.store.plant("k", "v");
    b.start();
    ASSERT_TRUE(b.show("k"));
    click(b.child<QPushButton>("editValue"));
    QTest::keyClicks(b.child<QPlainTextEdit>("valueEditor"), QStringLiteral("mine"));
    b.store.plant("k", "theirs");
    click(b.child<QPushButton>("saveValue"));
    ASSERT_TRUE(b.noticed(QStringLiteral("Could not save")));
    EXPECT_TRUE(b.page->editing());
    EXPECT_TRUE(b.child<QPlainTextEdit>("valueEditor")->toPlainText().contains(QStringLiteral("mine")));
    EXPECT_EQ(b.store.value("k"), "theirs");
}

TEST(KeyInspectorTest, RefreshKeepsTheScrolledPlace)
{
    KeyPageBench b;
    std::string lines;
    for (int i = 0; i < 500; ++i)
        lines += "line " + std::to_string(i) + "\n";
    b.store.plant("k", lines);
    b.store.plant("other", lines);
    b.start();
    ASSERT_TRUE(b.show("k"));
    auto* bar = b.child<ValueView>("valueView")->verticalScrollBar();
    ASSERT_GT(bar->maximum(), 100);
    bar->setValue(100);
    b.store.plant("k", lines + "more\n");
    QSignalSpy laid(b.feed.get(), &KeyFeed::laidOut);
    b.feed->refresh();
    ASSERT_TRUE(waitFor([&] { return laid.count() > 0; }));
    EXPECT_EQ(bar->value(), 100);
    ASSERT_TRUE(b.show("other"));
    EXPECT_EQ(bar->value(), 0) << "another key starts at its top";
}

TEST(KeyInspectorTest, MarkupInKeyAndValueIsText)
{
    KeyPageBench b;
    const client::Bytes evil = "<img src='file:///etc/hostname'>";
    b.store.plant(evil, evil);
    b.start();
    ASSERT_TRUE(b.show(evil));
    expectPlainText(*b.page);
    b.feed->remove();
    ASSERT_TRUE(b.noticed(QStringLiteral("was deleted")));
    expectPlainText(*b.page);
    b.store.always(Op::Get, FakeStore::Fault::Server);
    b.feed->open(evil);
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == KeyFeed::State::Failed; }));
    expectPlainText(*b.page);
}

TEST(KeyInspectorTest, AMegabyteNeverStopsTheLoop)
{
    std::string random(1024 * 1024, '\0');
    unsigned state = 1;
    for (char& c : random)
        c = char((state = state * 1664525U + 1013904223U) >> 24);
    const client::Bytes values[] = {
        std::string(1024 * 1024, 'a'), std::string(1024 * 1024, '['), random, std::string(1024 * 1024, '\n')};
    for (const auto& value : values) {
        // The best of three: what else the machine does is not ours.
        int best = std::numeric_limits<int>::max();
        int idle = 0;
        for (int attempt = 0; attempt < 3 && best >= 100; ++attempt) {
            KeyPageBench b;
            b.store.plant("k", value);
            b.start();
            spin(100); // the first layout of the page is not what is measured
            QElapsedTimer since;
            since.start();
            idle = longestStallMs([&] { return since.elapsed() > 300; });
            const int busy = longestStallMs([&, opened = false, painted = QElapsedTimer()]() mutable {
                if (!opened) {
                    opened = true;
                    b.feed->open("k");
                }
                if (b.feed->state() != KeyFeed::State::Ready || b.feed->view().lines.empty())
                    return false;
                if (!painted.isValid())
                    painted.start();
                return painted.elapsed() > 200;
            });
            best = std::min(best, busy);
        }
        std::printf("1 MiB of \\x%02x: longest stall %d ms, idle %d ms\n",
            unsigned(static_cast<unsigned char>(value[0])), best, idle);
        EXPECT_LT(best, 250);
    }
}

TEST(OperationsPanelTest, FilterPauseCopyOpen)
{
    models::OperationsModel model;
    Theme theme{ThemePreference::Light};
    QWidget host;
    OperationsPanel panel(model, theme, &host);
    panel.tools()->setParent(&host);
    host.resize(1000, 300);
    panel.setGeometry(0, 40, 1000, 260);
    panel.tools()->setGeometry(0, 0, 600, 36);
    host.show();
    const auto add = [&](const char* key) {
        client::Operation op;
        op.key = key;
        op.took = 1ms;
        model.append({op}, 0);
    };
    add("first");
    add("<b>second</b>");
    auto* table = named<QTableView>(panel, "operationsTable");
    EXPECT_EQ(table->model()->rowCount(), 2);
    QTest::keyClicks(host.findChild<QLineEdit*>(), QStringLiteral("FIRST"));
    EXPECT_EQ(table->model()->rowCount(), 1);
    QSignalSpy opened(&panel, &OperationsPanel::keyActivated);
    table->setFocus();
    table->setCurrentIndex(table->model()->index(0, 0));
    QTest::keyClick(table, Qt::Key_Return);
    ASSERT_EQ(opened.count(), 1);
    EXPECT_EQ(opened.at(0).at(0).toByteArray(), QByteArray("first"));
    for (auto* tool : host.findChildren<QToolButton*>()) {
        if (tool->accessibleName() == QStringLiteral("Copy the selected rows"))
            click(tool);
    }
    EXPECT_TRUE(QApplication::clipboard()->text().contains(QStringLiteral("\tfirst\t")));
    for (auto* tool : host.findChildren<QToolButton*>()) {
        if (tool->isCheckable())
            click(tool);
    }
    EXPECT_TRUE(model.paused());
    add("third");
    EXPECT_TRUE(seenText(host).contains(QStringLiteral("1 new"))) << seenText(host).toStdString();
    EXPECT_FALSE(table->grab().isNull());
}

TEST(FindingsPanelTest, EmptyThenShowMe)
{
    models::FindingsModel model;
    Theme theme{ThemePreference::Light};
    QWidget host;
    FindingsPanel panel(model, nullptr, theme, &host);
    panel.tools()->setParent(&host);
    host.resize(1000, 300);
    panel.setGeometry(0, 40, 1000, 260);
    panel.tools()->setGeometry(0, 0, 900, 36);
    panel.setFixes([](const client::Finding& finding) {
        return finding.rule == "I3" ? QStringLiteral("Give back") : QString();
    });
    host.show();
    EXPECT_TRUE(seenText(panel).contains(QStringLiteral("Nothing is wrong")));
    auto* show = named<QPushButton>(host, "showMe");
    EXPECT_FALSE(show->isEnabled());
    model.report({"C1", client::Severity::Certain, "n", "n", "evidence", 0, 0});
    EXPECT_FALSE(seenText(panel).contains(QStringLiteral("Nothing is wrong")));
    std::vector<client::Finding> shown;
    QObject::connect(
        &panel, &FindingsPanel::showMe, &panel, [&](const client::Finding& f) { shown.push_back(f); });
    auto* table = named<QTableView>(panel, "findingsTable");
    table->setCurrentIndex(table->model()->index(0, 0));
    click(show);
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown[0].rule, "C1");
    auto* fix = named<QPushButton>(host, "fixFinding");
    EXPECT_FALSE(fix->isVisible()) << "nothing is provable of C1";
    // Everything else stands in the menu, of the button and of the row.
    auto* menu = named<QToolButton>(host, "moreFindings")->menu();
    const auto choose = [&](const QString& text) {
        Q_EMIT menu->aboutToShow();
        for (auto* action : menu->actions()) {
            if (action->text().startsWith(text)) {
                action->trigger();
                return true;
            }
        }
        return false;
    };
    ASSERT_TRUE(choose(QStringLiteral("Copy report")));
    EXPECT_TRUE(QApplication::clipboard()->text().contains(QStringLiteral("evidence")));
    model.report({"I3", client::Severity::Certain, "MUG", "inventory:MUG", "leak", 0, 0});
    table->setCurrentIndex(table->model()->index(1, 0));
    EXPECT_TRUE(fix->isVisible());
    std::vector<client::Finding> fixed;
    QObject::connect(
        &panel, &FindingsPanel::fixRequested, &panel, [&](const client::Finding& f) { fixed.push_back(f); });
    click(fix);
    ASSERT_EQ(fixed.size(), 1U);
    EXPECT_EQ(fixed[0].subject, "MUG");
    ASSERT_TRUE(choose(QStringLiteral("Mute I3")));
    EXPECT_EQ(table->model()->rowCount(), 1);
    auto* muted = named<QPushButton>(host, "mutedFindings");
    EXPECT_EQ(muted->text(), QStringLiteral("1 muted"));
    click(muted);
    EXPECT_EQ(table->model()->rowCount(), 2);
    panel.setScope([](const client::Finding& f) { return f.key.starts_with("inventory:"); },
        QStringLiteral("the stock"));
    EXPECT_EQ(table->model()->rowCount(), 1);
    EXPECT_EQ(named<QLabel>(host, "findingsOutside")->text(), QStringLiteral("1 outside the stock"));
    panel.setScope([](const client::Finding&) { return false; }, QStringLiteral("the stock"));
    EXPECT_TRUE(seenText(panel).contains(QStringLiteral("No finding is about the stock")));
    panel.setScope({}, QString());
    EXPECT_FALSE(named<QLabel>(host, "findingsOutside")->isVisible());
    EXPECT_EQ(table->model()->rowCount(), 2);
    named<QLineEdit>(host, "findingsFilter")->setText(QStringLiteral("zzz"));
    EXPECT_TRUE(seenText(panel).contains(QStringLiteral("No finding fits")));
    model.clear();
    EXPECT_TRUE(seenText(panel).contains(QStringLiteral("Nothing is wrong")));
    EXPECT_FALSE(show->isEnabled());
}
