// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/ratelimitrules.h"

#include <algorithm>
#include <iterator>

namespace norikv::client {

namespace {

constexpr std::uint64_t FarTooLong = 10; // times the limit, where the limit is only assumed
constexpr EpochMs ShortestMemory = 30'000; // ms that a request is remembered at least

Finding make(const char* rule, Severity severity, const Bytes& key, std::string evidence, EpochMs at)
{
    return {rule, severity, identifierOf(key).value_or(key), key, std::move(evidence), at, at};
}

std::string lasting(EpochMs ms)
{
    if (ms < 1000)
        return std::to_string(ms) + " ms";
    const EpochMs s = ms / 1000;
    if (s < 120)
        return std::to_string(s) + " s";
    if (s < 7200)
        return std::to_string(s / 60) + " min";
    return std::to_string(s / 3600) + " h";
}

std::string words(const KnownLimit& limit)
{
    return std::to_string(limit.limit.maxRequests) + " in " + lasting(EpochMs(limit.limit.windowMs));
}

std::string whose(const KnownLimit& limit)
{
    return limit.declared ? "the limit is " + words(limit)
                          : "no limit is declared, and the pattern's example is " + words(limit);
}

/// The most of these times, oldest first, that count at one moment.
std::size_t mostAtOnce(const std::vector<EpochMs>& times, EpochMs windowMs)
{
    std::size_t most = 0;
    std::size_t from = 0;
    for (std::size_t to = 0; to < times.size(); ++to) {
        while (times[from] <= times[to] - windowMs)
            ++from;
        most = std::max(most, to - from + 1);
    }
    return most;
}

std::vector<EpochMs> sorted(std::vector<EpochMs> times)
{
    if (!std::ranges::is_sorted(times))
        std::ranges::sort(times);
    return times;
}

Severity bySurety(const RateLimitReading& reading)
{
    const bool sure = reading.limit.declared && reading.record->shape == LimitShape::Times
        && reading.record->form == TimeForm::Milliseconds;
    return sure ? Severity::Certain : Severity::Suspect;
}

} // namespace

LimitState RateLimitReading::state(EpochMs nowMs) const
{
    const bool told = expiry.from == TtlProvenance::Server || expiry.from == TtlProvenance::SetHere;
    return predictLimit(
        record ? &*record : nullptr, limit.limit, nowMs, told ? expiry.atMs : std::optional<EpochMs>());
}

RateLimitReading readRateLimit(
    const Entry& entry, KnownLimit limit, std::optional<EpochMs> setHereMs, EpochMs nowMs)
{
    RateLimitReading out;
    out.key = entry.key;
    out.readMs = nowMs;
    out.serverExpiryMs = entry.expiresAtMs;
    out.provenance = entry.provenance;
    out.setHereMs = setHereMs;
    if (auto record = parseRateLimit(entry.key, entry.value))
        out.record = std::move(*record);
    else
        out.unreadable = record.error().message;
    setLimit(out, std::move(limit));
    return out;
}

void setLimit(RateLimitReading& reading, KnownLimit limit)
{
    reading.limit = std::move(limit);
    Entry entry;
    entry.expiresAtMs = reading.serverExpiryMs;
    entry.provenance = reading.provenance;
    ExpiryClues clues;
    clues.setHereMs = reading.setHereMs;
    (reading.limit.declared ? clues.declaredTtlMs : clues.patternTtlMs) = reading.limit.limit.windowMs;
    if (reading.record) {
        // Each write sets the time to live anew: the last one that the value shows counts.
        clues.writtenMs = reading.record->newestMs;
        if (reading.record->startMs) {
            clues.writtenMs = *reading.record->startMs
                + EpochMs(
                    reading.record->shape == LimitShape::Bucket ? BucketMs : reading.limit.limit.windowMs);
        }
    }
    reading.expiry = expiryOf(entry, clues);
}

void RateLimitHistory::put(const RateLimitRecord& record, std::uint64_t windowMs, bool told, EpochMs nowMs)
{
    if (record.shape != LimitShape::Times)
        return;
    const auto now = sorted(record.times);
    m_stored = now.size();
    m_told = m_told && told;
    m_seconds = m_seconds || record.form == TimeForm::Seconds;
    std::vector<EpochMs> all;
    std::ranges::set_union(m_times, now, std::back_inserter(all));
    const EpochMs keep = std::max(ShortestMemory, 2 * static_cast<EpochMs>(windowMs));
    all.erase(all.begin(), std::ranges::upper_bound(all, nowMs - keep));
    if (all.size() > RateLimitRecord::MostTimes)
        all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(RateLimitRecord::MostTimes));
    m_times = std::move(all);
}

