// SPDX-License-Identifier: GPL-3.0-or-later
// What people do, from the first click to the stored byte: the real window against the real server.
#include "tests/e2e/windowfixture.h"

#include "client/placement.h"
#include "models/stockfeed.h"
#include "widgets/connectionchip.h"
#include "widgets/noticebar.h"

#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QTabBar>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QtTest/qtestkeyboard.h>
#include <QtTest/qtestmouse.h>

#include <csignal>
#include <random>

namespace norikv::tests {
namespace {

using models::FeedState;
using models::KeyFeed;
using widgets::LinkState;

struct Mode {
    const char* name;
    std::vector<std::string> flags;
    bool lists; ///< can list its keys and tell expiries
    bool forgets; ///< an expired value gives way to the one before it
    friend void PrintTo(const Mode& mode, std::ostream* out) { *out << mode.name; }
};

/// The journeys that must work on every kind of server.
class JourneyOnAnyServer : public WindowTest, public testing::WithParamInterface<Mode> {
protected:
    LiveServer server{GetParam().flags};
    OtherClient other{server.seeds()};

    void SetUp() override
    {
        ASSERT_TRUE(server.ready());
        saveProfile(server, R"("counters":["api:requests","orders"])");
        ASSERT_TRUE(other.put("api:requests", "41"));
        ASSERT_TRUE(other.put("orders", "7"));
        open({QStringLiteral("shop")});
        ASSERT_TRUE(waitFor([&] {
            return workspace() && workspace()->counters().state() == FeedState::Ready && online()
                && shownTotal() == 41;
        })) << everythingSaid().toStdString();
    }

    void openKey(const char* key, KeyFeed::State state = KeyFeed::State::Ready)
    {
        openKeyByField(QString::fromLatin1(key));
        ASSERT_TRUE(waitFor([&] { return workspace()->key().state() == state; })) << key;
        ASSERT_EQ(workspace()->key().key(), key);
    }

    void edit(const QString& value)
    {
        click("editValue");
        the<QPlainTextEdit>("valueEditor").selectAll();
        type("valueEditor", value);
        // Where nobody knows the expiry, saving waits for a person's choice.
        auto& ttl = the<QComboBox>("ttlChoice");
        if (ttl.currentData().toInt() < 0) {
            EXPECT_FALSE(the<QPushButton>("saveValue").isEnabled());
            ttl.setCurrentIndex(1);
        }
        click("saveValue");
    }
};

TEST_P(JourneyOnAnyServer, CountersMoveAndIncrementCountsOnce)
{
    EXPECT_TRUE(waitFor([&] { return says(QStringLiteral("api:requests")); }, 2s));
    click("increment");
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("41 → 42")); })) << everythingSaid().toStdString();
    EXPECT_EQ(other.get("api:requests").value, "42");
    ASSERT_TRUE(waitFor([&] { return shownTotal() == 42; }));
    click("decrement");
    ASSERT_TRUE(waitFor([&] { return shownTotal() == 41; }));
    EXPECT_EQ(other.get("api:requests").value, "41");
    // Another program's change is followed.
    ASSERT_TRUE(other.increment("api:requests", 5));
    EXPECT_TRUE(waitFor([&] { return shownTotal() == 46; }, 2s));
    select("orders");
    EXPECT_TRUE(waitFor([&] { return shownTotal() == 7; }, 2s));
    EXPECT_EQ(workspace()->findings().rowCount(), 0) << "our own decrement is no finding";
    EXPECT_EQ(says(QStringLiteral("this server cannot list keys")), !GetParam().lists);
    EXPECT_EQ(says(QStringLiteral("followed live")), GetParam().lists);
}

TEST_P(JourneyOnAnyServer, SetAsksForAnIntegerAndCounts)
{
    click("set");
    type("setValue", QStringLiteral("many"));
    click("setApply");
    EXPECT_TRUE(says(QStringLiteral("Write an integer")));
    EXPECT_EQ(other.get("api:requests").value, "41");
    the<QLineEdit>("setValue").clear();
    type("setValue", QStringLiteral("+100"));
    click("setApply");
    ASSERT_TRUE(waitFor([&] { return other.get("api:requests").value == "141"; }));
    click("set");
    the<QLineEdit>("setValue").clear();
    type("setValue", QStringLiteral("1000"));
    click("setApply");
    ASSERT_TRUE(waitFor([&] { return other.get("api:requests").value == "1000"; }));
}

