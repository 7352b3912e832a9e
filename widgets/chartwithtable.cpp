// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chartwithtable.h"

#include "widgets/icons.h"
#include "widgets/plots/charttable.h"
#include "widgets/plots/chartwidget.h"
#include "widgets/tables.h"
#include "widgets/theme.h"

#include <QHeaderView>
#include <QTableWidget>
#include <QToolButton>

#include <algorithm>

namespace norikv::widgets {

namespace {
constexpr int MostRows = 2000; // newest last; a chart holds a few hundred
}

ChartWithTable::ChartWithTable(plots::ChartWidget* chart, const Theme& theme, QWidget* parent)
    : QStackedWidget(parent)
    , m_chart(chart)
    , m_table(new QTableWidget)
    , m_button(new QToolButton)
{
    styleTable(*m_table);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setAccessibleName(tr("Chart as table"));
    addWidget(m_chart);
    addWidget(m_table);
    m_button->setCheckable(true);
    m_button->setAutoRaise(true);
    m_button->setToolTip(tr("Show the chart as a table (Ctrl+T)"));
    m_button->setAccessibleName(tr("Show the chart as a table"));
    bindIcon(m_button, QStringLiteral("table"), theme);
    connect(m_button, &QToolButton::toggled, this, [this](bool table) {
        setCurrentWidget(table ? static_cast<QWidget*>(m_table) : m_chart);
        refresh();
    });
}

bool ChartWithTable::tableShown() const { return currentWidget() == m_table; }

void ChartWithTable::refresh()
{
    if (!tableShown())
        return;
    const plots::ChartTable table = m_chart->asTable();
    const int rows = std::min(MostRows, int(table.rows.size()));
    const int skipped = int(table.rows.size()) - rows;
    m_table->setColumnCount(int(table.headers.size()));
    m_table->setHorizontalHeaderLabels(table.headers);
    m_table->setRowCount(rows);
    for (int row = 0; row < rows; ++row) {
        const auto& cells = table.rows[static_cast<std::size_t>(row + skipped)];
        for (int column = 0; column < int(cells.size()); ++column) {
            auto* item = m_table->item(row, column);
            if (!item) {
                item = new QTableWidgetItem;
                m_table->setItem(row, column, item);
            }
            item->setText(cells[column]);
        }
    }
    m_table->horizontalHeader()->setStretchLastSection(true);
}

} // namespace norikv::widgets
