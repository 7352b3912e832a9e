// SPDX-License-Identifier: GPL-3.0-or-later
// What people do with tenants: the real window against the real server, with and without a list of keys.
#include "tests/e2e/windowfixture.h"

#include "client/patterns/tenant.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QtTest/qtestkeyboard.h>

namespace norikv::tests {
namespace {

using models::FeedState;

class TenantJourney : public WindowTest, public testing::WithParamInterface<const char*> {
protected:
    bool lists() const { return std::string(GetParam()) == "explore"; }

    LiveServer server{lists() ? std::vector<std::string>{} : std::vector<std::string>{"--no-explore"}};
    OtherClient other{server.seeds()};

    void SetUp() override
    {
        ASSERT_TRUE(server.ready());
        ASSERT_TRUE(other.put("tenant-meta:acme",
            R"({"id":"acme","name":"Acme Corp","plan":"pro","createdAt":1717142400000,"limits":{"maxKeys":100000,"maxStorageMB":1000},"note":"kept"})"));
        for (const char* key : {"tenant:acme:a", "tenant:acme:b", "tenant:acme:c"})
            ASSERT_TRUE(other.put(key, "1"));
        saveProfile(server, R"("tenants":["acme"],"counters":["tenant:acme:a","tenant:acme:b"])");
        open({QStringLiteral("shop"), QStringLiteral("--panel"), QStringLiteral("tenants")});
        ASSERT_TRUE(waitFor([&] {
            return workspace() && workspace()->tenants().state() == FeedState::Ready && tenant("acme");
        })) << everythingSaid().toStdString();
    }
    const models::TenantState* tenant(const client::Bytes& id) { return workspace()->tenants().find(id); }
};

TEST_P(TenantJourney, UseIsCountedAndFollowed)
{
    EXPECT_EQ(tenant("acme")->keys(), lists() ? 3U : 2U);
    EXPECT_EQ(says(QStringLiteral("cannot list keys")), !lists());
    EXPECT_EQ(tenant("acme")->complete(), lists());
    // A key that is opened counts where nothing is listed; another program's key where everything is.
    if (lists())
        ASSERT_TRUE(other.put("tenant:acme:d", "1"));
    else
        openKeyByField(QStringLiteral("tenant:acme:c"));
    EXPECT_TRUE(waitFor([&] { return tenant("acme")->keys() == (lists() ? 4U : 3U); }));
    EXPECT_EQ(other.get("tenant:acme:a").value, "1") << "looking changes nothing";
}

TEST_P(TenantJourney, ATenantIsCreatedOnceAndNeverWithAColon)
{
    click("createTenant");
    type("tenantId", QStringLiteral("widgets:eu"));
    EXPECT_TRUE(says(QStringLiteral("cannot hold")));
    EXPECT_FALSE(the<QPushButton>("tenantApply").isEnabled());
    the<QLineEdit>("tenantId").clear();
    type("tenantId", QStringLiteral("widgets"));
    type("tenantName", QStringLiteral("Widgets Inc"));
    the<QComboBox>("tenantPlan").setCurrentIndex(2);
    click("tenantApply");
    ASSERT_TRUE(waitFor([&] { return tenant("widgets") != nullptr; })) << everythingSaid().toStdString();
    const auto stored = client::parseTenant(other.get("tenant-meta:widgets").value);
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->name, "Widgets Inc");
    EXPECT_EQ(stored->limits, client::TenantLimits()) << "enterprise has none";
    click("createTenant");
    type("tenantId", QStringLiteral("widgets"));
    click("tenantApply");
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("exists already")); }))
        << everythingSaid().toStdString();
    EXPECT_EQ(client::parseTenant(other.get("tenant-meta:widgets").value)->name, "Widgets Inc");
}

TEST_P(TenantJourney, APlanIsPreviewedAndChanged)
{
    the<QComboBox>("newPlan").setCurrentIndex(0);
    EXPECT_TRUE(says(QStringLiteral("Downgrade to free")));
    click("applyPlan");
    ASSERT_TRUE(waitFor([&] { return says(QStringLiteral("now on plan free")); }))
        << everythingSaid().toStdString();
    EXPECT_EQ(other.get("tenant-meta:acme").value,
        R"({"id":"acme","name":"Acme Corp","plan":"free","createdAt":1717142400000,"limits":{"maxKeys":1000,"maxStorageMB":10},"note":"kept"})");
    EXPECT_TRUE(waitFor([&] { return tenant("acme")->limits().maxKeys == 1000U; }));
}

TEST_P(TenantJourney, WorkAsATenantAndLeave)
{
    click("lens");
    EXPECT_TRUE(says(QStringLiteral("Working as tenant acme")));
    EXPECT_EQ(workspace()->lens().prefix(), "tenant:acme:");
    click("leaveLens");
    EXPECT_FALSE(says(QStringLiteral("Working as tenant")));
    EXPECT_EQ(workspace()->lens().tenant(), std::nullopt);
}

