// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/pairtable.h"

#include "widgets/tables.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QVBoxLayout>

#include <set>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

PairTable::PairTable(const QString& left, const QString& right, QWidget* parent)
    : QWidget(parent)
    , m_table(new QTableWidget(0, 2))
    , m_remove(new QPushButton(tr("Remove row")))
{
    m_table->setHorizontalHeaderLabels({left, right});
    styleTable(*m_table);
    m_table->setEditTriggers(QAbstractItemView::AnyKeyPressed | QAbstractItemView::EditKeyPressed
        | QAbstractItemView::DoubleClicked | QAbstractItemView::SelectedClicked);
    m_table->setSelectionBehavior(QAbstractItemView::SelectItems);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 16);
    m_table->installEventFilter(this);
    m_remove->setAutoDefault(false);
    m_remove->setEnabled(false);

    auto* frame = new QFrame;
    frame->setProperty("role", u"card"_s);
    auto* inside = new QVBoxLayout(frame);
    inside->setContentsMargins(1, 1, 1, 1);
    inside->addWidget(m_table);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(frame, 1);
    column->addWidget(m_remove, 0, Qt::AlignLeft);

    connect(m_table, &QTableWidget::cellChanged, this, [this] {
        keepEmptyRow();
        Q_EMIT edited();
    });
    connect(m_table, &QTableWidget::itemSelectionChanged, this, [this] {
        const int row = m_table->currentRow();
        m_remove->setEnabled(row >= 0 && row < m_table->rowCount() - 1);
    });
    connect(m_remove, &QPushButton::clicked, this, &PairTable::removeSelected);
    keepEmptyRow();
}

void PairTable::setPairs(const Pairs& pairs)
{
    if (pairs == this->pairs())
        return;
    const QSignalBlocker quiet(m_table);
    m_table->setRowCount(0);
    m_table->setRowCount(int(pairs.size()));
    int row = 0;
    for (const auto& [left, right] : pairs) {
        m_table->setItem(row, 0, new QTableWidgetItem(left));
        m_table->setItem(row, 1, new QTableWidgetItem(right));
        ++row;
    }
    keepEmptyRow();
}

PairTable::Pairs PairTable::pairs() const
{
    Pairs out;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        auto pair = std::pair(textAt(row, 0), textAt(row, 1));
        if (!pair.first.isEmpty() || !pair.second.isEmpty())
            out.push_back(std::move(pair));
    }
    return out;
}

QString PairTable::textAt(int row, int column) const
{
    const QTableWidgetItem* item = m_table->item(row, column);
    return item ? item->text().trimmed() : QString();
}

void PairTable::keepEmptyRow()
{
    const int last = m_table->rowCount() - 1;
    if (last < 0 || !textAt(last, 0).isEmpty() || !textAt(last, 1).isEmpty())
        m_table->insertRow(last + 1);
}

void PairTable::removeSelected()
{
    std::set<int, std::greater<>> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedIndexes())
        rows.insert(index.row());
    for (const int row : rows)
        m_table->removeRow(row);
    keepEmptyRow();
    Q_EMIT edited();
}

bool PairTable::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress
        && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete) {
        removeSelected();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace norikv::widgets
