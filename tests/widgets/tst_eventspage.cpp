// SPDX-License-Identifier: GPL-3.0-or-later
// The events page and its inspector over a store in memory.
#include "tests/models/feedfixture.h"
#include "widgets/appendform.h"
#include "widgets/eventinspector.h"
#include "widgets/eventlanes.h"
#include "widgets/eventspage.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <QTreeView>

#include <gtest/gtest.h>

using namespace norikv;
using namespace norikv::widgets;
using namespace std::chrono_literals;
using models::EventFeed;
using test::Bench;
using test::FakeStore;
using test::waitFor;

namespace {

QString hostProgram()
{
    return QCoreApplication::applicationDirPath() + QStringLiteral("/norikv-reducerhost");
}

struct PageBench : Bench {
    Theme theme{ThemePreference::Light};
    std::unique_ptr<EventFeed> feed;
    std::unique_ptr<EventsPage> page;
    std::unique_ptr<EventInspector> inspector;

    ~PageBench()
    {
        inspector.reset();
        page.reset();
        feed.reset();
    }
    void event(const std::string& aggregate, int version, const std::string& type, const std::string& data)
    {
        const auto number = std::to_string(version);
        store.plant("events:" + aggregate + ":" + number,
            "{\"id\":\"e" + number + "\",\"aggregateId\":\"" + aggregate + "\",\"type\":\"" + type
                + "\",\"data\":" + data + ",\"timestamp\":" + std::to_string(clock.nowMs() + version)
                + ",\"version\":" + number + "}");
        store.plant("events:meta:" + aggregate, "{\"version\":" + number + "}");
    }
    /// The document's account: 100 in, 30 out, and on.
    void account(const std::string& name)
    {
        event(name, 1, "AccountOpened", "{}");
        event(name, 2, "MoneyDeposited", "{\"amount\":100}");
        event(name, 3, "MoneyWithdrawn", "{\"amount\":30}");
        event(name, 4, "MoneyDeposited", "{\"amount\":5}");
    }
    void start()
    {
        store.idle = [this] {
            clock.advance(2ms);
            std::this_thread::sleep_for(2ms); // a watch is idle at the pace of its server
        };
        open();
        feed = std::make_unique<EventFeed>(*dispatcher, *connection, clock, nullptr);
        page = std::make_unique<EventsPage>(*feed, theme, hostProgram());
        inspector = std::make_unique<EventInspector>(*feed, theme);
        page->resize(1000, 800);
        page->show();
        inspector->show();
    }
    /// Starts with one account and waits until it is opened and folded.
    void startWithAccount()
    {
        account("account-1");
        start();
        feed->select("account-1");
        ASSERT_TRUE(waitFor([&] { return state("balance") == QStringLiteral("75"); }));
    }
    bool says(const QString& text, QWidget* where = nullptr)
    {
        return waitFor([&] {
            const auto labels = (where ? where : page.get())->findChildren<QLabel*>();
            return std::ranges::any_of(labels,
                [&](const QLabel* label) { return label->isVisible() && label->text().contains(text); });
        });
    }
    template <class T> T& find(const char* name)
    {
        auto* found = page->findChild<T*>(QString::fromLatin1(name));
        return *(found ? found : inspector->findChild<T*>(QString::fromLatin1(name)));
    }
    /// A member of the state as the tree shows it.
    QString state(const char* name)
    {
        const auto* model = find<QTreeView>("stateTree").model();
        for (int row = 0; row < model->rowCount(); ++row) {
            if (model->index(row, 0).data().toString() == QString::fromLatin1(name))
                return model->index(row, 1).data().toString();
        }
        return {};
    }
    QString change(int row, int column)
    {
        return find<QTableView>("stateChanges").model()->index(row, column).data().toString();
    }
};

} // namespace

TEST(EventsPage, SaysThatItReadsWhyItFailedAndThatThereIsNothing)
{
    PageBench t;
    t.store.always(FakeStore::Op::Scan, FakeStore::Fault::Unreachable);
    t.start();
    EXPECT_TRUE(t.says(QStringLiteral("Looking for events")));
    EXPECT_TRUE(t.says(QStringLiteral("could not be read")));
    t.store.calm();
    EXPECT_TRUE(t.says(QStringLiteral("No event yet")));
}

