// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages.h"

#include "app/keyspanel.h"
#include "app/tenantspanel.h"
#include "app/vectorspanel.h"
#include "app/workspace.h"
#include "client/audit/clusterrules.h"
#include "models/shardfeed.h"
#include "widgets/cachepage.h"
#include "widgets/clusterinspector.h"
#include "widgets/counterinspector.h"
#include "widgets/counterspage.h"
#include "widgets/eventinspector.h"
#include "widgets/eventspage.h"
#include "widgets/inventorypage.h"
#include "widgets/leaderspage.h"
#include "widgets/leaseinspector.h"
#include "widgets/overviewpage.h"
#include "widgets/ratelimitinspector.h"
#include "widgets/ratelimitspage.h"
#include "widgets/sessioninspector.h"
#include "widgets/sessionspage.h"
#include "widgets/shardleaders.h"
#include "widgets/stockinspector.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QHash>
#include <QStackedWidget>

#include <algorithm>
#include <vector>

namespace norikv::app {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("pages", text); }

PageWidgets makeCounters(Workspace& workspace, const widgets::Theme& theme)
{
    return {new widgets::CountersPage(workspace.counters(), theme),
        new widgets::CounterInspector(workspace.counters(), theme), tr("Counter")};
}

void selectCounter(Workspace& workspace, const client::Bytes& subject)
{
    const auto shard = client::parseShardKey(subject);
    const client::Bytes name = shard ? shard->counter : subject;
    auto& counters = workspace.counters();
    if (!counters.book().find(name))
        counters.openCounter(name, std::nullopt);
    counters.select(name);
}

void selectTenant(Workspace& workspace, const client::Bytes& subject) { workspace.tenants().select(subject); }

void selectKey(Workspace& workspace, const client::Bytes& subject) { workspace.keys().setOpenedKey(subject); }

PageWidgets makeSessions(Workspace& workspace, const widgets::Theme& theme)
{
    auto& feed = workspace.pattern<models::SessionFeed>();
    auto* page = new widgets::SessionsPage(feed, theme);
    auto* inspector = new widgets::SessionInspector(feed, theme);
    QObject::connect(inspector, &widgets::SessionInspector::keyActivated, page, &widgets::Page::keyActivated);
    return {page, inspector, tr("Session")};
}

void selectSession(Workspace& workspace, const client::Bytes& subject)
{
    workspace.pattern<models::SessionFeed>().select(subject);
}

PageWidgets makeOverview(Workspace& workspace, const widgets::Theme& theme)
{
    auto& feed = workspace.pattern<models::ShardFeed>();
    auto* page = new widgets::OverviewPage(feed, workspace.findings(), theme);
    auto* inspector = new widgets::ClusterInspector(feed, theme);
    QObject::connect(inspector, &widgets::ClusterInspector::keyActivated, page, &widgets::Page::keyActivated);
    QObject::connect(
        page, &widgets::PatternPage::readOnlyChanged, inspector, &widgets::ClusterInspector::setReadOnly);
    return {page, inspector, tr("Shard or node")};
}

void selectShard(Workspace& workspace, const client::Bytes& subject)
{
    if (const auto shard = client::shardOfSubject(subject))
        workspace.pattern<models::ShardFeed>().selectShard(*shard);
}

PageWidgets makeLeaders(Workspace& workspace, const widgets::Theme& theme)
{
    auto& feed = workspace.pattern<models::LeaseFeed>();
    auto& shardFeed = workspace.pattern<models::ShardFeed>();
    auto* page = new widgets::LeadersPage(feed, theme);
    page->addShards(new widgets::ShardLeaders(shardFeed, theme));
    auto* lease = new widgets::LeaseInspector(feed, theme);
    QObject::connect(lease, &widgets::LeaseInspector::keyActivated, page, &widgets::Page::keyActivated);
    auto* shard = new widgets::ClusterInspector(shardFeed, theme);
    QObject::connect(shard, &widgets::ClusterInspector::keyActivated, page, &widgets::Page::keyActivated);
    QObject::connect(
        page, &widgets::PatternPage::readOnlyChanged, shard, &widgets::ClusterInspector::setReadOnly);
    auto* inspector = new QStackedWidget;
    inspector->addWidget(lease);
    inspector->addWidget(shard);
    QObject::connect(page, &widgets::LeadersPage::halfChanged, inspector,
        [inspector](bool shards) { inspector->setCurrentIndex(shards ? 1 : 0); });
    return {page, inspector, tr("Election or shard")};
}

void selectLease(Workspace& workspace, const client::Bytes& subject)
{
    workspace.pattern<models::LeaseFeed>().select(subject);
}

PageWidgets makeInventory(Workspace& workspace, const widgets::Theme& theme)
{
    auto& feed = workspace.pattern<models::StockFeed>();
    auto* page = new widgets::InventoryPage(feed, theme);
    auto* inspector = new widgets::StockInspector(feed, theme);
    QObject::connect(inspector, &widgets::StockInspector::keyActivated, page, &widgets::Page::keyActivated);
    return {page, inspector, tr("Item")};
}

