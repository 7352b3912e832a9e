// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/rankpane.h"

#include "widgets/charttheme.h"
#include "widgets/chartwithtable.h"
#include "widgets/plaintext.h"
#include "widgets/plots/slopechart.h"
#include "widgets/theme.h"
#include "widgets/vectorwords.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

namespace norikv::widgets {

using What = models::CompareWith::What;

RankPane::RankPane(
    models::VectorFeed& vectors, models::VectorSearchFeed& search, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_vectors(vectors)
    , m_search(search)
    , m_with(new QComboBox)
    , m_words(makeLabel(QString(), "muted"))
    , m_chart(new plots::SlopeChart)
    , m_table(new ChartWithTable(m_chart, theme))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(8);
    followTheme(*m_chart, theme);
    m_with->setObjectName(QStringLiteral("compareWith"));
    m_with->setAccessibleName(tr("Compare the answer with"));
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(makeLabel(tr("Compare with"), "muted"));
    row->addWidget(m_with);
    row->addStretch(1);
    row->addWidget(m_table->button());
    column->addLayout(row);
    m_words->setWordWrap(true);
    m_words->setObjectName(QStringLiteral("rankWords"));
    column->addWidget(m_words);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_table);
    column->addWidget(scroll, 1);
    connect(m_with, &QComboBox::activated, this, &RankPane::compare);
    connect(&search, &models::VectorSearchFeed::comparisonChanged, this, &RankPane::refresh);
    connect(&search, &models::VectorSearchFeed::changed, this, [this] {
        if (isVisible() && m_search.result() != m_compared)
            compare();
    });
    connect(&vectors, &models::VectorFeed::serviceChanged, this, &RankPane::offer);
    connect(m_chart, &plots::SlopeChart::lineActivated, this, [this](int line) {
        if (const auto& shown = m_search.comparison())
            Q_EMIT idActivated(shown->disagreement.lines[std::size_t(line)].id);
    });
    offer();
    refresh();
}

void RankPane::toggleTable() { m_table->button()->toggle(); }

void RankPane::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    offer();
    if (m_search.result() != m_compared)
        compare();
}

// What can be compared with depends on the index and on what was asked before.
void RankPane::offer()
{
    const QSignalBlocker quiet(m_with);
    const QVariant chosen = m_with->currentData();
    m_with->clear();
    m_with->addItem(tr("the exact answer"), QStringLiteral("exact"));
    const client::VectorIndex* index = m_vectors.index(m_vectors.chosen());
    for (const auto distance :
        {client::Distance::Cosine, client::Distance::Euclidean, client::Distance::InnerProduct}) {
        if (index && index->distance != distance)
            m_with->addItem(tr("exact by %1").arg(distanceName(distance)),
                QStringLiteral("distance %1").arg(int(distance)));
    }
    m_with->addItem(tr("an eventual read"), QStringLiteral("eventual"));
    for (const auto& other : m_vectors.indexes()) {
        if (index && other.name != index->name && other.dimensions == index->dimensions)
            m_with->addItem(tr("the index %1").arg(idText(other.name)),
                QStringLiteral("index ") + QString::fromStdString(other.name));
    }
    if (m_search.canCompareBefore())
        m_with->addItem(tr("the answer before"), QStringLiteral("before"));
    m_with->setCurrentIndex(std::max(0, m_with->findData(chosen)));
}

void RankPane::compare()
{
    offer();
    m_compared = m_search.result();
    if (!m_compared)
        return refresh();
    const QString chosen = m_with->currentData().toString();
    models::CompareWith with;
    if (chosen == QLatin1String("eventual")) {
        with.what = What::OtherConsistency;
    } else if (chosen == QLatin1String("before")) {
        with.what = What::Before;
    } else if (chosen.startsWith(QLatin1String("distance "))) {
        with.what = What::OtherDistance;
        with.distance = client::Distance(chosen.mid(9).toInt());
    } else if (chosen.startsWith(QLatin1String("index "))) {
        with.what = What::OtherIndex;
        with.index = chosen.mid(6).toStdString();
    }
    m_search.compare(with);
}

void RankPane::refresh()
{
    const auto& shown = m_search.comparison();
    plots::SlopeData slopes;
    if (!shown || !m_search.result()) {
        m_words->setText(
            m_search.result() ? tr("Comparing …") : tr("Search first: then its answer is compared."));
        m_chart->setData({});
        return m_table->refresh();
    }
    slopes.leftName = clippedLine(shown->left);
    slopes.rightName = clippedLine(shown->right);
    const auto snapshot = m_vectors.snapshot();
    for (const auto& line : shown->disagreement.lines) {
        const auto row = snapshot ? snapshot->find(line.id) : std::nullopt;
        slopes.lines.push_back({row ? titleOf(line.id, snapshot->metas[*row]) : idText(line.id),
            int(line.left.value_or(0)), int(line.right.value_or(0))});
    }
    const auto count = shown->disagreement.lines.size();
    m_words->setText(tr("%1 of %2 are in both lists; on average they moved by %3 rank(s).")
                         .arg(shown->disagreement.shared)
                         .arg(count)
                         .arg(shown->disagreement.meanShift, 0, 'f', 1));
    m_chart->setData(std::move(slopes));
    m_table->refresh();
}

} // namespace norikv::widgets
