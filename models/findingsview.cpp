// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findingsview.h"

namespace norikv::models {

FindingsView::FindingsView(FindingsModel& model, QObject* parent)
    : QSortFilterProxyModel(parent)
    , m_model(model)
{
    setSortRole(SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
    setDynamicSortFilter(true);
    setSourceModel(&model);
}

void FindingsView::setText(const QString& text)
{
    m_text = text;
    invalidateFilter();
}

void FindingsView::setShow(Show show)
{
    m_show = show;
    invalidateFilter();
}

void FindingsView::setMutedShown(bool shown)
{
    m_mutedShown = shown;
    invalidateFilter();
}

void FindingsView::setScope(std::function<bool(const client::Finding&)> covers)
{
    m_covers = std::move(covers);
    invalidateFilter();
}

int FindingsView::outsideScope() const
{
    int outside = 0;
    for (int row = 0; m_covers && row < m_model.rowCount(); ++row) {
        const FindingRow& f = m_model.record(row);
        outside += !f.gone && !f.muted && !m_covers(f);
    }
    return outside;
}

const FindingRow& FindingsView::finding(const QModelIndex& index) const
{
    return m_model.record(mapToSource(index).row());
}

QString FindingsView::reportText() const
{
    QString text;
    for (int row = 0; row < rowCount(); ++row)
        text += FindingsModel::reportText(finding(index(row, 0)));
    return text;
}

bool FindingsView::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const FindingRow& f = m_model.record(row);
    if (f.muted && !m_mutedShown)
        return false;
    if (m_covers && !m_covers(f))
        return false;
    if (m_show == Show::Certain && f.severity != client::Severity::Certain)
        return false;
    if (m_show == Show::CertainAndSuspect && f.severity == client::Severity::Info)
        return false;
    if (m_text.isEmpty())
        return true;
    for (const int column : {FindingsModel::Rule, FindingsModel::Subject, FindingsModel::Evidence}) {
        if (m_model.index(row, column, parent).data().toString().contains(m_text, Qt::CaseInsensitive))
            return true;
    }
    return false;
}

} // namespace norikv::models
