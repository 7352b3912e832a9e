// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/leaseinspector.h"

#include "client/patterns/lease.h"
#include "models/leasemodel.h"
#include "models/text.h"
#include "widgets/charttheme.h"
#include "widgets/elidedlabel.h"
#include "widgets/keyvaluelist.h"
#include "widgets/plaintext.h"
#include "widgets/plots/histogram.h"
#include "widgets/sectionheader.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace norikv::widgets {

using models::LeaseFeed;

namespace {
constexpr std::size_t BinsToDue = 6; // of the histogram, up to when a heartbeat is due
constexpr std::size_t BinsShown = 3; // times that
} // namespace

LeaseInspector::LeaseInspector(LeaseFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
{
    setObjectName(QStringLiteral("leaseInspector"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    m_name = new ElidedLabel;
    setStyleRole(m_name, "cardTitle");
    column->addWidget(m_name);
    m_trouble = makeLabel(QString());
    m_trouble->setObjectName(QStringLiteral("leaseTrouble"));
    m_trouble->setWordWrap(true);
    column->addWidget(m_trouble);
    m_facts = new KeyValueList;
    column->addWidget(m_facts);
    m_jitter = new plots::Histogram;
    m_jitter->setObjectName(QStringLiteral("heartbeatJitter"));
    m_jitter->setQuantity(tr("seconds between heartbeats"));
    followTheme(*m_jitter, theme);
    column->addWidget(m_jitter);
    m_open = new QPushButton(tr("Open key"));
    column->addWidget(m_open, 0, Qt::AlignLeft);

    column->addWidget(new SectionHeader(tr("Campaign")));
    auto* about = makeLabel(
        tr("As a node of your own: takes a free lease, renews it every third of its time, and never "
           "overwrites another leader."),
        "caption");
    about->setWordWrap(true);
    column->addWidget(about);
    auto* form = new QFormLayout;
    form->setContentsMargins(0, 0, 0, 0);
    m_election = new QLineEdit;
    m_election->setObjectName(QStringLiteral("campaignElection"));
    m_election->setPlaceholderText(tr("e.g. billing"));
    m_node = new QLineEdit(QStringLiteral("workbench"));
    m_node->setObjectName(QStringLiteral("campaignNode"));
    m_lease = new QSpinBox;
    m_lease->setRange(1, 3600);
    m_lease->setValue(static_cast<int>(client::DefaultLeaseMs / 1000));
    m_lease->setSuffix(tr(" s"));
    form->addRow(tr("Election"), m_election);
    form->addRow(tr("Node id"), m_node);
    form->addRow(tr("Lease"), m_lease);
    column->addLayout(form);
    auto* campaign = new QPushButton(tr("Campaign"));
    campaign->setObjectName(QStringLiteral("campaign"));
    setStyleRole(campaign, "primary");
    column->addWidget(campaign, 0, Qt::AlignLeft);
    m_candidates = new QVBoxLayout;
    m_candidates->setSpacing(6);
    column->addLayout(m_candidates);
    column->addStretch(1);

    const auto ready = [this, campaign] {
        campaign->setEnabled(!m_election->text().isEmpty() && !m_node->text().isEmpty());
    };
    connect(m_election, &QLineEdit::textChanged, this, ready);
    connect(m_node, &QLineEdit::textChanged, this, ready);
    ready();
    connect(campaign, &QPushButton::clicked, this, [this] {
        const auto election = client::fromPrintable(m_election->text().toStdString());
        if (election)
            m_feed.campaign(*election, m_node->text(), std::chrono::seconds(m_lease->value()));
    });
    connect(m_open, &QPushButton::clicked, this, [this] { Q_EMIT keyActivated(models::toQt(m_shown)); });
    connect(&feed, &LeaseFeed::changed, this, [this] {
        if (isVisible())
            refresh();
    });
    refresh();
}

void LeaseInspector::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void LeaseInspector::refresh()
{
    const auto* lease = m_feed.find(m_feed.selected());
    m_open->setVisible(lease != nullptr);
    m_facts->setVisible(lease != nullptr);
    m_jitter->setVisible(lease && !client::heartbeatsOf(*lease).gapsMs.empty());
    refreshCandidates();
    if (!lease) {
        m_name->setText(tr("No election chosen"));
        m_trouble->clear();
        m_trouble->hide();
        return;
    }
    const QString election = models::shown(client::electionOf(lease->key()).value_or(lease->key()));
    if (m_shown != lease->key()) {
        m_shown = lease->key();
        m_election->setText(election);
    }
    m_name->setText(election);
    QStringList wrong;
    for (const auto& finding : m_feed.findingsOf(lease->key()))
        wrong << QStringLiteral("%1: %2").arg(
            QString::fromStdString(finding.rule), QString::fromStdString(finding.evidence));
    m_trouble->setText(wrong.join(QLatin1Char('\n')));
    m_trouble->setVisible(!wrong.isEmpty());
    std::vector<KeyValueRow> rows;
    const auto lease10 = models::secondsText(static_cast<EpochMs>(lease->leaseMs()));
    rows.push_back(
        {tr("Leader"), lease->held() ? models::shown(lease->spans().back().holder, 64) : tr("nobody")});
    rows.push_back({tr("Lease"), lease->leaseKnown() ? lease10 : tr("%1 assumed").arg(lease10)});
    rows.push_back(
        {tr("Longest gap"), lease->worstGapMs() > 0 ? models::secondsText(lease->worstGapMs()) : tr("–")});
    const auto beats = client::heartbeatsOf(*lease);
    if (!beats.gapsMs.empty())
        rows.push_back({tr("Heartbeats missed"),
            tr("%1 of the last %2").arg(beats.missed).arg(beats.missed + beats.gapsMs.size())});
    rows.push_back({tr("Leaders seen"), QString::number(lease->spans().size())});
    if (lease->fencing()) {
        rows.push_back({tr("Fencing token"), QString::number(lease->fencing()->index)});
        if (lease->fencingFell())
            rows.push_back({tr("Token fell once"), tr("a restart, or another node leads its shard")});
    }
    m_facts->setRows(rows);
    if (!beats.gapsMs.empty())
        refreshJitter(beats);
}

void LeaseInspector::refreshJitter(const client::HeartbeatStats& beats)
{
    plots::HistogramData bins;
    const double due = std::max(0.001, static_cast<double>(beats.dueMs) / 1000);
    bins.step = due / BinsToDue;
    bins.counts.resize(BinsToDue * BinsShown + 1);
    bins.expected = due;
    bins.limit = 2 * due; // a later one is L4
    for (const EpochMs gap : beats.gapsMs) {
        const auto bin = static_cast<std::size_t>(std::max(0.0, static_cast<double>(gap) / 1000 / bins.step));
        bins.counts[std::min(bin, bins.counts.size() - 1)] += 1;
    }
    m_jitter->setData(std::move(bins));
}

void LeaseInspector::refreshCandidates()
{
    const auto candidates = m_feed.candidates();
    std::vector<std::pair<client::Bytes, QString>> now;
    for (const auto& each : candidates)
        now.emplace_back(each.election, each.node);
    if (now == m_listed)
        return;
    m_listed = now;
    while (QLayoutItem* item = m_candidates->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    for (const auto& each : candidates) {
        auto* row = new QWidget;
        auto* line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->addWidget(new ElidedLabel(tr("%1 leads %2").arg(each.node, models::shown(each.election))), 1);
        auto* down = new QPushButton(tr("Step down"));
        down->setObjectName(QStringLiteral("stepDown"));
        connect(down, &QPushButton::clicked, this,
            [this, election = each.election, node = each.node] { m_feed.stepDown(election, node); });
        line->addWidget(down);
        m_candidates->addWidget(row);
    }
}

} // namespace norikv::widgets
