// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tenantmodel.h"

#include "models/tenantwords.h"
#include "models/text.h"

#include <algorithm>
#include <cmath>

namespace norikv::models {

namespace {

/// Rounded to what a bar of some hundred pixels can show: finer steps would repaint what looks the same.
double rounded(double share) { return std::round(std::min(share, 9.99) * 1000) / 1000; }

QuotaFigures figures(std::optional<double> share, QString text)
{
    return {share ? rounded(*share) : 0, share.has_value(), std::move(text)};
}

Tone toneOf(const TenantState& tenant)
{
    const auto worst = std::ranges::min_element(tenant.findings, {}, &client::Finding::severity);
    if (worst == tenant.findings.end())
        return Tone::Neutral;
    switch (worst->severity) {
    case client::Severity::Certain:
        return Tone::Danger;
    case client::Severity::Suspect:
        return Tone::Warning;
    case client::Severity::Info:
        break;
    }
    return Tone::Info;
}

Tone planTone(const TenantState& tenant)
{
    if (!tenant.reading.metadata)
        return tenant.reading.stored ? Tone::Danger : Tone::Muted;
    return tenant.reading.metadata->plan && !tenant.reading.metadata->knownPlan() ? Tone::Warning
                                                                                  : Tone::Neutral;
}

} // namespace

int TenantModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : 1; }

std::vector<TenantRow> tenantRows(const TenantSheet& sheet, EpochMs nowMs)
{
    std::vector<TenantRow> rows;
    rows.reserve(sheet.size());
    for (const TenantState& tenant : sheet) {
        TenantRow row;
        row.id = tenant.id();
        row.name = tenantName(tenant);
        row.plan = planWord(tenant);
        row.planTone = planTone(tenant);
        row.created = createdText(tenant);
        row.keys = figures(tenant.keyShare(), keysText(tenant));
        row.storage = figures(tenant.byteShare(), storageText(tenant));
        row.pressure = tenant.pressure() ? rounded(*tenant.pressure()) : -1;
        row.bytes = tenant.bytes();
        row.outlook = tenant.reading.metadata ? exhaustionShort(tenant, nowMs) : QString();
        row.trouble = troubleText(tenant);
        row.troubleTone = toneOf(tenant);
        rows.push_back(std::move(row));
    }
    return rows;
}

void TenantModel::refresh(std::vector<TenantRow> rows)
{
    merge(
        std::move(rows), [](const TenantRow& r) -> const client::Bytes& { return r.id; },
        [](const TenantRow& a, const TenantRow& b) { return !(a == b); });
}

QVariant TenantModel::cell(const TenantRow& row, int, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return row.name;
    case Qt::AccessibleTextRole: {
        QStringList parts{tr("%1, plan %2").arg(row.name, row.plan), tr("keys %1").arg(row.keys.text),
            tr("storage %1").arg(row.storage.text), row.outlook, row.trouble};
        parts.removeAll(QString());
        return parts.join(QStringLiteral(", "));
    }
    case Qt::ToolTipRole:
        return plainTip(QStringLiteral("%1\n%2").arg(shown(row.id), row.trouble).trimmed());
    case KeyRole:
        return toQt(row.id);
    case ToneRole:
        return int(row.troubleTone);
    default:
        return {};
    }
}

TenantOrder::TenantOrder(TenantModel& model, QObject* parent)
    : QSortFilterProxyModel(parent)
    , m_model(model)
{
    setDynamicSortFilter(true);
    setSourceModel(&model);
    sort(0);
}

void TenantOrder::setOrder(By by)
{
    if (by == m_by)
        return;
    m_by = by;
    invalidate();
}

void TenantOrder::setText(const QString& text)
{
    if (text == m_text)
        return;
    m_text = text;
    invalidateFilter();
}

int TenantOrder::rowOf(const client::Bytes& id) const
{
    const auto& all = m_model.records();
    const auto place = std::ranges::lower_bound(all, id, {}, &TenantRow::id);
    if (place == all.end() || place->id != id)
        return -1;
    return mapFromSource(m_model.index(int(place - all.begin()), 0)).row();
}

const TenantRow& TenantOrder::record(int row) const
{
    return m_model.record(mapToSource(index(row, 0)).row());
}

bool TenantOrder::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const TenantRow& a = m_model.record(left.row());
    const TenantRow& b = m_model.record(right.row());
    switch (m_by) {
    case By::Pressure:
        if (a.pressure != b.pressure)
            return a.pressure > b.pressure;
        break;
    case By::Size:
        if (a.bytes != b.bytes)
            return a.bytes > b.bytes;
        break;
    case By::Name:
        if (const int order = a.name.compare(b.name, Qt::CaseInsensitive); order != 0)
            return order < 0;
        break;
    }
    return a.id < b.id;
}

bool TenantOrder::filterAcceptsRow(int row, const QModelIndex&) const
{
    if (m_text.isEmpty())
        return true;
    const TenantRow& tenant = m_model.record(row);
    return tenant.name.contains(m_text, Qt::CaseInsensitive)
        || shown(tenant.id).contains(m_text, Qt::CaseInsensitive);
}

} // namespace norikv::models
