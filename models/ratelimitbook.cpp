// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/ratelimitbook.h"

#include "client/valuehash.h"

#include <algorithm>
#include <cctype>
#include <limits>

namespace norikv::models {

namespace {

constexpr EpochMs PassEvery = 1000; // ms between two looks at what time has changed
constexpr std::size_t MostFindings = 500;
constexpr EpochMs Never = std::numeric_limits<EpochMs>::max();

SheetView<RateLimitRow>::Less lessBy(RateLimitOrder order)
{
    return [order](const RateLimitRow& a, const RateLimitRow& b) {
        if (order == RateLimitOrder::Pressure) {
            if (a.pressure() != b.pressure())
                return a.pressure() > b.pressure();
            if (a.state.used != b.state.used)
                return a.state.used > b.state.used;
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

bool matches(const RateLimitRow& row, const RateLimitFilter& filter)
{
    if ((filter.onlyWrong && row.wrong.empty()) || (filter.onlyFull && row.state.passes))
        return false;
    return filter.text.empty() || contains(client::identifierOf(row.key).value_or(row.key), filter.text);
}

} // namespace

RateLimitBook::RateLimitBook(client::RateLimits limits, std::shared_ptr<Queue> queue)
    : m_limits(std::move(limits))
    , m_queue(std::move(queue))
    , m_rows(lessBy(RateLimitOrder::Pressure))
{
}

void RateLimitBook::judge(RateLimitRow& row, EpochMs nowMs)
{
    row.state = row.reading.state(nowMs);
    row.changesMs = Never;
    if (row.reading.record)
        row.changesMs
            = client::nextChangeMs(*row.reading.record, row.reading.limit.limit, nowMs).value_or(Never);
    auto findings = client::judgeRateLimit(row.reading, nowMs);
    const auto history = m_histories.find(row.key);
    if (history != m_histories.end()
        && std::ranges::find(findings, "R1", &client::Finding::rule) == findings.end()) {
        if (auto finding = history->second.checkR1(row.key, row.reading.limit, nowMs))
            findings.insert(findings.begin(), std::move(*finding));
    }
    row.wrong.clear();
    row.worst = client::Severity::Info;
    for (const auto& finding : findings) {
        row.wrong += (row.wrong.empty() ? "" : " ") + finding.rule;
        row.worst = std::min(row.worst, finding.severity);
    }
    // What becomes overdue does so without a request leaving the window.
    if (row.reading.expiry.atMs && !row.reading.expiry.overdue(nowMs))
        row.changesMs = std::min(row.changesMs, *row.reading.expiry.atMs + client::ClockSlack.count() + 1);
    if (findings.empty())
        m_wrong.erase(row.key);
    else
        m_wrong[row.key] = std::move(findings);
}

void RateLimitBook::put(const client::Entry& entry, const FollowStatus& status)
{
    const RateLimitRow* before = m_rows.find(entry.key);
    RateLimitRow row;
    row.key = entry.key;
    row.hash = valueHash(entry.value);
    row.stretch = m_stretch;
    const bool changed = before && before->hash != row.hash;
    if (changed)
        m_setHere.erase(entry.key); // somebody's time to live since
    const auto setHere = m_setHere.find(entry.key);
    row.reading = client::readRateLimit(entry,
        client::limitFor(m_limits, client::identifierOf(entry.key).value_or("")),
        setHere == m_setHere.end() ? std::nullopt : std::optional(setHere->second), status.nowMs);
    const auto remember = [&](client::RateLimitHistory& history, const client::RateLimitReading& reading) {
        if (reading.record)
            history.put(*reading.record, reading.limit.limit.windowMs, status.live, status.nowMs);
    };
    auto history = m_histories.find(entry.key);
    // The first value gets a history only when it is replaced: many keys are looked at once.
    if (history == m_histories.end() && changed) {
        history = m_histories.emplace(entry.key, client::RateLimitHistory()).first;
        if (before->stretch == m_stretch)
            remember(history->second, before->reading);
    }
    if (history != m_histories.end())
        remember(history->second, row.reading);
    judge(row, status.nowMs);
    m_rows.put(std::move(row));
}

void RateLimitBook::forget(const client::Bytes& key)
{
    m_histories.erase(key);
    m_setHere.erase(key);
    m_wrong.erase(key);
}

void RateLimitBook::gone(const client::Bytes& key, Gone, const FollowStatus&)
{
    forget(key);
    m_rows.erase(key);
}

void RateLimitBook::listed(const std::function<bool(std::string_view)>& listed, const FollowStatus&)
{
    m_rows.eraseIf([&](const RateLimitRow& row) {
        const bool away = !listed(row.key);
        if (away)
            forget(row.key);
        return away;
    });
}

void RateLimitBook::setLimits(client::RateLimits limits)
{
    m_limits = std::move(limits);
    m_otherLimits = true;
}

/// Rows that time, or another limit, has changed since the last look are judged anew.
void RateLimitBook::passTime(EpochMs nowMs)
{
    if (!m_otherLimits && nowMs - m_passedMs < PassEvery)
        return;
    m_passedMs = nowMs;
    const bool all = std::exchange(m_otherLimits, false);
    std::vector<RateLimitRow> changed;
    m_rows.each([&](const RateLimitRow& row) {
        if (all || row.changesMs <= nowMs || !row.wrong.empty())
            changed.push_back(row);
    });
    for (RateLimitRow& row : changed) {
        if (all)
            client::setLimit(
                row.reading, client::limitFor(m_limits, client::identifierOf(row.key).value_or("")));
        const auto was = std::tuple(row.state.used, row.state.resetAtMs, row.state.passes, row.wrong);
        const EpochMs changes = row.changesMs;
        judge(row, nowMs);
        if (all || changes != row.changesMs
            || was != std::tuple(row.state.used, row.state.resetAtMs, row.state.passes, row.wrong))
            m_rows.put(std::move(row));
    }
}

void RateLimitBook::applyRequests()
{
    if (!std::exchange(m_asked, false))
        return;
    m_rows.setOrder(lessBy(m_order));
    if (m_filter.empty())
        m_rows.setFilter({});
    else
        m_rows.setFilter([filter = m_filter](const RateLimitRow& row) { return matches(row, filter); });
}

void RateLimitBook::publish(const FollowStatus& status)
{
    passTime(status.nowMs);
    applyRequests();
    auto piece = std::make_shared<RateLimitPiece>();
    if (m_rows.dirty()) {
        m_full = 0;
        m_rows.each([this](const RateLimitRow& row) { m_full += row.state.passes ? 0 : 1; });
    }
    piece->view = m_rows.publish();
    piece->full = m_full;
    piece->wrong = m_wrong.size();
    std::vector<client::Finding> now;
    for (const auto& [key, findings] : m_wrong) {
        if (now.size() < MostFindings) // a longer list tells nothing more; the table filters the rest
            now.insert(now.end(), findings.begin(), findings.end());
    }
    piece->findings = m_standing.update(std::move(now), status.nowMs);
    std::vector<std::shared_ptr<const RateLimitPiece>> chunk;
    chunk.push_back(std::move(piece));
    m_queue->push(std::move(chunk));
}

} // namespace norikv::models
