// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/leaderspage.h"

#include "models/text.h"
#include "widgets/card.h"
#include "widgets/delegates/outcomedelegate.h"
#include "widgets/emptystate.h"
#include "widgets/leaselanes.h"
#include "widgets/tables.h"

#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

#include <utility>

namespace norikv::widgets {

using models::LeaseModel;

namespace {
constexpr int TickMs = 200;
}

LeadersPage::LeadersPage(models::LeaseFeed& feed, const Theme& theme, QWidget* parent)
    : PatternPage(feed, theme,
        {QStringLiteral("leadersPage"), tr("Leaders"), QStringLiteral("leaders"),
            tr("Looking for leader leases …"), tr("The leases could not be read"),
            tr("read the leader leases")},
        parent)
    , m_feed(feed)
{
    m_halves = new QTabBar;
    m_halves->setObjectName(QStringLiteral("leaderHalves"));
    m_halves->setExpanding(false);
    m_halves->setDrawBase(false);
    m_halves->setAccessibleName(tr("Leaders of what"));
    m_halves->addTab(tr("Elections"));
    m_halves->hide();
    top().addWidget(m_halves);
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 12);
    column->setSpacing(12);
    auto* lanes = new Card(tr("Who led when"));
    lanes->setSubtitle(
        tr("a tick for each heartbeat, a fading tail up to the end of the lease; Ctrl and wheel zoom"));
    m_lanes = new LeaseLanes(theme);
    lanes->contentLayout()->addWidget(m_lanes, 1);
    column->addWidget(lanes, 3);
    auto* leases = new Card(tr("Elections"));
    leases->contentLayout()->setContentsMargins(0, 0, 0, 0);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("leasesTable"));
    m_table->setModel(&m_model);
    styleTable(*m_table);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAccessibleName(tr("Elections"));
    m_table->setItemDelegateForColumn(
        LeaseModel::State, new OutcomeDelegate(theme, models::ToneRole, -1, m_table));
    auto* header = m_table->horizontalHeader();
    header->setStretchLastSection(true);
    header->resizeSection(LeaseModel::Election, 112);
    header->resizeSection(LeaseModel::Holder, 108);
    header->resizeSection(LeaseModel::Beat, 108);
    header->resizeSection(LeaseModel::Left, 92);
    header->resizeSection(LeaseModel::Holders, 72);
    header->resizeSection(LeaseModel::Fencing, 66);
    leases->contentLayout()->addWidget(m_table, 1);
    column->addWidget(leases, 2);
    m_content = new QStackedWidget;
    m_content->addWidget(content);
    setContent(m_content);

    connect(m_lanes, &LeaseLanes::laneChosen, this,
        [this](const QByteArray& key) { m_feed.select(models::fromQt(key)); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& row) {
            if (!m_syncing && row.isValid())
                m_feed.select(m_model.record(row.row()).key);
        });
    connect(m_table, &QTableView::activated, this,
        [this](const QModelIndex& row) { Q_EMIT keyActivated(models::toQt(m_model.record(row.row()).key)); });
    m_tick.setInterval(TickMs);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        if (isVisible() && !m_feed.paused())
            refreshContent();
    });
    m_tick.start();
    refreshAll();
}

void LeadersPage::addShards(QWidget* shards)
{
    m_shards = shards;
    m_content->addWidget(shards);
    m_halves->addTab(tr("Shards"));
    m_halves->show();
    connect(m_halves, &QTabBar::currentChanged, this, [this](int half) {
        m_content->setCurrentIndex(half);
        refreshAll();
        Q_EMIT halfChanged(half == 1);
    });
}

void LeadersPage::sayNothing(EmptyState& empty)
{
    const bool complete = m_feed.coverage() == client::Coverage::Complete;
    empty.setContent(QStringLiteral("leaders"), tr("No election yet"),
        complete
            ? tr("No key of this store begins with “leader:”. Campaign as a node of your own, on the right.")
            : tr("This server cannot list its keys. Open the key of a lease, or campaign, on the right."));
}

QString LeadersPage::countText() const
{
    return shardsShown() ? tr("who leads the shards, merged from what each node says")
                         : tr("%n election(s)", nullptr, int(m_feed.sheet().leases.size()));
}

void LeadersPage::refreshContent()
{
    const auto& leases = m_feed.sheet().leases;
    const EpochMs now = m_feed.nowMs();
    m_lanes->setLeases(leases, now);
    m_lanes->select(m_feed.selected());
    const bool nested = std::exchange(m_syncing, true);
    m_model.refresh(models::leaseRows(leases, now), now);
    const int row = m_model.rowOf(m_feed.selected());
    if (m_table->currentIndex().row() != row)
        m_table->setCurrentIndex(row < 0 ? QModelIndex() : m_model.index(row, 0));
    m_syncing = nested;
}

QVariantMap LeadersPage::figures() const
{
    QVariantMap out;
    int held = 0;
    for (const auto& lease : m_feed.sheet().leases)
        held += lease.held() ? 1 : 0;
    out.insert(QStringLiteral("elections"), int(m_feed.sheet().leases.size()));
    out.insert(QStringLiteral("led"), held);
    return out;
}

} // namespace norikv::widgets
