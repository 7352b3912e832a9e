// SPDX-License-Identifier: GPL-3.0-or-later
// One event stream's operations by the write protocol of rulings 3, which the document's own code does not
// keep: there the second of two appenders overwrites the first one's event.
#pragma once

#include "client/patterns/compareandset.h"
#include "client/patterns/event.h"

#include <functional>
#include <optional>

namespace norikv::client {

/// An append whose outcome is unknown, for EventStream::check().
struct AppendDoubt {
    Bytes key; ///< of the event; empty = no doubt
    Bytes value;
};

class EventStream {
public:
    struct Options {
        CasLoop loop{CasPolicy::inventory()}; ///< the document's: 10 attempts, 2^attempt x 10 ms
        std::function<std::string()> newId; ///< a random UUID without it
    };
    EventStream(Store& store, const Clock& clock, EventStreamId stream);
    EventStream(Store& store, const Clock& clock, EventStreamId stream, Options options);

    const EventStreamId& stream() const { return m_stream; }

    /// Writes an event after the newest one: creates it if absent, reads it back, and moves the meta under
    /// the version read; another's event there is first given its meta. Contended = nothing was appended,
    /// and again is safe: "Failed to append event after retries", or with `after` the stream does not end
    /// exactly there, so that nothing is appended that was decided on an older state. Conflict = an appender
    /// that writes without looking took its place, and it is lost. UnknownOutcome fills `doubt`. Unsupported
    /// for Sequence, whose values are laid down nowhere.
    Result<EventRecord> append(Call& call, std::string_view type, std::string_view dataJson,
        std::optional<std::uint64_t> after = {}, AppendDoubt* doubt = nullptr);
    /// Looks again where an append's outcome is unknown; one or two plain sentences.
    Result<std::string> check(Call& call, const AppendDoubt& doubt);

    /// The newest version by the meta; 0 where there is none.
    Result<std::uint64_t> version(Call& call);

    /// Told ascending, in chunks; false ends the reading.
    using EventSink = std::function<bool(EventList chunk)>;
    /// Reads events by number in bulk; those that are missing are left out.
    Result<void> readNumbers(Call& call, std::span<const std::uint64_t> numbers, const EventSink& sink);
    /// first..last, both read. InvalidRequest for more than MostRead at once.
    Result<void> readRange(Call& call, std::uint64_t first, std::uint64_t last, const EventSink& sink);
    static constexpr std::uint64_t MostRead = 1'000'000;

    /// What is stored of the stream behind `number`, wherever it is: by listing where the server can, else up
    /// to the meta, of which at most the newest MostRead. A missing event is left out, not everything with
    /// it as in the document's code. read() tells chunks as they come, in any order.
    Result<void> read(Call& call, std::uint64_t number, const EventSink& sink);
    Result<EventList> events(Call& call) { return eventsAfter(call, 0); }
    Result<EventList> eventsAfter(Call& call, std::uint64_t number);

private:
    struct Head;
    Result<Head> readHead(Call& call);
    Result<bool> moveMeta(Call& call, std::uint64_t to);
    Result<Entry> create(Call& call, const Bytes& key, const Bytes& value, AppendDoubt* doubt);

    Store& m_store;
    const Clock& m_clock;
    const EventStreamId m_stream;
    const Options m_options;
};

} // namespace norikv::client