TEST(EventsPage, ShowsLanesChipsEventsAndTheStateAfterThem)
{
    PageBench t;
    t.event("<b>order</b>", 1, "OrderPlaced", "{\"sku\":\"X\"}");
    t.startWithAccount();
    EXPECT_TRUE(waitFor([&] { return t.find<EventLanes>("eventLanes").laneCount() == 2; }));
    t.feed->select("account-1");
    auto& table = t.find<QTableView>("eventsTable");
    ASSERT_TRUE(waitFor([&] { return table.model()->rowCount() == 4; }));
    EXPECT_FALSE(t.page->grab().isNull());
    const auto chips = t.find<QWidget>("eventTypes").findChildren<QPushButton*>();
    const auto chip = std::ranges::find_if(
        chips, [](auto* each) { return each->text().startsWith(QStringLiteral("MoneyDeposited")); });
    ASSERT_NE(chip, chips.end());
    EXPECT_TRUE((*chip)->text().endsWith(QStringLiteral("2")));
    (*chip)->click();
    EXPECT_TRUE(waitFor([&] {
        return table.model()->rowCount() == 2 && t.find<EventLanes>("eventLanes").laneCount() == 1;
    })) << "only events of this type, and the aggregates that hold one";
    EXPECT_EQ(t.state("balance"), QStringLiteral("75")) << "the state is of all events";
}

TEST(EventsPage, TheSliderGoesBackAndShowsWhatAnEventChanged)
{
    PageBench t;
    t.startWithAccount();
    auto& slider = t.find<QSlider>("replaySlider");
    EXPECT_EQ(slider.maximum(), 4);
    EXPECT_EQ(slider.value(), 4);
    slider.setFocus();
    QTest::keyClick(&slider, Qt::Key_Left);
    ASSERT_TRUE(waitFor([&] { return t.state("balance") == QStringLiteral("70"); }));
    EXPECT_TRUE(t.says(QStringLiteral("What version 3, MoneyWithdrawn, changed")));
    EXPECT_EQ(t.change(0, 0), QStringLiteral("balance"));
    EXPECT_EQ(t.change(0, 1), QStringLiteral("100"));
    EXPECT_EQ(t.change(0, 2), QStringLiteral("70"));
    EXPECT_EQ(t.find<QTableView>("eventsTable").currentIndex().row(), 2) << "the list follows";
    EXPECT_TRUE(waitFor([&] { return t.feed->selectedEvent() && t.feed->selectedEvent()->number == 3; }))
        << "and the inspector";
    QTest::keyClick(&slider, Qt::Key_Home);
    EXPECT_TRUE(t.says(QStringLiteral("Before the first event")));
    t.find<QPushButton>("replayNewest").click();
    EXPECT_TRUE(waitFor([&] { return t.state("balance") == QStringLiteral("75"); }));
    EXPECT_TRUE(t.says(QStringLiteral("now")));
    // A row takes the slider along, and Enter opens its key.
    auto& table = t.find<QTableView>("eventsTable");
    QSignalSpy opened(t.page.get(), &Page::keyActivated);
    table.setCurrentIndex(table.model()->index(1, 0));
    EXPECT_TRUE(waitFor([&] { return t.state("balance") == QStringLiteral("100"); }));
    QTest::keyClick(&table, Qt::Key_Return);
    ASSERT_EQ(opened.size(), 1);
    EXPECT_EQ(opened[0][0].toByteArray(), QByteArray("events:account-1:2"));
}

TEST(EventsPage, StopsWhereAConditionBeginsToHold)
{
    PageBench t;
    t.startWithAccount();
    auto& stop = t.find<QLineEdit>("stopWhen");
    QTest::keyClicks(&stop, QStringLiteral("balance <"));
    t.find<QSlider>("replaySlider").setValue(0);
    t.find<QPushButton>("findStop").click();
    EXPECT_FALSE(t.find<QLabel>("replayWord").text().isEmpty()) << "it says what is wrong with the condition";
    stop.setText(QStringLiteral("balance = 70"));
    QTest::keyClick(&stop, Qt::Key_Return);
    EXPECT_TRUE(waitFor([&] { return t.state("balance") == QStringLiteral("70"); }));
    EXPECT_TRUE(t.says(QStringLiteral("holds from event 3 on")));
    t.find<QComboBox>("replaySpeed").setCurrentIndex(3);
    t.find<QSlider>("replaySlider").setValue(0);
    t.find<QPushButton>("replayPlay").click();
    EXPECT_TRUE(waitFor([&] {
        return t.find<QSlider>("replaySlider").value() == 3
            && t.find<QPushButton>("replayPlay").text() == QStringLiteral("Play");
    })) << "playing ends there too";
}

