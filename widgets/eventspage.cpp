// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/eventspage.h"

#include "models/text.h"
#include "widgets/appendracebox.h"
#include "widgets/card.h"
#include "widgets/emptystate.h"
#include "widgets/eventlanes.h"
#include "widgets/eventtail.h"
#include "widgets/eventtypechips.h"
#include "widgets/flowlayout.h"
#include "widgets/plaintext.h"
#include "widgets/replaypane.h"
#include "widgets/sectionheader.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace norikv::widgets {

using models::EventOrder;
using models::EventReplay;

namespace {

constexpr std::size_t MostMarks = 60'000; // of all lanes: what is sorted at every piece of news
constexpr std::size_t LeastMarks = 64; // of each lane
constexpr EpochMs Far = 8'640'000'000'000'000; // what a date can say

} // namespace

EventsPage::EventsPage(
    models::EventFeed& feed, const Theme& theme, const QString& scriptHost, QWidget* parent)
    : PatternPage(feed, theme,
        {QStringLiteral("eventsPage"), tr("Events"), QStringLiteral("events"), tr("Looking for events …"),
            tr("The events could not be read"), tr("read the events")},
        parent)
    , m_feed(feed)
    , m_replay(feed.opened().replay)
{
    auto* race = new QPushButton(tr("Race…"));
    race->setObjectName(QStringLiteral("raceAppenders"));
    auto* create = new QPushButton(tr("New aggregate…"));
    create->setObjectName(QStringLiteral("newAggregate"));
    for (auto* button : {race, create}) {
        writes(button);
        header().addTrailing(button);
    }
    m_form = makeForm();
    m_form->hide();
    top().addWidget(m_form);
    m_race = new AppendRaceBox;
    m_race->hide();
    top().addWidget(m_race);
    connect(race, &QPushButton::clicked, this, [this] { m_race->setVisible(!m_race->isVisible()); });
    connect(create, &QPushButton::clicked, this, [this] {
        m_form->setVisible(!m_form->isVisible());
        if (m_form->isVisible())
            m_newAggregate->setFocus();
    });

    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 12);
    column->setSpacing(8);
    m_types = new EventTypeChips(theme);
    column->addWidget(makeFilters());
    column->addWidget(m_types);
    auto* split = new QSplitter(Qt::Vertical);
    setStyleRole(split, "gap");
    split->setHandleWidth(10);
    split->setChildrenCollapsible(false);
    m_lanesCard = makeLanes();
    split->addWidget(m_lanesCard);
    auto* lower = new QSplitter(Qt::Horizontal);
    setStyleRole(lower, "gap");
    lower->setHandleWidth(10);
    lower->setChildrenCollapsible(false);
    m_tail = new EventTail(feed, theme);
    lower->addWidget(m_tail);
    m_pane = new ReplayPane(feed, theme, scriptHost);
    lower->addWidget(m_pane);
    lower->setSizes({400, 500}); // parts, of whatever room there is
    split->addWidget(lower);
    split->setStretchFactor(0, 2);
    split->setStretchFactor(1, 3);
    column->addWidget(split, 1);
    setContent(content);

    connect(m_types, &EventTypeChips::changed, this, &EventsPage::filter);
    connect(&m_replay, &EventReplay::moved, this, &EventsPage::followPosition);
    connect(&feed, &models::EventFeed::selectionChanged, this, &EventsPage::followSelection);
    connect(m_tail, &EventTail::keyActivated, this, &Page::keyActivated);
    connect(m_tail, &EventTail::resumeRequested, this, &Page::resumeRequested);
    connect(m_race, &AppendRaceBox::raceRequested, &feed, &models::EventFeed::race);
    connect(&feed, &models::EventFeed::raced, m_race, &AppendRaceBox::show);
    connect(&feed, &models::EventFeed::acted, m_race, [this](const models::Outcome& outcome) {
        if (!outcome.ok && !m_feed.racing())
            m_race->failed();
    });
    refreshAll();
}

