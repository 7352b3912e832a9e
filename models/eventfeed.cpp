// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eventfeed.h"

#include "models/text.h"

#include <QPointer>
#include <QSaveFile>

#include <algorithm>

namespace norikv::models {

namespace {

using client::Bytes;
using client::Call;
using client::EventList;
using client::EventStream;
using client::EventStreamId;
using client::Result;
using client::Store;

constexpr std::size_t LookedThrough = 2000; // rows, for one that is named

std::size_t index(EventSide side) { return static_cast<std::size_t>(side); }

EventList within(const EventList& all, EventFeed::Range range)
{
    EventList wanted;
    std::ranges::copy_if(all, std::back_inserter(wanted), [&](const client::EventPtr& event) {
        return event->number >= range.first && event->number <= range.last;
    });
    return wanted;
}

} // namespace

EventFeed::EventFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
    EntryFollower::KnownKeys known, QObject* parent)
    : PatternFeed(dispatcher, connection, clock, parent)
    , m_types(std::make_shared<std::vector<EventTypeCount>>())
{
    for (auto& opened : m_opened)
        opened = std::make_unique<Opened>(dispatcher);
    auto queue = std::make_shared<EventBook::Queue>();
    m_book = std::make_shared<EventBook>(queue);
    follow<std::shared_ptr<const EventPiece>>({{"events:", "stream:", "event:"}, {}, "events"},
        std::move(known), m_book, std::move(queue),
        [this](std::shared_ptr<const EventPiece> piece) { take(std::move(piece)); });
}

EventFeed::~EventFeed() = default;

void EventFeed::take(std::shared_ptr<const EventPiece> piece)
{
    m_types = piece->types;
    m_events = piece->events;
    m_wrong = piece->wrong;
    m_model.setNow(nowMs());
    for (auto& opened : m_opened) {
        for (const auto& [old, now] : piece->streams->replaced) {
            if (opened->stream == now->stream)
                opened->row = *now;
        }
    }
    m_model.show(piece->streams);
    for (auto& opened : m_opened) {
        if (!jumping() || !opened->stream)
            continue;
        const auto* then = m_model.sheet().firstOf(
            [&](const EventStreamRow& row) { return row.stream == *opened->stream; });
        opened->row = then ? std::optional(*then) : std::nullopt;
    }
    for (auto& opened : m_opened) {
        for (int row = 0;
             opened->stream && !opened->row && row < std::min(m_model.rowCount(), int(LookedThrough));
             ++row) {
            if (m_model.record(row).stream == *opened->stream)
                opened->row = m_model.record(row);
        }
    }
    for (std::size_t side = 0; side < m_opened.size(); ++side) {
        Opened& opened = *m_opened[side];
        const EventPiece::Opened& news = piece->opened[side];
        opened.events.show(news.shown);
        if (!opened.stream || news.stream != opened.stream || !news.complete)
            continue;
        opened.all = news.all;
        opened.replay.setEvents(*opened.stream, opened.all);
    }
    if (m_wantedEvent)
        selectEvent(*m_wantedEvent);
}

void EventFeed::setFilter(const EventFilter& filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    m_filterJob = ask<EventBook>(m_book, [filter](EventBook& book) { book.setFilter(filter); });
}

void EventFeed::setOrder(EventOrder order)
{
    if (order == m_order)
        return;
    m_order = order;
    m_orderJob = ask<EventBook>(m_book, [order](EventBook& book) { book.setOrder(order); });
}

void EventFeed::select(const Bytes& subject)
{
    // A key tells its stream; of a bare prefix the number 1 makes one.
    const auto key = client::parseEventKey(subject, {});
    const auto prefix = key ? std::nullopt : client::parseEventKey(subject + "1", {});
    const auto java = key || prefix ? std::nullopt : client::parseEventKey(subject + "0000000001", {});
    const auto& named = key ? key : prefix && prefix->number ? prefix : java;
    if (named) {
        open(EventSide::Main, named->stream);
        if (key && key->number)
            selectEvent(*key->number);
        return;
    }
    m_lookJob = m_dispatcher.run(
        this,
        [book = m_book, subject](const std::stop_token&) {
            const std::scoped_lock lock(book->mutex());
            return book->streamOf(subject).value_or(EventStreamId{client::EventLayout::Document, subject});
        },
        [this](const EventStreamId& stream) { open(EventSide::Main, stream); });
}

