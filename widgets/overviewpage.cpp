// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/overviewpage.h"

#include "models/findingsmodel.h"
#include "models/text.h"
#include "widgets/card.h"
#include "widgets/emptystate.h"
#include "widgets/flowlayout.h"
#include "widgets/nodecard.h"
#include "widgets/plaintext.h"
#include "widgets/shardmapview.h"
#include "widgets/statcard.h"
#include "widgets/tables.h"
#include "widgets/tabular.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace norikv::widgets {

using models::ElectionModel;
using models::NodeAnswer;

namespace {

/// Conflicts of compare-and-set in all nodes since they started, of all Puts.
std::optional<double> conflictShare(const models::NodeFeed& nodes)
{
    double puts = 0;
    double failed = 0;
    for (std::size_t node = 0; node < nodes.count(); ++node) {
        const auto& metrics = nodes.answer(node).metrics;
        if (nodes.answer(node).named && !metrics)
            return std::nullopt; // a sum without it would jump
        if (metrics) {
            puts += double(metrics->puts);
            failed += double(metrics->casFailed);
        }
    }
    return puts > 0 ? std::optional(failed / puts) : std::nullopt;
}

QString milliseconds(double ms) { return QString::number(ms, 'f', ms < 10 ? 1 : 0); }

} // namespace

OverviewPage::OverviewPage(
    models::ShardFeed& feed, const models::FindingsModel& findings, const Theme& theme, QWidget* parent)
    : PatternPage(feed, theme,
        {QStringLiteral("overviewPage"), tr("Overview"), QStringLiteral("overview"),
            tr("Waiting for the first node …"), tr("The nodes could not be asked"), tr("ask the nodes")},
        parent)
    , m_feed(feed)
    , m_findings(findings)
{
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 12);
    column->setSpacing(12);
    column->addWidget(makeNodes());
    auto* below = new QHBoxLayout;
    below->setSpacing(12);
    m_map = new ShardMapView(feed, theme);
    below->addWidget(m_map, 1);
    auto* right = new QVBoxLayout;
    right->setSpacing(12);
    right->addWidget(makeFigures());
    right->addWidget(makeElections(), 1);
    below->addLayout(right, 1);
    column->addLayout(below, 1);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    setContent(scroll);
    connect(&feed, &models::ShardFeed::selected, this, [this] {
        for (std::size_t node = 0; node < m_nodes.size(); ++node)
            m_nodes[node]->setChosen(m_feed.node() == node);
    });
    // While it waits, why may change.
    connect(&feed, &models::ShardFeed::changed, this, [this] {
        if (nothing())
            refreshAll();
    });
    connect(&findings, &models::FindingsModel::countChanged, this, &OverviewPage::refreshFigures);
    refreshAll();
}

QWidget* OverviewPage::makeNodes()
{
    auto* row = new QWidget;
    auto* flow = new FlowLayout(12, 8, row);
    flow->setContentsMargins(0, 0, 0, 0);
    for (std::size_t node = 0; node < m_feed.nodes().count(); ++node) {
        auto* card = new NodeCard(m_theme);
        connect(card, &NodeCard::chosen, this, [this, node] { m_feed.selectNode(node); });
        flow->addWidget(card);
        m_nodes.push_back(card);
    }
    if (m_nodes.size() == 1) {
        m_alone = makeLabel(QString(), "muted");
        m_alone->setObjectName(QStringLiteral("oneNode"));
        m_alone->setWordWrap(true);
        m_alone->setFixedWidth(400);
        flow->addWidget(m_alone);
    }
    return row;
}

QWidget* OverviewPage::makeFigures()
{
    auto* box = new QWidget;
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(12);
    m_calls = new StatCard(m_theme, tr("What this window asks"));
    m_calls->setToolTip(
        tr("Calls a second that this program makes of the server, its own following included"));
    m_latency = new StatCard(m_theme, tr("Answered within"));
    m_latency->setToolTip(tr("Of our calls of the last second, 95 in 100 were answered within this time "
                             "(p95); half of them within the "
                             "p50, 99 in 100 within the p99"));
    m_conflicts = new StatCard(m_theme, tr("Writes that met another"));
    m_conflicts->setToolTip(
        tr("Compare-and-set conflicts of everybody, of all writes since the nodes started; from "
           "their HTTP side ports, where the profile names them"));
    m_wrong = new StatCard(m_theme, tr("Findings"));
    grid->addWidget(m_calls, 0, 0);
    grid->addWidget(m_latency, 0, 1);
    grid->addWidget(m_conflicts, 1, 0);
    grid->addWidget(m_wrong, 1, 1);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    return box;
}