TEST_P(JourneyOnAnyServer, EditKeepsTheExpiry)
{
    ASSERT_TRUE(other.put("greeting", "hello", 600'000));
    const auto before = other.get("greeting").expiresAtMs;
    openKey("greeting");
    edit(QStringLiteral("good morning"));
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("greeting was saved.")); }))
        << everythingSaid().toStdString();
    const auto after = other.get("greeting");
    EXPECT_EQ(after.value, "good morning");
    if (before) {
        ASSERT_TRUE(after.expiresAtMs) << "saving made the key immortal";
        EXPECT_NEAR(double(*after.expiresAtMs), double(*before), 1500);
    }
    EXPECT_TRUE(waitFor([&] { return workspace()->key().entry().value == "good morning"; }));
}

TEST_P(JourneyOnAnyServer, EditWithANewExpiry)
{
    ASSERT_TRUE(other.put("greeting", "hello"));
    openKey("greeting");
    click("editValue");
    type("valueEditor", QStringLiteral("bye "));
    auto& ttl = the<QComboBox>("ttlChoice");
    ttl.setCurrentIndex(ttl.findText(QStringLiteral("Expire after …")));
    auto* seconds = the<QWidget>("keyInspector").findChild<QSpinBox*>();
    ASSERT_TRUE(seconds->isVisible());
    seconds->setValue(1);
    click("saveValue");
    ASSERT_TRUE(waitFor([&] { return other.get("greeting").value == "bye hello"; }));
    if (GetParam().forgets) {
        // There the value before comes back when the newer one expires; the inspector shows that it does.
        EXPECT_TRUE(waitFor([&] { return other.get("greeting").value == "hello"; }, 3s));
        EXPECT_TRUE(waitFor([&] { return workspace()->key().entry().value == "hello"; }, 4s));
    } else {
        EXPECT_TRUE(waitFor([&] { return !other.get("greeting").exists(); }, 3s)) << "it never expired";
        EXPECT_TRUE(waitFor([&] { return workspace()->key().state() == KeyFeed::State::Missing; }, 4s))
            << "the inspector does not follow";
    }
}

TEST_P(JourneyOnAnyServer, ClosingTheWindowDuringASaveWaitsForTheAnswer)
{
    ASSERT_TRUE(other.put("greeting", "hello"));
    openKey("greeting");
    click("editValue");
    type("valueEditor", QStringLiteral("oh "));
    if (auto& ttl = the<QComboBox>("ttlChoice"); ttl.currentData().toInt() < 0)
        ttl.setCurrentIndex(1);
    server.signal(SIGSTOP);
    click("saveValue");
    ASSERT_TRUE(workspace()->key().writing());
    window().close();
    EXPECT_TRUE(window().isVisible()) << "closed over a save without an answer";
    EXPECT_TRUE(says(QStringLiteral("A save is under way")));
    server.signal(SIGCONT);
    EXPECT_TRUE(waitFor([&] { return !window().isVisible(); })) << everythingSaid().toStdString();
    EXPECT_EQ(other.get("greeting").value, "oh hello");
}

TEST_P(JourneyOnAnyServer, AnEditIsDiscardedOnlyWhenAPersonSaysSo)
{
    ASSERT_TRUE(other.put("greeting", "hello"));
    openKey("greeting");
    click("editValue");
    type("valueEditor", QStringLiteral("oh "));
    auto& editor = the<QPlainTextEdit>("valueEditor");
    // Another key, or the end of the program: each asks first and leaves the text where it is.
    openKeyByField(QStringLiteral("orders"));
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("Your changes to greeting are not saved.")); }));
    EXPECT_EQ(workspace()->key().key(), "greeting");
    EXPECT_EQ(editor.toPlainText(), QStringLiteral("oh hello"));
    window().close();
    EXPECT_TRUE(window().isVisible());
    EXPECT_EQ(editor.toPlainText(), QStringLiteral("oh hello"));
    openKeyByField(QStringLiteral("orders"));
    clickCaption(QStringLiteral("Discard them"));
    ASSERT_TRUE(waitFor([&] { return workspace()->key().key() == "orders"; }))
        << everythingSaid().toStdString();
    EXPECT_TRUE(window().isVisible()) << "what was asked last is what was agreed to";
    EXPECT_EQ(other.get("greeting").value, "hello");
    // Nothing was typed: nothing to ask.
    click("editValue");
    window().close();
    EXPECT_FALSE(window().isVisible());
}