QWidget* EventsPage::makeForm()
{
    auto* box = new QFrame;
    setStyleRole(box, "card");
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(12, 8, 12, 8);
    m_newAggregate = new QLineEdit;
    m_newAggregate->setObjectName(QStringLiteral("newAggregateId"));
    m_newAggregate->setPlaceholderText(tr("Aggregate, e.g. account-42"));
    m_newAggregate->setAccessibleName(tr("Aggregate"));
    auto* type = new QLineEdit(QString::fromLatin1(client::bank::Opened.data(), client::bank::Opened.size()));
    type->setObjectName(QStringLiteral("firstEventType"));
    type->setAccessibleName(tr("Type of its first event"));
    auto* apply = new QPushButton(tr("Append its first event"));
    apply->setObjectName(QStringLiteral("createAggregate"));
    setStyleRole(apply, "primary");
    apply->setEnabled(false);
    row->addWidget(m_newAggregate, 1);
    row->addWidget(type, 1);
    row->addWidget(apply);
    const auto create = [this, type] {
        const auto name = client::fromPrintable(m_newAggregate->text().toStdString());
        const QString kind = type->text().trimmed();
        if (!name || name->empty() || kind.isEmpty())
            return;
        if (kind.toStdString() == client::bank::Opened)
            m_feed.openAccount(*name);
        else
            m_feed.append({client::EventLayout::Document, *name}, kind, QByteArrayLiteral("{}"));
        m_feed.select(*name);
        m_form->hide();
    };
    const auto ready = [this, type, apply] {
        apply->setEnabled(!m_newAggregate->text().isEmpty() && !type->text().trimmed().isEmpty());
    };
    for (auto* field : {m_newAggregate, type}) {
        connect(field, &QLineEdit::textChanged, this, ready);
        connect(field, &QLineEdit::returnPressed, this, create);
    }
    connect(apply, &QPushButton::clicked, this, create);
    return box;
}

QWidget* EventsPage::makeFilters()
{
    auto* box = new QWidget;
    auto* row = new FlowLayout(8, 8);
    box->setLayout(row);
    m_text = new QLineEdit;
    m_text->setObjectName(QStringLiteral("eventFilter"));
    m_text->setPlaceholderText(tr("Filter by aggregate"));
    m_text->setAccessibleName(tr("Filter aggregates"));
    m_text->setClearButtonEnabled(true);
    m_text->setFixedWidth(220);
    m_wrong = new QPushButton(tr("Something wrong"));
    m_wrong->setObjectName(QStringLiteral("onlyWrongStreams"));
    m_wrong->setCheckable(true);
    m_order = new QComboBox;
    m_order->setObjectName(QStringLiteral("eventOrder"));
    m_order->setAccessibleName(tr("Order"));
    m_order->addItem(tr("Worst first"), int(EventOrder::WorstFirst));
    m_order->addItem(tr("Newest first"), int(EventOrder::Newest));
    m_order->addItem(tr("Most events first"), int(EventOrder::MostEvents));
    m_order->addItem(tr("By aggregate"), int(EventOrder::Aggregate));
    m_order->setCurrentIndex(std::max(0, m_order->findData(int(m_feed.order()))));
    for (QWidget* widget : std::initializer_list<QWidget*>{m_text, m_wrong, m_order})
        row->addWidget(widget);
    connect(m_text, &QLineEdit::textChanged, this, &EventsPage::filter);
    connect(m_wrong, &QPushButton::toggled, this, &EventsPage::filter);
    connect(m_order, &QComboBox::currentIndexChanged, this,
        [this] { m_feed.setOrder(EventOrder(m_order->currentData().toInt())); });
    return box;
}

Card* EventsPage::makeLanes()
{
    auto* card = new Card(tr("Timeline"));
    m_rangeText = makeLabel(QString(), "muted");
    m_rangeText->setObjectName(QStringLiteral("rangeText"));
    m_zoom = new QPushButton(tr("Zoom in"));
    m_zoom->setObjectName(QStringLiteral("zoomRange"));
    m_zoom->setEnabled(false); // until a range is marked
    m_release = new QPushButton(tr("All"));
    m_release->setObjectName(QStringLiteral("releaseRange"));
    m_release->setToolTip(tr("Lets go of the range and shows all the time there is (Esc, 0)"));
    for (auto* button : {m_zoom, m_release})
        setStyleRole(button, "quiet");
    for (QWidget* widget : std::initializer_list<QWidget*>{m_rangeText, m_zoom, m_release})
        card->addTrailing(widget);
    m_lanes = new EventLanes(m_theme);
    card->contentLayout()->setContentsMargins(8, 0, 8, 8);
    card->contentLayout()->addWidget(m_lanes, 1);
    connect(m_lanes, &EventLanes::eventChosen, this, &EventsPage::choose);
    connect(m_lanes, &EventLanes::rangeChanged, this, &EventsPage::rangeMoved);
    connect(m_zoom, &QPushButton::clicked, m_lanes, &EventLanes::zoomToRange);
    connect(m_release, &QPushButton::clicked, this, [this] {
        m_lanes->clearRange();
        m_lanes->zoomOut();
    });
    return card;
}

