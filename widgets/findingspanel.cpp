// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/findingspanel.h"

#include "widgets/delegates/outcomedelegate.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/tables.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStackedLayout>
#include <QTableView>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::FindingsModel;

FindingsPanel::FindingsPanel(FindingsModel& model, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_model(model)
{
    setObjectName(QStringLiteral("findingsPanel"));
    m_stack = new QStackedLayout(this);
    auto* listPage = new QWidget;
    auto* column = new QVBoxLayout(listPage);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_tools = new QWidget;
    auto* bar = new QHBoxLayout(m_tools);
    bar->setContentsMargins(0, 0, 0, 0);
    auto* show = new QPushButton(tr("Show me"));
    show->setObjectName(QStringLiteral("showMe"));
    show->setEnabled(false);
    auto* copy = new QPushButton(tr("Copy report"));
    bar->addWidget(show);
    bar->addWidget(copy);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("findingsTable"));
    m_table->setModel(&model);
    styleTable(*m_table);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Findings"));
    m_table->setItemDelegateForColumn(
        FindingsModel::Severity, new OutcomeDelegate(theme, models::ToneRole, -1, m_table));
    auto* header = m_table->horizontalHeader();
    header->resizeSection(FindingsModel::Severity, 104);
    header->resizeSection(FindingsModel::Rule, 150);
    header->resizeSection(FindingsModel::Subject, 160);
    header->resizeSection(FindingsModel::FirstSeen, 88);
    header->resizeSection(FindingsModel::LastSeen, 88);
    header->setStretchLastSection(false); // the evidence takes what is left
    header->setSectionResizeMode(FindingsModel::Evidence, QHeaderView::Stretch);
    column->addWidget(m_table, 1);
    m_stack->addWidget(listPage);
    auto* none = makeLabel(tr("Nothing is wrong with what has been looked at."), "muted");
    none->setAlignment(Qt::AlignCenter);
    m_none = none;
    m_stack->addWidget(none);

    const auto showCurrent = [this] {
        const QModelIndex row = m_table->currentIndex();
        if (row.isValid())
            Q_EMIT showMe(m_model.record(row.row()));
    };
    connect(show, &QPushButton::clicked, this, showCurrent);
    connect(m_table, &QTableView::activated, this, showCurrent);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [show](const QModelIndex& row) { show->setEnabled(row.isValid()); });
    connect(copy, &QPushButton::clicked, this,
        [this] { QApplication::clipboard()->setText(m_model.reportText()); });
    connect(&model, &FindingsModel::countChanged, this, &FindingsPanel::refresh);
    refresh();
}

void FindingsPanel::refresh() { m_stack->setCurrentIndex(m_model.rowCount() > 0 ? 0 : 1); }

} // namespace norikv::widgets
