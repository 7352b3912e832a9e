// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/eventrules.h"

#include "client/patterns/reducer.h"
#include "client/valuehash.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace norikv::client {

namespace {

constexpr EpochMs SameMomentMs = 2000; // E3: a retry follows at once
constexpr EpochMs RetryMs = 2500; // before E4: the retry that would make it E3 may be on its way
constexpr std::size_t MostRewrites = 1000;
constexpr std::size_t SmallData = 4096; // of a bank's event: {"amount": n}

std::string text(std::uint64_t n) { return std::to_string(n); }

std::string plural(std::uint64_t n, std::string_view one) { return text(n) + " " + std::string(one) + "s"; }

/// "and 3 more", or nothing.
std::string more(std::uint64_t others, std::string_view what)
{
    return others == 0 ? std::string()
                       : "; " + text(others) + " more " + std::string(what) + (others == 1 ? "" : "s");
}

std::string span(EpochMs ms)
{
    return ms < 10'000 ? std::to_string(ms) + " ms" : std::to_string((ms + 500) / 1000) + " s";
}

std::string amount(double value) { return nlohmann::json(value).dump(); }

EventFacts::Move moveOf(const EventRecord& event, double& amount)
{
    if (event.type == bank::Opened)
        return EventFacts::Move::Opened;
    if (!bank::isType(event.type))
        return EventFacts::Move::None;
    if (event.data.size() > SmallData)
        return EventFacts::Move::Odd;
    const auto data = nlohmann::json::parse(event.data, nullptr, false);
    const auto found = data.is_object() ? data.find("amount") : data.end();
    if (!data.is_object() || found == data.end() || !found->is_number())
        return EventFacts::Move::Odd;
    amount = found->get<double>();
    return event.type == bank::Deposited ? EventFacts::Move::Deposited : EventFacts::Move::Withdrawn;
}

} // namespace

EventFacts EventFacts::of(const EventRecord& event)
{
    EventFacts facts;
    facts.valueHash = event.valueHash;
    facts.idHash = event.id.empty() ? 0 : std::max<std::uint64_t>(1, norikv::valueHash(event.id));
    facts.dataHash = norikv::valueHash(event.data);
    facts.timeMs = event.timeMs();
    facts.typeHash = static_cast<std::uint32_t>(norikv::valueHash(event.type));
    facts.move = moveOf(event, facts.amount);
    facts.readable = event.readable;
    facts.otherNumber = event.namedNumber && static_cast<std::uint64_t>(*event.namedNumber) != event.number;
    facts.otherAggregate = event.namedAggregate && *event.namedAggregate != event.stream.aggregate;
    return facts;
}

void EventStreamFacts::put(std::uint64_t number, const EventFacts& facts, EpochMs nowMs)
{
    m_missing.erase(number);
    const auto [there, added] = m_events.try_emplace(number, facts);
    if (added || there->second.valueHash == facts.valueHash)
        return;
    there->second = facts;
    if (m_rewrites.size() < MostRewrites)
        m_rewrites.try_emplace(number, nowMs);
}

void EventStreamFacts::putMeta(std::string_view value, EpochMs nowMs)
{
    m_metaKnown = m_metaThere = true;
    const auto version = parseEventMeta(m_stream, value);
    if (!version) {
        m_meta.reset();
        return;
    }
    if (*version < m_highest && (!m_meta || *version < *m_meta))
        m_fall = Fall{m_meta.value_or(m_highest), *version, nowMs};
    m_meta = *version;
    m_highest = std::max(m_highest, *version);
}

void EventStreamFacts::missing(std::uint64_t number)
{
    m_events.erase(number);
    m_rewrites.erase(number);
    m_missing.insert(number);
}

void EventStreamFacts::metaMissing()
{
    // A stream that is deleted and begins anew does not go backwards.
    m_metaKnown = true;
    m_metaThere = false;
    m_meta.reset();
    m_fall.reset();
    m_highest = 0;
}

Finding EventStreamFacts::make(
    const char* rule, Severity severity, Bytes key, std::string evidence, EpochMs nowMs) const
{
    return {rule, severity, m_stream.aggregate, std::move(key), std::move(evidence), nowMs, nowMs};
}

std::vector<EventStreamFacts::Range> EventStreamFacts::gaps(bool complete, std::size_t most) const
{
    std::vector<Range> out;
    if (!m_meta || !m_stream.hasMeta())
        return out;
    if (!complete) {
        for (const std::uint64_t number : m_missing) {
            if (number == 0 || number > *m_meta)
                continue;
            if (!out.empty() && out.back().last + 1 == number)
                ++out.back().last;
            else if (out.size() == most)
                break;
            else
                out.push_back({number, number});
        }
        return out;
    }
    // From event to event, never over the numbers between them: a gap may be a million wide.
    std::uint64_t expected = 1;
    for (auto it = m_events.lower_bound(1); it != m_events.end() && it->first <= *m_meta; ++it) {
        if (it->first > expected && out.size() < most)
            out.push_back({expected, it->first - 1});
        expected = it->first + 1;
    }
    if (expected <= *m_meta && out.size() < most)
        out.push_back({expected, *m_meta});
    return out;
}

