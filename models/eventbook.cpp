// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/eventbook.h"

#include "client/patterns/relatedkeys.h"

#include <algorithm>
#include <cctype>
#include <tuple>

namespace norikv::models {

namespace {

using client::Bytes;
using client::EventPtr;
using client::EventStreamId;
using client::Severity;

constexpr std::size_t MostFindings = 500; // a longer list tells nothing more; the table filters the rest
constexpr std::size_t MostTypes = 100; // of one row
constexpr std::size_t LargestExample = 4096;
constexpr EpochMs StandsMs = 5000; // what an append under way looks like is no finding (rulings 2)
constexpr std::uint64_t OrphansAsked = 3; // behind the meta (E2)

/// A stream is judged as a whole: 5 ms for 100,000 events.
EpochMs judgeEvery(std::size_t events) { return events < 20'000 ? 0 : events < 200'000 ? 1000 : 5000; }

bool contains(std::string_view text, std::string_view part)
{
    const auto lower = [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), [&](char a, char b) {
        return lower(a) == b;
    }) != text.end();
}

SheetView<EventStreamRow>::Less lessBy(EventOrder order)
{
    return [order](const EventStreamRow& a, const EventStreamRow& b) {
        switch (order) {
        case EventOrder::WorstFirst:
            if (a.wrong.empty() != b.wrong.empty())
                return !a.wrong.empty();
            if (!a.wrong.empty() && a.worst != b.worst)
                return a.worst < b.worst;
            break;
        case EventOrder::Newest:
            if (a.lastMs != b.lastMs)
                return a.lastMs > b.lastMs;
            break;
        case EventOrder::MostEvents:
            if (a.events != b.events)
                return a.events > b.events;
            break;
        case EventOrder::Aggregate:
            if (a.stream.aggregate != b.stream.aggregate)
                return a.stream.aggregate < b.stream.aggregate;
            break;
        }
        return a.key < b.key;
    };
}

/// Seen in a stream only for moments while somebody appends.
bool isPassing(const client::Finding& finding) { return finding.rule == "E1" || finding.rule == "E2"; }

} // namespace

EventBook::EventBook(std::shared_ptr<Queue> queue)
    : m_queue(std::move(queue))
    , m_rows(lessBy(EventOrder::WorstFirst))
    , m_typesView(std::make_shared<std::vector<EventTypeCount>>())
    , m_arrived(std::make_shared<std::atomic<std::uint64_t>>(0))
{
}

EventBook::Stream& EventBook::at(const EventStreamId& id)
{
    const Bytes prefix = id.prefix();
    m_dirty.insert(prefix);
    return m_streams.try_emplace(prefix, id).first->second;
}

std::uint32_t EventBook::typeIndex(const client::EventRecord& event)
{
    const auto next = static_cast<std::uint32_t>(m_types.size());
    const auto [found, added] = m_typeIndex.try_emplace(event.type, next);
    if (added)
        m_types.push_back({event.type, 0, {}});
    if (event.data.size() <= LargestExample)
        m_types[found->second].example = event.data;
    m_typesMoved = true;
    return found->second;
}

void EventBook::count(Stream& stream, std::uint32_t type, bool more)
{
    m_types[type].count += more ? 1 : std::uint64_t(-1);
    m_typesMoved = true;
    const auto own = stream.types.try_emplace(type, 0).first;
    own->second += more ? 1 : std::uint64_t(-1);
    if (own->second == 0)
        stream.types.erase(own);
}

void EventBook::putEvent(const EventPtr& event, EpochMs nowMs)
{
    Stream& stream = at(event->stream);
    const bool known = stream.facts.events().contains(event->number);
    stream.facts.put(event->number, client::EventFacts::of(*event), nowMs);
    const std::uint32_t type = typeIndex(*event);
    if (known)
        count(stream, stream.typeOf[event->number], false);
    else
        ++m_events;
    stream.typeOf[event->number] = type;
    count(stream, type, true);
    if (event->complaints.empty())
        stream.odd.erase(event->number);
    else
        stream.odd.insert(event->number);
    for (OpenedEvents& open : m_open) {
        if (open.stream() == event->stream)
            open.keep(event);
    }
}

void EventBook::put(const client::Entry& entry, const FollowStatus& status)
{
    const auto key = client::parseEventKey(entry.key, entry.value);
    if (!key)
        return;
    if (!key->number) {
        at(key->stream).facts.putMeta(entry.value, status.nowMs);
        return;
    }
    const auto before = m_events;
    putEvent(std::make_shared<const client::EventRecord>(
                 client::parseEvent(key->stream, *key->number, entry.value)),
        status.nowMs);
    m_arrived->fetch_add(m_events - before);
}

void EventBook::forget(const EventStreamId& id, std::uint64_t number)
{
    Stream& stream = at(id);
    if (const auto type = stream.typeOf.find(number); type != stream.typeOf.end()) {
        count(stream, type->second, false);
        stream.typeOf.erase(type);
        --m_events;
    }
    stream.facts.missing(number);
    stream.odd.erase(number);
    for (OpenedEvents& open : m_open) {
        if (open.stream() == id)
            open.forget(number);
    }
}

