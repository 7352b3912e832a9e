// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/eventstream.h"

#include "client/patterns/createifabsent.h"

#include <algorithm>

namespace norikv::client {

namespace {

constexpr std::size_t ReadAtOnce = 4096; // keys of one bulk read: some megabytes of events
constexpr std::size_t ReadsInFlight = 128; // rulings 5

} // namespace

/// The meta as read.
struct EventStream::Head {
    Entry entry;
    std::uint64_t version = 0;
};

EventStream::EventStream(Store& store, const Clock& clock, EventStreamId stream)
    : EventStream(store, clock, std::move(stream), Options())
{
}

EventStream::EventStream(Store& store, const Clock& clock, EventStreamId stream, Options options)
    : m_store(store)
    , m_clock(clock)
    , m_stream(std::move(stream))
    , m_options(std::move(options))
{
}

Result<EventStream::Head> EventStream::readHead(Call& call)
{
    if (!m_stream.hasMeta())
        return fail(ErrorKind::Unsupported, "Java's streams have no meta",
            "all of them share the numbers of event:sequence");
    auto entry = m_store.get(call, m_stream.metaKey());
    if (!entry)
        return tl::unexpected(entry.error());
    Head head{std::move(*entry), 0};
    head.entry.key = m_stream.metaKey();
    if (!head.entry.exists())
        return head;
    const auto version = parseEventMeta(m_stream, head.entry.value);
    if (!version)
        return fail(ErrorKind::BadData,
            "the meta " + printable(head.entry.key) + " cannot be read: " + version.error().message,
            version.error().detail);
    head.version = *version;
    return head;
}

Result<std::uint64_t> EventStream::version(Call& call)
{
    return readHead(call).map([](const Head& head) { return head.version; });
}

/// Lets the meta name at least `to`. Whose event that is does not matter: it is stored, and a stream's
/// readers see only what the meta names. True when this call moved it.
Result<bool> EventStream::moveMeta(Call& call, std::uint64_t to)
{
    for (int attempt = 0; attempt < m_options.loop.policy.attempts; ++attempt) {
        const auto head = readHead(call);
        if (!head)
            return tl::unexpected(head.error());
        if (head->version >= to)
            return false;
        const auto value = eventMetaJson(m_stream, head->entry.value, to);
        if (!value)
            return tl::unexpected(value.error());
        if (!head->entry.exists()) {
            const auto there = createIfAbsent(m_store, call, head->entry.key, *value);
            if (there && there->value == *value)
                return true;
            if (!there && there.error().kind != ErrorKind::UnknownOutcome)
                return tl::unexpected(there.error());
        } else {
            Put put;
            put.key = head->entry.key;
            put.value = *value;
            put.ifMatch = head->entry.version;
            const KnownBefore known(call, head->entry);
            const auto written = m_store.put(call, put);
            if (written)
                return true;
            // An unknown outcome is read again like a lost one: moving the meta twice does no harm.
            const ErrorKind kind = written.error().kind;
            if (kind != ErrorKind::Conflict && kind != ErrorKind::KeyMissing
                && kind != ErrorKind::UnknownOutcome)
                return tl::unexpected(written.error());
        }
        if (!m_options.loop.sleep(m_options.loop.policy.delay(attempt), call.stop))
            return fail(ErrorKind::Cancelled, "stopped between two attempts");
    }
    return fail(ErrorKind::Contended, "the meta moved whenever it was about to be written");
}

/// What is stored under the event's key once it was created, by us or by another.
Result<Entry> EventStream::create(Call& call, const Bytes& key, const Bytes& value, AppendDoubt* doubt)
{
    auto there = createIfAbsent(m_store, call, key, value);
    if (there || there.error().kind != ErrorKind::UnknownOutcome)
        return there;
    const auto again = m_store.get(call, key);
    if (again && again->exists())
        return again;
    if (doubt)
        *doubt = {key, value};
    return there;
}

Result<EventRecord> EventStream::append(Call& call, std::string_view type, std::string_view dataJson,
    std::optional<std::uint64_t> after, AppendDoubt* doubt)
{
    NewEvent event;
    event.id = m_options.newId ? m_options.newId() : randomUuid();
    event.type = type;
    event.data = dataJson;
    const int attempts = m_options.loop.policy.attempts;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const auto head = readHead(call);
        if (!head)
            return tl::unexpected(head.error());
        if (after && head->version != *after)
            return fail(ErrorKind::Contended,
                "the stream ends with event " + std::to_string(head->version) + ", not "
                    + std::to_string(*after),
                "another appender was first");
        const std::uint64_t number = head->version + 1;
        const Bytes key = m_stream.eventKey(number);
        event.timeMs = m_clock.nowMs();
        const auto value = eventJson(m_stream, number, event);
        if (!value)
            return tl::unexpected(value.error());
        const auto there = create(call, key, *value, doubt);
        if (!there)
            return tl::unexpected(there.error());
        const bool ours = there->value == *value;
        const auto moved = moveMeta(call, number);
        if (!moved && ours) {
            if (doubt)
                *doubt = {key, *value};
            return fail(ErrorKind::UnknownOutcome,
                "event " + std::to_string(number) + " is stored, and its meta is not",
                "the next append sees to it: " + moved.error().message);
        }
        if (!moved)
            return tl::unexpected(moved.error());
        CasAttempt told{attempt + 1, head->entry.version, ours, {}, ours ? "" : "another appender was first"};
        const bool again = !ours && attempt + 1 < attempts;
        if (again)
            told.wait = m_options.loop.policy.delay(attempt);
        if (m_options.loop.tell)
            m_options.loop.tell(told);
        if (ours) {
            // An appender that writes without looking may have come in between.
            const auto last = m_store.get(call, key);
            if (last && last->value != *value)
                return fail(ErrorKind::Conflict,
                    "event " + std::to_string(number) + " was overwritten by another appender",
                    "what was appended is lost; append it again");
            return parseEvent(m_stream, number, *value);
        }
        if (again && !m_options.loop.sleep(told.wait, call.stop))
            return fail(ErrorKind::Cancelled, "stopped between two attempts; nothing was appended");
    }
    return fail(ErrorKind::Contended, "Failed to append event after retries",
        "all " + std::to_string(attempts) + " attempts met another appender");
}

