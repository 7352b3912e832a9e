// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/nodeinspector.h"

#include "models/electionmodel.h"
#include "models/errortext.h"
#include "models/nodediff.h"
#include "models/text.h"
#include "widgets/badge.h"
#include "widgets/elidedlabel.h"
#include "widgets/keyvaluelist.h"
#include "widgets/nodecard.h"
#include "widgets/plaintext.h"
#include "widgets/sectionheader.h"
#include "widgets/tables.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace norikv::widgets {

namespace {

constexpr int MostRawShards = 200; // lines of the raw view

QString address(const std::string& text)
{
    return text.empty() ? NodeInspector::tr("–") : models::shown(text, 64);
}

/// A view as it came, one thing a line.
QString rawText(const client::ClusterView& view)
{
    QString text = NodeInspector::tr("epoch %1 (counts ticks, not changes)\n").arg(view.epoch);
    for (const auto& node : view.nodes)
        text += QStringLiteral("node %1  %2  %3\n")
                    .arg(models::shown(node.id, 64), models::shown(node.address, 64),
                        models::shown(node.role, 32));
    int lines = 0;
    for (const auto& claim : view.claims) {
        if (++lines > MostRawShards) {
            text += NodeInspector::tr("… %1 more shards\n").arg(int(view.claims.size()) - MostRawShards);
            break;
        }
        text += QStringLiteral("shard %1  %2%3\n")
                    .arg(claim.shard)
                    .arg(models::shown(claim.nodeId, 64),
                        claim.leader ? QStringLiteral("  leader") : QString());
    }
    return text;
}

} // namespace