void EventFeed::open(EventSide side, const EventStreamId& stream)
{
    Opened& opened = this->opened(side);
    if (opened.stream == stream && !opened.error)
        return;
    needLive(); // of what was not open then nothing was recorded
    opened.stream = stream;
    opened.row.reset();
    opened.all = std::make_shared<EventList>();
    opened.error.reset();
    for (int row = 0; row < std::min(m_model.rowCount(), int(LookedThrough)) && !opened.row; ++row) {
        if (m_model.record(row).stream == stream)
            opened.row = m_model.record(row);
    }
    opened.replay.setEvents(stream, opened.all);
    if (side == EventSide::Main) {
        m_wantedEvent.reset();
        m_selectedEvent.reset();
    }
    if (stream.hasMeta())
        learn({stream.metaKey()});
    load(side);
    Q_EMIT selectionChanged();
}

void EventFeed::closeBeside()
{
    Opened& opened = this->opened(EventSide::Beside);
    if (!opened.stream)
        return;
    m_loads[index(EventSide::Beside)].cancel();
    opened.stream.reset();
    opened.row.reset();
    opened.loading = false;
    opened.error.reset();
    opened.all = std::make_shared<EventList>();
    opened.replay.setEvents({}, opened.all);
    m_closeJob = ask<EventBook>(m_book, [](EventBook& book) { book.close(EventSide::Beside); });
    Q_EMIT selectionChanged();
}

/// The book keeps what comes from now on, and takes what was there before as it is read.
void EventFeed::load(EventSide side)
{
    Opened& opened = this->opened(side);
    opened.loading = true;
    opened.loaded = 0;
    opened.toLoad = opened.row ? opened.row->events : 0;
    auto guard = std::make_shared<QPointer<EventFeed>>(this);
    auto tell = [&dispatcher = m_dispatcher, guard, side, stream = *opened.stream](std::uint64_t loaded) {
        dispatcher.post([guard, side, stream, loaded] {
            if (guard->isNull() || (*guard)->opened(side).stream != stream)
                return;
            (*guard)->opened(side).loaded = loaded;
            Q_EMIT(*guard)->opening(side);
        });
    };
    m_loads[index(side)] = m_dispatcher.run(
        this,
        [&store = m_connection.store(), &clock = m_clock, book = m_book, side, stream = *opened.stream, tell,
            status = status()](const std::stop_token& stop) mutable -> Result<void> {
            {
                const std::scoped_lock lock(book->mutex());
                book->open(side, stream);
            }
            Call call;
            call.stop = stop;
            call.background = true;
            call.why = "events";
            std::uint64_t loaded = 0;
            const auto read = EventStream(store, clock, stream).read(call, 0, [&](const EventList& chunk) {
                const std::scoped_lock lock(book->mutex());
                book->take(side, stream, chunk);
                tell(loaded += chunk.size());
                return true;
            });
            if (!read)
                return read;
            status.nowMs = clock.nowMs() + status.clockOffsetMs;
            const std::scoped_lock lock(book->mutex());
            book->opened(side, stream);
            book->publish(status);
            return {};
        },
        [this, side](const Result<void>& done) {
            Opened& over = this->opened(side);
            over.loading = false;
            if (!done)
                over.error = done.error();
            Q_EMIT opening(side);
        });
    Q_EMIT opening(side);
}

void EventFeed::selectEvent(std::uint64_t number)
{
    const Opened& main = opened();
    const auto there = std::ranges::lower_bound(
        *main.all, number, {}, [](const client::EventPtr& event) { return event->number; });
    const bool found = there != main.all->end() && (*there)->number == number;
    // One that is not read yet is selected when it comes.
    m_wantedEvent = number;
    const client::EventPtr event = found ? *there : nullptr;
    if (event == m_selectedEvent)
        return;
    m_selectedEvent = event;
    Q_EMIT selectionChanged();
}

std::uint64_t EventFeed::newWhilePaused() const
{
    return paused() ? m_book->arrived()->load() - m_arrivedBefore : 0;
}

void EventFeed::showMoment(std::optional<EpochMs> atMs)
{
    const bool paused = atMs.has_value();
    const bool turned = paused != this->paused();
    if (turned && paused)
        m_arrivedBefore = m_book->arrived()->load();
    PatternFeed::showMoment(atMs);
    if (turned)
        m_pauseJob = tell<EventBook>(m_book, [paused](EventBook& book) { book.setPaused(paused); });
}

void EventFeed::write(
    const QString& name, const EventStreamId& stream, Write work, std::function<void()> repeat)
{
    auto doubt = std::make_shared<client::AppendDoubt>();
    Action<client::EventRecord> action;
    action.name = name;
    action.work = [work = std::move(work), doubt](
                      Store& store, Call& call) { return work(store, call, doubt.get()); };
    action.said = [](const client::EventRecord& event) {
        return tr("%1 is event %2 of %3; it was read back.")
            .arg(shown(event.type), grouped(event.number), shown(event.stream.aggregate));
    };
    action.repeat = std::move(repeat);
    action.check = [this, name, stream, doubt] { checkDoubt(name, stream, *doubt); };
    action.after = [this, stream](const Result<client::EventRecord>& event) {
        if (event)
            learn({event->key(), stream.metaKey()});
    };
    act(std::move(action));
}