TEST(EventsPage, ComparesWithoutAnEventWithAnotherMomentAndWithAnotherAggregate)
{
    PageBench t;
    t.event("account-2", 1, "AccountOpened", "{}");
    t.event("account-2", 2, "MoneyDeposited", "{\"amount\":9}");
    t.account("account-1");
    t.start();
    t.feed->select("account-1");
    ASSERT_TRUE(waitFor([&] { return t.state("balance") == QStringLiteral("75"); }));
    auto& with = t.find<QComboBox>("compareWith");
    auto& number = t.find<QSpinBox>("compareNumber");
    with.setCurrentIndex(1);
    number.setValue(3);
    EXPECT_TRUE(t.says(QStringLiteral("If version 3, MoneyWithdrawn, had not happened")));
    EXPECT_TRUE(waitFor([&] { return t.change(0, 1) == QStringLiteral("105"); })) << "without the withdrawal";
    EXPECT_EQ(t.change(0, 2), QStringLiteral("75"));
    with.setCurrentIndex(2);
    number.setValue(2);
    EXPECT_TRUE(waitFor([&] { return t.change(0, 1) == QStringLiteral("100"); })) << "after two events";
    with.setCurrentIndex(3);
    EXPECT_TRUE(waitFor([&] {
        for (int row = 0; row < 3; ++row) {
            if (t.change(row, 0) == QStringLiteral("balance"))
                return t.change(row, 1) == QStringLiteral("9") && t.change(row, 2) == QStringLiteral("75");
        }
        return false;
    })) << "account-2 beside account-1";
    with.setCurrentIndex(0);
    EXPECT_TRUE(waitFor([&] { return t.change(0, 1) == QStringLiteral("70"); }));
}

TEST(EventsPage, AScriptFoldsIsKeptForItsPrefixAndTellsItsMistakes)
{
    PageBench t;
    t.startWithAccount();
    auto& reducer = t.find<QComboBox>("reducer");
    reducer.setCurrentIndex(reducer.findData(QStringLiteral("script")));
    auto& editor = t.find<QPlainTextEdit>("scriptEditor");
    EXPECT_TRUE(editor.isVisible());
    ASSERT_TRUE(waitFor([&] { return t.state("count") == QStringLiteral("4"); })) << "the example works";
    editor.setPlainText(QStringLiteral("return event.no.such;"));
    t.find<QPushButton>("useScript").click();
    EXPECT_TRUE(t.says(QStringLiteral("TypeError")));
    editor.setPlainText(QStringLiteral("for (;;) ;"));
    t.find<QPushButton>("useScript").click();
    EXPECT_TRUE(t.says(QStringLiteral("said nothing for 250 ms")));
    editor.setPlainText(QStringLiteral("return { seen: (state?.seen ?? 0) + (event.data.amount ?? 0) };"));
    t.find<QPushButton>("useScript").click();
    EXPECT_TRUE(waitFor([&] { return t.state("seen") == QStringLiteral("135"); }));
    const QVariantMap place = t.page->place();
    const QVariantMap kept = place.value(QStringLiteral("reducers")).toMap();
    ASSERT_EQ(kept.size(), 1);
    EXPECT_EQ(kept.firstKey(), QStringLiteral("events:account-"));

    // Another start, another account of the same family: the script is there.
    t.account("account-7");
    t.page = std::make_unique<EventsPage>(*t.feed, t.theme, hostProgram());
    t.page->show();
    t.page->setPlace(place);
    t.feed->select("account-7");
    EXPECT_TRUE(waitFor([&] {
        return t.feed->opened().stream->aggregate == "account-7" && t.state("seen") == QStringLiteral("135");
    }));
}

TEST(EventsPage, WhatComesWhilePausedIsCountedAndShownAfterwards)
{
    PageBench t;
    t.startWithAccount();
    t.feed->setPaused(true);
    t.event("account-1", 5, "MoneyDeposited", "{\"amount\":1}");
    t.event("account-1", 6, "MoneyDeposited", "{\"amount\":1}");
    auto& pill = t.find<QPushButton>("newEvents");
    ASSERT_TRUE(waitFor([&] { return pill.isVisible() && pill.text().startsWith(QStringLiteral("+")); }));
    EXPECT_EQ(t.state("balance"), QStringLiteral("75")) << "what is shown stands still";
    QSignalSpy resume(t.page.get(), &Page::resumeRequested);
    pill.click();
    EXPECT_EQ(resume.size(), 1);
    t.feed->setPaused(false);
    EXPECT_TRUE(waitFor([&] { return t.state("balance") == QStringLiteral("77"); }));
    EXPECT_TRUE(waitFor([&] { return !pill.isVisible(); }));
}

