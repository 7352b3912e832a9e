// SPDX-License-Identifier: GPL-3.0-or-later
// Events and their streams (patterns.md 1 and 4), read in every dialect: `events:<aggregate>:<version>` with
// `events:meta:<aggregate>`, Go's `stream:<aggregate>:event:<version>` with `stream:<aggregate>:meta`, and
// Java's `event:<aggregate>:<10 digits>` numbered by one `event:sequence`.
#pragma once

#include "client/patterns/jsonrecord.h"

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace norikv::client {

/// How the keys of a stream are laid out.
enum class EventLayout {
    Document, ///< TypeScript and Python
    Stream, ///< Go: no event id, the meta is a bare number
    Sequence, ///< Java: one sequence for all aggregates, so gaps are normal; no meta
};

/// Which stream. The same aggregate under two layouts is two streams.
struct EventStreamId {
    EventLayout layout = EventLayout::Document;
    Bytes aggregate;
    auto operator<=>(const EventStreamId&) const = default;

    /// What all keys of its events begin with: "events:account-123:". Names the stream wherever one text
    /// must.
    Bytes prefix() const;
    Bytes eventKey(std::uint64_t number) const;
    Bytes metaKey() const; ///< empty for Sequence
    bool hasMeta() const { return layout != EventLayout::Sequence; }
};

/// What a key is, told by its shape and, where that leaves it open, by its value.
struct EventKey {
    EventStreamId stream;
    std::optional<std::uint64_t> number; ///< of an event; empty for the meta
};
/// Nothing for every other key, `event:sequence`, and numbers in a spelling nobody writes (`007`).
/// `events:meta:<n>` is the meta of aggregate `<n>`, unless its value is an event: then it is event n of an
/// aggregate called `meta` (E8).
std::optional<EventKey> parseEventKey(std::string_view key, std::string_view value);

/// One event as read. Never changed once made; lists share it by pointer.
struct EventRecord {
    EventStreamId stream; ///< of the key
    std::uint64_t number = 0; ///< of the key: the version, or Java's sequence
    Dialect dialect = Dialect::TypeScript;
    bool readable = false; ///< the value is a JSON object; else only a complaint says more
    std::string id; ///< empty where there is none (Go)
    std::string type; ///< empty where there is none
    std::string data; ///< JSON text as stored; empty where there is none
    std::string metadata; ///< the same
    std::optional<StoredTime> time;
    std::optional<std::string> namedAggregate; ///< what the envelope says; E5 compares it with the key
    std::optional<std::int64_t> namedNumber;
    std::uint64_t valueHash = 0; ///< of the bytes stored: tells whether it was rewritten (E4)
    std::uint64_t valueSize = 0; ///< bytes
    std::vector<std::string> complaints; ///< plain text

    Bytes key() const { return stream.eventKey(number); }
    EpochMs timeMs() const { return time ? time->ms : 0; } ///< 0 = not told
};
using EventPtr = std::shared_ptr<const EventRecord>;
using EventList = std::vector<EventPtr>; ///< ascending by number

/// Never fails: a value that cannot be read gives a record that says so.
EventRecord parseEvent(const EventStreamId& stream, std::uint64_t number, std::string_view value);

/// The version that a meta names. BadData with the reason.
Result<std::uint64_t> parseEventMeta(const EventStreamId& stream, std::string_view value);
/// `stored` with another version, unknown members kept; of an empty text a new meta.
Result<Bytes> eventMetaJson(const EventStreamId& stream, std::string_view stored, std::uint64_t version);

/// What an event is written from.
struct NewEvent {
    std::string id; ///< left out in Go's layout
    std::string type;
    std::string data; ///< JSON text; empty = `{}`
    EpochMs timeMs = 0;
};
/// InvalidRequest where `data` is no JSON or the type is empty.
Result<Bytes> eventJson(const EventStreamId& stream, std::uint64_t number, const NewEvent& event);

} // namespace norikv::client
