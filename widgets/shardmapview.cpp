// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shardmapview.h"

#include "models/text.h"
#include "widgets/charttheme.h"
#include "widgets/chartwithtable.h"
#include "widgets/plaintext.h"
#include "widgets/plots/shardgrid.h"
#include "widgets/tabular.h"

#include <QComboBox>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace norikv::widgets {

using models::ShardCell;

ShardMapView::ShardMapView(models::ShardFeed& feed, const Theme& theme, QWidget* parent)
    : Card(tr("Shards"), parent)
    , m_feed(feed)
    , m_grid(new plots::ShardGrid)
    , m_stack(new ChartWithTable(m_grid, theme))
    , m_overlay(new QComboBox)
    , m_legend(makeLabel(QString(), "caption"))
{
    setObjectName(QStringLiteral("shardMap"));
    followTheme(*m_grid, theme);
    m_overlay->setObjectName(QStringLiteral("shardOverlay"));
    m_overlay->setAccessibleName(tr("What the colours say"));
    const std::pair<Overlay, QString> overlays[]
        = {{Overlay::Leader, tr("By leader")}, {Overlay::Twice, tr("Claimed twice")},
            {Overlay::Unclaimed, tr("Without leader")}, {Overlay::Cold, tr("Not opened yet")},
            {Overlay::Keys, tr("Known keys")}, {Overlay::Calls, tr("Our calls")}};
    for (const auto& [overlay, name] : overlays)
        m_overlay->addItem(name, int(overlay));
    addTrailing(m_overlay);
    addTrailing(m_stack->button());
    contentLayout()->addWidget(m_stack, 1);
    m_legend->setObjectName(QStringLiteral("shardLegend"));
    m_legend->setWordWrap(true);
    contentLayout()->addWidget(m_legend);
    m_grid->setWords([this](int shard) { return plainToolTip(describe(shard)); },
        {tr("shard"), tr("state"), tr("leader"), tr("changed"), tr("known keys"), tr("our calls/s")},
        [this](int shard) { return row(shard); });
    connect(m_overlay, &QComboBox::currentIndexChanged, this, [this] {
        if (overlay() == Overlay::Keys && !m_feed.keys())
            m_feed.countKeys();
        refresh();
    });
    connect(m_grid, &plots::ShardGrid::shardActivated, this,
        [this](int shard) { m_feed.selectShard(static_cast<std::uint32_t>(shard)); });
    connect(&feed, &models::ShardFeed::changed, this, [this] {
        if (isVisible())
            refresh();
    });
    connect(&feed, &models::ShardFeed::selected, this,
        [this] { m_grid->setChosen(m_feed.shard() ? int(*m_feed.shard()) : -1); });
    refresh();
}

ShardMapView::Overlay ShardMapView::overlay() const { return Overlay(m_overlay->currentData().toInt()); }

void ShardMapView::setOverlay(Overlay overlay)
{
    m_overlay->setCurrentIndex(m_overlay->findData(int(overlay)));
}

void ShardMapView::toggleTable() { m_stack->button()->toggle(); }

void ShardMapView::showEvent(QShowEvent* event)
{
    Card::showEvent(event);
    refresh();
}

bool ShardMapView::faint(const ShardCell& cell) const
{
    switch (overlay()) {
    case Overlay::Twice:
        return cell.state != ShardCell::State::Twice;
    case Overlay::Unclaimed:
        return cell.state != ShardCell::State::Unclaimed;
    case Overlay::Cold:
        return cell.state != ShardCell::State::Cold;
    default:
        return false;
    }
}

double ShardMapView::heat(std::size_t shard) const
{
    if (overlay() == Overlay::Keys)
        return m_feed.keys() ? double(m_feed.keys()->perShard[shard]) : 0;
    const auto& load = m_feed.cluster().shardLoad();
    // What is left of a call a minute ago is nothing to show.
    return shard < load.size() && load[shard] >= 0.01F ? double(load[shard]) : 0;
}

