// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shardleaders.h"

#include "models/leadershipruns.h"
#include "models/text.h"
#include "widgets/card.h"
#include "widgets/charttheme.h"
#include "widgets/chartwithtable.h"
#include "widgets/plaintext.h"
#include "widgets/plots/shardtimeline.h"
#include "widgets/shardmapview.h"
#include "widgets/tabular.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace norikv::widgets {

ShardLeaders::ShardLeaders(models::ShardFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_map(new ShardMapView(feed, theme))
    , m_card(new Card(tr("Who led each shard when")))
    , m_timeline(new plots::ShardTimeline)
    , m_stack(new ChartWithTable(m_timeline, theme))
{
    setObjectName(QStringLiteral("shardLeaders"));
    followTheme(*m_timeline, theme);
    m_card->addTrailing(m_stack->button());
    m_card->contentLayout()->addWidget(m_stack, 1);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 12);
    row->setSpacing(12);
    row->addWidget(m_map, 1);
    row->addWidget(m_card, 1);
    m_timeline->setWords(
        [this](const plots::ShardSpan& span) {
            const QStringList cells = this->row(span);
            return plainToolTip(
                tr("Shard %1: %2\nfrom %3, for %4").arg(cells[0], cells[1], cells[2], cells[3]));
        },
        {tr("shard"), tr("leader"), tr("from"), tr("for")},
        [this](const plots::ShardSpan& span) { return this->row(span); });
    connect(m_timeline, &plots::ShardTimeline::shardActivated, this,
        [this](int shard) { m_feed.selectShard(static_cast<std::uint32_t>(shard)); });
    connect(&feed, &models::ShardFeed::changed, this, [this] {
        if (isVisible())
            refresh();
    });
    connect(&feed, &models::ShardFeed::selected, this,
        [this] { m_timeline->setChosen(m_feed.shard() ? int(*m_feed.shard()) : -1); });
}

void ShardLeaders::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void ShardLeaders::refresh()
{
    const auto runs = models::leadershipRuns(m_feed.map(), m_feed.elections(), m_feed.nowMs());
    plots::ShardTimelineData picture;
    picture.shards = int(m_feed.map().cells.size());
    picture.fromMs = runs.fromMs;
    picture.toMs = runs.toMs;
    picture.spans.reserve(runs.runs.size());
    for (const auto& run : runs.runs)
        picture.spans.push_back({int(run.shard), run.fromMs, run.toMs, run.leader});
    m_card->setSubtitle(runs.fromMs < runs.toMs
            ? tr("shards from top to bottom, the colour is the node that led; known since %1")
                  .arg(QDateTime::fromMSecsSinceEpoch(runs.fromMs).toString(QStringLiteral("HH:mm:ss")))
            : tr("nothing is known yet"));
    m_timeline->setData(std::move(picture));
    m_stack->refresh();
}

QStringList ShardLeaders::row(const plots::ShardSpan& span) const
{
    const auto& nodes = m_feed.map().nodes;
    const bool known = span.series >= 0 && std::size_t(span.series) < nodes.size();
    return {QString::number(span.shard),
        known ? models::shown(nodes[std::size_t(span.series)].name, 64) : tr("nobody known here"),
        QDateTime::fromMSecsSinceEpoch(span.fromMs).toString(QStringLiteral("HH:mm:ss")),
        durationText(std::chrono::milliseconds(span.toMs - span.fromMs))};
}

} // namespace norikv::widgets