TEST_P(TenantJourney, TheLensHidesEverybodyElse)
{
    ASSERT_TRUE(other.put("user:1", "no tenant's"));
    openKeyByField(QStringLiteral("user:1")); // known also where nothing is listed
    ASSERT_TRUE(waitFor([&] { return workspace()->key().state() == models::KeyFeed::State::Ready; }));
    const QColor usual = QApplication::palette().color(QPalette::Highlight);
    window().showPanel(QStringLiteral("keys"));
    const auto keys = [&] { return window().figures().value(QStringLiteral("keys")).toInt(); };
    ASSERT_TRUE(waitFor([&] { return keys() >= 3; })) << everythingSaid().toStdString();
    window().showPanel(QStringLiteral("tenants"));
    click("lens");
    EXPECT_NE(QApplication::palette().color(QPalette::Highlight), usual) << "the window looks different";
    window().showPanel(QStringLiteral("keys"));
    EXPECT_TRUE(waitFor([&] { return keys() == (lists() ? 3 : 2); })) << keys();
    EXPECT_TRUE(says(QStringLiteral("of tenant acme")));
    EXPECT_TRUE(the<QLineEdit>("openField").placeholderText().contains(QStringLiteral("acme")));
    openKeyByField(QStringLiteral("a"));
    EXPECT_TRUE(waitFor([&] { return workspace()->key().key() == "tenant:acme:a"; }));
    openKeyByField(QStringLiteral("user:1"));
    EXPECT_TRUE(waitFor([&] { return workspace()->key().key() == "tenant:acme:user:1"; }));
    window().showPanel(QStringLiteral("keys")); // a key that counts was shown among the counters
    click("newKey");
    type("newKeyName", QStringLiteral("made"));
    click("createKey");
    ASSERT_TRUE(waitFor([&] { return workspace()->key().key() == "tenant:acme:made"; }));
    EXPECT_TRUE(other.get("tenant:acme:made").exists());
    click("leaveLens");
    EXPECT_EQ(QApplication::palette().color(QPalette::Highlight), usual);
    EXPECT_TRUE(waitFor([&] { return keys() > (lists() ? 4 : 3); })) << keys();
}

TEST_P(TenantJourney, WhileWorkingAsAnotherNobodyElseIsDeletedOrShownAmongTheFindings)
{
    auto& findings = workspace()->findings();
    findings.report({"T1", client::Severity::Certain, "acme", "tenant-meta:acme", "planted", 0, 0});
    findings.report({"T1", client::Severity::Certain, "other", "tenant-meta:other", "planted", 0, 0});
    auto& table = the<QTableView>("findingsTable");
    const int all = table.model()->rowCount();
    ASSERT_GE(all, 2);
    workspace()->setLens("other");
    EXPECT_LT(table.model()->rowCount(), all);
    EXPECT_TRUE(the<QLabel>("findingsOutside").text().endsWith(QStringLiteral("outside tenant other")));
    clickCaption(QStringLiteral("Delete …"));
    EXPECT_TRUE(waitFor([&] { return says(QStringLiteral("You work as tenant other")); }));
    EXPECT_EQ(window().findChild<QLineEdit*>(QStringLiteral("bulkTyped")), nullptr);
    workspace()->setLens({});
    EXPECT_GE(table.model()->rowCount(), all);
}

TEST_P(TenantJourney, ATenantIsDeletedOnlyAfterItsIdWasTyped)
{
    clickCaption(QStringLiteral("Delete …"));
    const auto typed = [&] { return window().findChild<QLineEdit*>(QStringLiteral("bulkTyped")); };
    ASSERT_TRUE(waitFor([&] { return typed() && typed()->isVisible(); })) << everythingSaid().toStdString();
    EXPECT_TRUE(says(QStringLiteral("Type its id, acme")));
    EXPECT_FALSE(the<QPushButton>("bulkStart").isEnabled());
    type("bulkTyped", QStringLiteral("acme"));
    click("bulkStart");
    EXPECT_TRUE(waitFor(
        [&] { return !other.get("tenant-meta:acme").exists() && !other.get("tenant:acme:a").exists(); }));
}

INSTANTIATE_TEST_SUITE_P(Servers, TenantJourney, testing::Values("explore", "noexplore"),
    [](const auto& mode) { return std::string(mode.param); });

class TenantCommandLine : public WindowTest { };

TEST_F(TenantCommandLine, TenantSetsTheLens)
{
    LiveServer server;
    OtherClient other{server.seeds()};
    ASSERT_TRUE(server.ready());
    ASSERT_TRUE(other.put("tenant:acme:a", "1"));
    ASSERT_TRUE(other.put("tenant:other:a", "1"));
    saveProfile(server, R"("counters":[])");
    open({QStringLiteral("shop"), QStringLiteral("--panel"), QStringLiteral("tenants"),
        QStringLiteral("--tenant"), QStringLiteral("other")});
    ASSERT_TRUE(waitFor([&] { return workspace() && workspace()->lens().tenant().has_value(); }));
    EXPECT_EQ(workspace()->lens().tenant(), "other");
    EXPECT_TRUE(waitFor([&] { return says(QStringLiteral("Working as tenant other")); }));
    EXPECT_EQ(workspace()->tenants().selected(), "other");
}

} // namespace
} // namespace norikv::tests
