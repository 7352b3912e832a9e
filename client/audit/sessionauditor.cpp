// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/sessionauditor.h"

#include <algorithm>

namespace norikv::client {

SessionAuditor::SessionAuditor(const Profile& profile, const std::vector<AuditKey>& known)
    : m_profile(profile)
{
    for (const AuditKey& each : known) {
        if (each.setHereExpiryMs)
            m_setHere.emplace(each.key, *each.setHereExpiryMs);
    }
}

void SessionAuditor::put(const Entry& entry, EpochMs nowMs)
{
    const auto setHere = m_setHere.find(entry.key);
    SessionReading reading
        = readSession(entry, setHere == m_setHere.end() ? std::nullopt : std::optional(setHere->second),
            declaredTtl(m_profile, entry.key), nowMs);
    const auto place = m_sessions.try_emplace(entry.key, Session{{}, SessionHistory(entry.key)}).first;
    place->second.history.put(entry.value, reading.record ? &reading.record->roles : nullptr, nowMs);
    place->second.reading = std::move(reading);
}

void SessionAuditor::take(const Entry& entry, EpochMs nowMs)
{
    if (entry.exists() && sessionOf(entry.key))
        put(entry, nowMs);
}

std::vector<Finding> SessionAuditor::judge(EpochMs nowMs) const
{
    std::vector<Finding> findings;
    for (const auto& [key, session] : m_sessions) {
        for (auto& finding : judgeSession(session.reading, nowMs))
            findings.push_back(std::move(finding));
    }
    return findings;
}

void SessionAuditor::watched(const ChangeEvent& event, EpochMs nowMs)
{
    if (event.kind == ChangeEvent::Kind::Put && sessionOf(event.entry.key)) {
        m_setHere.erase(event.entry.key); // somebody else's time to live since
        put(event.entry, nowMs);
    }
}

std::vector<Finding> SessionAuditor::judgeWatched(EpochMs)
{
    std::vector<Finding> findings;
    for (const auto& [key, session] : m_sessions) {
        for (const Finding& finding : session.history.findings())
            findings.push_back(finding);
    }
    return findings;
}

std::vector<NotJudged> SessionAuditor::notJudged(const AuditScope& scope) const
{
    std::vector<NotJudged> out;
    for (const char* rule : {"S2", "S3"}) {
        if (!scope.canWatch)
            out.push_back({rule, "this server cannot be watched"});
        else if (scope.watched.count() == 0)
            out.push_back({rule, "needs --for SECONDS"});
    }
    out.push_back({"S6", "needs to know what was destroyed: use the sessions panel"});
    const auto count = [this](auto which) { return std::ranges::count_if(m_sessions, which); };
    if (const auto odd = count([](const auto& each) { return !each.second.reading.record; }); odd > 0)
        out.push_back(
            {"S4", std::to_string(odd) + (odd == 1 ? " session is" : " sessions are") + " no JSON object"});
    const auto timeless = count([](const auto& each) {
        return !each.second.reading.expiry.atMs && !each.second.reading.expiry.serverSaysNever;
    });
    if (timeless > 0) {
        out.push_back({"S1",
            std::to_string(timeless) + (timeless == 1 ? " session tells" : " sessions tell")
                + " nothing of when they end, and neither does the server"});
    }
    return out;
}

} // namespace norikv::client