std::optional<Finding> EventStreamFacts::gap(bool complete, EpochMs nowMs) const
{
    const auto ranges = gaps(complete, 4);
    if (ranges.empty())
        return std::nullopt;
    std::string list;
    for (std::size_t i = 0; i < std::min<std::size_t>(ranges.size(), 3); ++i) {
        const auto& [first, last] = ranges[i];
        list += (i == 0 ? "" : ", ") + text(first) + (first == last ? "" : "-" + text(last));
    }
    const bool one = ranges.size() == 1 && ranges[0].first == ranges[0].last;
    return make("E1", Severity::Certain, m_stream.metaKey(),
        std::string(one ? "Event " : "Events ") + list + (ranges.size() > 3 ? " and others" : "")
            + (one ? " is" : " are") + " missing; the meta names version " + text(*m_meta) + ".",
        nowMs);
}

std::optional<Finding> EventStreamFacts::orphans(EpochMs nowMs) const
{
    if (!m_stream.hasMeta() || !m_metaKnown || (m_metaThere && !m_meta))
        return std::nullopt;
    // What lies behind a meta that fell is told by E7.
    const std::uint64_t named = m_fall ? std::max(m_highest, m_meta.value_or(0)) : m_meta.value_or(0);
    const auto first = m_events.upper_bound(named);
    if (first == m_events.end())
        return std::nullopt;
    const auto count = static_cast<std::uint64_t>(std::distance(first, m_events.end()));
    const std::string who = count == 1
        ? "Event " + text(first->first) + " is stored"
        : plural(count, "event") + " from " + text(first->first) + " on are stored";
    return make("E2", Severity::Certain, m_stream.eventKey(first->first),
        who
            + (m_metaThere ? ", and the meta ends with version " + text(m_meta.value_or(0))
                           : ", and there is no meta")
            + ": whoever wrote " + (count == 1 ? "it" : "them")
            + " stopped before the meta, or lost it to another. Readers do not see "
            + (count == 1 ? "it." : "them."),
        nowMs);
}

/// Numbers n whose event is repeated by n + 1.
std::vector<std::uint64_t> EventStreamFacts::repeated() const
{
    std::vector<std::uint64_t> out;
    const std::pair<const std::uint64_t, EventFacts>* before = nullptr;
    for (const auto& each : m_events) {
        if (before && before->first + 1 == each.first) {
            const EventFacts& a = before->second;
            const EventFacts& b = each.second;
            if (a.readable && b.readable && a.idHash != 0 && b.idHash != 0 && a.idHash != b.idHash
                && a.typeHash == b.typeHash && a.dataHash == b.dataHash && a.timeMs != 0 && b.timeMs != 0
                && std::abs(b.timeMs - a.timeMs) <= SameMomentMs)
                out.push_back(before->first);
        }
        before = &each;
    }
    return out;
}

std::optional<Finding> EventStreamFacts::lost(const std::vector<std::uint64_t>& repeats, EpochMs nowMs) const
{
    if (repeats.empty())
        return std::nullopt;
    // Best told of one that was seen to be overwritten.
    const auto seen = std::ranges::find_if(repeats, [this](auto n) { return m_rewrites.contains(n); });
    const std::uint64_t n = seen == repeats.end() ? repeats.front() : *seen;
    const EpochMs apart = m_events.at(n + 1).timeMs - m_events.at(n).timeMs;
    std::string evidence = "Events " + text(n) + " and " + text(n + 1) + " say the same under different ids, "
        + span(std::abs(apart)) + " apart" + more(repeats.size() - 1, "such pair");
    evidence += seen == repeats.end() ? ". It looks as if a second appender wrote over the first one's event "
                                        "and then appended its own again: "
                                        "one event is lost and one is counted twice."
                                      : ". Event " + text(n)
            + " was seen to be overwritten by it: one event is lost and one is counted twice.";
    return make("E3", seen == repeats.end() ? Severity::Suspect : Severity::Certain, m_stream.eventKey(n),
        std::move(evidence), nowMs);
}

std::optional<Finding> EventStreamFacts::rewritten(
    const std::vector<std::uint64_t>& repeats, EpochMs nowMs) const
{
    std::optional<Finding> out;
    std::uint64_t others = 0;
    for (const auto& [number, atMs] : m_rewrites) {
        if (nowMs - atMs < RetryMs || std::ranges::binary_search(repeats, number))
            continue;
        if (out) {
            ++others;
            continue;
        }
        out = make("E4", Severity::Certain, m_stream.eventKey(number),
            "Event " + text(number) + " has other bytes than when it was first seen", nowMs);
        out->firstSeenMs = atMs;
    }
    if (out)
        out->evidence += more(others, "event") + ". Events do not change.";
    return out;
}

