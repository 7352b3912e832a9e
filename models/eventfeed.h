// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/eventbook.h"
#include "models/eventexport.h"
#include "models/eventmodel.h"
#include "models/eventreplay.h"
#include "models/patternfeed.h"

#include "client/demo/appendrace.h"
#include "client/patterns/bankaccount.h"

#include <QByteArray>

namespace norikv::models {

/// What the events page shows, and what can be done to event streams, by the write protocol of EventStream.
class EventFeed final : public PatternFeed {
    Q_OBJECT
public:
    EventFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock,
        EntryFollower::KnownKeys known, QObject* parent = nullptr);
    ~EventFeed() override;
    /// E for events and a digit: no other pattern's rules begin so.
    bool judges(const std::string& rule) const override { return rule.starts_with('E'); }

    EventStreamModel& model() { return m_model; }
    const std::vector<EventTypeCount>& types() const { return *m_types; } ///< an EventPoint names its index
    std::uint64_t events() const { return m_events; } ///< of all streams
    std::uint64_t wrong() const { return m_wrong; } ///< streams that break a rule

    const EventFilter& filter() const { return m_filter; }
    void setFilter(const EventFilter& filter);
    EventOrder order() const { return m_order; }
    void setOrder(EventOrder order);

    /// Opens a stream: an aggregate's id (its first stream in the order of EventLayout), a stream's prefix,
    /// or the key of a meta or event, which is then the selected one.
    void select(const client::Bytes& subject);
    void open(EventSide side, const client::EventStreamId& stream);
    void closeBeside();

    /// One opened stream.
    struct Opened {
        explicit Opened(Dispatcher& dispatcher)
            : replay(dispatcher)
        {
        }
        std::optional<client::EventStreamId> stream;
        std::optional<EventStreamRow> row; ///< as last read; stays while it is filtered out
        EventModel events; ///< those that the type filter lets through
        std::shared_ptr<const client::EventList> all = std::make_shared<client::EventList>();
        bool loading = false;
        std::uint64_t loaded = 0, toLoad = 0; ///< events, while loading
        std::optional<client::Error> error; ///< why it could not be opened
        EventReplay replay;
    };
    Opened& opened(EventSide side = EventSide::Main) { return *m_opened[static_cast<std::size_t>(side)]; }
    /// The event to inspect, of the main stream; null = none.
    const client::EventPtr& selectedEvent() const { return m_selectedEvent; }
    void selectEvent(std::uint64_t number);

    /// Events that came since it was paused, of all streams.
    std::uint64_t newWhilePaused() const;
    void showMoment(std::optional<EpochMs> atMs) override;

    // Actions; each ends in acted(). `data` is JSON text.
    void append(const client::EventStreamId& stream, const QString& type, const QByteArray& data);
    void openAccount(const client::Bytes& account);
    void deposit(const client::Bytes& account, double amount);
    void withdraw(const client::Bytes& account, double amount);

    /// A closed run of appenders of our own (an empty aggregate gets a name); ends in raced().
    void race(client::demo::AppendRacePlan plan);
    bool racing() const { return m_race.running(); }

    /// Events by number, both included.
    struct Range {
        std::uint64_t first = 0;
        std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
    };
    /// Ends in exported(): what of an opened stream lies in the range.
    void exportText(EventSide side, EventFormat format, Range range);
    /// The same into a file, which is replaced as a whole or left alone; ends in fileWritten().
    void exportFile(EventSide side, EventFormat format, Range range, const QString& file);

Q_SIGNALS:
    void opening(norikv::models::EventSide side); ///< progress, end or failure of opening a stream
    void selectionChanged(); ///< the inspected event, or which stream is open
    void raced(const norikv::client::demo::AppendRaceResult& result);
    void exported(norikv::models::EventFormat format, const QByteArray& text);
    void fileWritten(const QString& file, const QString& problem); ///< no problem = it is there

private:
    void take(std::shared_ptr<const EventPiece> piece);
    void load(EventSide side);
    using Write = std::function<client::Result<client::EventRecord>(
        client::Store& store, client::Call& call, client::AppendDoubt* doubt)>;
    void write(
        const QString& name, const client::EventStreamId& stream, Write work, std::function<void()> repeat);
    void checkDoubt(
        const QString& action, const client::EventStreamId& stream, const client::AppendDoubt& doubt);

    EventStreamModel m_model;
    std::shared_ptr<const std::vector<EventTypeCount>> m_types;
    std::uint64_t m_events = 0;
    std::uint64_t m_wrong = 0;
    EventFilter m_filter;
    EventOrder m_order = EventOrder::WorstFirst;
    std::array<std::unique_ptr<Opened>, 2> m_opened;
    std::optional<std::uint64_t> m_wantedEvent; ///< selected before it was there
    client::EventPtr m_selectedEvent;
    std::uint64_t m_arrivedBefore = 0; ///< when it was paused
    std::shared_ptr<EventBook> m_book;
    Job m_filterJob, m_orderJob, m_lookJob, m_closeJob, m_pauseJob, m_race, m_export;
    std::array<Job, 2> m_loads;
};

} // namespace norikv::models