void EventBook::gone(const Bytes& key, Gone, const FollowStatus&)
{
    const auto parsed = client::parseEventKey(key, {});
    if (!parsed)
        return;
    if (parsed->number) {
        forget(parsed->stream, *parsed->number);
        return;
    }
    at(parsed->stream).facts.metaMissing();
    // Without its value an event of an aggregate called `meta` looks like another's meta.
    for (auto& [prefix, stream] : m_streams) {
        if (!key.starts_with(prefix) || prefix.size() >= key.size())
            continue;
        const auto event = client::parseEventKey(key, R"({"type":"","data":{}})");
        if (event && event->number && event->stream.prefix() == prefix
            && stream.facts.events().contains(*event->number)) {
            forget(event->stream, *event->number);
            return;
        }
    }
}

void EventBook::listed(const std::function<bool(std::string_view)>& listed, const FollowStatus& status)
{
    m_complete = status.coverage == client::Coverage::Complete;
    for (auto& [prefix, stream] : m_streams) {
        const EventStreamId id = stream.facts.stream();
        std::vector<std::uint64_t> away;
        for (const auto& [number, facts] : stream.facts.events()) {
            if (!listed(id.eventKey(number)))
                away.push_back(number);
        }
        for (const std::uint64_t number : away)
            forget(id, number);
        if (id.hasMeta() && !listed(id.metaKey()))
            stream.facts.metaMissing();
        m_dirty.insert(prefix);
    }
}

std::vector<Bytes> EventBook::alsoAsk() const
{
    std::vector<Bytes> keys;
    for (const auto& [prefix, stream] : m_streams) {
        const EventStreamId& id = stream.facts.stream();
        if (!id.hasMeta() || (stream.facts.empty() && !stream.facts.metaThere()))
            continue;
        if (!stream.facts.metaThere()) {
            keys.push_back(id.metaKey());
            continue;
        }
        const auto meta = stream.facts.meta();
        if (!meta || *meta > std::uint64_t(-1) - OrphansAsked)
            continue;
        for (Bytes& key : client::keysOf({prefix, 1, *meta + OrphansAsked}))
            keys.push_back(std::move(key));
    }
    return keys;
}

void EventBook::applyFilter()
{
    std::set<std::uint32_t> types;
    for (const std::string& name : m_filter.types) {
        if (const auto found = m_typeIndex.find(name); found != m_typeIndex.end())
            types.insert(found->second);
    }
    if (m_filter.empty()) {
        m_rows.setFilter({});
    } else {
        m_rows.setFilter([filter = m_filter, types](const EventStreamRow& row) {
            const auto wanted = [&types](std::uint32_t type) { return types.contains(type); };
            return (!filter.onlyWrong || !row.wrong.empty())
                && (filter.text.empty() || contains(row.stream.aggregate, filter.text))
                && (filter.types.empty() || std::ranges::any_of(row.types, wanted));
        });
    }
    for (OpenedEvents& open : m_open)
        open.setTypes(m_filter.types);
}

void EventBook::setFilter(EventFilter filter)
{
    m_filter = std::move(filter);
    applyFilter();
}

void EventBook::setOrder(EventOrder order) { m_rows.setOrder(lessBy(order)); }

void EventBook::open(EventSide side, const EventStreamId& stream)
{
    opened(side) = OpenedEvents(stream);
    opened(side).setTypes(m_filter.types);
}

void EventBook::close(EventSide side)
{
    opened(side) = OpenedEvents();
    opened(side).setTypes({});
}

void EventBook::take(EventSide side, const EventStreamId& stream, const client::EventList& chunk)
{
    OpenedEvents& open = opened(side);
    if (open.stream() != stream)
        return;
    for (const EventPtr& event : chunk) {
        if (open.has(event->number))
            continue;
        const auto known = m_streams.find(stream.prefix());
        const bool listed = known != m_streams.end() && known->second.facts.events().contains(event->number);
        if (listed)
            open.keep(event);
        else if (!m_complete) // a full list would have told it: there it is gone meanwhile
            putEvent(event, 0);
    }
}

void EventBook::opened(EventSide side, const EventStreamId& stream)
{
    if (opened(side).stream() == stream)
        opened(side).complete();
}

std::optional<EventStreamId> EventBook::streamOf(std::string_view aggregate) const
{
    for (const auto layout :
        {client::EventLayout::Document, client::EventLayout::Stream, client::EventLayout::Sequence}) {
        const EventStreamId id{layout, Bytes(aggregate)};
        const auto found = m_streams.find(id.prefix());
        if (found != m_streams.end() && !found->second.facts.empty())
            return id;
    }
    return std::nullopt;
}