std::optional<Finding> EventStreamFacts::envelope(EpochMs nowMs) const
{
    std::optional<Finding> out;
    std::uint64_t others = 0;
    if (m_metaThere && !m_meta)
        out = make("E5", Severity::Certain, m_stream.metaKey(), "The meta names no version", nowMs);
    for (const auto& [number, facts] : m_events) {
        const bool unreadable = !facts.readable && m_stream.layout != EventLayout::Sequence;
        if (!unreadable && !facts.otherNumber && !facts.otherAggregate)
            continue;
        if (out) {
            ++others;
            continue;
        }
        const char* what = unreadable ? " is no JSON object"
            : !facts.otherAggregate   ? " names another version than its key"
            : !facts.otherNumber      ? " names another aggregate than its key"
                                      : " names another aggregate and version than its key";
        out = make("E5", Severity::Certain, m_stream.eventKey(number), "Event " + text(number) + what, nowMs);
    }
    if (out)
        out->evidence += more(others, "event") + ".";
    return out;
}

std::optional<Finding> EventStreamFacts::backwards(EpochMs nowMs) const
{
    std::optional<Finding> out;
    std::uint64_t others = 0;
    std::pair<std::uint64_t, EpochMs> before{0, 0};
    for (const auto& [number, facts] : m_events) {
        if (facts.timeMs == 0)
            continue;
        if (facts.timeMs < before.second) {
            if (out)
                ++others;
            else
                out = make("E6", Severity::Info, m_stream.eventKey(number),
                    "Event " + text(number) + " is " + span(before.second - facts.timeMs)
                        + " older than event " + text(before.first) + " by its writer's clock",
                    nowMs);
        }
        before = {number, facts.timeMs};
    }
    if (out)
        out->evidence += more(others, "such step") + ".";
    return out;
}

std::optional<Finding> EventStreamFacts::metaFell() const
{
    if (!m_fall)
        return std::nullopt;
    const bool healed = m_meta && *m_meta >= m_fall->from;
    return make("E7", Severity::Certain, m_stream.metaKey(),
        "The meta went from version " + text(m_fall->from) + " back to " + text(m_fall->to)
            + (healed ? ", and is ahead again: whoever appended in between wrote over event "
                      : ": the next append writes over event ")
            + text(m_fall->to + 1) + ".",
        m_fall->atMs);
}

std::optional<Finding> EventStreamFacts::keyShape(EpochMs nowMs) const
{
    const bool meta = m_stream.aggregate == "meta";
    if (!meta && m_stream.aggregate.find(':') == Bytes::npos)
        return std::nullopt;
    const Bytes key = m_events.empty() ? m_stream.metaKey() : m_stream.eventKey(m_events.begin()->first);
    return make("E8", Severity::Suspect, key,
        meta ? "An aggregate called meta has events under the keys of other aggregates' metas."
             : "The aggregate's id contains a colon: its keys can be taken for another aggregate's.",
        nowMs);
}

/// The bank's rules, over a stream that holds nothing else and lacks nothing.
std::optional<Finding> EventStreamFacts::invariant(EpochMs nowMs) const
{
    if (m_events.empty() || m_events.begin()->first != 1 || m_events.rbegin()->first != m_events.size())
        return std::nullopt;
    bool open = false;
    double balance = 0;
    for (const auto& [number, facts] : m_events) {
        if (m_meta && number > *m_meta)
            break;
        std::string broken;
        switch (facts.move) {
        case EventFacts::Move::None:
            return std::nullopt; // no bank account
        case EventFacts::Move::Opened:
            if (open)
                broken = bank::AlreadyOpen;
            open = true;
            break;
        case EventFacts::Move::Odd:
            broken = "its amount is no number";
            break;
        case EventFacts::Move::Deposited:
        case EventFacts::Move::Withdrawn:
            if (!open)
                broken = bank::NotOpen;
            else if (facts.move == EventFacts::Move::Withdrawn && balance < facts.amount)
                broken = std::string(bank::Insufficient) + ", " + amount(facts.amount) + " of "
                    + amount(balance);
            balance += facts.move == EventFacts::Move::Deposited ? facts.amount : -facts.amount;
            break;
        }
        if (!broken.empty())
            return make("E9", Severity::Certain, m_stream.eventKey(number),
                "Event " + text(number) + " breaks the bank account's rules: " + broken + ".", nowMs);
    }
    return std::nullopt;
}

bool EventStreamFacts::settled(EpochMs nowMs) const
{
    return std::ranges::none_of(
        m_rewrites, [nowMs](const auto& each) { return nowMs - each.second < RetryMs; });
}

std::vector<Finding> EventStreamFacts::judge(bool complete, EpochMs nowMs) const
{
    std::vector<Finding> out;
    const auto add = [&out](std::optional<Finding> finding) {
        const bool found = finding.has_value();
        if (found)
            out.push_back(std::move(*finding));
        return found;
    };
    const auto repeats = repeated();
    bool damaged = add(gap(complete, nowMs));
    add(orphans(nowMs));
    damaged = add(lost(repeats, nowMs)) || damaged;
    damaged = add(rewritten(repeats, nowMs)) || damaged || !m_rewrites.empty();
    damaged = add(envelope(nowMs)) || damaged;
    add(backwards(nowMs));
    add(metaFell());
    add(keyShape(nowMs));
    // What is lost or changed makes the sums wrong; that is told already.
    if (!damaged)
        add(invariant(nowMs));
    return out;
}

} // namespace norikv::client
