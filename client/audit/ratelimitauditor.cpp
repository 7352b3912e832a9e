// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/ratelimitauditor.h"

#include <algorithm>

namespace norikv::client {

RateLimitAuditor::RateLimitAuditor(const Profile& profile, const std::vector<AuditKey>& known)
    : m_profile(profile)
{
    for (const AuditKey& each : known) {
        if (each.setHereExpiryMs)
            m_setHere.emplace(each.key, *each.setHereExpiryMs);
    }
}

RateLimitReading RateLimitAuditor::read(const Entry& entry, EpochMs nowMs) const
{
    const auto setHere = m_setHere.find(entry.key);
    return readRateLimit(entry, limitFor(m_profile.rateLimits, *identifierOf(entry.key)),
        setHere == m_setHere.end() ? std::nullopt : std::optional(setHere->second), nowMs);
}

void RateLimitAuditor::take(const Entry& entry, EpochMs nowMs)
{
    if (entry.exists() && identifierOf(entry.key))
        m_limits.insert_or_assign(entry.key, read(entry, nowMs));
}

std::vector<Finding> RateLimitAuditor::judge(EpochMs nowMs) const
{
    std::vector<Finding> findings;
    for (const auto& [key, reading] : m_limits) {
        for (auto& finding : judgeRateLimit(reading, nowMs))
            findings.push_back(std::move(finding));
    }
    return findings;
}

void RateLimitAuditor::watched(const ChangeEvent& event, EpochMs nowMs)
{
    const Bytes& key = event.entry.key;
    if (!identifierOf(key))
        return;
    m_setHere.erase(key); // somebody else's time to live since
    if (event.kind != ChangeEvent::Kind::Put) {
        m_histories.erase(key); // reset, or over
        m_limits.erase(key);
        return;
    }
    const bool told = event.entry.provenance == TtlProvenance::Server;
    auto history = m_histories.find(key);
    if (history == m_histories.end()) {
        history = m_histories.emplace(key, RateLimitHistory()).first;
        const auto before = m_limits.find(key);
        if (before != m_limits.end() && before->second.record)
            history->second.put(*before->second.record, before->second.limit.limit.windowMs, told, nowMs);
    }
    RateLimitReading reading = read(event.entry, nowMs);
    if (reading.record)
        history->second.put(*reading.record, reading.limit.limit.windowMs, told, nowMs);
    m_limits.insert_or_assign(key, std::move(reading));
}

std::vector<Finding> RateLimitAuditor::judgeWatched(EpochMs nowMs)
{
    std::vector<Finding> findings;
    for (const auto& [key, history] : m_histories) {
        const auto reading = m_limits.find(key);
        if (reading == m_limits.end())
            continue;
        if (auto finding = history.checkR1(key, reading->second.limit, nowMs))
            findings.push_back(std::move(*finding));
    }
    return findings;
}

std::vector<NotJudged> RateLimitAuditor::notJudged(const AuditScope& scope) const
{
    std::vector<NotJudged> out;
    if (m_limits.empty())
        return out;
    if (!scope.canWatch || scope.watched.count() == 0) {
        out.push_back({"R1",
            std::string("what a later write forgot shows only while watching: ")
                + (scope.canWatch ? "needs --for SECONDS" : "this server cannot be watched")});
    }
    const auto count = [this](auto which) { return std::ranges::count_if(m_limits, which); };
    if (const auto odd = count([](const auto& each) { return !each.second.record; }); odd > 0) {
        out.push_back({"R1",
            std::to_string(odd) + (odd == 1 ? " value is no rate limit in" : " values are no rate limits in")
                + " any shape that is known"});
    }
    const auto cut = count([](const auto& each) {
        const auto& record = each.second.record;
        return record && record->cut > 0 && record->times.size() <= each.second.limit.limit.maxRequests;
    });
    if (cut > 0)
        out.push_back({"R1", std::to_string(cut) + " of the lists are longer than what is looked at"});
    const auto timeless
        = count([](const auto& each) { return each.second.record && !each.second.expiry.atMs; });
    if (timeless > 0) {
        out.push_back({"R4",
            std::to_string(timeless) + (timeless == 1 ? " rate limit tells" : " rate limits tell")
                + " nothing of when its window ends, and neither does the server"});
    }
    return out;
}

} // namespace norikv::client