QWidget* OverviewPage::makeElections()
{
    auto* card = new Card(tr("Who led before"));
    card->contentLayout()->setContentsMargins(0, 0, 0, 0);
    m_electionCount = makeLabel(QString(), "caption");
    card->addTrailing(m_electionCount);
    m_elections = new QTableView;
    m_elections->setObjectName(QStringLiteral("electionsTable"));
    m_elections->setModel(&m_model);
    styleTable(*m_elections);
    m_elections->setFrameShape(QFrame::NoFrame);
    m_elections->setSelectionMode(QAbstractItemView::SingleSelection);
    m_elections->setAccessibleName(tr("Elections, newest first"));
    m_elections->setMinimumHeight(96);
    auto* header = m_elections->horizontalHeader();
    header->setStretchLastSection(true);
    header->resizeSection(ElectionModel::Time, 120);
    header->resizeSection(ElectionModel::Shards, 116);
    header->resizeSection(ElectionModel::Before, 80);
    connect(m_elections, &QTableView::activated, this, [this](const QModelIndex& row) {
        const auto& group = m_model.record(row.row());
        if (!group.shards.empty())
            m_feed.selectShard(group.shards.front());
    });
    connect(m_elections->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& row) {
            if (row.isValid() && m_model.record(row.row()).shards.size() == 1)
                m_feed.selectShard(m_model.record(row.row()).shards.front());
        });
    card->contentLayout()->addWidget(m_elections, 1);
    return card;
}

void OverviewPage::sayNothing(EmptyState& empty)
{
    QString why = tr("No node has answered yet; they are dialled again and again.");
    for (const auto& node : m_feed.cluster().cluster().nodes) {
        if (!node.problem.empty()) {
            why = tr("%1 does not answer (%2). It is dialled again and again.")
                      .arg(models::shown(node.address, 64), models::shown(node.problem, 160));
            break;
        }
    }
    empty.setContent(QStringLiteral("overview"), tr("Waiting for the first node …"), why);
}

QString OverviewPage::countText() const
{
    const int all = int(m_feed.nodes().count());
    return all == 1 ? tr("1 node, %1 shards").arg(groupDigits(qint64(m_feed.map().cells.size())))
                    : tr("%1 of %2 nodes up, %3 shards")
                          .arg(m_feed.map().nodesUp())
                          .arg(all)
                          .arg(groupDigits(qint64(m_feed.map().cells.size())));
}

QString OverviewPage::freshnessText() const { return tr(" · every node is followed"); }

NodeFigures OverviewPage::nodeFigures(std::size_t node) const
{
    NodeFigures figures;
    const auto& nodes = m_feed.cluster().cluster().nodes;
    const auto& map = m_feed.map();
    figures.colour = int(node);
    figures.total = map.cells.size();
    if (node < nodes.size()) {
        const auto& status = nodes[node];
        figures.name = models::shown(status.id.empty() ? status.address : status.id, 64);
        figures.address = models::shown(status.address, 64);
    }
    if (node < map.nodes.size()) {
        figures.led = map.nodes[node].led;
        figures.link = map.nodes[node].link;
        figures.problem = models::shown(map.nodes[node].problem, 120);
    }
    if (m_feed.nodes().count() > 1)
        figures.fair = map.fairShare;
    const NodeAnswer& answer = m_feed.nodes().answer(node);
    if (m_feed.paused()) {
        figures.remark = tr("its health is not recorded");
    } else if (!answer.named) {
        figures.remark = tr("%1 · no HTTP port known").arg(figures.address);
    } else if (!answer.healthProblem.empty()) {
        figures.remark = models::shown(answer.healthProblem, 120);
        figures.remarkTone = Tone::Warning;
    } else if (answer.health) {
        figures.remark = models::shown(answer.health->status, 32);
        if (answer.callsPerSecond)
            figures.remark
                += tr(" · %1 calls/s of everybody").arg(plots::shortNumber(*answer.callsPerSecond));
        if (answer.health->totalShards != 0 && answer.health->totalShards != map.cells.size()) {
            figures.remark = tr("it has %1 shards, the profile says %2")
                                 .arg(answer.health->totalShards)
                                 .arg(map.cells.size());
            figures.remarkTone = Tone::Danger;
        }
    } else {
        figures.remark = tr("asking for its health …");
    }
    return figures;
}

