// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables.h"

#include <QHeaderView>
#include <QTableView>
#include <QTreeView>

namespace norikv::widgets {

namespace {

void styleView(QAbstractItemView& view)
{
    view.setFrameShape(QFrame::NoFrame);
    view.setAlternatingRowColors(false);
    view.setSelectionBehavior(QAbstractItemView::SelectRows);
    view.setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    view.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view.setTextElideMode(Qt::ElideRight);
    view.viewport()->setAttribute(Qt::WA_Hover);
}

void styleHeader(QHeaderView& header)
{
    header.setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header.setHighlightSections(false);
    header.setStretchLastSection(true);
    header.setMinimumSectionSize(40);
}

} // namespace

void styleTable(QTableView& table)
{
    styleView(table);
    styleHeader(*table.horizontalHeader());
    table.setShowGrid(false);
    table.setWordWrap(false);
    table.setTabKeyNavigation(false);
    table.verticalHeader()->hide();
    table.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table.verticalHeader()->setDefaultSectionSize(table.fontMetrics().height() + 11);
}

void styleTree(QTreeView& tree)
{
    styleView(tree);
    styleHeader(*tree.header());
    tree.setUniformRowHeights(true);
    tree.setWordWrap(false);
}

} // namespace norikv::widgets