TEST_P(JourneyOnAnyServer, AConflictIsSaidAndNothingIsOverwritten)
{
    ASSERT_TRUE(other.put("greeting", "hello"));
    openKey("greeting");
    click("editValue");
    the<QPlainTextEdit>("valueEditor").selectAll();
    type("valueEditor", QStringLiteral("mine"));
    ASSERT_TRUE(other.put("greeting", "theirs"));
    if (auto& ttl = the<QComboBox>("ttlChoice"); ttl.currentData().toInt() < 0)
        ttl.setCurrentIndex(1);
    click("saveValue");
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("Somebody wrote it meanwhile")); }))
        << everythingSaid().toStdString();
    EXPECT_EQ(other.get("greeting").value, "theirs");
    EXPECT_EQ(the<QPlainTextEdit>("valueEditor").toPlainText(), QStringLiteral("mine")) << "the work is kept";
    ASSERT_TRUE(waitFor([&] { return workspace()->key().moved(); }));
    EXPECT_EQ(workspace()->key().entry().value, "hello") << "theirs is never put under the edit";
    clickCaption(QStringLiteral("Merge …"));
    ASSERT_TRUE(
        waitFor([&] { return window().findChild<QRadioButton*>(QStringLiteral("mine0")) != nullptr; }));
    the<QRadioButton>("mine0").click();
    click("useMerged");
    if (auto& ttl = the<QComboBox>("ttlChoice"); ttl.currentData().toInt() < 0)
        ttl.setCurrentIndex(1);
    click("saveValue");
    ASSERT_TRUE(waitFor([&] { return other.get("greeting").value == "mine"; })) << "now it is a decision";
}

TEST_P(JourneyOnAnyServer, AKeyDeletedMeanwhileIsNotWrittenAgain)
{
    ASSERT_TRUE(other.put("greeting", "hello"));
    openKey("greeting");
    click("editValue");
    type("valueEditor", QStringLiteral("oh "));
    client::Call call;
    ASSERT_TRUE(other.store().remove(call, {.key = "greeting", .idempotencyKey = {}, .ifMatch = {}}));
    if (auto& ttl = the<QComboBox>("ttlChoice"); ttl.currentData().toInt() < 0)
        ttl.setCurrentIndex(1);
    click("saveValue");
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("Could not save greeting")); }))
        << everythingSaid().toStdString();
    EXPECT_FALSE(other.get("greeting").exists());
}

TEST_P(JourneyOnAnyServer, DeleteAsksThenDeletes)
{
    ASSERT_TRUE(other.put("greeting", "hello"));
    openKey("greeting");
    click("deleteKey");
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("Delete this key?")); }));
    EXPECT_TRUE(other.get("greeting").exists()) << "nobody said yes yet";
    auto* notice = the<QWidget>("keyInspector").findChild<widgets::NoticeBar*>();
    auto* yes = notice->findChild<QPushButton*>();
    ASSERT_EQ(yes->text(), QStringLiteral("Delete"));
    yes->click();
    ASSERT_TRUE(waitFor([&] { return workspace()->key().state() == KeyFeed::State::Missing; }));
    EXPECT_TRUE(says(QStringLiteral("greeting was deleted.")));
    EXPECT_FALSE(other.get("greeting").exists());
}

TEST_P(JourneyOnAnyServer, AMissingKeyIsCreatedOnlyIfStillMissing)
{
    openKey("fresh", KeyFeed::State::Missing);
    click("editValue");
    type("valueEditor", QStringLiteral("mine"));
    ASSERT_TRUE(other.put("fresh", "theirs"));
    click("saveValue");
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("Could not save fresh")); }))
        << everythingSaid().toStdString();
    EXPECT_EQ(other.get("fresh").value, "theirs");
}

