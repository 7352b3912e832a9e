// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sessionbook.h"

#include "client/valuehash.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <unordered_map>

namespace norikv::models {

namespace {

constexpr EpochMs JudgeEvery = 1000; // time alone makes a session overdue
constexpr EpochMs StripEvery = 1000;
constexpr std::size_t MostRoles = 8;
constexpr std::size_t MostFindings = 500;
constexpr EpochMs Never = std::numeric_limits<EpochMs>::max();

EpochMs endOf(const SessionRow& row) { return row.reading.expiry.atMs.value_or(Never); }

/// When it ends, or would with another time to live.
std::optional<EpochMs> endWith(const SessionRow& row, std::optional<EpochMs> whatIf)
{
    const auto& record = row.reading.record;
    if (whatIf && record && record->lastAccessedAt)
        return record->lastAccessedAt->ms + *whatIf;
    return row.reading.expiry.atMs;
}

const std::string& userOf(const SessionRow& row)
{
    static const std::string none;
    return row.reading.record ? row.reading.record->userId : none;
}

EpochMs timeOf(const SessionRow& row, std::optional<client::StoredTime> client::SessionRecord::*which)
{
    if (!row.reading.record)
        return 0;
    const auto& time = (*row.reading.record).*which;
    return time ? time->ms : 0;
}

SheetView<SessionRow>::Less lessBy(SessionOrder order)
{
    // Newest first for times, next to end first for expiry; the key decides between equals.
    return [order](const SessionRow& a, const SessionRow& b) {
        switch (order) {
        case SessionOrder::Expiry:
            if (endOf(a) != endOf(b))
                return endOf(a) < endOf(b);
            break;
        case SessionOrder::User:
            if (const int way = userOf(a).compare(userOf(b)); way != 0)
                return way < 0;
            break;
        case SessionOrder::LastSeen:
        case SessionOrder::Created: {
            const auto which = order == SessionOrder::Created ? &client::SessionRecord::createdAt
                                                              : &client::SessionRecord::lastAccessedAt;
            if (timeOf(a, which) != timeOf(b, which))
                return timeOf(a, which) > timeOf(b, which);
            break;
        }
        }
        return a.key < b.key;
    };
}

bool contains(std::string_view text, std::string_view part)
{
    const auto lower = [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), [&](char a, char b) {
        return lower(a) == b;
    }) != text.end();
}

bool matches(const SessionRow& row, const SessionFilter& filter, EpochMs nowMs,
    const std::set<std::string>& crowded, std::optional<EpochMs> whatIf)
{
    if (filter.onlyCrowded && !crowded.contains(userOf(row)))
        return false;
    const auto& record = row.reading.record;
    if (filter.onlyWrong && row.wrong.empty())
        return false;
    if (filter.onlyWithoutExpiry && row.reading.expiry.atMs)
        return false;
    if (filter.minute) {
        const auto end = endWith(row, whatIf);
        const EpochMs left = end.value_or(0) - nowMs;
        const EpochMs from = EpochMs(*filter.minute) * 60'000;
        const bool last = *filter.minute == SessionStrip::Minutes;
        const bool early = left<from&& * filter.minute> 0;
        if (!end || early || (!last && left >= from + 60'000))
            return false;
    }
    if (!filter.role.empty()
        && (!record || std::ranges::find(record->roles, filter.role) == record->roles.end()))
        return false;
    if (filter.text.empty() || contains(row.key, filter.text))
        return true;
    return record
        && (contains(record->userId, filter.text) || contains(record->email, filter.text)
            || std::ranges::any_of(
                record->roles, [&](const auto& role) { return contains(role, filter.text); }));
}

} // namespace

SessionBook::SessionBook(client::Profile profile, std::shared_ptr<Queue> queue)
    : m_profile(std::move(profile))
    , m_queue(std::move(queue))
    , m_rows(lessBy(SessionOrder::Expiry))
    , m_crowded(std::make_shared<std::set<std::string>>())
{
}

void SessionBook::put(const client::Entry& entry, const FollowStatus& status)
{
    const SessionRow* before = m_rows.find(entry.key);
    SessionRow row;
    row.key = entry.key;
    row.hash = valueHash(entry.value);
    if (before && before->hash != row.hash)
        m_setHere.erase(entry.key); // somebody's time to live since
    const auto setHere = m_setHere.find(entry.key);
    row.reading = client::readSession(entry,
        setHere == m_setHere.end() ? std::nullopt : std::optional(setHere->second),
        client::declaredTtl(m_profile, entry.key), status.nowMs);
    const auto rolesOf
        = [](const SessionRow& r) { return r.reading.record ? &r.reading.record->roles : nullptr; };
    auto history = m_histories.find(entry.key);
    // The first value gets a history only when it is replaced: most sessions are looked at once.
    if (history == m_histories.end() && before && before->hash != row.hash) {
        history = m_histories.emplace(entry.key, client::SessionHistory(entry.key)).first;
        history->second.remember(before->hash, rolesOf(*before), before->reading.readMs);
    }
    if (history != m_histories.end())
        history->second.put(entry.value, rolesOf(row), status.nowMs);
    const auto findings = client::judgeSession(row.reading, status.nowMs);
    for (const auto& finding : findings) {
        row.wrong += (row.wrong.empty() ? "" : " ") + finding.rule;
        row.worst = std::min(row.worst, finding.severity);
    }
    if (findings.empty())
        m_wrong.erase(row.key);
    else
        m_wrong[row.key] = findings;
    m_rows.put(std::move(row));
}

void SessionBook::gone(const client::Bytes& key, Gone, const FollowStatus&)
{
    m_rows.erase(key);
    m_wrong.erase(key);
}

void SessionBook::listed(const std::function<bool(std::string_view)>& listed, const FollowStatus&)
{
    m_rows.eraseIf([&](const SessionRow& row) {
        const bool away = !listed(row.key);
        if (away)
            m_wrong.erase(row.key);
        return away;
    });
}

void SessionBook::destroyedHere(const client::Bytes& key, EpochMs nowMs)
{
    m_histories.try_emplace(key, client::SessionHistory(key)).first->second.destroyedHere(nowMs);
    m_rows.erase(key);
    m_wrong.erase(key);
}

std::vector<client::Bytes> SessionBook::keysOfUser(const std::string& user) const
{
    std::vector<client::Bytes> keys;
    m_rows.each([&](const SessionRow& row) {
        if (userOf(row) == user)
            keys.push_back(row.key);
    });
    std::ranges::sort(keys);
    return keys;
}

/// Time alone makes sessions overdue: those that have just become so are judged anew.
void SessionBook::judgeAll(EpochMs nowMs)
{
    if (nowMs - m_judgedMs < JudgeEvery)
        return;
    m_judgedMs = nowMs;
    std::vector<SessionRow> changed;
    m_rows.each([&](const SessionRow& row) {
        const bool told = row.wrong.find("S1") != std::string::npos;
        if (told != row.reading.expiry.overdue(nowMs) || !row.wrong.empty())
            changed.push_back(row);
    });
    for (SessionRow& row : changed) {
        const auto findings = client::judgeSession(row.reading, nowMs);
        std::string wrong;
        row.worst = client::Severity::Info;
        for (const auto& finding : findings) {
            wrong += (wrong.empty() ? "" : " ") + finding.rule;
            row.worst = std::min(row.worst, finding.severity);
        }
        if (findings.empty())
            m_wrong.erase(row.key);
        else
            m_wrong[row.key] = findings;
        if (wrong != row.wrong) {
            row.wrong = std::move(wrong);
            m_rows.put(std::move(row));
        }
    }
}

SessionStrip SessionBook::strip(EpochMs nowMs)
{
    SessionStrip out;
    out.whatIfMs = m_whatIf;
    std::unordered_map<std::string_view, int> perUser;
    std::map<std::string, std::vector<int>> byRole;
    std::vector<int> endings(SessionStrip::Minutes + 1);
    std::map<std::string, int> totals;
    m_rows.each([&](const SessionRow& row) {
        if (!userOf(row).empty())
            ++perUser[userOf(row)];
        const auto ends = endWith(row, m_whatIf);
        if (m_whatIf && ends && *ends <= nowMs) {
            ++out.goneThen;
            return;
        }
        if (!ends) {
            ++out.withoutExpiry;
            return;
        }
        const EpochMs left = std::max<EpochMs>(0, *ends - nowMs);
        const auto minute = static_cast<std::size_t>(std::min<EpochMs>(left / 60'000, SessionStrip::Minutes));
        ++endings[minute];
        if (!row.reading.record)
            return;
        for (const std::string& role : row.reading.record->roles) {
            auto& counts = byRole[role];
            counts.resize(SessionStrip::Minutes + 1);
            ++counts[minute];
            ++totals[role];
        }
    });
    auto crowded = std::make_shared<std::set<std::string>>();
    for (const auto& [user, count] : perUser) {
        if (count > SessionStrip::Crowd)
            crowded->emplace(user);
    }
    out.crowdedUsers = static_cast<int>(crowded->size());
    m_crowded = std::move(crowded);
    int alive = static_cast<int>(m_rows.size()) - out.goneThen;
    for (const int ended : endings) {
        out.alive.push_back(alive);
        alive -= ended;
    }
    std::vector<std::pair<int, std::string>> order;
    for (const auto& [role, count] : totals)
        order.emplace_back(-count, role);
    std::ranges::sort(order);
    for (const auto& [count, role] : order) {
        if (out.roles.size() == MostRoles)
            break;
        out.roles.push_back(role);
        out.counts.push_back(byRole[role]);
    }
    return out;
}

void SessionBook::applyRequests(EpochMs nowMs)
{
    // A minute from now moves with the time: such a list is made anew each second.
    const bool moves = (m_filter.minute || m_filter.onlyCrowded) && nowMs - m_stripMs >= StripEvery;
    if (!m_asked && !moves)
        return;
    m_asked = false;
    m_rows.setOrder(lessBy(m_order));
    if (m_filter.empty())
        m_rows.setFilter({});
    else
        m_rows.setFilter(
            [filter = m_filter, nowMs, crowded = m_crowded, whatIf = m_whatIf](
                const SessionRow& row) { return matches(row, filter, nowMs, *crowded, whatIf); });
}

void SessionBook::publish(const FollowStatus& status)
{
    judgeAll(status.nowMs);
    applyRequests(status.nowMs);
    auto piece = std::make_shared<SessionPiece>();
    if (m_rows.dirty() || m_stripMs == 0 || status.nowMs - m_stripMs >= StripEvery) {
        m_strip = strip(status.nowMs);
        m_stripMs = status.nowMs;
    }
    piece->strip = m_strip;
    piece->view = m_rows.publish();
    piece->wrong = m_wrong.size();
    std::vector<client::Finding> now;
    for (const auto& [key, findings] : m_wrong) {
        if (now.size()
            < MostFindings) // a list longer than that tells nothing more; the table filters the rest
            now.insert(now.end(), findings.begin(), findings.end());
    }
    piece->findings = m_standing.update(std::move(now), status.nowMs);
    // What was seen to happen needs no second look, and is told once each time.
    for (const auto& [key, history] : m_histories) {
        for (const auto& finding : history.findings()) {
            EpochMs& told = m_told[{finding.rule, finding.key}];
            if (finding.lastSeenMs > std::exchange(told, finding.lastSeenMs))
                piece->findings.push_back(finding);
        }
    }
    std::vector<std::shared_ptr<const SessionPiece>> chunk;
    chunk.push_back(std::move(piece));
    m_queue->push(std::move(chunk));
}

} // namespace norikv::models
