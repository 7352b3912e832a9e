// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/frontierpane.h"

#include "widgets/charttheme.h"
#include "widgets/chartwithtable.h"
#include "widgets/plaintext.h"
#include "widgets/plots/frontierchart.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace norikv::widgets {

FrontierPane::FrontierPane(models::VectorSearchFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_chart(new plots::FrontierChart)
    , m_table(new ChartWithTable(m_chart, theme))
    , m_words(makeLabel(QString(), "muted"))
    , m_measure(new QPushButton(tr("Measure")))
    , m_use(new QPushButton)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(8);
    followTheme(*m_chart, theme);
    m_words->setWordWrap(true);
    m_words->setObjectName(QStringLiteral("frontierWords"));
    m_measure->setObjectName(QStringLiteral("measureFrontier"));
    m_measure->setToolTip(tr("Searches with %1 vectors of the index, four times each; writes nothing")
                              .arg(models::VectorSearchFeed::FrontierQueries));
    m_use->setObjectName(QStringLiteral("useSuggested"));
    setStyleRole(m_use, "primary");
    column->addWidget(m_words);
    column->addWidget(m_table, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_measure);
    row->addWidget(m_use);
    row->addStretch(1);
    row->addWidget(m_table->button());
    column->addLayout(row);
    connect(m_measure, &QPushButton::clicked, this, [this] {
        if (m_feed.measuring())
            m_feed.cancelFrontier();
        else
            m_feed.measureFrontier(m_k);
        refresh();
    });
    connect(m_use, &QPushButton::clicked, this, [this] { Q_EMIT askedChosen(m_feed.frontier().suggested); });
    connect(m_chart, &plots::FrontierChart::askedChosen, this,
        [this](int asked) { Q_EMIT askedChosen(static_cast<quint32>(asked)); });
    connect(&feed, &models::VectorSearchFeed::frontierChanged, this, &FrontierPane::refresh);
    refresh();
}

void FrontierPane::setUsed(std::uint32_t k, std::uint32_t asked)
{
    m_k = k;
    m_asked = asked;
    refresh();
}

void FrontierPane::toggleTable() { m_table->button()->toggle(); }

void FrontierPane::refresh()
{
    const models::Frontier& frontier = m_feed.frontier();
    plots::FrontierData shown;
    for (const auto& point : frontier.points)
        shown.dots.push_back({int(point.asked), point.recall, point.p50Ms, point.p95Ms});
    shown.suggested = int(frontier.suggested);
    shown.current = int(m_asked);
    m_chart->setData(std::move(shown));
    m_table->refresh();
    m_measure->setText(m_feed.measuring() ? tr("Stop")
            : frontier.points.empty()     ? tr("Measure")
                                          : tr("Measure again"));
    m_use->setVisible(frontier.suggested > 0);
    m_use->setEnabled(frontier.suggested != m_asked);
    m_use->setText(tr("Use k' = %1").arg(frontier.suggested));
    m_use->setToolTip(tr(
        "Ask the server for %1, compare those exactly here, keep the best %2. It is the least that gives a "
        "recall of 0.99, or the best there was.")
                          .arg(frontier.suggested)
                          .arg(frontier.k));
    if (m_feed.measuring()) {
        m_words->setText(tr("Measuring …"));
    } else if (frontier.points.empty()) {
        m_words->setText(
            tr("The server cannot be told to search harder. Asking for more than is wanted and "
               "keeping the best has the same effect: measure what it gives and what it costs."));
    } else {
        m_words->setText(tr(
            "Recall and time of %1 searches each. Numbers are k', how many the server was asked for to get "
            "the best %2.")
                             .arg(frontier.points.front().queries)
                             .arg(frontier.k));
    }
}

} // namespace norikv::widgets