TEST_P(JourneyOnAnyServer, LoseTheServerInMidListAndComeBack)
{
    const int rows = the<QTableView>("counterList").model()->rowCount();
    ASSERT_EQ(rows, 2);
    ASSERT_TRUE(other.put("greeting", "hello"));
    openKey("greeting");
    auto& chip = the<widgets::ConnectionChip>("connectionChip");
    ASSERT_EQ(chip.state(), LinkState::Online);

    Stopwatch lost;
    server.kill();
    ASSERT_TRUE(waitFor([&] { return chip.state() == LinkState::Offline; }, 1s)) << "not told within 1 s";
    EXPECT_TRUE(says(QStringLiteral("reconnecting"))) << everythingSaid().toStdString();
    EXPECT_LE(lost.elapsed(), 1s);
    EXPECT_TRUE(waitFor([&] { return says(QStringLiteral("The server is away")); }, 2s))
        << "the page does not say that it is old";
    EXPECT_EQ(the<QTableView>("counterList").model()->rowCount(), rows) << "the rows are kept";
    EXPECT_EQ(shownTotal(), 41);
    EXPECT_EQ(workspace()->key().entry().value, "hello") << "the inspector keeps what it has";
    // Nothing that is clicked meanwhile hurts.
    the<QTabBar>("inspectorTabs").setCurrentIndex(0);
    click("increment");
    waitFor([] { return false; }, 700ms);

    server.start();
    ASSERT_TRUE(server.ready());
    EXPECT_TRUE(waitFor([&] { return chip.state() == LinkState::Online; }, 1500ms))
        << "not back within 1.5 s";
    EXPECT_TRUE(waitFor([&] { return workspace()->counters().state() == FeedState::Ready; }, 3s));
    EXPECT_TRUE(waitFor([&] { return !says(QStringLiteral("The server is away")); }, 2s));
    const auto stored = other.count("api:requests").value_or(-1);
    EXPECT_TRUE(stored == 41 || stored == 42) << stored;
    ASSERT_TRUE(other.increment("api:requests", 100));
    // The increment that was clicked meanwhile may be sent, once, as late as now.
    EXPECT_TRUE(waitFor(
        [&] {
            const auto now = other.count("api:requests").value_or(-1);
            return (now == 141 || now == 142) && shownTotal() == now;
        },
        5s))
        << "shown " << shownTotal() << ", stored " << other.count("api:requests").value_or(-1);
    EXPECT_EQ(workspace()->findings().rowCount(), 0) << "a restart is no finding";
}

INSTANTIATE_TEST_SUITE_P(Server, JourneyOnAnyServer,
    testing::Values(Mode{"explore", {}, true, false}, Mode{"noExplore", {"--no-explore"}, false, false},
        Mode{"faithful", {"--quirks=faithful"}, true, true},
        Mode{"asShipped", {"--as-shipped"}, false, true}),
    [](const auto& mode) { return std::string(mode.param.name); });

class JourneyTest : public WindowTest {
protected:
    void expectChoicePage()
    {
        ASSERT_TRUE(waitFor([&] { return window().isVisible(); }));
        ASSERT_EQ(workspace(), nullptr);
        EXPECT_TRUE(says(QStringLiteral("Nothing leaves this computer.")));
    }
};

TEST_F(JourneyTest, EnterOnTheFirstPageStartsTheDemo)
{
    open({});
    expectChoicePage();
    QWidget* focused = window().focusWidget();
    ASSERT_NE(focused, nullptr);
    EXPECT_EQ(focused->objectName(), QStringLiteral("demo"));
    QTest::keyClick(focused, Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return workspace() && workspace()->demo(); }));
    ASSERT_TRUE(waitFor([&] { return shownTotal() > 0; }));
    const auto first = shownTotal();
    EXPECT_TRUE(waitFor([&] { return shownTotal() > first; }, 3s)) << "the counters stand still";
    EXPECT_TRUE(window().windowTitle().contains(QStringLiteral("Demo")));
    EXPECT_TRUE(waitFor([&] { return workspace()->operations().rowCount() > 0; }, 3s));
}

TEST_F(JourneyTest, TheSandboxIsEmptyAndKeepsWhatIsWritten)
{
    open({});
    expectChoicePage();
    click("sandbox");
    ASSERT_TRUE(waitFor([&] { return workspace() && online(); }));
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("No counter yet")); }))
        << everythingSaid().toStdString();
    OtherClient other(workspace()->connection().profile().seeds);
    ASSERT_TRUE(other.put("visits", "12"));
    ASSERT_TRUE(waitFor([&] { return shownTotal() == 12; }));
    quit();
    // The next start goes back to it by itself.
    open({});
    ASSERT_TRUE(waitFor([&] { return workspace() && shownTotal() == 12; }));
}

TEST_F(JourneyTest, TheNextStartGoesBackToTheLastConnection)
{
    const LiveServer server;
    saveProfile(server, {});
    open({QStringLiteral("Shop")});
    ASSERT_TRUE(waitFor([&] { return online(); }));
    window().resize(1100, 700);
    QTest::keyClick(&window(), Qt::Key_J, Qt::ControlModifier);
    auto* lists = window().findChild<QWidget*>(QStringLiteral("bottomDock"));
    EXPECT_FALSE(lists->isVisible());
    quit();
    open({});
    ASSERT_TRUE(waitFor([&] { return online(); }));
    EXPECT_EQ(workspace()->connection().profile().name, "Shop");
    EXPECT_EQ(window().size(), QSize(1100, 700));
}

