// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/comparisonview.h"

#include "widgets/plaintext.h"
#include "widgets/tabular.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace norikv::widgets {

using models::ComparisonFeed;
using Side = client::LoadComparison::Side;

namespace {

struct Row {
    QString name;
    QString basic;
    QString sharded;
};

double perSecond(const Side& side)
{
    return side.stats.seconds > 0 ? static_cast<double>(side.stats.acknowledged) / side.stats.seconds : 0;
}

QString conflicts(const Side& side)
{
    const double share = side.stats.tries > 0
        ? 100 * static_cast<double>(side.stats.conflicts) / static_cast<double>(side.stats.tries)
        : 0;
    return QStringLiteral("%1 %").arg(share, 0, 'f', share < 10 ? 1 : 0);
}

QString milliseconds(double ms) { return QStringLiteral("%1 ms").arg(ms, 0, 'f', ms < 10 ? 1 : 0); }

QString lost(const client::ClosedRun& run)
{
    return groupDigits(run.acknowledged > run.storedGain ? run.acknowledged - run.storedGain : 0);
}

} // namespace

ComparisonView::ComparisonView(ComparisonFeed& feed, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
{
    setObjectName(QStringLiteral("comparison"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(8);
    m_grid = new QGridLayout;
    m_grid->setContentsMargins(8, 0, 8, 0);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(0, 1);
    m_wide = makeLabel(QString(), "caption");
    m_grid->addWidget(makeLabel(tr("one key"), "caption"), 0, 1, Qt::AlignRight);
    m_grid->addWidget(m_wide, 0, 2, Qt::AlignRight);
    column->addLayout(m_grid);
    m_verdict = makeLabel(QString(), "muted");
    m_verdict->setWordWrap(true);
    m_verdict->setObjectName(QStringLiteral("verdict"));
    column->addWidget(m_verdict);
    auto* buttons = new QHBoxLayout;
    m_pause = new QPushButton(tr("Pause"));
    m_stop = new QPushButton(tr("Stop comparing"));
    m_stop->setObjectName(QStringLiteral("stopComparing"));
    buttons->addWidget(m_pause);
    buttons->addWidget(m_stop);
    buttons->addStretch(1);
    column->addLayout(buttons);
    connect(m_pause, &QPushButton::clicked, this,
        [this] { m_feed.setPaused(m_feed.state() == ComparisonFeed::State::Running); });
    connect(m_stop, &QPushButton::clicked, this, [this] { m_feed.stop(); });
    connect(&feed, &ComparisonFeed::changed, this, &ComparisonView::refresh);
    refresh();
}

ComparisonView::Line& ComparisonView::line(std::size_t index)
{
    while (m_lines.size() <= index) {
        const int row = int(m_lines.size()) + 1;
        m_lines.push_back({makeLabel(QString()), new TabularLabel, new TabularLabel});
        m_grid->addWidget(m_lines.back().name, row, 0);
        m_grid->addWidget(m_lines.back().basic, row, 1, Qt::AlignRight);
        m_grid->addWidget(m_lines.back().sharded, row, 2, Qt::AlignRight);
    }
    return m_lines[index];
}

void ComparisonView::refresh()
{
    const auto state = m_feed.state();
    setVisible(state != ComparisonFeed::State::Idle);
    m_pause->setVisible(m_feed.active());
    m_stop->setVisible(m_feed.active());
    m_pause->setText(state == ComparisonFeed::State::Paused ? tr("Resume") : tr("Pause"));
    const Side& basic = m_feed.basic();
    const Side& wide = m_feed.sharded();
    m_wide->setText(tr("%n shard(s)", nullptr, int(wide.plan.shards)));
    std::vector<Row> rows{
        {tr("Increments per second"), shortNumber(perSecond(basic)), shortNumber(perSecond(wide))},
        {tr("CAS conflicts"), conflicts(basic), conflicts(wide)},
        {tr("Latency, median"), milliseconds(basic.stats.latencyP50Ms),
            milliseconds(wide.stats.latencyP50Ms)},
        {tr("Latency, 95 %"), milliseconds(basic.stats.latencyP95Ms), milliseconds(wide.stats.latencyP95Ms)},
        {tr("Acknowledged"), groupDigits(qint64(basic.stats.acknowledged)),
            groupDigits(qint64(wide.stats.acknowledged))},
    };
    if (const auto& books = m_feed.books())
        rows.push_back({tr("Lost"), lost(books->basic), lost(books->sharded)});
    for (std::size_t i = 0; i < std::max(rows.size(), m_lines.size()); ++i) {
        Line& shown = line(i);
        const bool used = i < rows.size();
        for (QWidget* cell : {static_cast<QWidget*>(shown.name), static_cast<QWidget*>(shown.basic),
                 static_cast<QWidget*>(shown.sharded)})
            cell->setVisible(used);
        if (!used)
            continue;
        shown.name->setText(rows[i].name);
        shown.basic->setText(rows[i].basic);
        shown.sharded->setText(rows[i].sharded);
    }
    const double one = perSecond(basic);
    if (state == ComparisonFeed::State::Failed)
        m_verdict->setText(m_feed.error().what + QLatin1Char(' ') + m_feed.error().remedy);
    else if (state == ComparisonFeed::State::Finished && one > 0)
        m_verdict->setText(tr("Shards took %1 times the increments of one key under the same load.")
                               .arg(perSecond(wide) / one, 0, 'f', 1));
    else
        m_verdict->setText(
            state == ComparisonFeed::State::Starting ? tr("Making two new counters …") : QString());
    m_verdict->setVisible(!m_verdict->text().isEmpty());
}

} // namespace norikv::widgets