void EventsPage::filter()
{
    m_feed.setFilter({m_text->text().toLower().toStdString(), m_types->chosen(), m_wrong->isChecked()});
}

void EventsPage::focusFilter() { m_text->setFocus(Qt::ShortcutFocusReason); }

void EventsPage::sayNothing(EmptyState& empty)
{
    const bool complete = m_feed.coverage() == client::Coverage::Complete;
    empty.setContent(QStringLiteral("events"), tr("No event yet"),
        complete
            ? tr("No key of this store is an event: events:<aggregate>:<version> or stream:<id>:event:<n>.")
            : tr("This server cannot list its keys. Open the key of an event, or append one."));
    auto* create = empty.addAction(tr("New aggregate…"));
    create->setEnabled(!readOnly());
    connect(create, &QPushButton::clicked, this, [this] {
        m_form->show();
        m_newAggregate->setFocus();
    });
}

QString EventsPage::countText() const
{
    const auto shown = static_cast<std::size_t>(m_feed.model().rowCount());
    const auto all = m_feed.model().all();
    QString text = shown == all ? tr("%n aggregate(s)", nullptr, int(all))
                                : tr("%1 of %2 aggregates").arg(models::grouped(shown), models::grouped(all));
    text += tr(" · %1 events").arg(models::grouped(m_feed.events()));
    if (m_feed.wrong() > 0)
        text += tr(" · %n with something wrong", nullptr, int(m_feed.wrong()));
    return text;
}

void EventsPage::refreshContent()
{
    if (!m_pane)
        return; // still being made
    m_types->setTypes(m_feed.types());
    refreshLanes();
    if (!m_feed.opened().stream && m_feed.model().rowCount() > 0)
        m_feed.open(models::EventSide::Main, m_feed.model().record(0).stream);
    if (const auto event = m_replay.eventAt(m_replay.position()); event && !m_feed.selectedEvent())
        m_feed.selectEvent(event->number);
    followPosition();
    m_tail->refresh();
}

void EventsPage::refreshLanes()
{
    const int count = std::min(m_feed.model().rowCount(), MostLanes);
    const auto room = std::max(LeastMarks, MostMarks / static_cast<std::size_t>(std::max(1, count)));
    std::vector<EventLane> lanes;
    std::map<client::Bytes, Drawn> drawn;
    for (int i = 0; i < count; ++i) {
        const auto& row = m_feed.model().record(i);
        auto& mine = drawn[row.key];
        if (const auto before = m_drawn.find(row.key); before != m_drawn.end())
            mine = before->second;
        if (!mine.marks || mine.points != row.points) {
            auto marks = std::make_shared<std::vector<EventMark>>();
            const std::size_t size = row.points ? row.points->size() : 0;
            for (std::size_t at = size - std::min(size, room); at < size; ++at) {
                const auto& point = (*row.points)[at];
                if (point.timeMs > 0)
                    marks->push_back({std::min(point.timeMs, Far), static_cast<std::int64_t>(point.number),
                        static_cast<int>(point.type)});
            }
            std::ranges::stable_sort(*marks, {}, &EventMark::atMs);
            mine = {row.points, std::move(marks)};
        }
        QString remark = tr("%n event(s)", nullptr, static_cast<int>(row.events));
        if (!row.wrong.empty())
            remark += QStringLiteral(" · ") + QString::fromStdString(row.wrong);
        lanes.push_back(
            {row.key, models::shown(row.stream.aggregate, 64), remark, !row.wrong.empty(), mine.marks});
    }
    m_drawn = std::move(drawn);
    QStringList types;
    for (const auto& type : m_feed.types())
        types << (type.name.empty() ? tr("no type") : models::shown(type.name, 64));
    m_lanes->setLanes(std::move(lanes), std::move(types));
    const int all = m_feed.model().rowCount();
    m_lanesCard->setSubtitle(all > count ? tr("the first %1 of %2 aggregates; filter to see others")
                                               .arg(count)
                                               .arg(models::grouped(qulonglong(all)))
                                         : tr("wheel zooms, dragging marks a range"));
}