TEST_F(JourneyTest, DocksFloatHideAndComeBack)
{
    const LiveServer server;
    saveProfile(server, {});
    open({QStringLiteral("Shop")});
    ASSERT_TRUE(waitFor([&] { return online(); }));
    auto& dock = the<QDockWidget>("inspectorDock");
    auto* floats = dock.findChild<QToolButton*>(QStringLiteral("floatDock"));
    ASSERT_NE(floats, nullptr);
    QTest::mouseClick(floats, Qt::LeftButton);
    EXPECT_TRUE(dock.isFloating());
    EXPECT_EQ(dock.titleBarWidget(), nullptr); // a window has a bar to be moved by
    window().resetLayout();
    EXPECT_FALSE(dock.isFloating());
    EXPECT_NE(dock.titleBarWidget(), nullptr);
    QTest::mouseClick(dock.findChild<QToolButton*>(QStringLiteral("hideDock")), Qt::LeftButton);
    EXPECT_FALSE(dock.isVisible());
    QTest::keyClick(&window(), Qt::Key_I, Qt::ControlModifier);
    EXPECT_TRUE(dock.isVisible());
}

TEST_F(JourneyTest, ABadTargetIsSaidOnTheFirstPage)
{
    open({QStringLiteral("http://localhost:7447")});
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("http://localhost:7447")); }));
    expectChoicePage();
}

TEST_F(JourneyTest, AServerThatIsNotThereIsWaitedFor)
{
    LiveServer server;
    OtherClient(server.seeds()).put("visits", "3");
    server.kill();
    open({QString::fromStdString(server.address())});
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("reconnecting")); }, 5s));
    EXPECT_TRUE(waitFor([&] { return says(QStringLiteral("The counters could not be read")); }, 5s))
        << everythingSaid().toStdString();
    server.start();
    EXPECT_TRUE(waitFor([&] { return online(); }, 1500ms));
    EXPECT_TRUE(waitFor([&] { return shownTotal() == 3; }, 3s));
}

TEST_F(JourneyTest, OpenAKeyThatIsNoTextFromTheCommandLine)
{
    const LiveServer server;
    OtherClient other(server.seeds());
    const std::string key("a\x00\xff\\b", 5);
    ASSERT_TRUE(other.put(key, "bytes"));
    connectTo(server, {QStringLiteral("--open"), QStringLiteral("a\\x00\\xFF\\\\b")});
    ASSERT_TRUE(waitFor([&] { return workspace()->key().state() == KeyFeed::State::Ready; }));
    EXPECT_EQ(workspace()->key().key(), key);
    EXPECT_EQ(workspace()->key().entry().value, "bytes");
    EXPECT_TRUE(the<QWidget>("keyInspector").isVisible());
    quit();
    connectTo(server, {QStringLiteral("--open"), QStringLiteral("a\\xZZ")});
    EXPECT_TRUE(says(QStringLiteral("--open a\\xZZ")));
    EXPECT_EQ(workspace()->key().state(), KeyFeed::State::Empty);
}

TEST_F(JourneyTest, ABrokenEscapeInTheFieldIsSaid)
{
    const LiveServer server;
    connectTo(server);
    openKeyByField(QStringLiteral("a\\xZZ"));
    EXPECT_TRUE(says(QStringLiteral("broken escape")));
    EXPECT_EQ(workspace()->key().state(), KeyFeed::State::Empty);
}

TEST_F(JourneyTest, ReadOnlyRefusesWithAMessage)
{
    const LiveServer server;
    OtherClient other(server.seeds());
    ASSERT_TRUE(other.put("visits", "12"));
    connectTo(server, {QStringLiteral("--read-only")});
    EXPECT_EQ(the<QPushButton>("guardMode").text(), QStringLiteral("Read-only"));
    click("increment");
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("Change the mode in the top bar")); }))
        << everythingSaid().toStdString();
    click("startLoad");
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("read-only: nothing was started")); }));
    openKeyByField(QStringLiteral("visits"));
    ASSERT_TRUE(waitFor([&] { return workspace()->key().state() == KeyFeed::State::Ready; }));
    workspace()->key().remove(true);
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("Could not delete visits")); }));
    EXPECT_EQ(other.get("visits").value, "12");
}