void EventFeed::append(const EventStreamId& stream, const QString& type, const QByteArray& data)
{
    write(
        tr("Append %1 to %2").arg(type, shown(stream.aggregate)), stream,
        [&clock = m_clock, stream, type = type.toStdString(), json = data.toStdString()](
            Store& store, Call& call, client::AppendDoubt* doubt) {
            return EventStream(store, clock, stream).append(call, type, json, {}, doubt);
        },
        [this, stream, type, data] { append(stream, type, data); });
}

void EventFeed::openAccount(const Bytes& account)
{
    write(
        tr("Open account %1").arg(shown(account)), {client::EventLayout::Document, account},
        [&clock = m_clock, account](Store& store, Call& call, client::AppendDoubt* doubt) {
            return client::BankAccount(store, clock, account).open(call, doubt);
        },
        [this, account] { openAccount(account); });
}

void EventFeed::deposit(const Bytes& account, double amount)
{
    write(
        tr("Deposit %1 into %2").arg(QString::number(amount), shown(account)),
        {client::EventLayout::Document, account},
        [&clock = m_clock, account, amount](Store& store, Call& call, client::AppendDoubt* doubt) {
            return client::BankAccount(store, clock, account).deposit(call, amount, doubt);
        },
        [this, account, amount] { deposit(account, amount); });
}

void EventFeed::withdraw(const Bytes& account, double amount)
{
    write(
        tr("Withdraw %1 from %2").arg(QString::number(amount), shown(account)),
        {client::EventLayout::Document, account},
        [&clock = m_clock, account, amount](Store& store, Call& call, client::AppendDoubt* doubt) {
            return client::BankAccount(store, clock, account).withdraw(call, amount, doubt);
        },
        [this, account, amount] { withdraw(account, amount); });
}

void EventFeed::checkDoubt(
    const QString& action, const EventStreamId& stream, const client::AppendDoubt& doubt)
{
    keep(m_dispatcher.run(
        this,
        [&store = m_connection.store(), &clock = m_clock, stream, doubt](const std::stop_token& stop) {
            Call call;
            call.stop = stop;
            call.why = "events";
            return EventStream(store, clock, stream).check(call, doubt);
        },
        [this, action](const Result<std::string>& verdict) {
            if (!verdict)
                failed(tr("Check: %1").arg(action), verdict.error());
            else
                succeeded(action, QString::fromStdString(*verdict));
        }));
}

void EventFeed::race(client::demo::AppendRacePlan plan)
{
    if (racing())
        return;
    if (plan.aggregate.empty())
        plan.aggregate = "race-" + std::to_string(nowMs());
    m_race = m_dispatcher.run(
        this,
        [&store = m_connection.store(), &clock = m_clock, plan](
            const std::stop_token& stop) { return client::demo::raceToAppend(store, clock, plan, stop); },
        [this, plan](const Result<client::demo::AppendRaceResult>& result) {
            if (!result) {
                failed(tr("Race of appenders"), result.error());
                return;
            }
            const EventStreamId stream{client::EventLayout::Document, plan.aggregate};
            learn({stream.metaKey()});
            for (const auto& finding : result->findings)
                Q_EMIT found(finding);
            open(EventSide::Main, stream);
            Q_EMIT raced(*result);
        });
}

void EventFeed::exportText(EventSide side, EventFormat format, Range range)
{
    m_export = m_dispatcher.run(
        this,
        [all = opened(side).all, format, range](
            const std::stop_token&) { return exportEvents(within(*all, range), format); },
        [this, format](const std::string& text) { Q_EMIT exported(format, toQt(text)); });
}

void EventFeed::exportFile(EventSide side, EventFormat format, Range range, const QString& file)
{
    m_export = m_dispatcher.run(
        this,
        [all = opened(side).all, format, range, file](const std::stop_token&) {
            const std::string text = exportEvents(within(*all, range), format);
            const auto size = static_cast<qint64>(text.size());
            QSaveFile out(file);
            const bool written
                = out.open(QIODevice::WriteOnly) && out.write(text.data(), size) == size && out.commit();
            return written ? QString() : out.errorString();
        },
        [this, file](const QString& problem) { Q_EMIT fileWritten(file, problem); });
}

} // namespace norikv::models
