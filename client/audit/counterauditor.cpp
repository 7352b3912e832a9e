// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/counterauditor.h"

#include "client/patterns/counter.h"
#include "client/patterns/keykind.h"

#include <algorithm>

namespace norikv::client {

namespace {
constexpr std::uint32_t LookBeyond = 8; // declared shards, for hidden ones
}

CounterAuditor::CounterAuditor(const Profile& profile)
    : m_profile(profile)
{
}

std::map<std::string, std::uint64_t> CounterAuditor::examined() const
{
    return {{"counters", m_counters.size()}};
}

std::vector<Bytes> CounterAuditor::knownKeys() const
{
    std::vector<Bytes> keys;
    for (const auto& name : m_profile.counters) {
        const auto shards = m_profile.counterShards.find(name);
        if (shards == m_profile.counterShards.end()) {
            keys.push_back(name);
            continue;
        }
        for (std::uint32_t i = 0; i < shards->second + LookBeyond; ++i)
            keys.push_back(shardKey(name, i));
    }
    return keys;
}

void CounterAuditor::take(const Entry& entry, EpochMs nowMs)
{
    if (!entry.exists())
        return;
    const bool named = std::ranges::find(m_profile.counters, entry.key) != m_profile.counters.end();
    if (!named && keyKind(entry.key, {}) != KeyKind::CounterShard)
        return; // a possible counter is listed but never judged until it is opened as one
    const Bytes name = named ? entry.key : parseShardKey(entry.key)->counter;
    CounterReading& reading = m_counters[name];
    reading.name = name;
    reading.sharded = !named;
    reading.readMs = nowMs;
    const auto declared = m_profile.counterShards.find(reading.name);
    if (declared != m_profile.counterShards.end())
        reading.declaredShards = declared->second;
    reading.keys.push_back(entry);
    if (const auto value = parseCounter(entry.value))
        m_values[entry.key] = *value;
}

std::vector<Finding> CounterAuditor::judge(EpochMs) const
{
    std::vector<Finding> findings;
    for (const auto& [name, reading] : m_counters) {
        for (auto& finding : checkC1(reading))
            findings.push_back(std::move(finding));
        if (auto finding = checkC4(reading))
            findings.push_back(std::move(*finding));
    }
    return findings;
}

void CounterAuditor::watched(const ChangeEvent& event, EpochMs nowMs)
{
    const auto known = m_values.find(event.entry.key);
    if (known == m_values.end() || event.kind != ChangeEvent::Kind::Put)
        return;
    const auto value = parseCounter(event.entry.value);
    if (!value)
        return;
    if (auto finding = checkC2(event.entry.key, known->second, *value, 0, nowMs)) {
        const auto same = std::ranges::find(m_falls, finding->subject, &Finding::subject);
        if (same == m_falls.end())
            m_falls.push_back(std::move(*finding));
        else
            same->lastSeenMs = finding->lastSeenMs;
    }
    known->second = *value;
}

std::vector<Finding> CounterAuditor::judgeWatched(EpochMs) { return m_falls; }

std::vector<NotJudged> CounterAuditor::notJudged(const AuditScope& scope) const
{
    std::vector<NotJudged> out;
    if (!scope.canWatch)
        out.push_back({"C2", "this server cannot be watched"});
    else if (!scope.watchEnded.empty())
        out.push_back({"C2", "the watch ended early: " + scope.watchEnded});
    else if (scope.watched.count() == 0)
        out.push_back({"C2", "needs --for SECONDS"});
    out.push_back({"C3", "needs a closed run: start a load in the counters panel"});
    out.push_back({"C5", "needs a closed run: start a load in the counters panel"});
    const bool anyDeclared = std::ranges::any_of(
        m_counters, [](const auto& counter) { return counter.second.declaredShards.has_value(); });
    if (!anyDeclared)
        out.push_back({"C4", "no counter has a declared number of shards"});
    return out;
}

} // namespace norikv::client