TEST_F(JourneyTest, ConfirmAsksThenDoes)
{
    const LiveServer server;
    OtherClient other(server.seeds());
    ASSERT_TRUE(other.put("visits", "12"));
    ASSERT_TRUE(other.put("greeting", "hello"));
    connectTo(server, {QStringLiteral("--confirm-writes")});
    click("increment");
    ASSERT_TRUE(waitFor([&] {
        return button(QStringLiteral("Confirm")) != nullptr && says(QStringLiteral("Increment visits?"));
    })) << everythingSaid().toStdString();
    EXPECT_EQ(other.get("visits").value, "12");
    // The guard button has the same caption; the notice's is the one on the page.
    auto* notice = the<QWidget>("countersPage").findChild<widgets::NoticeBar*>();
    notice->findChild<QPushButton*>()->click();
    ASSERT_TRUE(waitFor([&] { return other.get("visits").value == "13"; }));
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("12 → 13")); }));

    openKeyByField(QStringLiteral("greeting"));
    ASSERT_TRUE(waitFor([&] { return workspace()->key().state() == KeyFeed::State::Ready; }));
    click("editValue");
    type("valueEditor", QStringLiteral("oh "));
    click("saveValue");
    auto* question = the<QWidget>("keyInspector").findChild<widgets::NoticeBar*>();
    ASSERT_TRUE(waitFor([&] { return question->isOpen(); }));
    EXPECT_EQ(other.get("greeting").value, "hello");
    question->findChild<QPushButton*>()->click();
    EXPECT_TRUE(waitFor([&] { return other.get("greeting").value == "oh hello"; }))
        << question->text().toStdString();
}

TEST_F(JourneyTest, PauseFreezesTheShownMoment)
{
    const LiveServer server;
    OtherClient other(server.seeds());
    ASSERT_TRUE(other.put("visits", "100"));
    connectTo(server);
    ASSERT_TRUE(waitFor([&] { return shownTotal() == 100; }));
    EXPECT_TRUE(says(QStringLiteral("LIVE")));
    click("pause");
    EXPECT_TRUE(says(QStringLiteral("PAUSED")));
    auto& feed = workspace()->counters();
    const double moment = feed.moment();
    ASSERT_TRUE(other.increment("visits", 23));
    ASSERT_TRUE(waitFor([&] { return feed.book().find("visits")->total == 123; }))
        << "the history stands still";
    ASSERT_TRUE(waitFor([&] { return feed.book().find("visits")->series.last().t > moment; }));
    EXPECT_EQ(feed.moment(), moment);
    EXPECT_EQ(shownTotal(), 100);
    click("pause");
    EXPECT_TRUE(says(QStringLiteral("LIVE")));
    EXPECT_GT(feed.moment(), moment);
    EXPECT_EQ(shownTotal(), 123);
}

TEST_F(JourneyTest, EveryPanelShowsTheMomentThatTheTimeBarChooses)
{
    const LiveServer server;
    OtherClient other(server.seeds());
    const auto item = [](int quantity) {
        return R"({"sku":"MUG","quantity":)" + std::to_string(quantity)
            + R"(,"reserved":0,"lastUpdated":1700000000000})";
    };
    ASSERT_TRUE(other.put("visits", "5"));
    ASSERT_TRUE(other.put("inventory:MUG", item(10)));
    connectTo(server);
    select("visits");
    ASSERT_TRUE(waitFor([&] { return shownTotal() == 5; }));
    auto& stock = workspace()->pattern<models::StockFeed>();
    const auto quantity = [&] {
        const auto& row = stock.selectedRow();
        return row && row->reading.item ? row->reading.item->quantity.value_or(-1) : -1;
    };
    ASSERT_TRUE(waitFor([&] { return quantity() == 10; }));
    // A counter is recorded every second.
    const EpochMs then = workspace()->clock().nowMs() + 1100;
    ASSERT_TRUE(waitFor([&] { return workspace()->clock().nowMs() > then; }));
    ASSERT_TRUE(other.put("visits", "6"));
    ASSERT_TRUE(other.put("inventory:MUG", item(4)));
    ASSERT_TRUE(waitFor([&] { return shownTotal() == 6 && quantity() == 4; }));
    EXPECT_FALSE(the<QWidget>("timeBar").isVisible());
    workspace()->cursor().show(then);
    EXPECT_TRUE(the<QWidget>("timeBar").isVisible());
    EXPECT_TRUE(says(QStringLiteral("REPLAY")));
    EXPECT_EQ(shownTotal(), 5);
    EXPECT_EQ(quantity(), 10);
    click("increment");
    EXPECT_FALSE(the<QWidget>("timeBar").isVisible()) << "what is done is done now";
    EXPECT_TRUE(waitFor([&] { return shownTotal() == 7; }));
    EXPECT_EQ(other.get("visits").value, "7");
}