TEST(EventInspector, ShowsAnEventAppendsWithRememberedFieldsAndExports)
{
    PageBench t;
    t.startWithAccount();
    ASSERT_TRUE(waitFor([&] { return t.feed->selectedEvent() != nullptr; }));
    EXPECT_TRUE(t.says(QStringLiteral("Version 4"), t.inspector.get()));
    EXPECT_TRUE(t.find<QPlainTextEdit>("eventData").toPlainText().contains(QStringLiteral("\"amount\": 5")));
    auto& type = t.find<QComboBox>("appendType");
    type.setCurrentText(QStringLiteral("MoneyDeposited"));
    auto* amount = t.inspector->findChild<QLineEdit*>(QStringLiteral("field-amount"));
    ASSERT_NE(amount, nullptr) << "a field of the last event of that type";
    EXPECT_EQ(amount->text(), QStringLiteral("5"));
    amount->setText(QStringLiteral("five"));
    t.find<QPushButton>("append").click();
    EXPECT_TRUE(t.says(QStringLiteral("amount must be"), t.inspector.get()));
    amount->setText(QStringLiteral("25"));
    t.find<QPushButton>("append").click();
    EXPECT_TRUE(waitFor([&] { return t.store.value("events:account-1:5").has_value(); }));
    EXPECT_TRUE(waitFor([&] { return t.state("balance") == QStringLiteral("100"); })) << "the page follows";
    t.find<QPushButton>("bankWithdraw").click();
    EXPECT_TRUE(waitFor([&] { return t.state("balance") == QStringLiteral("90"); }))
        << "ten, by the account's rules";

    t.inspector->setRange(2, 3);
    for (auto* action : t.find<QPushButton>("exportEvents").menu()->actions()) {
        if (action->text() == QStringLiteral("Copy as NDJSON"))
            action->trigger();
    }
    ASSERT_TRUE(waitFor(
        [&] { return QApplication::clipboard()->text().contains(QStringLiteral("MoneyWithdrawn")); }));
    EXPECT_EQ(QApplication::clipboard()->text().count(QLatin1Char('\n')), 2) << "the two of the range";
}

TEST(EventInspector, SaysWhatIsWrongAndNeverReadsItAsMarkup)
{
    PageBench t;
    t.account("account-1");
    t.store.erase("events:account-1:2");
    t.store.plant("events:<b>x</b>:1", "not json <img src=x>");
    t.store.plant("events:meta:<b>x</b>", "{\"version\":1}");
    t.start();
    t.feed->select("account-1");
    ASSERT_TRUE(waitFor([&] { return t.feed->opened().row && !t.feed->opened().all->empty(); }));
    t.clock.advance(6s); // a finding is told once it has stood for five
    EXPECT_TRUE(waitFor([&] {
        const auto& trouble = t.find<QLabel>("streamTrouble");
        return trouble.isVisible() && trouble.text().contains(QStringLiteral("E1"));
    })) << "the row says \""
        << t.feed->opened().row->wrong << "\" of " << t.feed->opened().row->events << " events, complete "
        << (t.feed->coverage() == client::Coverage::Complete);
    t.feed->select("events:<b>x</b>:1");
    EXPECT_TRUE(waitFor([&] { return t.find<QLabel>("eventComplaints").isVisible(); }));
    for (const auto* label : t.inspector->findChildren<QLabel*>()) {
        if (!label->text().isEmpty()) {
            EXPECT_EQ(label->textFormat(), Qt::PlainText) << label->text().toStdString();
        }
    }
}

TEST(EventsPage, ANewAggregateBeginsAndARaceShowsItsBalance)
{
    PageBench t;
    t.start();
    ASSERT_TRUE(t.says(QStringLiteral("No event yet")));
    t.find<QPushButton>("newAggregate").click();
    t.find<QLineEdit>("newAggregateId").setText(QStringLiteral("account-9"));
    t.find<QPushButton>("createAggregate").click();
    EXPECT_TRUE(waitFor([&] { return t.store.value("events:account-9:1").has_value(); }));
    t.find<QPushButton>("raceAppenders").click();
    t.find<QComboBox>("raceCode").setCurrentIndex(1);
    t.find<QPushButton>("startRace").click();
    EXPECT_TRUE(t.says(QStringLiteral("Every acknowledged event is stored")));
    t.page->setReadOnly(true);
    EXPECT_FALSE(t.find<QPushButton>("newAggregate").isEnabled());
}