NodeInspector::NodeInspector(models::ShardFeed& feed, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_name(new ElidedLabel)
    , m_state(new Badge(theme))
    , m_problem(makeLabel(QString()))
    , m_facts(new KeyValueList)
    , m_ask(new QPushButton(tr("Ask this node")))
    , m_asked(makeLabel(QString(), "caption"))
    , m_other(new QComboBox)
    , m_differ(makeLabel(QString(), "caption"))
    , m_differences(new QTableWidget)
    , m_raw(new QPlainTextEdit)
{
    setObjectName(QStringLiteral("nodeInspector"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    auto* head = new QHBoxLayout;
    setStyleRole(m_name, "cardTitle");
    head->addWidget(m_name, 1);
    head->addWidget(m_state);
    column->addLayout(head);
    m_problem->setWordWrap(true);
    column->addWidget(m_problem);
    column->addWidget(m_facts);
    auto* line = new QHBoxLayout;
    m_ask->setObjectName(QStringLiteral("askNode"));
    m_ask->setToolTip(tr("Opens a stream of its own to this node and reads its health and metrics"));
    line->addWidget(m_ask);
    line->addWidget(m_asked, 1);
    column->addLayout(line);

    column->addWidget(new SectionHeader(tr("Compared with")));
    m_other->setObjectName(QStringLiteral("otherNode"));
    m_other->setAccessibleName(tr("Node to compare with"));
    column->addWidget(m_other);
    m_differ->setWordWrap(true);
    column->addWidget(m_differ);
    m_differences->setObjectName(QStringLiteral("nodeDifferences"));
    m_differences->setColumnCount(3);
    m_differences->setEditTriggers(QAbstractItemView::NoEditTriggers);
    styleTable(*m_differences);
    m_differences->setFrameShape(QFrame::NoFrame);
    m_differences->horizontalHeader()->setStretchLastSection(true);
    column->addWidget(m_differences);

    column->addWidget(new SectionHeader(tr("What it says")));
    m_raw->setObjectName(QStringLiteral("rawView"));
    m_raw->setReadOnly(true);
    m_raw->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_raw->setFont(Theme::monoFont());
    m_raw->setMinimumHeight(140);
    m_raw->setAccessibleName(tr("The node's own view and health, as they came"));
    column->addWidget(m_raw, 1);

    connect(m_ask, &QPushButton::clicked, this, [this] {
        if (m_feed.node())
            m_feed.nodes().ask(*m_feed.node());
    });
    connect(m_other, &QComboBox::currentIndexChanged, this, [this] {
        if (m_feed.node())
            refreshDifferences(*m_feed.node());
    });
    const auto look = [this] {
        if (isVisible())
            refresh();
    };
    connect(&feed, &models::ShardFeed::changed, this, look);
    connect(&feed, &models::ShardFeed::selected, this, look);
    refresh();
}

void NodeInspector::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

std::shared_ptr<const client::ClusterView> NodeInspector::viewOf(std::size_t node) const
{
    return m_feed.connection().cluster().viewOf(node).view;
}

void NodeInspector::refresh()
{
    const auto node = m_feed.node();
    const auto& nodes = m_feed.cluster().cluster().nodes;
    if (!node || *node >= nodes.size())
        return;
    const auto& status = nodes[*node];
    m_name->setText(models::shown(status.id.empty() ? status.address : status.id, 64));
    m_state->setBadge(linkTone(status.link), linkText(status.link));
    m_problem->setText(models::shown(status.problem, 160));
    m_problem->setVisible(!status.problem.empty());
    if (m_listed != *node + 1) {
        m_listed = *node + 1;
        const QSignalBlocker quiet(m_other);
        m_other->clear();
        for (std::size_t other = 0; other < nodes.size(); ++other) {
            if (other != *node)
                m_other->addItem(
                    models::shown(nodes[other].id.empty() ? nodes[other].address : nodes[other].id, 64),
                    qulonglong(other));
        }
    }
    refreshFacts(*node);
    refreshDifferences(*node);
    refreshRaw(*node);
}

void NodeInspector::refreshFacts(std::size_t node)
{
    const auto& status = m_feed.cluster().cluster().nodes[node];
    const auto said = m_feed.connection().cluster().viewOf(node);
    const auto& answer = m_feed.nodes().answer(node);
    std::vector<KeyValueRow> rows;
    rows.push_back({tr("Address we dial"), address(status.address)});
    // Often one that only it can reach: shown, never dialled.
    rows.push_back({tr("Address it tells"), address(status.advertised)});
    const auto since
        = std::chrono::duration_cast<std::chrono::milliseconds>(m_feed.clock().elapsed() - status.since);
    rows.push_back({tr("%1 for").arg(linkText(status.link)), plots::ageText(since)});
    rows.push_back({tr("Shards led"), groupDigits(qint64(status.shardsLed))});
    rows.push_back({tr("Shards open"), groupDigits(qint64(status.shardsOpen))});
    rows.push_back({tr("Views heard"), groupDigits(qint64(said.views))});
    if (answer.health) {
        rows.push_back({tr("Health"), models::shown(answer.health->status, 32)});
        rows.push_back({tr("Shards of the deployment"), groupDigits(answer.health->totalShards)});
    } else {
        rows.push_back({tr("Health"),
            !answer.named                      ? tr("no HTTP port in the profile")
                : answer.healthProblem.empty() ? tr("not asked yet")
                                               : tr("no answer")});
    }
    if (answer.metrics) {
        rows.push_back({tr("Gets, puts, deletes"),
            QStringLiteral("%1 · %2 · %3")
                .arg(plots::shortNumber(double(answer.metrics->gets)),
                    plots::shortNumber(double(answer.metrics->puts)),
                    plots::shortNumber(double(answer.metrics->removes)))});
        rows.push_back({tr("Conflicts"), groupDigits(qint64(answer.metrics->casFailed))});
    }
    m_facts->setRows(rows);
    const bool asking = m_feed.nodes().asking(node);
    m_ask->setEnabled(!asking);
    QString asked;
    if (asking)
        asked = tr("asking …");
    else if (answer.viewError)
        asked = models::errorText(*answer.viewError, tr("ask this node")).what;
    else if (answer.atMs != 0)
        asked = tr("answered at %1").arg(models::momentText(answer.atMs, m_feed.clock().nowMs()));
    m_asked->setText(asked);
}

void NodeInspector::refreshDifferences(std::size_t node)
{
    const bool alone = m_other->count() == 0;
    m_other->setVisible(!alone);
    const auto mine = viewOf(node);
    const auto theirs = alone ? nullptr : viewOf(std::size_t(m_other->currentData().toULongLong()));
    std::vector<models::NodeDifference> differ;
    if (mine && theirs)
        differ = models::differences(*mine, *theirs);
    m_differ->setText(alone    ? tr("There is no other node to compare with.")
            : !mine || !theirs ? tr("One of the two has not said anything yet.")
            : differ.empty()   ? tr("Both say the same.")
                               : tr("Each node names only the shards it has opened itself."));
    m_differences->setVisible(!differ.empty());
    m_differences->setHorizontalHeaderLabels({QString(), tr("this node"), m_other->currentText()});
    m_differences->setRowCount(int(differ.size()));
    for (int row = 0; row < int(differ.size()); ++row) {
        const auto& each = differ[std::size_t(row)];
        const QString cells[] = {each.bad ? tr("⚠ %1").arg(each.what) : each.what, each.left, each.right};
        for (int columnAt = 0; columnAt < 3; ++columnAt) {
            if (!m_differences->item(row, columnAt))
                m_differences->setItem(row, columnAt, new QTableWidgetItem);
            m_differences->item(row, columnAt)->setText(cells[columnAt]);
            m_differences->item(row, columnAt)->setToolTip(models::plainTip(cells[columnAt]));
        }
    }
    constexpr int Most = 6;
    m_differences->setFixedHeight(m_differences->horizontalHeader()->sizeHint().height()
        + m_differences->verticalHeader()->defaultSectionSize() * std::min(Most, int(differ.size())) + 2);
}

void NodeInspector::refreshRaw(std::size_t node)
{
    const auto& answer = m_feed.nodes().answer(node);
    const auto view = answer.view ? answer.view : viewOf(node);
    QString text = view ? rawText(*view) : tr("It has not said anything yet.\n");
    if (answer.health) {
        text += tr(
            "\n/health (uptime_seconds is no uptime: NoriKV fills in the commit index of shard 0 ÷ 10)\n");
        text += QString::fromStdString(answer.health->text).left(16 * 1024);
    }
    // A ticking epoch must not move what is being read.
    if (text == m_rawText)
        return;
    m_rawText = text;
    if (!m_raw->hasFocus())
        m_raw->setPlainText(text);
}

} // namespace norikv::widgets