void EventsPage::rangeMoved()
{
    const auto& range = m_lanes->range();
    m_rangeText->clear();
    m_zoom->setEnabled(range.has_value());
    quint64 first = 0;
    quint64 last = 0;
    if (range) {
        std::size_t all = 0;
        for (const auto& [key, drawn] : m_drawn) {
            const bool opened = m_feed.opened().stream && key == m_feed.opened().stream->prefix();
            const auto from = std::ranges::lower_bound(*drawn.marks, range->fromMs, {}, &EventMark::atMs);
            const auto to = std::ranges::upper_bound(*drawn.marks, range->toMs, {}, &EventMark::atMs);
            all += static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, to - from));
            for (auto mark = from; opened && mark < to; ++mark) {
                const auto number = static_cast<quint64>(mark->version);
                first = first == 0 ? number : std::min(first, number);
                last = std::max(last, number);
            }
        }
        m_rangeText->setText(tr("%n event(s) in the range", nullptr, static_cast<int>(all)));
    }
    Q_EMIT rangeChosen(first, last);
}

void EventsPage::followPosition()
{
    if (!isVisible() || m_syncing)
        return;
    const auto& stream = m_feed.opened().stream;
    const auto event = m_replay.eventAt(m_replay.position());
    m_lanes->setCurrent(
        stream ? stream->prefix() : client::Bytes(), event ? static_cast<std::int64_t>(event->number) : 0);
    const bool nested = std::exchange(m_syncing, true);
    // Of a stream just opened the one that was asked for is still to come.
    if (event && m_feed.selectedEvent() && m_feed.selectedEvent() != event)
        m_feed.selectEvent(event->number);
    m_syncing = nested;
}

void EventsPage::followSelection()
{
    const auto& event = m_feed.selectedEvent();
    if (!m_syncing && event && m_replay.eventAt(m_replay.position()) != event)
        m_replay.setPosition(m_replay.positionOf(event->number));
    if (isVisible())
        followPosition();
}

void EventsPage::choose(const QByteArray& key, qint64 number)
{
    const auto prefix = models::fromQt(key);
    const auto& opened = m_feed.opened();
    if (opened.stream && opened.stream->prefix() == prefix) {
        if (number > 0)
            m_replay.setPosition(m_replay.positionOf(static_cast<std::uint64_t>(number)));
        return;
    }
    for (int i = 0; i < std::min(m_feed.model().rowCount(), MostLanes); ++i) {
        const auto& row = m_feed.model().record(i);
        if (row.key == prefix)
            m_feed.select(number > 0 ? row.stream.eventKey(static_cast<std::uint64_t>(number)) : prefix);
    }
}

QByteArray EventsPage::currentKey() const
{
    const auto& event = m_feed.selectedEvent();
    return event ? models::toQt(event->key()) : QByteArray();
}

QVariantMap EventsPage::place() const
{
    QVariantMap out{{QStringLiteral("reducers"), m_pane->choices()}};
    if (const auto& stream = m_feed.opened().stream)
        out.insert(QStringLiteral("stream"), models::shown(stream->prefix(), 2048));
    return out;
}

void EventsPage::setPlace(const QVariantMap& place)
{
    m_pane->setChoices(place.value(QStringLiteral("reducers")).toMap());
    const auto prefix = client::fromPrintable(place.value(QStringLiteral("stream")).toString().toStdString());
    if (prefix && !prefix->empty())
        m_feed.select(*prefix);
}

QVariantMap EventsPage::figures() const
{
    return {{QStringLiteral("aggregates"), m_feed.model().rowCount()},
        {QStringLiteral("events"), qulonglong(m_feed.events())},
        {QStringLiteral("wrong"), qulonglong(m_feed.wrong())},
        {QStringLiteral("position"), qulonglong(m_replay.position())}};
}

} // namespace norikv::widgets
