// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shardinspector.h"

#include "models/electionmodel.h"
#include "models/text.h"
#include "widgets/elidedlabel.h"
#include "widgets/keyvaluelist.h"
#include "widgets/plaintext.h"
#include "widgets/sectionheader.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace norikv::widgets {

using models::ShardCell;

namespace {
constexpr std::size_t MostElections = 8;
constexpr int KeyRole = Qt::UserRole;
} // namespace

ShardInspector::ShardInspector(models::ShardFeed& feed, const Theme&, QWidget* parent)
    : QWidget(parent)
    , m_feed(feed)
    , m_name(new ElidedLabel)
    , m_trouble(makeLabel(QString()))
    , m_facts(new KeyValueList)
    , m_before(new KeyValueList)
    , m_noElections(makeLabel(tr("No change was seen."), "caption"))
    , m_keysSaid(makeLabel(QString(), "caption"))
    , m_count(new QPushButton)
    , m_keys(new QListWidget)
    , m_word(new QLineEdit)
    , m_snapshot(new QPushButton(tr("Take a snapshot")))
    , m_transfer(new QPushButton(tr("Transfer …")))
    , m_transferWhy(makeLabel(QString(), "caption"))
{
    setObjectName(QStringLiteral("shardInspector"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    setStyleRole(m_name, "cardTitle");
    column->addWidget(m_name);
    m_trouble->setObjectName(QStringLiteral("shardTrouble"));
    m_trouble->setWordWrap(true);
    column->addWidget(m_trouble);
    column->addWidget(m_facts);

    column->addWidget(new SectionHeader(tr("Who led it")));
    column->addWidget(m_noElections);
    column->addWidget(m_before);

    column->addWidget(new SectionHeader(tr("Its keys")));
    m_keysSaid->setWordWrap(true);
    column->addWidget(m_keysSaid);
    m_count->setObjectName(QStringLiteral("countKeys"));
    column->addWidget(m_count, 0, Qt::AlignLeft);
    m_keys->setObjectName(QStringLiteral("shardKeys"));
    m_keys->setFrameShape(QFrame::NoFrame);
    m_keys->setFont(Theme::monoFont());
    m_keys->setUniformItemSizes(true);
    m_keys->setMinimumHeight(96);
    m_keys->setAccessibleName(tr("Known keys of this shard"));
    column->addWidget(m_keys, 1);

    column->addWidget(new SectionHeader(tr("For operators")));
    auto* about = makeLabel(tr("A snapshot stays in the leader's memory and is no backup. It cuts the "
                               "shard's Raft log: a write under "
                               "way can be acknowledged and lost."),
        "caption");
    about->setWordWrap(true);
    column->addWidget(about);
    m_word->setObjectName(QStringLiteral("snapshotWord"));
    m_word->setAccessibleName(tr("Type the words to confirm the snapshot"));
    column->addWidget(m_word);
    m_snapshot->setObjectName(QStringLiteral("snapshotShard"));
    setStyleRole(m_snapshot, "danger");
    column->addWidget(m_snapshot, 0, Qt::AlignLeft);
    m_transfer->setObjectName(QStringLiteral("transferShard"));
    column->addWidget(m_transfer, 0, Qt::AlignLeft);
    m_transferWhy->setObjectName(QStringLiteral("transferWhy"));
    m_transferWhy->setWordWrap(true);
    column->addWidget(m_transferWhy);
    column->addStretch();

    connect(m_count, &QPushButton::clicked, &feed, &models::ShardFeed::countKeys);
    connect(m_keys, &QListWidget::itemActivated, this,
        [this](const QListWidgetItem* item) { Q_EMIT keyActivated(item->data(KeyRole).toByteArray()); });
    connect(m_word, &QLineEdit::textChanged, this, [this] {
        if (m_feed.shard())
            refreshActions(*m_feed.shard());
    });
    connect(m_snapshot, &QPushButton::clicked, this, [this] {
        if (!m_feed.shard())
            return;
        m_word->clear();
        m_feed.snapshotShard(*m_feed.shard());
    });
    connect(m_transfer, &QPushButton::clicked, this, [this] {
        if (m_feed.shard())
            m_feed.transferShard(*m_feed.shard());
    });
    const auto look = [this] {
        if (isVisible())
            refresh();
    };
    connect(&feed, &models::ShardFeed::changed, this, look);
    connect(&feed, &models::ShardFeed::selected, this, look);
    refresh();
}

void ShardInspector::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    refresh();
}

void ShardInspector::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

QString ShardInspector::word(std::uint32_t shard) const { return tr("snapshot %1").arg(shard); }

void ShardInspector::refresh()
{
    const auto shard = m_feed.shard();
    const auto& map = m_feed.map();
    if (!shard || *shard >= map.cells.size())
        return;
    if (m_shown != shard) {
        m_shown = shard;
        m_listedAtMs = 0;
        m_word->clear();
        m_word->setPlaceholderText(tr("type: %1").arg(word(*shard)));
    }
    if (isVisible() && !m_readOnly)
        m_feed.askTransfer();
    const ShardCell& cell = map.cells[*shard];
    m_name->setText(tr("Shard %1").arg(*shard));
    const auto name = [&](int node) {
        return node < 0 ? tr("nobody") : models::shown(map.nodes[std::size_t(node)].name, 64);
    };
    QString trouble;
    if (cell.state == ShardCell::State::Twice)
        trouble = tr("%1 and %2 both claim to lead it. For a moment that is a hand-over; if it stays, it is "
                     "a finding.")
                      .arg(name(cell.leader), name(cell.other));
    else if (cell.state == ShardCell::State::Unclaimed)
        trouble = tr("It is open, and no node leads it: calls to its keys wait and then fail.");
    m_trouble->setText(trouble);
    m_trouble->setVisible(!trouble.isEmpty());
    std::vector<KeyValueRow> rows;
    rows.push_back(
        {tr("Leader"), cell.state == ShardCell::State::Cold ? tr("not opened yet") : name(cell.leader)});
    const EpochMs now = m_feed.clock().nowMs();
    rows.push_back({tr("As it is since"),
        cell.sinceMs == 0 ? tr("before we looked") : models::momentText(cell.sinceMs, now)});
    const auto& load = m_feed.cluster().shardLoad();
    if (*shard < load.size())
        rows.push_back({tr("Our calls"), tr("%1 a second").arg(double(load[*shard]), 0, 'f', 1)});
    m_facts->setRows(rows);
    std::vector<KeyValueRow> before;
    for (const auto& election : m_feed.electionsOfShard()) {
        if (before.size() == MostElections)
            break;
        const auto node
            = [](const std::string& id) { return id.empty() ? tr("nobody") : models::shown(id, 32); };
        before.push_back({models::momentText(election.atMs, now),
            QStringLiteral("%1 → %2").arg(node(election.before), node(election.after))});
    }
    m_noElections->setVisible(before.empty());
    m_before->setVisible(!before.empty());
    m_before->setRows(before);
    refreshKeys(*shard);
    refreshActions(*shard);
}

void ShardInspector::refreshKeys(std::uint32_t shard)
{
    const auto* keys = m_feed.keys();
    m_count->setText(keys ? tr("Count again") : tr("Find its keys"));
    m_count->setEnabled(!m_feed.counting());
    if (m_feed.counting()) {
        m_keysSaid->setText(tr("Counting the keys …"));
    } else if (!keys) {
        m_keysSaid->setText(
            tr("A key's shard follows from its name. Finding them lists all keys once, or takes the "
               "known ones where the server cannot list."));
    } else {
        const auto many = keys->perShard[shard];
        QString text = keys->coverage == client::Coverage::Complete
            ? tr("%n key(s)", nullptr, int(many))
            : tr("%n known key(s); there may be more", nullptr, int(many));
        if (many > models::KeyCounts::MostShown)
            text += tr(", the first %1 below").arg(models::KeyCounts::MostShown);
        m_keysSaid->setText(text);
    }
    m_keys->setVisible(keys && !keys->first[shard].empty());
    if (!keys || m_listedAtMs == keys->atMs)
        return;
    m_listedAtMs = keys->atMs;
    m_keys->clear();
    for (const auto& key : keys->first[shard]) {
        auto* item = new QListWidgetItem(models::shown(key), m_keys);
        item->setData(KeyRole, models::toQt(key));
    }
}

void ShardInspector::refreshActions(std::uint32_t shard)
{
    m_word->setEnabled(!m_readOnly);
    m_snapshot->setEnabled(!m_readOnly && m_word->text() == word(shard));
    m_snapshot->setToolTip(
        m_readOnly ? tr("This connection is read-only: change the mode in the top bar to write") : QString());
    m_transfer->setEnabled(!m_readOnly && m_feed.canTransfer());
    m_transferWhy->setText(m_readOnly ? tr("This connection is read-only.")
            : m_feed.canTransfer()    ? tr("The leader chooses who takes over.")
            : m_feed.transferRefusal().isEmpty()
            ? tr("Whether this server can move a leader is being asked …")
            : tr("The server says: %1").arg(clippedLine(m_feed.transferRefusal())));
}

} // namespace norikv::widgets
