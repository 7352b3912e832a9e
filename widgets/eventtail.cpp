// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/eventtail.h"

#include "models/errortext.h"
#include "models/text.h"
#include "widgets/delegates/eventtypedelegate.h"
#include "widgets/delegates/monodelegate.h"
#include "widgets/delegates/numberdelegate.h"
#include "widgets/delegates/outcomedelegate.h"
#include "widgets/plaintext.h"
#include "widgets/tables.h"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

#include <utility>

namespace norikv::widgets {

using models::EventModel;

namespace {
constexpr int TickMs = 500;
constexpr int RoomForTimes = 440; // px
} // namespace

EventTail::EventTail(models::EventFeed& feed, const Theme& theme, QWidget* parent)
    : Card(tr("Events"), parent)
    , m_feed(feed)
    , m_replay(feed.opened().replay)
{
    setObjectName(QStringLiteral("eventTail"));
    m_pill = new QPushButton;
    m_pill->setObjectName(QStringLiteral("newEvents"));
    setStyleRole(m_pill, "primary");
    m_pill->hide();
    addTrailing(m_pill);
    contentLayout()->setContentsMargins(0, 0, 0, 0);
    makeTable(theme);
    contentLayout()->addWidget(m_table, 1);
    m_none = makeLabel(QString(), "muted");
    m_none->setObjectName(QStringLiteral("eventsState"));
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setWordWrap(true);
    contentLayout()->addWidget(m_none, 1);

    connect(m_pill, &QPushButton::clicked, this, [this] {
        if (m_feed.paused())
            Q_EMIT resumeRequested();
        m_table->scrollToBottom();
        m_replay.toEnd();
    });
    connect(&m_replay, &models::EventReplay::moved, this, [this] {
        if (isVisible())
            followPosition();
    });
    connect(&feed, &models::EventFeed::opening, this, [this] {
        if (isVisible())
            refresh();
    });
    m_tick.setInterval(TickMs);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        if (isVisible() && m_feed.paused())
            refreshPill();
    });
    m_tick.start();
}

void EventTail::makeTable(const Theme& theme)
{
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("eventsTable"));
    m_table->setModel(&m_feed.opened().events);
    styleTable(*m_table);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setAccessibleName(tr("Events of the aggregate, the oldest first"));
    m_table->setAutoScroll(false); // followPosition() decides what comes into sight
    m_types = new EventTypeDelegate(theme, m_table);
    auto* numbers = new NumberDelegate(m_table);
    m_table->setItemDelegateForColumn(EventModel::Number, numbers);
    m_table->setItemDelegateForColumn(EventModel::Type, m_types);
    m_table->setItemDelegateForColumn(EventModel::Time, numbers);
    m_table->setItemDelegateForColumn(EventModel::Data, new MonoDelegate(m_table));
    m_table->setItemDelegateForColumn(
        EventModel::State, new OutcomeDelegate(theme, models::ToneRole, -1, m_table));
    auto* header = m_table->horizontalHeader();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(EventModel::Data, QHeaderView::Stretch);
    header->setMinimumSectionSize(36);
    header->resizeSection(EventModel::Number, 48);
    header->resizeSection(EventModel::Type, 132);
    header->resizeSection(EventModel::Time, 136);
    header->resizeSection(EventModel::State, 40); // its icon; the tip and the inspector say more

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& row) {
            if (m_syncing || !row.isValid())
                return;
            m_replay.setPosition(m_replay.positionOf(m_feed.opened().events.record(row.row()).number()));
            m_table->scrollTo(row);
        });
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex& row) {
        Q_EMIT keyActivated(models::toQt(m_feed.opened().events.record(row.row()).key));
    });
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, &EventTail::refreshPill);
}

bool EventTail::atEnd() const
{
    const auto* bar = m_table->verticalScrollBar();
    return bar->value() >= bar->maximum();
}

void EventTail::refresh()
{
    const auto& opened = m_feed.opened();
    m_types->setTypes(m_feed.types());
    setTitle(
        opened.stream ? tr("Events of %1").arg(models::shown(opened.stream->aggregate, 60)) : tr("Events"));
    const bool none = opened.events.rowCount() == 0;
    m_table->setVisible(!none);
    m_none->setVisible(none);
    if (none && opened.error)
        m_none->setText(models::errorText(*opened.error, tr("read this aggregate")).line());
    else if (none && opened.loading)
        m_none->setText(
            tr("Reading %1 of %2 …").arg(models::grouped(opened.loaded), models::grouped(opened.toLoad)));
    else if (none)
        m_none->setText(opened.stream ? tr("No event of this aggregate passes the filter.")
                                      : tr("Choose an aggregate above."));
    followPosition();
    if (!none && !opened.loading && opened.stream != m_stream) {
        m_stream = opened.stream; // just opened: nothing of it is news
        m_seen = opened.events.rowCount();
        if (m_replay.following())
            m_table->scrollToBottom();
    }
    refreshPill();
}

void EventTail::resizeEvent(QResizeEvent* event)
{
    Card::resizeEvent(event);
    m_table->setColumnHidden(EventModel::Time, width() < RoomForTimes); // the lanes and the inspector say it
}

void EventTail::refreshPill()
{
    const int rows = m_feed.opened().events.rowCount();
    if (atEnd() || m_seen > rows)
        m_seen = rows;
    if (m_feed.opened().stream != m_stream)
        m_seen = rows; // still being read
    const auto missed = m_feed.paused() ? m_feed.newWhilePaused() : static_cast<std::uint64_t>(rows - m_seen);
    m_pill->setVisible(missed > 0);
    m_pill->setText(tr("+%1 new").arg(models::grouped(missed)));
    m_pill->setToolTip(m_feed.paused() ? tr("They came while this was paused. Resumes and shows them")
                                       : tr("Goes to the newest event"));
}

void EventTail::followPosition()
{
    const auto& events = m_feed.opened().events;
    const auto event = m_replay.eventAt(m_replay.position());
    int row = event ? events.rowOf(event->number) : -1;
    if (row < 0 || row >= events.rowCount() || events.record(row).number() != event->number)
        row = -1; // before the first, or the filter leaves it out
    if (m_table->currentIndex().row() == row)
        return;
    const bool seen = atEnd() || !m_replay.following();
    const bool nested = std::exchange(m_syncing, true);
    m_table->setCurrentIndex(row < 0 ? QModelIndex() : events.index(row, 0));
    if (row >= 0 && seen)
        m_table->scrollTo(m_table->currentIndex());
    m_syncing = nested;
}

} // namespace norikv::widgets