TEST_F(JourneyTest, RaceItShowsALossAndShowMeLeadsThere)
{
    open({QStringLiteral("--demo=calm")});
    ASSERT_TRUE(waitFor([&] { return workspace() && shownTotal() > 0; }));
    ASSERT_EQ(workspace()->findings().rowCount(), 0);
    click("raceIt");
    auto& feed = workspace()->counters();
    ASSERT_TRUE(waitFor([&] { return feed.lastRun().has_value(); }, 30s));
    const auto run = *feed.lastRun();
    EXPECT_EQ(run.acknowledged + run.unknown, 1000);
    const auto lost = run.acknowledged - run.storedGain;
    ASSERT_GT(lost, 0);
    EXPECT_TRUE(says(QStringLiteral("%1 lost.").arg(lost))) << everythingSaid().toStdString();
    OtherClient other(workspace()->connection().profile().seeds);
    EXPECT_EQ(other.count(run.counter), run.storedGain) << "the store agrees";

    the<QTabBar>("bottomTabs").setCurrentIndex(1);
    auto& table = the<QTableView>("findingsTable");
    int row = -1;
    for (int i = 0; i < workspace()->findings().rowCount(); ++i) {
        if (workspace()->findings().record(i).rule == "C3")
            row = i;
    }
    ASSERT_GE(row, 0) << "no C3";
    EXPECT_NE(
        workspace()->findings().record(row).evidence.find(std::to_string(lost) + " lost"), std::string::npos);
    ASSERT_TRUE(waitFor([&] { return table.isVisible(); }, 2s));
    QTest::mouseClick(
        table.viewport(), Qt::LeftButton, {}, table.visualRect(table.model()->index(row, 0)).center());
    click("showMe");
    ASSERT_TRUE(waitFor([&] { return workspace()->key().state() == KeyFeed::State::Ready; }));
    EXPECT_EQ(workspace()->key().key(), run.counter);
    EXPECT_EQ(feed.selected(), run.counter);
    EXPECT_EQ(window().currentPanel(), QStringLiteral("counters"));
    EXPECT_TRUE(the<QWidget>("keyInspector").isVisible());

    // The server is sound again: the same race by hand loses nothing.
    client::Call call;
    const auto quirks = other.store().quirks(call);
    ASSERT_TRUE(quirks);
    EXPECT_FALSE(quirks->racyCas) << "the race left its fault behind";
}

TEST_F(JourneyTest, AnotherWindowAttachesAndTakesTheFolderOver)
{
    TempFolder shared;
    const QString folder = QString::fromStdString(shared / "store");
    QProcess first;
    dieWithUs(first);
    first.start(QStringLiteral(NORIKV_WORKBENCH_BINARY),
        {QStringLiteral("--sandbox=") + folder, QStringLiteral("--config"),
            QString::fromStdString(shared / "first")});
    ASSERT_TRUE(waitFor([&] { return QFile::exists(folder + QStringLiteral("/sandbox.json")); }));
    open({QStringLiteral("--sandbox=") + folder});
    ASSERT_TRUE(waitFor([&] { return online(); }));
    EXPECT_TRUE(says(QStringLiteral("Another window serves this folder")));
    const auto seeds = workspace()->connection().profile().seeds;
    OtherClient other(seeds);
    ASSERT_TRUE(other.put("visits", "12"));
    ASSERT_TRUE(waitFor([&] { return shownTotal() == 12; }));

    first.kill();
    first.waitForFinished();
    Stopwatch alone;
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("this one serves the folder now")); }, 3s));
    EXPECT_LE(alone.elapsed(), 2s);
    EXPECT_TRUE(waitFor([&] { return online(); }, 1500ms));
    EXPECT_EQ(other.get("visits").value, "12");
    click("increment");
    EXPECT_TRUE(waitFor([&] { return other.get("visits").value == "13"; }));
}