std::optional<Finding> RateLimitHistory::checkR1(
    const Bytes& key, const KnownLimit& limit, EpochMs nowMs) const
{
    // Clocks may differ by 2 s: what is too much must be so in a window shorter by that.
    const EpochMs window = static_cast<EpochMs>(limit.limit.windowMs) - ClockSlack.count();
    if (window <= 0 || m_times.size() <= limit.limit.maxRequests || m_times.size() <= m_stored)
        return std::nullopt;
    const std::size_t most = mostAtOnce(m_times, window);
    if (most <= limit.limit.maxRequests)
        return std::nullopt;
    const Severity severity = limit.declared && m_told && !m_seconds ? Severity::Certain : Severity::Suspect;
    return make("R1", severity, key,
        std::to_string(most) + " requests were let in within " + lasting(EpochMs(limit.limit.windowMs)) + "; "
            + whose(limit) + ". The list holds only " + std::to_string(m_stored)
            + " of them: later writes forgot the others, as when several first requests meet.",
        nowMs);
}

std::optional<Finding> checkR1(const RateLimitReading& reading, EpochMs nowMs)
{
    if (!reading.record)
        return std::nullopt;
    const RateLimitRecord& record = *reading.record;
    const RateLimit& limit = reading.limit.limit;
    if (record.count <= limit.maxRequests)
        return std::nullopt;
    if (record.shape == LimitShape::Bucket && limit.windowMs < BucketMs)
        return std::nullopt; // a minute holds more than one such window
    std::uint64_t most = record.count;
    if (record.shape == LimitShape::Times)
        most = mostAtOnce(sorted(record.times), static_cast<EpochMs>(limit.windowMs));
    if (most <= limit.maxRequests)
        return std::nullopt;
    return make("R1", bySurety(reading), reading.key,
        std::to_string(most) + " requests were " + (record.shape == LimitShape::Times ? "let in" : "counted")
            + " within " + lasting(EpochMs(record.shape == LimitShape::Bucket ? BucketMs : limit.windowMs))
            + "; " + whose(reading.limit) + ".",
        nowMs);
}

std::optional<Finding> checkR2(const RateLimitReading& reading, EpochMs nowMs)
{
    if (!reading.record)
        return std::nullopt;
    const auto latest = reading.record->startMs ? reading.record->startMs : reading.record->newestMs;
    if (!latest || *latest <= nowMs + ClockSlack.count())
        return std::nullopt;
    const bool bucket = reading.record->shape == LimitShape::Bucket;
    return make("R2", Severity::Certain, reading.key,
        std::string(bucket                ? "Its minute"
                : reading.record->startMs ? "Its window"
                                          : "A request of it")
            + (reading.record->startMs ? " begins " : " lies ") + lasting(*latest - nowMs)
            + " in the future: the clock of the machine that wrote it is ahead, and it counts that much too "
              "long.",
        nowMs);
}

std::optional<Finding> checkR3(const RateLimitReading& reading, EpochMs nowMs)
{
    if (!reading.record || reading.record->shape != LimitShape::Times || checkR1(reading, nowMs)
        || checkR2(reading, nowMs))
        return std::nullopt;
    const RateLimitRecord& record = *reading.record;
    if (record.disorderMs > ClockSlack.count()) {
        return make("R3", Severity::Certain, reading.key,
            "Its times are not in order: one lies " + lasting(record.disorderMs)
                + " before one that was written earlier. The clocks of its writers differ by that much.",
            nowMs);
    }
    const std::uint64_t most = reading.limit.limit.maxRequests;
    if (record.count <= most * (reading.limit.declared ? 1 : FarTooLong))
        return std::nullopt;
    return make("R3", bySurety(reading), reading.key,
        "It holds " + std::to_string(record.count) + " times; " + whose(reading.limit)
            + ". A writer does not take out what has left the window, and each request reads all of it.",
        nowMs);
}

std::optional<Finding> checkR4(const RateLimitReading& reading, EpochMs nowMs)
{
    if (!reading.record || !reading.expiry.overdue(nowMs))
        return std::nullopt;
    return make("R4", reading.expiry.known ? Severity::Certain : Severity::Suspect, reading.key,
        "Its window was over " + lasting(nowMs - *reading.expiry.atMs) + " ago, "
            + (reading.expiry.from == TtlProvenance::Server         ? "as the server told"
                    : reading.expiry.from == TtlProvenance::SetHere ? "as it was set here"
                    : reading.limit.declared                        ? "by its last request and its window"
                                                                    : "if its window is the pattern's minute")
            + ", and it can still be read. It limits nobody, but such keys fill the store.",
        nowMs);
}

std::vector<Finding> judgeRateLimit(const RateLimitReading& reading, EpochMs nowMs)
{
    std::vector<Finding> out;
    for (const auto check : {checkR1, checkR2, checkR3, checkR4}) {
        if (auto finding = check(reading, nowMs))
            out.push_back(std::move(*finding));
    }
    return out;
}

} // namespace norikv::client
