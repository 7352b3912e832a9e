// SPDX-License-Identifier: GPL-3.0-or-later
// The main action of the sessions, inventory, rate-limits, cache and events panels: the real window against
// the real server, with and without a list of keys.
#include "tests/e2e/windowfixture.h"

#include "app/settings.h"
#include "client/audit/audit.h"
#include "client/patterns/inventory.h"
#include "client/patterns/session.h"
#include "client/placement.h"
#include "models/cachefeed.h"
#include "models/eventfeed.h"
#include "models/ratelimitfeed.h"
#include "models/sessionfeed.h"
#include "models/stockfeed.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QTableWidget>
#include <QTreeView>
#include <QtTest/qtestkeyboard.h>
#include <QtTest/qtestmouse.h>

#include <set>

namespace norikv::tests {
namespace {

class PatternJourney : public WindowTest, public testing::WithParamInterface<const char*> {
protected:
    bool lists() const { return std::string(GetParam()) == "explore"; }

    LiveServer server{lists() ? std::vector<std::string>{} : std::vector<std::string>{"--no-explore"}};
    OtherClient other{server.seeds()};

    EpochMs now() const { return other.clock().nowMs(); }
    /// Opens the panel of a saved connection and waits until `key` is shown there. Where nothing is listed a
    /// person opens the key first.
    template <class Feed> Feed* openPanel(const char* panel, const char* key, const char* table)
    {
        saveProfile(server, R"("counters":[])");
        open({QStringLiteral("shop"), QStringLiteral("--panel"), QString::fromLatin1(panel)});
        if (!waitFor([&] { return workspace() && online(); }))
            return nullptr;
        if (!lists()) {
            openKeyByField(QString::fromLatin1(key));
            EXPECT_TRUE(waitFor([&] { return workspace()->key().state() == models::KeyFeed::State::Ready; }));
            window().showPanel(QString::fromLatin1(panel));
        }
        auto& feed = workspace()->pattern<Feed>();
        EXPECT_TRUE(waitFor([&] { return the<QTableView>(table).model()->rowCount() == 1; }))
            << everythingSaid().toStdString();
        clickRow(table, 0);
        return waitFor([&] { return feed.selectedRow().has_value(); }) ? &feed : nullptr;
    }
    void clickRow(const char* table, int row)
    {
        auto& view = the<QTableView>(table);
        QTest::mouseClick(
            view.viewport(), Qt::LeftButton, {}, view.visualRect(view.model()->index(row, 0)).center());
    }
    /// Rules of the findings that an operator must look at.
    std::set<std::string> broken()
    {
        std::set<std::string> rules;
        const auto& findings = workspace()->findings();
        for (int row = 0; row < findings.rowCount(); ++row) {
            if (findings.record(row).severity != client::Severity::Info)
                rules.insert(findings.record(row).rule);
        }
        return rules;
    }
    bool waitSaid(const char* words)
    {
        return waitFor([&] { return says(QString::fromUtf8(words)); });
    }
};

TEST_P(PatternJourney, ASessionIsSeenWithoutATouchChangedMadeAndDestroyed)
{
    const std::string stored = R"({"userId":"alice","email":"a@example.com","roles":["user"],"createdAt":)"
        + std::to_string(now() - 5000) + R"(,"lastAccessedAt":)" + std::to_string(now() - 4000)
        + R"(,"theme":"dark"})";
    ASSERT_TRUE(other.put("session:one", stored, 600'000));
    auto* feed = openPanel<models::SessionFeed>("sessions", "session:one", "sessionsTable");
    ASSERT_NE(feed, nullptr);
    EXPECT_EQ(other.get("session:one").value, stored) << "looking changes nothing";
    the<QLineEdit>("sessionRoles").clear();
    type("sessionRoles", QStringLiteral("user, admin"));
    click("applyRoles");
    ASSERT_TRUE(waitSaid("has its new roles")) << everythingSaid().toStdString();
    const auto changed = other.get("session:one").value;
    EXPECT_EQ(client::parseSession(changed)->roles, (std::vector<std::string>{"user", "admin"}));
    EXPECT_NE(changed.find(R"("theme":"dark")"), std::string::npos) << changed;
    click("newSession");
    type("newUser", QStringLiteral("bob"));
    click("createSession");
    ASSERT_TRUE(waitSaid("was created")) << everythingSaid().toStdString();
    EXPECT_TRUE(waitFor([&] { return feed->all() == 2; }));
    feed->select("session:one");
    ASSERT_TRUE(waitFor([&] { return feed->selectedRow() && feed->selectedRow()->key == "session:one"; }));
    click("destroySession");
    ASSERT_TRUE(waitSaid("was destroyed")) << everythingSaid().toStdString();
    EXPECT_FALSE(other.get("session:one").exists());
    EXPECT_TRUE(waitFor([&] { return feed->all() == 1; }));
    EXPECT_EQ(broken(), std::set<std::string>());
    // A client that read it before the log-out writes it back.
    ASSERT_TRUE(other.put("session:one", stored, 600'000));
    EXPECT_TRUE(waitFor([&] { return broken() == std::set<std::string>{"S6"}; }))
        << testing::PrintToString(broken());
}

TEST_P(PatternJourney, UnitsAreReservedAndSold)
{
    ASSERT_TRUE(other.put("inventory:MUG", client::newItemJson("MUG", 10, now())));
    auto* feed = openPanel<models::StockFeed>("inventory", "inventory:MUG", "stockTable");
    ASSERT_NE(feed, nullptr);
    const auto figures = [&] {
        const auto item = client::parseItem("inventory:MUG", other.get("inventory:MUG").value);
        return item ? std::pair(item->quantity.value_or(-1), item->reserved.value_or(-1))
                    : std::pair<std::int64_t, std::int64_t>();
    };
    the<QSpinBox>("reserveUnits").setValue(2);
    click("reserve");
    ASSERT_TRUE(waitSaid("was made")) << everythingSaid().toStdString();
    EXPECT_EQ(figures(), (std::pair<std::int64_t, std::int64_t>(10, 2)));
    ASSERT_TRUE(waitFor([&] { return the<QTableView>("reservationsTable").model()->rowCount() == 1; }));
    clickRow("reservationsTable", 0);
    click("commitReservation");
    ASSERT_TRUE(waitSaid("Sold 2 unit")) << everythingSaid().toStdString();
    EXPECT_EQ(figures(), (std::pair<std::int64_t, std::int64_t>(8, 0)));
    EXPECT_TRUE(waitFor([&] { return the<QTableView>("reservationsTable").model()->rowCount() == 0; }));
    the<QSpinBox>("reserveUnits").setValue(9);
    click("reserve");
    EXPECT_TRUE(waitSaid("need 9, have 8")) << everythingSaid().toStdString();
    EXPECT_EQ(figures(), (std::pair<std::int64_t, std::int64_t>(8, 0)));
}

TEST_P(PatternJourney, ARequestIsCountedAndItsLimitIsKnownToTheNextAudit)
{
    const std::string stored = "[" + std::to_string(now() - 500) + "," + std::to_string(now() - 400) + "]";
    ASSERT_TRUE(other.put("ratelimit:in:a", stored, 600'000));
    auto* feed = openPanel<models::RateLimitFeed>("ratelimits", "ratelimit:in:a", "rateLimitsTable");
    ASSERT_NE(feed, nullptr);
    EXPECT_EQ(other.get("ratelimit:in:a").value, stored) << "looking counts nothing";
    click("checkLimit");
    ASSERT_TRUE(waitSaid("passes; 97 are left")) << everythingSaid().toStdString();
    EXPECT_NE(other.get("ratelimit:in:a").value, stored);
    click("editLimit");
    the<QSpinBox>("limitMost").setValue(2);
    the<QDoubleSpinBox>("limitWindow").setValue(300);
    click("setLimit");
    EXPECT_TRUE(waitSaid("the limit is 2 in 5 min")) << everythingSaid().toStdString();
    quit();
    app::Settings settings(QString::fromStdString(config.path().string()));
    EXPECT_EQ(settings.load(), QString());
    const auto* profile = settings.findProfile("shop");
    ASSERT_NE(profile, nullptr);
    EXPECT_EQ(profile->rateLimits.at("in:"), (client::RateLimit{2, 300'000}));
    client::AuditOptions options;
    options.recheckAfter = 10ms;
    options.known = {{"ratelimit:in:a", {}}};
    const auto report = client::runAudit(other.store(), *profile, other.clock(), options, {});
    ASSERT_TRUE(report);
    ASSERT_EQ(report->findings.size(), 1U);
    EXPECT_EQ(report->findings[0].rule, "R1");
    EXPECT_EQ(report->findings[0].severity, client::Severity::Certain);
    // The next start has it from the profile, and no longer calls it set here.
    open({QStringLiteral("shop"), QStringLiteral("--panel"), QStringLiteral("ratelimits")});
    ASSERT_TRUE(waitFor([&] { return workspace() != nullptr; }));
    auto& again = workspace()->pattern<models::RateLimitFeed>();
    EXPECT_EQ(again.limits().at("in:"), (client::RateLimit{2, 300'000}));
    EXPECT_FALSE(again.setHere("in:"));
}

TEST_P(PatternJourney, TheCacheWritesThroughAndSeesWhatGoesStale)
{
    saveProfile(server, R"("counters":[])");
    open({QStringLiteral("shop"), QStringLiteral("--panel"), QStringLiteral("cache")});
    ASSERT_TRUE(waitFor([&] { return workspace() && online(); }));
    type("cacheKey", QStringLiteral("user:7"));
    type("cacheValue", QStringLiteral("Ada"));
    click("cachePut");
    ASSERT_TRUE(waitFor([&] { return other.get("user:7").value == "Ada"; }))
        << everythingSaid().toStdString();
    click("cacheGet");
    ASSERT_TRUE(waitSaid("Hit: user:7 is")) << everythingSaid().toStdString();
    auto& feed = workspace()->pattern<models::CacheFeed>();
    EXPECT_EQ(feed.stats().hits, 1U);
    ASSERT_TRUE(other.put("user:7", "Grace"));
    // It is compared with the server once a second: the first reads after that know.
    bool stale = false;
    for (int reads = 0; reads < 60 && !stale; ++reads) {
        click("cacheGet");
        stale = waitFor([&] { return says(QStringLiteral("the server has other bytes")); }, 100ms);
    }
    ASSERT_TRUE(stale) << everythingSaid().toStdString();
    EXPECT_TRUE(waitFor([&] { return broken() == std::set<std::string>{"K1"}; }));
    clickRow("cacheTable", 0);
    click("invalidate");
    click("cacheGet");
    ASSERT_TRUE(waitSaid("Miss: user:7 was read")) << everythingSaid().toStdString();
    click("cacheDelete");
    ASSERT_TRUE(waitFor([&] { return !other.get("user:7").exists(); })) << everythingSaid().toStdString();
    EXPECT_TRUE(waitFor([&] { return the<QTableView>("cacheTable").model()->rowCount() == 0; }));
}

TEST_P(PatternJourney, AnAccountIsFoldedGoneBackInAppendedToAndBroken)
{
    const auto event = [this](int number, const char* type, const char* data) {
        const std::string n = std::to_string(number);
        ASSERT_TRUE(other.put("events:acc:" + n,
            R"({"id":"e)" + n + R"(","aggregateId":"acc","type":")" + type + R"(","data":)" + data
                + R"(,"timestamp":)" + std::to_string(now()) + R"(,"version":)" + n + "}"));
        ASSERT_TRUE(other.put("events:meta:acc", R"({"version":)" + n + "}"));
    };
    event(1, "AccountOpened", "{}");
    event(2, "MoneyDeposited", R"({"amount":100})");
    event(3, "MoneyWithdrawn", R"({"amount":30})");
    saveProfile(server, R"("counters":[])");
    open({QStringLiteral("shop"), QStringLiteral("--panel"), QStringLiteral("events")});
    ASSERT_TRUE(waitFor([&] { return workspace() && online(); }));
    if (!lists()) {
        openKeyByField(QStringLiteral("events:acc:1"));
        ASSERT_TRUE(waitFor([&] { return workspace()->key().state() == models::KeyFeed::State::Ready; }));
        window().showPanel(QStringLiteral("events"));
    }
    const auto balance = [&] {
        const auto* state = the<QTreeView>("stateTree").model();
        for (int row = 0; row < state->rowCount(); ++row) {
            if (state->index(row, 0).data().toString() == QStringLiteral("balance"))
                return state->index(row, 1).data().toString();
        }
        return QString();
    };
    auto& feed = workspace()->pattern<models::EventFeed>();
    ASSERT_TRUE(waitFor([&] { return feed.events() > 0; })) << everythingSaid().toStdString();
    feed.select("acc");
    ASSERT_TRUE(waitFor([&] { return balance() == QStringLiteral("70"); })) << everythingSaid().toStdString();
    auto& slider = the<QSlider>("replaySlider");
    slider.setFocus();
    QTest::keyClick(&slider, Qt::Key_Left);
    EXPECT_TRUE(waitFor([&] { return balance() == QStringLiteral("100"); }));
    click("replayNewest");
    the<QComboBox>("appendType").setCurrentText(QStringLiteral("MoneyDeposited"));
    // The fields of the type before go when the event loop turns.
    ASSERT_TRUE(waitFor([&] {
        const auto fields = window().findChildren<QLineEdit*>(QStringLiteral("field-amount"));
        return fields.size() == 1 && fields.front()->isVisible();
    }));
    the<QLineEdit>("field-amount").clear(); // it remembers the last amount
    type("field-amount", QStringLiteral("5"));
    click("append");
    ASSERT_TRUE(waitFor([&] { return other.get("events:acc:4").exists(); }))
        << everythingSaid().toStdString();
    EXPECT_TRUE(waitFor([&] { return balance() == QStringLiteral("75"); }))
        << balance().toStdString() << ' ' << other.get("events:acc:4").value;
    EXPECT_EQ(other.get("events:meta:acc").value.find(R"("version":4)") != std::string::npos, true);
    EXPECT_TRUE(broken().empty());
    client::Call call;
    ASSERT_TRUE(other.store().remove(call, {.key = "events:acc:2", .idempotencyKey = {}, .ifMatch = {}}));
    EXPECT_TRUE(waitFor([&] { return broken() == std::set<std::string>{"E1"}; }));
}

/// A deployment of two nodes that do not share their store: the second was left behind, and is made leader.
TEST_F(WindowTest, TheCacheSeesAStoreThatWentBack)
{
    const LiveServer ahead({"--faults"}, 2);
    const LiveServer behind({"--faults"}, 2);
    OtherClient atAhead(ahead.seeds());
    OtherClient atBehind(behind.seeds());
    // The node we know (0) or the one we do not (1) answers for the key.
    const auto lead = [](OtherClient& server, const char* node) {
        client::Call call;
        return server.store().moveShard(call, {shardOf("user:7", 1024), node, false}).has_value();
    };
    ASSERT_TRUE(atBehind.put("user:7", "Ada, as she was"));
    ASSERT_TRUE(lead(atBehind, "node1"));
    for (const char* value : {"Ada", "Ada B.", "Ada Byron"})
        ASSERT_TRUE(atAhead.put("user:7", value));
    ASSERT_TRUE(lead(atAhead, "node0"));

    open({QString::fromStdString(ahead.address() + "," + behind.address()), QStringLiteral("--panel"),
        QStringLiteral("cache")});
    const auto leader = [&] { return workspace()->connection().cluster().leaderOf(shardOf("user:7", 1024)); };
    ASSERT_TRUE(waitFor([&] { return workspace() && online() && leader() == 0U; }));
    type("cacheKey", QStringLiteral("user:7"));
    click("cacheGet");
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("Miss: user:7 was read")); }))
        << everythingSaid().toStdString();
    EXPECT_EQ(workspace()->findings().rowCount(), 0) << "healthy";

    ASSERT_TRUE(lead(atAhead, "node1"));
    ASSERT_TRUE(lead(atBehind, "node0"));
    ASSERT_TRUE(waitFor([&] { return leader() == 1U; }));
    const auto& findings = workspace()->findings();
    ASSERT_TRUE(waitFor([&] { return findings.rowCount() == 1; })) << everythingSaid().toStdString();
    EXPECT_EQ(findings.record(0).rule, "K2");
    EXPECT_EQ(findings.record(0).severity, client::Severity::Certain);
}

INSTANTIATE_TEST_SUITE_P(Servers, PatternJourney, testing::Values("explore", "noexplore"),
    [](const auto& mode) { return std::string(mode.param); });

} // namespace
} // namespace norikv::tests
