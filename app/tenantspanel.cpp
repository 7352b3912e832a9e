// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tenantspanel.h"

#include "app/bulkactions.h"
#include "app/workspace.h"

#include "models/text.h"
#include "widgets/tenantinspector.h"
#include "widgets/tenantspage.h"

#include <QCoreApplication>
#include <QPointer>

namespace norikv::app {

using widgets::TenantsPage;

namespace {

/// The copy's metadata is a new record; its data are copied key by key.
void startClone(
    Workspace& workspace, const widgets::Theme& theme, TenantsPage* page, const models::TenantBulk& bulk)
{
    const auto* source = workspace.tenants().find(bulk.tenant);
    if (source && source->reading.metadata) {
        const client::TenantMetadata& metadata = *source->reading.metadata;
        workspace.tenants().create(bulk.target, QString::fromStdString(metadata.name),
            metadata.knownPlan().value_or(client::TenantPlan::Free));
    }
    client::BulkRequest request;
    request.action = client::BulkAction::Clone;
    request.fromPrefix = client::tenantPrefix(bulk.tenant);
    request.toPrefix = client::tenantPrefix(bulk.target);
    for (const auto& key : bulk.keys) {
        if (key.starts_with(request.fromPrefix))
            request.keys.push_back(key);
    }
    startBulk(workspace, theme, page->window(), std::move(request));
}

void start(
    Workspace& workspace, const widgets::Theme& theme, TenantsPage* page, const models::TenantBulk& bulk)
{
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
        startBulk(workspace, theme, page->window(), client::BulkAction::Delete, bulk.keys);
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
