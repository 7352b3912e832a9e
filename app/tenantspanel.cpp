// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tenantspanel.h"

#include "app/bulkactions.h"
#include "app/workspace.h"

#include "models/text.h"
#include "widgets/noticebar.h"
#include "widgets/tenantinspector.h"
#include "widgets/tenantspage.h"

#include <QCoreApplication>
#include <QPointer>

namespace norikv::app {

using widgets::TenantsPage;

namespace {

/// Data are copied key by key; the metadata name their tenant, so the copy's name the new one.
void startClone(
    Workspace& workspace, const widgets::Theme& theme, TenantsPage* page, const models::TenantBulk& bulk)
{
    client::BulkRequest request;
    request.action = client::BulkAction::Clone;
    request.fromPrefix = client::tenantPrefix(bulk.tenant);
    request.toPrefix = client::tenantPrefix(bulk.target);
    request.fromTenant = bulk.tenant;
    request.toTenant = bulk.target;
    for (const auto& key : bulk.keys) {
        if (key.starts_with(request.fromPrefix) || client::isClonedMetadata(request, key))
            request.keys.push_back(key);
    }
    if (const auto left = bulk.keys.size() - request.keys.size(); left > 0)
        page->notices().showNotice({widgets::Tone::Info,
            TenantsPage::tr("Only the metadata and what lies under %1 are copied; %2 other keys are not.")
                .arg(models::shown(request.fromPrefix))
                .arg(left),
            {}, {}});
    startBulk(workspace, theme, page->window(), std::move(request));
}

/// A tenant goes as a whole: its id is typed, however few keys it has.
void startDelete(
    Workspace& workspace, const widgets::Theme& theme, TenantsPage* page, const models::TenantBulk& bulk)
{
    client::BulkRequest request;
    request.action = client::BulkAction::Delete;
    request.keys = bulk.keys;
    const QString id = models::shown(bulk.tenant);
    startBulk(workspace, theme, page->window(), std::move(request), id,
        TenantsPage::tr("This deletes tenant %1: its metadata and all its known keys. Type its id, %1, to "
                        "confirm:")
            .arg(id));
}

void start(
    Workspace& workspace, const widgets::Theme& theme, TenantsPage* page, const models::TenantBulk& bulk)
{
    if (const auto& lens = workspace.lens().tenant(); lens && *lens != bulk.tenant) {
        page->notices().showNotice({widgets::Tone::Warning,
            TenantsPage::tr("You work as tenant %1: leave it to export, clone or delete %2.")
                .arg(models::shown(*lens), models::shown(bulk.tenant)),
            {}, {}});
        return;
    }
    switch (bulk.kind) {
    case models::TenantBulk::Kind::Export:
        startExport(workspace, page->window(), bulk.keys,
            [page = QPointer<TenantsPage>(page)](const QString& text, bool) {
                if (page)
                    Q_EMIT page->said(text);
            });
        break;
    case models::TenantBulk::Kind::Clone:
        startClone(workspace, theme, page, bulk);
        break;
    case models::TenantBulk::Kind::Delete:
        startDelete(workspace, theme, page, bulk);
        break;
    }
}

} // namespace

PageWidgets makeTenantsPanel(Workspace& workspace, const widgets::Theme& theme)
{
    auto* inspector = new widgets::TenantInspector(workspace.tenants(), theme);
    auto* page = new TenantsPage(workspace.tenants(), theme);
    QObject::connect(inspector, &widgets::TenantInspector::lensChosen, &workspace.lens(),
        [&lens = workspace.lens()](const client::Bytes& tenant) { lens.set(tenant); });
    QObject::connect(inspector, &widgets::TenantInspector::keyActivated, page, &widgets::Page::keyActivated);
    QObject::connect(&workspace.tenants(), &models::TenantFeed::bulkRequested, page,
        [&workspace, &theme, page](const models::TenantBulk& bulk) { start(workspace, theme, page, bulk); });
    return {page, inspector, QCoreApplication::translate("pages", "Tenant")};
}

} // namespace norikv::app