void OverviewPage::refreshContent()
{
    for (std::size_t node = 0; node < m_nodes.size(); ++node)
        m_nodes[node]->setFigures(nodeFigures(node));
    if (m_alone)
        m_alone->setText(
            tr("This deployment has one node: it leads every shard that is open, and there is nobody to "
               "hand over to. With more addresses in the connection, each node is followed by itself."));
    const auto& elections
        = m_feed.elections(); // newest first; what is after the moment shown had not happened
    const auto happened = std::ranges::find_if(
        elections, [now = m_feed.nowMs()](const auto& group) { return group.atMs <= now; });
    m_model.refresh(m_feed.paused() ? std::vector(happened, elections.end()) : elections);
    m_electionCount->setText(m_feed.electionCount() == 0
            ? QString()
            : tr("%1 on disk").arg(groupDigits(qint64(m_feed.electionCount()))));
    refreshFigures();
}

void OverviewPage::refreshFigures()
{
    const auto& ours = m_feed.cluster();
    m_calls->setValue(plots::shortNumber(ours.opsPerSecond()), tr("calls/s"));
    if (ours.failuresPerSecond() > 0)
        m_calls->setBadge(Tone::Warning, tr("%1 fail").arg(plots::shortNumber(ours.failuresPerSecond())));
    else
        m_calls->clearBadge();
    if (ours.p95Ms() > 0) {
        m_latency->setValue(milliseconds(ours.p95Ms()), tr("ms"));
        m_latency->setBadge(
            Tone::Neutral, tr("p50 %1 · p99 %2").arg(milliseconds(ours.p50Ms()), milliseconds(ours.p99Ms())));
    } else {
        m_latency->setValue({});
        m_latency->clearBadge();
    }
    const auto share = conflictShare(m_feed.nodes());
    m_conflicts->setValue(share ? plots::percentText(*share) : QString());
    if (share)
        m_conflicts->clearBadge();
    else if (m_feed.nodes().anyNamed())
        m_conflicts->setBadge(Tone::Neutral, tr("no writes known yet"));
    else
        m_conflicts->setBadge(Tone::Neutral, tr("needs the HTTP ports"));
    const int serious = m_findings.serious();
    m_wrong->setValue(QString::number(m_findings.open()));
    if (serious > 0)
        m_wrong->setBadge(Tone::Warning, tr("%n serious", nullptr, serious));
    else
        m_wrong->setBadge(Tone::Ok, tr("none serious"));
}

void OverviewPage::showEvent(QShowEvent* event)
{
    m_feed.nodes().setWatched(true);
    PatternPage::showEvent(event);
}

void OverviewPage::hideEvent(QHideEvent* event)
{
    m_feed.nodes().setWatched(false);
    PatternPage::hideEvent(event);
}

void OverviewPage::refreshNow()
{
    for (std::size_t node = 0; node < m_feed.nodes().count(); ++node)
        m_feed.nodes().ask(node);
    if (m_feed.keys())
        m_feed.countKeys();
}

void OverviewPage::toggleTable() { m_map->toggleTable(); }

QVariantMap OverviewPage::place() const
{
    QVariantMap place{{QStringLiteral("overlay"), int(m_map->overlay())}};
    if (m_feed.shard())
        place.insert(QStringLiteral("shard"), *m_feed.shard());
    return place;
}

void OverviewPage::setPlace(const QVariantMap& place)
{
    const auto overlay = ShardMapView::Overlay(place.value(QStringLiteral("overlay")).toInt());
    if (overlay != ShardMapView::Overlay::Keys) // which would list all keys before anybody asked
        m_map->setOverlay(overlay);
    if (place.contains(QStringLiteral("shard")))
        m_feed.selectShard(place.value(QStringLiteral("shard")).toUInt());
}

QVariantMap OverviewPage::figures() const
{
    const auto& map = m_feed.map();
    return {{QStringLiteral("shards"), int(map.cells.size())}, {QStringLiteral("led"), int(map.led)},
        {QStringLiteral("twice"), int(map.twice)}, {QStringLiteral("unclaimed"), int(map.unclaimed)},
        {QStringLiteral("cold"), int(map.cold)},
        {QStringLiteral("elections"), qlonglong(m_feed.electionCount())}};
}

} // namespace norikv::widgets
