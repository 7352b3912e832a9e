// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/sessionrules.h"

#include "client/valuehash.h"

#include <algorithm>

namespace norikv::client {

namespace {

constexpr std::size_t MostValues = 16;
constexpr std::size_t MostRoles = 8;

Finding make(const char* rule, Severity severity, const Bytes& key, std::string evidence, EpochMs at)
{
    return {rule, severity, sessionOf(key).value_or(key), key, std::move(evidence), at, at};
}

std::string lasting(EpochMs ms)
{
    const EpochMs s = ms / 1000;
    if (s < 120)
        return std::to_string(s) + " s";
    if (s < 7200)
        return std::to_string(s / 60) + " min";
    return std::to_string(s / 3600) + " h";
}

std::string whose(const SessionReading& reading)
{
    return reading.record && !reading.record->userId.empty() ? " of user " + printable(reading.record->userId)
                                                             : std::string();
}

std::string_view fromWhere(TtlProvenance from)
{
    switch (from) {
    case TtlProvenance::Server:
        return "as the server told";
    case TtlProvenance::SetHere:
        return "as it was set here";
    case TtlProvenance::FromValue:
        return "by its last access and the time to live declared for it";
    case TtlProvenance::PatternDefault:
        return "if it was written with the pattern's hour";
    case TtlProvenance::Unknown:
        break;
    }
    return "by an unknown word";
}

std::string listed(const std::vector<std::string>& roles)
{
    std::string out;
    for (const std::string& role : roles)
        out += (out.empty() ? "" : ", ") + printable(role);
    return out.empty() ? "none" : out;
}

} // namespace

SessionReading readSession(const Entry& entry, std::optional<EpochMs> setHereMs,
    std::optional<std::uint64_t> declaredTtlMs, EpochMs nowMs)
{
    SessionReading out;
    out.key = entry.key;
    out.readMs = nowMs;
    ExpiryClues clues;
    clues.setHereMs = setHereMs;
    clues.declaredTtlMs = declaredTtlMs;
    // Where the server says outright that there is no expiry, the pattern's hour is no answer.
    if (entry.provenance != TtlProvenance::Server || entry.expiresAtMs)
        clues.patternTtlMs = DefaultSessionTtlMs;
    if (auto record = parseSession(entry.value)) {
        if (record->lastAccessedAt)
            clues.writtenMs = record->lastAccessedAt->ms;
        if (record->expiresAt)
            clues.valueSaysMs = record->expiresAt->ms;
        out.record = std::move(*record);
    } else {
        out.unreadable = record.error().message;
    }
    out.expiry = expiryOf(entry, clues);
    return out;
}

std::optional<Finding> checkS1(const SessionReading& reading, EpochMs nowMs)
{
    if (!reading.expiry.overdue(nowMs))
        return std::nullopt;
    return make("S1", reading.expiry.known ? Severity::Certain : Severity::Suspect, reading.key,
        "The session" + whose(reading) + " should have ended " + lasting(nowMs - *reading.expiry.atMs)
            + " ago, " + std::string(fromWhere(reading.expiry.from)) + ", and can still be used.",
        nowMs);
}

std::optional<Finding> checkS4(const SessionReading& reading, EpochMs nowMs)
{
    if (!reading.record)
        return std::nullopt;
    for (const auto& [time, what] : {std::pair(&reading.record->lastAccessedAt, "last access"),
             std::pair(&reading.record->createdAt, "creation")}) {
        if (!*time || (*time)->ms <= nowMs + ClockSlack.count())
            continue;
        return make("S4", Severity::Certain, reading.key,
            std::string("Its ") + what + " lies " + lasting((*time)->ms - nowMs)
                + " in the future: the clock of the machine that wrote it is ahead.",
            nowMs);
    }
    return std::nullopt;
}

std::optional<Finding> checkS5(const SessionReading& reading, EpochMs nowMs)
{
    if (!reading.expiry.serverSaysNever || checkS1(reading, nowMs))
        return std::nullopt;
    return make("S5", Severity::Suspect, reading.key,
        "The server keeps the session" + whose(reading)
            + " without any expiry: it was written without a time to live, or lost it.",
        nowMs);
}

std::vector<Finding> judgeSession(const SessionReading& reading, EpochMs nowMs)
{
    std::vector<Finding> out;
    for (const auto check : {checkS1, checkS4, checkS5}) {
        if (auto finding = check(reading, nowMs))
            out.push_back(std::move(*finding));
    }
    return out;
}

SessionHistory::SessionHistory(Bytes key)
    : m_key(std::move(key))
{
}

void SessionHistory::found(const char* rule, Severity severity, std::string evidence, EpochMs nowMs)
{
    const auto same = std::ranges::find(m_findings, rule, &Finding::rule);
    if (same == m_findings.end())
        m_findings.push_back(make(rule, severity, m_key, std::move(evidence), nowMs));
    else
        *same = {same->rule, severity, same->subject, m_key, std::move(evidence), same->firstSeenMs, nowMs};
}

void SessionHistory::remember(std::uint64_t hash, const std::vector<std::string>* roles, EpochMs atMs)
{
    m_values.push_back({hash, atMs});
    if (!roles)
        return;
    m_roles.push_back(*roles);
    std::ranges::sort(m_roles.back());
}

void SessionHistory::put(std::string_view value, const std::vector<std::string>* roles, EpochMs nowMs)
{
    // One damage, one finding: whatever bytes undo a log-out, S6 is what happened.
    const bool undone = m_destroyedMs.has_value();
    if (undone) {
        found("S6", Severity::Certain,
            "It was destroyed here " + lasting(nowMs - *m_destroyedMs)
                + " ago and can be used again: a late read wrote it back, so the log-out was undone.",
            nowMs);
        m_destroyedMs.reset();
    }
    const std::uint64_t hash = valueHash(value);
    const bool newest = !m_values.empty() && m_values.back().hash == hash;
    if (newest)
        return; // renewed with the same bytes, or only looked at again
    const auto older = std::ranges::find(m_values, hash, &Known::hash);
    const bool olderReturned = older != m_values.end();
    if (olderReturned && !undone) {
        found("S2", Severity::Certain,
            "It holds the bytes of " + lasting(nowMs - older->atMs)
                + " ago again, which were replaced since: an older value came back.",
            nowMs);
    }
    m_values.push_back({hash, nowMs});
    if (m_values.size() > MostValues)
        m_values.pop_front();
    if (!roles)
        return;
    auto sorted = *roles;
    std::ranges::sort(sorted);
    if (!m_roles.empty() && m_roles.back() == sorted)
        return;
    const bool before = std::ranges::find(m_roles, sorted) != m_roles.end();
    // The same bytes again are S2's. A role that was taken away and is back inside a newer record is
    // somebody's late write; one that is taken away again is an administrator's.
    const bool regained = !m_roles.empty() && !std::ranges::includes(m_roles.back(), sorted);
    if (before && regained && !olderReturned && !undone) {
        found("S3", Severity::Suspect,
            "Its roles are " + listed(sorted) + " again, after they had been changed to "
                + listed(m_roles.back()) + ": a client that read it before may have written them back.",
            nowMs);
    }
    m_roles.push_back(std::move(sorted));
    if (m_roles.size() > MostRoles)
        m_roles.pop_front();
}

} // namespace norikv::client
