// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/event.h"

#include "client/decode/json.h"
#include "client/valuehash.h"

#include <array>
#include <charconv>

namespace norikv::client {

namespace {

constexpr std::string_view Events = "events:";
constexpr std::string_view EventsMeta = "events:meta:";
constexpr std::string_view Streams = "stream:";
constexpr std::string_view StreamEvent = ":event:";
constexpr std::string_view StreamMeta = ":meta";
constexpr std::string_view Sequence = "event:";
constexpr std::size_t SequenceDigits = 10;

constexpr MemberNames Id{"id", "id", {}, "eventId"};
constexpr MemberNames Aggregate{"aggregateId", "aggregate_id", {}, "aggregateId"};
constexpr MemberNames Type{"type", "type", "type", "eventType"};
constexpr MemberNames Data{"data", "data", "data", "payload"};
constexpr MemberNames Metadata{"metadata", "metadata", "metadata", "metadata"};
constexpr MemberNames Timestamp{"timestamp", "timestamp", "timestamp", "occurredAt"};
constexpr MemberNames Number{"version", "version", "version", "sequence"};
constexpr std::array documentNames{Aggregate};

/// Decimal digits without a zero in front.
std::optional<std::uint64_t> numberOf(std::string_view digits)
{
    std::uint64_t n = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
    const bool plain = digits == "0" || !digits.starts_with('0');
    if (digits.empty() || !plain || error != std::errc() || stop != digits.data() + digits.size())
        return std::nullopt;
    return n;
}

std::optional<std::uint64_t> paddedNumberOf(std::string_view digits)
{
    if (digits.size() != SequenceDigits)
        return std::nullopt;
    const auto first = digits.find_first_not_of('0');
    return numberOf(first == std::string_view::npos ? "0" : digits.substr(first));
}

std::optional<EventKey> eventOf(EventLayout layout, std::string_view key, std::string_view prefix)
{
    const auto colon = key.rfind(':');
    if (colon == std::string_view::npos || colon <= prefix.size())
        return std::nullopt;
    const std::string_view digits = key.substr(colon + 1);
    const auto number = layout == EventLayout::Sequence ? paddedNumberOf(digits) : numberOf(digits);
    if (!number)
        return std::nullopt;
    return EventKey{{layout, Bytes(key.substr(prefix.size(), colon - prefix.size()))}, number};
}

/// A meta is `{version}` and never has a type.
bool looksLikeEvent(std::string_view value)
{
    if (value.find("\"type\"") == std::string_view::npos)
        return false;
    const auto record = JsonRecord::read(value);
    return record && record->has(Type) && (record->has(Data) || record->has(Aggregate));
}

std::optional<EventKey> streamKey(std::string_view key)
{
    if (key.ends_with(StreamMeta) && key.size() > Streams.size() + StreamMeta.size()) {
        const auto aggregate = key.substr(Streams.size(), key.size() - Streams.size() - StreamMeta.size());
        return EventKey{{EventLayout::Stream, Bytes(aggregate)}, {}};
    }
    auto event = eventOf(EventLayout::Stream, key, Streams);
    // The aggregate is what stands before `:event:`.
    constexpr std::string_view last = StreamEvent.substr(0, StreamEvent.size() - 1);
    if (!event || !event->stream.aggregate.ends_with(last) || event->stream.aggregate.size() == last.size())
        return std::nullopt;
    event->stream.aggregate.resize(event->stream.aggregate.size() - last.size());
    return event;
}

std::string versionText(std::uint64_t version) { return std::to_string(version); }

} // namespace

Bytes EventStreamId::prefix() const
{
    switch (layout) {
    case EventLayout::Stream:
        return Bytes(Streams) + aggregate + Bytes(StreamEvent);
    case EventLayout::Sequence:
        return Bytes(Sequence) + aggregate + ":";
    case EventLayout::Document:
        break;
    }
    return Bytes(Events) + aggregate + ":";
}

Bytes EventStreamId::eventKey(std::uint64_t number) const
{
    std::string digits = std::to_string(number);
    if (layout == EventLayout::Sequence && digits.size() < SequenceDigits)
        digits.insert(0, SequenceDigits - digits.size(), '0');
    return prefix() + digits;
}

Bytes EventStreamId::metaKey() const
{
    switch (layout) {
    case EventLayout::Stream:
        return Bytes(Streams) + aggregate + Bytes(StreamMeta);
    case EventLayout::Sequence:
        return {};
    case EventLayout::Document:
        break;
    }
    return Bytes(EventsMeta) + aggregate;
}

std::optional<EventKey> parseEventKey(std::string_view key, std::string_view value)
{
    if (key.starts_with(EventsMeta)) {
        if (key.size() == EventsMeta.size())
            return std::nullopt;
        auto event = eventOf(EventLayout::Document, key, Events);
        if (event && looksLikeEvent(value))
            return event;
        return EventKey{{EventLayout::Document, Bytes(key.substr(EventsMeta.size()))}, {}};
    }
    if (key.starts_with(Events))
        return eventOf(EventLayout::Document, key, Events);
    if (key.starts_with(Streams))
        return streamKey(key);
    if (key.starts_with(Sequence))
        return eventOf(EventLayout::Sequence, key, Sequence);
    return std::nullopt;
}

EventRecord parseEvent(const EventStreamId& stream, std::uint64_t number, std::string_view value)
{
    EventRecord event;
    event.stream = stream;
    event.number = number;
    event.valueHash = valueHash(value);
    event.valueSize = value.size();
    event.dialect = stream.layout == EventLayout::Stream ? Dialect::Go
        : stream.layout == EventLayout::Sequence         ? Dialect::Java
                                                         : Dialect::TypeScript;
    auto record = JsonRecord::read(value);
    if (!record) {
        event.complaints.push_back("the value cannot be read: " + record.error().message);
        return event;
    }
    event.readable = true;
    if (stream.layout == EventLayout::Document)
        event.dialect = record->dialect(documentNames);
    event.id = record->label(Id).value_or(std::string());
    event.type = record->text(Type).value_or(std::string());
    event.data = record->json(Data);
    event.metadata = record->json(Metadata);
    event.time = record->time(Timestamp);
    event.namedAggregate = record->label(Aggregate);
    event.namedNumber = record->whole(Number);
    event.complaints = record->complaints();
    if (stream.layout != EventLayout::Sequence) { // Java's values are laid down nowhere
        if (event.type.empty())
            event.complaints.emplace_back("there is no type");
        if (!event.time && !record->has(Timestamp))
            event.complaints.emplace_back("there is no timestamp");
        if (number == 0)
            event.complaints.emplace_back("it is number 0; streams begin with 1");
    }
    if (stream.layout == EventLayout::Document && event.id.empty())
        event.complaints.emplace_back("there is no id");
    return event;
}

Result<std::uint64_t> parseEventMeta(const EventStreamId& stream, std::string_view value)
{
    if (stream.layout == EventLayout::Stream) {
        if (const auto version = numberOf(value))
            return *version;
        return fail(ErrorKind::BadData, "the version is no whole number", printable(value.substr(0, 64)));
    }
    auto record = JsonRecord::read(value);
    if (!record)
        return tl::unexpected(record.error());
    const auto version = record->whole(Number);
    if (!version || *version < 0)
        return fail(ErrorKind::BadData, "it names no version", printable(value.substr(0, 64)));
    return static_cast<std::uint64_t>(*version);
}

Result<Bytes> eventMetaJson(const EventStreamId& stream, std::string_view stored, std::uint64_t version)
{
    if (stream.layout == EventLayout::Stream)
        return versionText(version);
    if (stored.empty())
        return "{\"version\":" + versionText(version) + "}";
    const auto record = JsonRecord::read(stored);
    if (!record)
        return tl::unexpected(record.error());
    RecordEdit edit(*record, record->dialect(documentNames));
    edit.set(Number, versionText(version));
    return edit.result();
}

Result<Bytes> eventJson(const EventStreamId& stream, std::uint64_t number, const NewEvent& event)
{
    if (event.type.empty() || !isUtf8(event.type))
        return fail(ErrorKind::InvalidRequest, "an event needs a type");
    const std::string data = event.data.empty() ? std::string("{}") : event.data;
    if (const auto read = checkJson(data); !read)
        return fail(ErrorKind::InvalidRequest, "the data is no JSON: " + read.error().message);
    if (stream.layout == EventLayout::Sequence)
        return fail(ErrorKind::Unsupported, "Java's events have values that are laid down nowhere",
            "append with the application that writes them");
    if (stream.layout == EventLayout::Stream) {
        return "{\"type\":" + jsonQuoted(event.type) + ",\"data\":" + data + ",\"timestamp\":"
            + timeJson(event.timeMs, TimeForm::Rfc3339) + ",\"version\":" + versionText(number) + "}";
    }
    if (!isUtf8(stream.aggregate))
        return fail(ErrorKind::InvalidRequest, "the aggregate's id is no text");
    return "{\"id\":" + jsonQuoted(event.id) + ",\"aggregateId\":" + jsonQuoted(stream.aggregate)
        + ",\"type\":" + jsonQuoted(event.type) + ",\"data\":" + data
        + ",\"timestamp\":" + std::to_string(event.timeMs) + ",\"version\":" + versionText(number) + "}";
}

} // namespace norikv::client