/// False = it has to be judged again although nothing comes.
bool EventBook::judge(const Bytes& prefix, Stream& stream, EpochMs nowMs)
{
    if (stream.judgedMs != 0 && nowMs - stream.judgedMs < judgeEvery(stream.facts.events().size()))
        return false;
    stream.judgedMs = nowMs;
    stream.findings = stream.facts.judge(m_complete, nowMs);
    stream.gaps = stream.facts.gaps(m_complete);
    bool settled = stream.facts.settled(nowMs);
    decltype(stream.since) since;
    for (const client::Finding& finding : stream.findings) {
        const std::pair id(finding.rule, finding.key);
        const auto before = stream.since.find(id);
        const EpochMs first = before == stream.since.end() ? nowMs : before->second;
        since.emplace(id, first);
        settled = settled && (!isPassing(finding) || nowMs - first >= StandsMs);
    }
    stream.since = std::move(since);
    if (stream.findings.empty())
        m_found.erase(prefix);
    else
        m_found[prefix] = stream.findings;
    return settled;
}

void EventBook::place(const Bytes& prefix, const Stream& stream, EpochMs nowMs)
{
    const auto& events = stream.facts.events();
    m_wrong.erase(prefix);
    if (stream.facts.empty()) {
        m_rows.erase(prefix);
        return;
    }
    EventStreamRow row;
    row.key = prefix;
    row.stream = stream.facts.stream();
    row.events = events.size();
    row.meta = stream.facts.meta();
    row.complaints = stream.odd.size();
    row.gaps = stream.gaps;
    if (!events.empty()) {
        row.last = events.rbegin()->first;
        row.lastMs = events.rbegin()->second.timeMs;
        row.firstMs = events.begin()->second.timeMs;
        row.lastType = m_types[stream.typeOf.at(row.last)].name;
    }
    for (const auto& [type, count] : stream.types) {
        if (row.types.size() < MostTypes)
            row.types.push_back(type);
    }
    for (const client::Finding& finding : stream.findings) {
        if (isPassing(finding) && nowMs - stream.since.at({finding.rule, finding.key}) < StandsMs)
            continue;
        row.wrong += (row.wrong.empty() ? "" : " ") + finding.rule;
        row.worst = std::min(row.worst, finding.severity);
    }
    if (!row.wrong.empty() && row.worst != Severity::Info)
        m_wrong.insert(prefix);
    auto points = std::make_shared<std::vector<EventPoint>>();
    points->reserve(std::min(events.size(), EventStreamRow::LanePoints));
    for (auto it = events.rbegin(); it != events.rend() && points->size() < EventStreamRow::LanePoints; ++it)
        points->push_back({it->first, it->second.timeMs, stream.typeOf.at(it->first)});
    std::ranges::reverse(*points);
    const EventStreamRow* before = m_rows.find(prefix);
    row.points = before && before->points && *before->points == *points ? before->points : std::move(points);
    const auto looks = [](const EventStreamRow& r) {
        return std::tuple(r.points.get(), r.events, r.meta, r.complaints, r.gaps.size(), r.worst,
            std::string_view(r.wrong), std::string_view(r.lastType), r.types.size());
    };
    if (!before || looks(*before) != looks(row))
        m_rows.put(std::move(row));
}

void EventBook::publish(const FollowStatus& status)
{
    // None is no news: a worker may publish with what was known before the list was read.
    if (status.coverage != client::Coverage::Complete && status.coverage != client::Coverage::None)
        m_complete = false;
    for (auto prefix = m_dirty.begin(); prefix != m_dirty.end();) {
        const auto found = m_streams.find(*prefix);
        const bool done = judge(*prefix, found->second, status.nowMs);
        place(*prefix, found->second, status.nowMs);
        prefix = done ? m_dirty.erase(prefix) : std::next(prefix);
    }
    if (std::exchange(m_typesMoved, false)) {
        const bool grew = m_types.size() != m_typesView->size();
        m_typesView = std::make_shared<const std::vector<EventTypeCount>>(m_types);
        if (grew && !m_filter.types.empty())
            applyFilter();
    }
    auto piece = std::make_shared<EventPiece>();
    piece->streams = m_rows.publish();
    for (std::size_t side = 0; side < m_open.size(); ++side) {
        OpenedEvents& open = m_open[side];
        const auto stream = open.stream() ? m_streams.find(open.stream()->prefix()) : m_streams.end();
        open.mark(stream == m_streams.end() ? std::vector<client::Finding>() : stream->second.findings);
        piece->opened[side] = open.publish(!m_paused);
    }
    piece->types = m_typesView;
    piece->events = m_events;
    piece->wrong = m_wrong.size();
    std::vector<client::Finding> now;
    for (const auto& [prefix, findings] : m_found) {
        if (now.size() < MostFindings)
            now.insert(now.end(), findings.begin(), findings.end());
    }
    piece->findings = m_standing.update(std::move(now), status.nowMs);
    std::vector<std::shared_ptr<const EventPiece>> chunk;
    chunk.push_back(std::move(piece));
    m_queue->push(std::move(chunk));
}

} // namespace norikv::models
