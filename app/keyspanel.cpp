// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/keyspanel.h"

#include "app/bulkactions.h"
#include "app/keydialogs.h"
#include "app/workspace.h"

#include "models/text.h"
#include "widgets/copyasmenu.h"
#include "widgets/keyinspector.h"
#include "widgets/keyspage.h"
#include "widgets/page.h"

#include <QInputDialog>
#include <QPointer>

namespace norikv::app {

using client::Bytes;
using widgets::KeysPage;

namespace {

constexpr int LongestTtlSeconds = 365 * 24 * 3600;

/// The guard and the dry run come later; here only the new time to live is asked for.
void askTtl(Workspace& workspace, const widgets::Theme& theme, QWidget* over, const std::vector<Bytes>& keys)
{
    auto* ask = new QInputDialog(over);
    ask->setAttribute(Qt::WA_DeleteOnClose);
    ask->setWindowTitle(KeysPage::tr("Set the time to live"));
    ask->setInputMode(QInputDialog::IntInput);
    ask->setLabelText(
        KeysPage::tr("Seconds until %n key(s) expire; 0 = no expiry", nullptr, int(keys.size())));
    ask->setIntRange(0, LongestTtlSeconds);
    ask->setIntValue(3600);
    QObject::connect(
        ask, &QInputDialog::intValueSelected, over, [&workspace, &theme, over, keys](int seconds) {
            client::BulkRequest request;
            request.action = client::BulkAction::SetTtl;
            request.keys = keys;
            request.ttlMs = static_cast<std::uint64_t>(seconds) * 1000;
            startBulk(workspace, theme, over, std::move(request));
        });
    ask->open();
}

void startAction(Workspace& workspace, const widgets::Theme& theme, KeysPage* page, const QString& action,
    const std::vector<Bytes>& keys)
{
    if (action == QLatin1String("delete"))
        startBulk(workspace, theme, page->window(), client::BulkAction::Delete, keys);
    else if (action == QLatin1String("ttl"))
        askTtl(workspace, theme, page->window(), keys);
    else if (action == QLatin1String("export"))
        startExport(
            workspace, page->window(), keys, [page = QPointer<KeysPage>(page)](const QString& text, bool) {
                if (page)
                    Q_EMIT page->said(text);
            });
    else if (action == QLatin1String("import"))
        startImport(workspace, theme, page->window());
}

} // namespace

QString panelOf(client::KeyKind kind)
{
    using enum client::KeyKind;
    switch (kind) {
    case Reservation:
    case InventoryItem:
        return QStringLiteral("inventory");
    case Session:
        return QStringLiteral("sessions");
    case RateLimitBucket:
    case RateLimit:
        return QStringLiteral("ratelimits");
    case Lease:
        return QStringLiteral("leaders");
    case EventMeta:
    case Event:
    case StreamMeta:
    case StreamEvent:
    case JavaEventSequence:
    case JavaEvent:
        return QStringLiteral("events");
    case TenantMeta:
    case TenantUsage:
    case TenantData:
        return QStringLiteral("tenants");
    case DocumentMeta:
        return QStringLiteral("vectors");
    case CounterShard:
    case PossibleCounter:
        return QStringLiteral("counters");
    case Other:
        break;
    }
    return {};
}

PageWidgets makeKeysPanel(Workspace& workspace, const widgets::Theme& theme)
{
    const auto& profile = workspace.connection().profile();
    auto* page = new KeysPage(workspace.keys(), workspace.clock(), theme,
        QString::fromStdString(profile.name), profile.totalShards);
    QObject::connect(page, &KeysPage::openRequested, page,
        [page](const Bytes& key) { Q_EMIT page->keyActivated(models::toQt(key)); });
    QObject::connect(
        page, &KeysPage::openInPanelRequested, page, [page](client::KeyKind kind, const Bytes& key) {
            Q_EMIT page->panelRequested(panelOf(kind), models::toQt(key));
        });
    QObject::connect(page, &KeysPage::bulkRequested, page,
        [&workspace, &theme, page](const QString& action, const std::vector<Bytes>& keys) {
            startAction(workspace, theme, page, action, keys);
        });
    QObject::connect(
        page, &KeysPage::probeRequested, page, [&workspace, page] { startProbe(workspace, page->window()); });
    // Whoever works as one tenant sees that tenant's keys.
    const auto follow = [page, &lens = workspace.lens()] {
        page->setScope(lens.prefix(),
            lens.tenant() ? KeysPage::tr("tenant %1").arg(models::shown(*lens.tenant(), 64)) : QString());
    };
    QObject::connect(&workspace.lens(), &models::Lens::changed, page, follow);
    follow();
    return {page, nullptr, {}};
}

widgets::KeyInspector* makeKeyInspector(Workspace& workspace, const widgets::Theme& theme)
{
    using widgets::KeyInspector;
    auto* inspector = new KeyInspector(workspace.key(), workspace.clock(), theme);
    inspector->setPanels([](client::KeyKind kind) {
        const PageSpec* panel = findPage(panelOf(kind));
        return panel && panel->make;
    });
    QObject::connect(
        inspector, &KeyInspector::favouriteToggled, inspector, [&workspace](const QByteArray& key, bool on) {
            workspace.favourites().set(models::fromQt(key), on);
        });
    const auto mark = [inspector, &workspace] {
        inspector->setFavourite(workspace.favourites().contains(workspace.key().key()));
    };
    QObject::connect(&workspace.key(), &models::KeyFeed::changed, inspector, mark);
    QObject::connect(&workspace.favourites(), &models::Favourites::changed, inspector, mark);
    QObject::connect(
        inspector, &KeyInspector::noteChanged, inspector, [&workspace](const QByteArray& key, const QString& text) {
            workspace.notes().set(models::fromQt(key), text);
        });
    QObject::connect(&workspace.key(), &models::KeyFeed::changed, inspector,
        [&workspace] { workspace.notes().show(workspace.key().key()); });
    QObject::connect(&workspace.notes(), &models::KeyNotes::changed, inspector, [inspector, &workspace] {
        inspector->setNote(workspace.notes().key(), workspace.notes().note());
    });
    auto* copyAs = new widgets::CopyAsMenu(
        [&feed = workspace.key()]() -> client::Result<client::ShownOperation> {
            if (feed.key().empty())
                return client::fail(client::ErrorKind::NotFound, "open a key");
            client::ShownOperation read;
            read.key = feed.key();
            return read;
        },
        copyTarget(workspace.connection().profile()), inspector);
    copyAs->addTo(*inspector);
    QObject::connect(copyAs, &widgets::CopyAsMenu::copied, inspector, &KeyInspector::copied);
    return inspector;
}

} // namespace norikv::app
