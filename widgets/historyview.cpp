// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/historyview.h"

#include "widgets/diffview.h"
#include "widgets/plaintext.h"
#include "widgets/tables.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::KeyHistory;

HistoryView::HistoryView(models::KeyFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_versions(feed.dispatcher())
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("keyHistory"));
    m_table->setAccessibleName(tr("Versions seen here"));
    styleTable(*m_table);
    m_table->setModel(&feed.history());
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_table, 2);
    auto* row = new QHBoxLayout;
    m_compare = new QPushButton(tr("Compare with now"));
    m_compare->setObjectName(QStringLiteral("compareWithNow"));
    m_remark = makeLabel(QString(), "muted");
    m_remark->setWordWrap(true);
    row->addWidget(m_compare);
    row->addWidget(m_remark, 1);
    column->addLayout(row);
    m_diff = new DiffView(theme);
    m_diff->hide();
    column->addWidget(m_diff, 3);
    connect(m_compare, &QPushButton::clicked, this, &HistoryView::compareWithNow);
    connect(m_table, &QTableView::activated, this, &HistoryView::compareWithNow);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &HistoryView::refresh);
    connect(&feed.history(), &QAbstractItemModel::rowsInserted, this, &HistoryView::refresh);
    connect(&feed.history(), &QAbstractItemModel::modelReset, this, &HistoryView::refresh);
    connect(&m_versions, &models::VersionDiff::ready, this, [this] {
        const auto& diff = m_versions.diff();
        m_remark->setText(diff.identical() || !diff.remark.isEmpty()
                ? diff.remark
                : tr("\u2212%1 +%2 lines").arg(diff.removed).arg(diff.added));
        m_diff->setDiff(diff);
        m_diff->setVisible(!diff.identical());
    });
    refresh();
}

void HistoryView::refresh()
{
    const auto count = m_feed.history().rowCount();
    m_compare->setEnabled(count > 1 && m_table->currentIndex().row() != 0);
    if (m_shownKey == m_feed.key() && m_diff->isVisible())
        return;
    m_shownKey = m_feed.key();
    m_diff->hide();
    m_remark->setText(count > 1 ? QString() : tr("No other version was seen yet."));
}

void HistoryView::compareWithNow()
{
    const auto& versions = m_feed.history().versions();
    const int row = m_table->currentIndex().isValid() ? m_table->currentIndex().row() : 1;
    if (versions.size() < 2 || row < 1 || row >= int(versions.size()))
        return;
    m_versions.compare(
        versions[static_cast<std::size_t>(row)].entry, versions.front().entry, m_feed.presenter().wish());
}

} // namespace norikv::widgets
