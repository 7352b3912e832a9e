// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/entrybook.h"
#include "models/openedevents.h"
#include "models/sheetkeeper.h"
#include "models/standingfindings.h"

#include "client/audit/eventrules.h"

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>

namespace norikv::models {

/// One event as a lane draws it.
struct EventPoint {
    std::uint64_t number = 0;
    EpochMs timeMs = 0; ///< 0 = the event tells none
    std::uint32_t type = 0; ///< index into EventPiece::types
    bool operator==(const EventPoint&) const = default;
};
using EventPoints = std::shared_ptr<const std::vector<EventPoint>>;

/// One stream as the list of aggregates shows it.
struct EventStreamRow {
    client::Bytes key; ///< EventStreamId::prefix()
    client::EventStreamId stream;
    std::uint64_t events = 0; ///< that can be read
    std::optional<std::uint64_t> meta; ///< the version that the meta names
    std::uint64_t last = 0; ///< number of the newest event; 0 = none
    std::string lastType;
    EpochMs lastMs = 0; ///< 0 = not told
    EpochMs firstMs = 0;
    std::uint64_t complaints = 0; ///< events whose value is not as the pattern writes it
    std::vector<client::EventStreamFacts::Range> gaps; ///< the first hundred
    std::vector<std::uint32_t> types; ///< that its events have, ascending; the first hundred
    std::string wrong; ///< rules that it breaks, e.g. "E1 E6"; empty = none
    client::Severity worst = client::Severity::Info; ///< of those
    /// Its newest LanePoints events, ascending by number. Shared: unchanged when only others moved.
    EventPoints points;

    static constexpr std::size_t LanePoints = 4096;
};

/// A type chip.
struct EventTypeCount {
    std::string name; ///< empty = events without a type
    std::uint64_t count = 0;
    std::string example; ///< data of the newest one met, JSON, for a form's fields; at most 4 KiB, else empty
};

/// What the list of aggregates is restricted to; all that is set must fit.
struct EventFilter {
    std::string text; ///< part of the aggregate's id, small letters
    std::set<std::string> types; ///< streams with one of these; and of an opened stream these events alone
    bool onlyWrong = false;

    bool empty() const { return text.empty() && types.empty() && !onlyWrong; }
    bool operator==(const EventFilter&) const = default;
};

enum class EventOrder { WorstFirst, Newest, MostEvents, Aggregate };

/// Two streams may be opened at once, to be compared.
enum class EventSide { Main, Beside };

/// What the feed is handed.
struct EventPiece {
    std::shared_ptr<const SheetView<EventStreamRow>> streams;
    using Opened = OpenedEvents::View;
    std::array<Opened, 2> opened; ///< by EventSide
    std::shared_ptr<const std::vector<EventTypeCount>> types; ///< by index; grows at its end only
    std::uint64_t events = 0; ///< of all streams
    std::uint64_t wrong = 0; ///< streams that break a rule
    std::vector<client::Finding> findings;
};

/// All event streams as they are stored now: counted, judged and sorted on the follower's thread. Of an event
/// in no opened stream a few dozen bytes are kept, not the value.
class EventBook final : public EntryBook {
public:
    using Queue = ChunkQueue<std::shared_ptr<const EventPiece>>;
    explicit EventBook(std::shared_ptr<Queue> queue);

    void put(const client::Entry& entry, const FollowStatus& status) override;
    void gone(const client::Bytes& key, Gone how, const FollowStatus& status) override;
    void listed(const std::function<bool(std::string_view)>& listed, const FollowStatus& status) override;
    void publish(const FollowStatus& status) override;
    /// Events up to a meta's version and the three behind it (E2), of at most the newest 4,096.
    std::vector<client::Bytes> alsoAsk() const override;

    void setFilter(EventFilter filter);
    void setOrder(EventOrder order);
    /// While the window stands still what is published waits there: no lists of whole streams then.
    void setPaused(bool paused) { m_paused = paused; }

    /// Opens a stream: from now on its events are kept whole. Those stored before come by take(), until
    /// opened().
    void open(EventSide side, const client::EventStreamId& stream);
    void close(EventSide side);
    /// A chunk that was read for the open stream; what put() told since is newer.
    void take(EventSide side, const client::EventStreamId& stream, const client::EventList& chunk);
    void opened(EventSide side, const client::EventStreamId& stream);
    /// The stream of this aggregate, the first in the order of EventLayout; nothing = it is not known.
    std::optional<client::EventStreamId> streamOf(std::string_view aggregate) const;

    /// Events that ever came by put(), for "+N new"; may be read from any thread.
    std::shared_ptr<const std::atomic<std::uint64_t>> arrived() const { return m_arrived; }

private:
    struct Stream {
        explicit Stream(const client::EventStreamId& id)
            : facts(id)
        {
        }
        client::EventStreamFacts facts;
        std::unordered_map<std::uint64_t, std::uint32_t> typeOf; ///< index into m_types, by number
        std::map<std::uint32_t, std::uint64_t> types; ///< events by type
        std::set<std::uint64_t> odd; ///< events with complaints
        EpochMs judgedMs = 0;
        std::vector<client::Finding> findings; ///< as last judged
        std::map<std::pair<std::string, client::Bytes>, EpochMs> since; ///< that each was first found
        std::vector<client::EventStreamFacts::Range> gaps;
    };
    Stream& at(const client::EventStreamId& id);
    void putEvent(const client::EventPtr& event, EpochMs nowMs);
    void forget(const client::EventStreamId& id, std::uint64_t number);
    std::uint32_t typeIndex(const client::EventRecord& event);
    void count(Stream& stream, std::uint32_t type, bool more);
    bool judge(const client::Bytes& prefix, Stream& stream, EpochMs nowMs);
    void place(const client::Bytes& prefix, const Stream& stream, EpochMs nowMs);
    void applyFilter();
    OpenedEvents& opened(EventSide side) { return m_open[static_cast<std::size_t>(side)]; }

    std::shared_ptr<Queue> m_queue;
    std::unordered_map<client::Bytes, Stream> m_streams; ///< by prefix
    std::set<client::Bytes> m_dirty; ///< prefixes of those to be judged and shown anew
    std::map<client::Bytes, std::vector<client::Finding>> m_found; ///< by prefix
    SheetKeeper<EventStreamRow> m_rows;
    std::array<OpenedEvents, 2> m_open;
    EventFilter m_filter;
    std::vector<EventTypeCount> m_types;
    std::unordered_map<std::string, std::uint32_t> m_typeIndex;
    bool m_typesMoved = false;
    std::shared_ptr<const std::vector<EventTypeCount>> m_typesView;
    std::uint64_t m_events = 0;
    std::set<client::Bytes> m_wrong; ///< prefixes of streams that break a rule, more than worth knowing
    bool m_complete = false;
    bool m_paused = false;
    std::shared_ptr<std::atomic<std::uint64_t>> m_arrived;
    StandingFindings m_standing;
};

} // namespace norikv::models
