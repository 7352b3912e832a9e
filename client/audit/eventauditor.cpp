// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/eventauditor.h"

#include <algorithm>

namespace norikv::client {

EventStreamFacts& EventAuditor::facts(const EventStreamId& stream)
{
    return m_streams.try_emplace(stream, stream).first->second;
}

std::map<std::string, std::uint64_t> EventAuditor::examined() const
{
    std::uint64_t events = 0;
    for (const auto& [id, stream] : m_streams)
        events += stream.events().size();
    return {{"events", events}};
}

bool EventAuditor::owns(std::string_view key) const
{
    const auto parsed = parseEventKey(key, {});
    return parsed && !parsed->number;
}

void EventAuditor::take(const Entry& entry, EpochMs nowMs)
{
    const auto key = parseEventKey(entry.key, entry.value);
    if (!key)
        return;
    EventStreamFacts& stream = facts(key->stream);
    if (!key->number)
        entry.exists() ? stream.putMeta(entry.value, nowMs) : stream.metaMissing();
    else if (entry.exists())
        stream.put(*key->number, EventFacts::of(parseEvent(key->stream, *key->number, entry.value)), nowMs);
    else
        stream.missing(*key->number);
}

void EventAuditor::again(const Entry& entry)
{
    const auto key = parseEventKey(entry.key, entry.value);
    if (!key || key->number)
        return;
    const EventStreamFacts& stream = facts(key->stream);
    const auto version = entry.exists() ? parseEventMeta(key->stream, entry.value) : Result<std::uint64_t>(0);
    if (stream.metaThere() != entry.exists() || (version && *version != stream.meta().value_or(0)))
        m_moved.insert(key->stream);
}

std::vector<Finding> EventAuditor::judge(EpochMs nowMs) const
{
    std::vector<Finding> findings;
    for (const auto& [id, stream] : m_streams) {
        for (Finding& finding : stream.judge(m_complete, nowMs)) {
            if (m_moved.contains(id) && (finding.rule == "E1" || finding.rule == "E2"))
                finding.severity = Severity::Suspect;
            findings.push_back(std::move(finding));
        }
    }
    return findings;
}

void EventAuditor::watched(const ChangeEvent& event, EpochMs nowMs)
{
    Entry entry = event.entry;
    if (event.kind != ChangeEvent::Kind::Put)
        entry.version.reset();
    const auto key = parseEventKey(entry.key, entry.value);
    if (!key)
        return;
    take(entry, nowMs);
    m_changed.insert(key->stream);
}

std::vector<Finding> EventAuditor::judgeWatched(EpochMs nowMs)
{
    std::vector<Finding> findings;
    for (auto id = m_changed.begin(); id != m_changed.end();) {
        const EventStreamFacts& stream = m_streams.at(*id);
        for (Finding& finding : stream.judge(m_complete, nowMs)) {
            // E3 is certain only where the overwriting was seen.
            const bool seen = finding.rule == "E4" || finding.rule == "E7"
                || (finding.rule == "E3" && finding.severity == Severity::Certain);
            if (seen)
                findings.push_back(std::move(finding));
        }
        // An event that was rewritten just now is judged when it is sure that no append was lost.
        id = stream.settled(nowMs) ? m_changed.erase(id) : std::next(id);
    }
    return findings;
}

std::vector<NotJudged> EventAuditor::notJudged(const AuditScope& scope) const
{
    std::vector<NotJudged> out;
    if (m_streams.empty())
        return out;
    if (!scope.canWatch || scope.watched.count() == 0) {
        for (const char* rule : {"E4", "E7"})
            out.push_back({rule, scope.canWatch ? "needs --for SECONDS" : "this server cannot be watched"});
    }
    const auto count = [this](EventLayout layout) {
        return std::ranges::count_if(
            m_streams, [layout](const auto& each) { return each.first.layout == layout; });
    };
    if (const auto go = count(EventLayout::Stream); go > 0) {
        out.push_back({"E3",
            std::to_string(go) + (go == 1 ? " stream is" : " streams are") + " Go's: its events have no id"});
    }
    if (const auto java = count(EventLayout::Sequence); java > 0) {
        for (const char* rule : {"E1", "E2", "E7"})
            out.push_back({rule,
                std::to_string(java) + (java == 1 ? " stream is" : " streams are")
                    + " Java's: one sequence numbers all of them, so gaps are normal and there is no meta"});
    }
    return out;
}

} // namespace norikv::client