TEST_F(JourneyTest, ThreeNodesEveryShardIsRoutedAndAMoveIsFollowed)
{
    const LiveServer server({"--faults"}, 3);
    OtherClient other(server.seeds());
    std::set<std::string> served;
    for (int i = 0; i < 60; ++i)
        ASSERT_TRUE(other.put("count:" + std::to_string(i), std::to_string(i)));
    connectTo(server);
    EXPECT_TRUE(says(QStringLiteral("3 of 3 nodes")));
    ASSERT_TRUE(waitFor([&] { return workspace()->counters().book().counters().size() == 60; }));
    auto& store = workspace()->connection().store();
    const auto& cluster = workspace()->connection().cluster();
    for (int i = 0; i < 60; ++i) {
        const std::string key = "count:" + std::to_string(i);
        const auto leader = cluster.leaderOf(shardOf(key, 1024));
        ASSERT_TRUE(leader) << key << " has no leader";
        client::Call call;
        const auto entry = store.get(call, key);
        ASSERT_TRUE(entry) << entry.error().message;
        EXPECT_EQ(entry->value, std::to_string(i));
        EXPECT_EQ(call.record.attempts, 1) << key << " went astray";
        EXPECT_EQ(call.record.nodeIndex, leader);
        served.insert(call.record.node);
    }
    EXPECT_EQ(served.size(), 3U);

    select("count:7");
    const std::uint32_t shard = shardOf("count:7", 1024);
    const auto before = *cluster.leaderOf(shard);
    const auto after = (before + 1) % 3;
    client::Call move;
    ASSERT_TRUE(other.store().moveShard(move, {shard, "node" + std::to_string(after), false}));
    EXPECT_TRUE(waitFor([&] { return cluster.leaderOf(shard) == after; }, 3s)) << "the move went unseen";
    click("increment");
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("7 → 8")); })) << everythingSaid().toStdString();
    EXPECT_EQ(other.get("count:7").value, "8");
    openKeyByField(QStringLiteral("count:7"));
    EXPECT_TRUE(waitFor([&] { return workspace()->key().leader() == QStringLiteral("node%1").arg(after); }));
}

TEST_F(JourneyTest, OneOfThreeNodesDown)
{
    const LiveServer server({"--faults"}, 3);
    OtherClient other(server.seeds());
    connectTo(server);
    client::Call call;
    ASSERT_TRUE(other.store().setNode(call, {"node1", client::NodeFault::State::Down, 0}));
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("2 of 3 nodes")); }, 2s))
        << everythingSaid().toStdString();
    EXPECT_EQ(the<widgets::ConnectionChip>("connectionChip").state(), LinkState::Degraded);
    ASSERT_TRUE(other.store().setNode(call, {"node1", client::NodeFault::State::Up, 0}));
    EXPECT_TRUE(waitFor([&] { return says(QStringLiteral("3 of 3 nodes")); }, 3s));
}

/// Ends the program by closing its window `after` so long, and tells how long that took.
class JourneyQuit : public WindowTest {
protected:
    std::chrono::milliseconds closeAfter(std::chrono::milliseconds after)
    {
        QTimer::singleShot(after, &window(), [this] { window().close(); });
        QTimer late;
        late.setSingleShot(true);
        QObject::connect(&late, &QTimer::timeout, &late, [] {
            ADD_FAILURE() << "closing the window did not end the program";
            QCoreApplication::exit();
        });
        late.start(after + 10s);
        QApplication::exec();
        Stopwatch watch;
        quit();
        return watch.elapsed();
    }
};

TEST_F(JourneyQuit, AtThirtyRandomMomentsUnderLoad)
{
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    std::uniform_int_distribution<int> moment(0, 900);
    for (int round = 0; round < 30; ++round) {
        const int ms = moment(random);
        open({round % 2 == 0 ? QStringLiteral("--demo=races") : QStringLiteral("--demo")});
        EXPECT_LE(closeAfter(std::chrono::milliseconds(ms)), 1s)
            << "round " << round << ", after " << ms << " ms";
    }
}

TEST_F(JourneyQuit, WhileTheServerIsFrozen)
{
    const LiveServer server;
    OtherClient other(server.seeds());
    ASSERT_TRUE(other.put("visits", "12"));
    connectTo(server);
    click("startLoad");
    ASSERT_TRUE(waitFor([&] { return workspace()->counters().loadStats().acknowledged > 20; }));
    server.signal(SIGSTOP);
    click("increment");
    EXPECT_LE(closeAfter(200ms), 1s);
}

TEST_F(JourneyQuit, WhileTheServerIsAway)
{
    LiveServer server;
    OtherClient other(server.seeds());
    ASSERT_TRUE(other.put("visits", "12"));
    connectTo(server);
    click("startLoad");
    ASSERT_TRUE(waitFor([&] { return workspace()->counters().loadStats().acknowledged > 20; }));
    server.kill();
    EXPECT_LE(closeAfter(300ms), 1s);
}

} // namespace
} // namespace norikv::tests