void ShardMapView::refresh()
{
    const auto& map = m_feed.map();
    plots::ShardGridData picture;
    picture.heat = overlay() == Overlay::Keys || overlay() == Overlay::Calls;
    picture.squares.reserve(map.cells.size());
    for (std::size_t shard = 0; shard < map.cells.size(); ++shard) {
        const ShardCell& cell = map.cells[shard];
        plots::ShardSquare square;
        square.kind = cell.state == ShardCell::State::Led ? plots::ShardSquare::Kind::Led
            : cell.state == ShardCell::State::Twice       ? plots::ShardSquare::Kind::Twice
            : cell.state == ShardCell::State::Unclaimed   ? plots::ShardSquare::Kind::Unclaimed
                                                          : plots::ShardSquare::Kind::Cold;
        square.series = cell.leader;
        square.other = cell.other;
        square.faint = faint(cell);
        if (picture.heat) {
            square.heat = heat(shard);
            picture.most = std::max(picture.most, square.heat);
        }
        picture.squares.push_back(square);
    }
    const double most = picture.most;
    m_grid->setData(std::move(picture));
    m_stack->refresh();
    QString legend = sayWhatIsShown();
    if (overlay() == Overlay::Calls)
        legend = most > 0 ? tr("Calls of this window to keys of each shard, lately: at most %1 a second")
                                .arg(plots::shortNumber(most))
                          : tr("This window has not asked for single keys lately");
    m_legend->setText(legend);
}

QString ShardMapView::sayWhatIsShown() const
{
    const auto& map = m_feed.map();
    if (overlay() == Overlay::Keys) {
        if (m_feed.counting())
            return tr("Counting the keys …");
        const auto* keys = m_feed.keys();
        if (!keys)
            return tr("The keys were not counted");
        const auto most = keys->perShard.empty() ? 0U : *std::ranges::max_element(keys->perShard);
        const QString all = keys->coverage == client::Coverage::Complete
            ? tr("all keys of the store")
            : tr("only keys that are known here");
        return tr("%1 keys, at most %2 in a shard · %3 · counted once, F5 counts again")
            .arg(groupDigits(qint64(keys->total)), groupDigits(most), all);
    }
    QStringList parts;
    if (map.twice > 0)
        parts << tr("%1 claimed twice (two colours, framed)").arg(map.twice);
    if (map.unclaimed > 0)
        parts << tr("%1 without leader (hatched)").arg(map.unclaimed);
    if (map.cold > 0)
        parts << tr("%1 not opened yet (dots)").arg(map.cold);
    parts.prepend(
        tr("%1 of %2 led").arg(groupDigits(qint64(map.led)), groupDigits(qint64(map.cells.size()))));
    return parts.join(QStringLiteral(" · "));
}

QString ShardMapView::stateText(const ShardCell& cell) const
{
    switch (cell.state) {
    case ShardCell::State::Led:
        return tr("led");
    case ShardCell::State::Twice:
        return tr("claimed twice");
    case ShardCell::State::Unclaimed:
        return tr("without leader");
    case ShardCell::State::Cold:
        break;
    }
    return tr("not opened yet");
}

QString ShardMapView::describe(int shard) const
{
    const auto& map = m_feed.map();
    if (std::size_t(shard) >= map.cells.size())
        return {};
    const QStringList cells = row(shard);
    QString text = tr("Shard %1, %2").arg(cells[0], cells[1]);
    if (!cells[2].isEmpty())
        text += tr(", by %1").arg(cells[2]);
    if (!cells[3].isEmpty())
        text += tr(" since %1 ago").arg(cells[3]);
    if (!cells[4].isEmpty())
        text += QLatin1Char('\n') + tr("%1 known keys").arg(cells[4]);
    return text;
}

QStringList ShardMapView::row(int shard) const
{
    const auto& map = m_feed.map();
    const auto at = std::size_t(shard);
    const ShardCell& cell = map.cells[at];
    const auto name = [&](int node) {
        return node < 0 || std::size_t(node) >= map.nodes.size()
            ? QString()
            : models::shown(map.nodes[std::size_t(node)].name, 64);
    };
    QString leader = name(cell.leader);
    if (cell.other >= 0)
        leader = tr("%1 and %2").arg(leader, name(cell.other));
    const EpochMs ago = m_feed.clock().nowMs() - cell.sinceMs;
    const auto& load = m_feed.cluster().shardLoad();
    return {QString::number(shard), stateText(cell), leader,
        cell.sinceMs == 0 ? QString() : plots::ageText(std::chrono::milliseconds(std::max<EpochMs>(0, ago))),
        m_feed.keys() ? QString::number(m_feed.keys()->perShard[at]) : QString(),
        at < load.size() ? QString::number(double(load[at]), 'f', 1) : QString()};
}

} // namespace norikv::widgets
