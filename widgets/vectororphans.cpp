// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/vectororphans.h"

#include "widgets/plaintext.h"
#include "widgets/tables.h"
#include "widgets/vectorwords.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace norikv::widgets {

namespace {
constexpr int TableHeight = 150;
}

VectorOrphans::VectorOrphans(QWidget* parent)
    : QFrame(parent)
    , m_words(makeLabel(QString(), "muted"))
    , m_table(new QTableWidget(0, 2))
{
    setObjectName(QStringLiteral("vectorOrphans"));
    setStyleRole(this, "card");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(8);
    auto* row = new QHBoxLayout;
    m_words->setWordWrap(true);
    auto* close = new QPushButton(tr("Close"));
    setStyleRole(close, "quiet");
    row->addWidget(m_words, 1);
    row->addWidget(close);
    column->addLayout(row);
    m_table->setObjectName(QStringLiteral("orphansTable"));
    m_table->setAccessibleName(tr("Vectors without metadata, and metadata without a vector"));
    m_table->setHorizontalHeaderLabels({tr("id"), tr("what is missing")});
    styleTable(*m_table);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->resizeSection(0, 320);
    m_table->setFixedHeight(TableHeight);
    column->addWidget(m_table);
    connect(close, &QPushButton::clicked, this, &QWidget::hide);
    connect(m_table, &QTableWidget::activated, this, [this](const QModelIndex& at) {
        Q_EMIT idActivated(m_table->item(at.row(), 0)->data(Qt::UserRole).toByteArray().toStdString());
    });
    hide();
}

void VectorOrphans::setOrphans(const std::vector<std::string>& vectors, const std::vector<std::string>& metas)
{
    QStringList words;
    if (!vectors.empty())
        words << tr("%n vector(s) have no metadata: the pattern's code leaves them out of every answer.",
            nullptr, int(vectors.size()));
    if (!metas.empty())
        words << tr(
            "%n metadata record(s) have no vector: they are never found.", nullptr, int(metas.size()));
    m_words->setText(words.join(QLatin1Char(' ')));
    const std::size_t first = std::min(Most, vectors.size());
    const std::size_t second = std::min(Most, metas.size());
    m_table->setRowCount(int(first + second));
    for (std::size_t i = 0; i < first + second; ++i) {
        const std::string& id = i < first ? vectors[i] : metas[i - first];
        auto* name = new QTableWidgetItem(idText(id));
        name->setData(Qt::UserRole, QByteArray::fromStdString(id));
        m_table->setItem(int(i), 0, name);
        m_table->setItem(int(i), 1, new QTableWidgetItem(i < first ? tr("its metadata") : tr("its vector")));
    }
}

} // namespace norikv::widgets