Result<std::string> EventStream::check(Call& call, const AppendDoubt& doubt)
{
    const auto there = m_store.get(call, doubt.key);
    if (!there)
        return tl::unexpected(there.error());
    if (!there->exists())
        return std::string(
            "Nothing is stored under its key: it was not appended. Where the write is still on "
            "its way it may yet arrive.");
    if (there->value != doubt.value)
        return std::string("Another event is stored under its key: this one was not appended, or is lost.");
    const auto key = parseEventKey(doubt.key, doubt.value);
    if (key && key->number) {
        if (const auto moved = moveMeta(call, *key->number); !moved)
            return tl::unexpected(moved.error());
    }
    return std::string("It was appended, and the stream's meta names it.");
}

Result<void> EventStream::readNumbers(
    Call& call, std::span<const std::uint64_t> numbers, const EventSink& sink)
{
    for (std::size_t from = 0; from < numbers.size(); from += ReadAtOnce) {
        const auto some = numbers.subspan(from, std::min(ReadAtOnce, numbers.size() - from));
        std::vector<Bytes> keys;
        keys.reserve(some.size());
        for (const std::uint64_t number : some)
            keys.push_back(m_stream.eventKey(number));
        EventList chunk(some.size());
        std::optional<Error> failure;
        const auto read
            = m_store.getMany(call, keys, ReadsInFlight, [&](std::size_t index, Result<Entry> entry) {
                  if (!entry)
                      failure = entry.error();
                  else if (entry->exists())
                      chunk[index] = std::make_shared<const EventRecord>(
                          parseEvent(m_stream, some[index], entry->value));
              });
        if (!read)
            return read;
        if (failure)
            return tl::unexpected(*failure);
        std::erase(chunk, nullptr);
        if (!sink(std::move(chunk)))
            return {};
    }
    return {};
}

Result<void> EventStream::readRange(
    Call& call, std::uint64_t first, std::uint64_t last, const EventSink& sink)
{
    if (last < first)
        return {};
    if (last - first >= MostRead)
        return fail(ErrorKind::InvalidRequest, "these are more than " + std::to_string(MostRead) + " events",
            "read a shorter range");
    bool wanted = true;
    for (std::uint64_t from = first; from <= last && wanted; from += ReadAtOnce) {
        std::vector<std::uint64_t> numbers;
        for (std::uint64_t n = from; numbers.size() < ReadAtOnce; ++n) {
            numbers.push_back(n);
            if (n == last) // the last may be the largest number there is
                break;
        }
        const auto read
            = readNumbers(call, numbers, [&](EventList chunk) { return wanted = sink(std::move(chunk)); });
        if (!read || numbers.back() == last)
            return read;
    }
    return {};
}

Result<void> EventStream::read(Call& call, std::uint64_t number, const EventSink& sink)
{
    ScanRequest request;
    request.prefix = m_stream.prefix();
    auto scanned = m_store.scan(call, request, [&](const ScanBatch& batch) {
        EventList chunk;
        for (const Entry& entry : batch.entries) {
            const auto key = parseEventKey(entry.key, entry.value);
            if (key && key->stream == m_stream && key->number && *key->number > number)
                chunk.push_back(
                    std::make_shared<const EventRecord>(parseEvent(m_stream, *key->number, entry.value)));
        }
        return sink(std::move(chunk)) && !call.stop.stop_requested();
    });
    if (scanned || scanned.error().kind != ErrorKind::Unsupported)
        return scanned;
    const auto last = version(call);
    if (!last)
        return tl::unexpected(last.error());
    if (*last <= number)
        return {};
    return readRange(call, std::max(number + 1, *last - std::min(*last, MostRead) + 1), *last, sink);
}

Result<EventList> EventStream::eventsAfter(Call& call, std::uint64_t number)
{
    EventList out;
    const auto done = read(call, number, [&](const EventList& chunk) {
        out.insert(out.end(), chunk.begin(), chunk.end());
        return true;
    });
    if (!done)
        return tl::unexpected(done.error());
    std::ranges::sort(out, {}, [](const EventPtr& event) { return event->number; });
    return out;
}

} // namespace norikv::client