void selectStock(Workspace& workspace, const client::Bytes& subject)
{
    workspace.pattern<models::StockFeed>().select(subject);
}

PageWidgets makeRateLimits(Workspace& workspace, const widgets::Theme& theme)
{
    auto& feed = workspace.pattern<models::RateLimitFeed>();
    auto* page = new widgets::RateLimitsPage(feed, theme);
    auto* inspector = new widgets::RateLimitInspector(feed, theme);
    QObject::connect(
        inspector, &widgets::RateLimitInspector::keyActivated, page, &widgets::Page::keyActivated);
    QObject::connect(
        inspector, &widgets::RateLimitInspector::limitRequested, page, &widgets::RateLimitsPage::editLimit);
    return {page, inspector, tr("Rate limit")};
}

void selectRateLimit(Workspace& workspace, const client::Bytes& subject)
{
    workspace.pattern<models::RateLimitFeed>().select(subject);
}

PageWidgets makeCache(Workspace& workspace, const widgets::Theme& theme)
{
    return {new widgets::CachePage(workspace.pattern<models::CacheFeed>(), theme), nullptr, {}};
}

/// What runs JavaScript reducers stands beside this program; empty where it does not.
QString scriptHost()
{
    const QFileInfo host(QCoreApplication::applicationDirPath() + QStringLiteral("/norikv-reducerhost"));
    return host.isExecutable() ? host.filePath() : QString();
}

PageWidgets makeEvents(Workspace& workspace, const widgets::Theme& theme)
{
    auto& feed = workspace.pattern<models::EventFeed>();
    auto* page = new widgets::EventsPage(feed, theme, scriptHost());
    auto* inspector = new widgets::EventInspector(feed, theme);
    QObject::connect(inspector, &widgets::EventInspector::keyActivated, page, &widgets::Page::keyActivated);
    QObject::connect(inspector, &widgets::EventInspector::said, page, &widgets::Page::said);
    QObject::connect(page, &widgets::EventsPage::rangeChosen, inspector, &widgets::EventInspector::setRange);
    return {page, inspector, tr("Event")};
}

void selectEvents(Workspace& workspace, const client::Bytes& subject)
{
    workspace.pattern<models::EventFeed>().select(subject);
}

using Make = PageWidgets (*)(Workspace&, const widgets::Theme&);
using Select = void (*)(Workspace&, const client::Bytes&);

PageSpec row(const char* id, const char* name, Make make = nullptr, Select select = nullptr)
{
    const QString key = QString::fromLatin1(id);
    return {key, key, tr(name), make, select};
}

} // namespace

std::span<const PageSpec> pages()
{
    static const std::vector<PageSpec> table{
        row("overview", QT_TRANSLATE_NOOP("pages", "Overview"), makeOverview, selectShard),
        row("counters", QT_TRANSLATE_NOOP("pages", "Counters"), makeCounters, selectCounter),
        row("sessions", QT_TRANSLATE_NOOP("pages", "Sessions"), makeSessions, selectSession),
        row("inventory", QT_TRANSLATE_NOOP("pages", "Inventory"), makeInventory, selectStock),
        row("cache", QT_TRANSLATE_NOOP("pages", "Cache"), makeCache),
        row("ratelimits", QT_TRANSLATE_NOOP("pages", "Rate limits"), makeRateLimits, selectRateLimit),
        row("leaders", QT_TRANSLATE_NOOP("pages", "Leaders"), makeLeaders, selectLease),
        row("events", QT_TRANSLATE_NOOP("pages", "Events"), makeEvents, selectEvents),
        row("tenants", QT_TRANSLATE_NOOP("pages", "Tenants"), makeTenantsPanel, selectTenant),
        row("vectors", QT_TRANSLATE_NOOP("pages", "Vectors"), makeVectorsPanel),
        row("keys", QT_TRANSLATE_NOOP("pages", "Keys"), makeKeysPanel, selectKey),
    };
    return table;
}

QString panelOfRule(const std::string& rule)
{
    static const QHash<char, QString> panels{{'C', QStringLiteral("counters")},
        {'T', QStringLiteral("tenants")}, {'S', QStringLiteral("sessions")},
        {'I', QStringLiteral("inventory")}, {'R', QStringLiteral("ratelimits")},
        {'K', QStringLiteral("cache")}, {'L', QStringLiteral("leaders")}, {'E', QStringLiteral("events")}};
    if (rule == "L6") // about a shard, not about a lease
        return QStringLiteral("overview");
    return rule.empty() ? QString() : panels.value(rule.front());
}

const PageSpec* findPage(const QString& id)
{
    const auto all = pages();
    const auto found = std::ranges::find(all, id, &PageSpec::id);
    return found == all.end() ? nullptr : &*found;
}

QStringList pageIds()
{
    QStringList ids;
    for (const auto& page : pages())
        ids << page.id;
    return ids;
}

} // namespace norikv::app
