// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/ratelimit.h"

#include "client/patterns/counter.h"
#include "client/patterns/keykind.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

namespace norikv::client {

namespace {

constexpr std::string_view Prefix = "ratelimit:";

constexpr double LatestMs = 8.64e15; // the last moment of a JavaScript Date
// As seconds these are the years 2001 to 2286; as milliseconds January to April 1970 (as in jsonrecord.cpp).
constexpr double EarliestSeconds = 1e9;
constexpr double LatestSeconds = 1e10;
// As minutes these are the years 2008 to 3871.
constexpr std::int64_t EarliestMinute = 20'000'000;
constexpr std::int64_t LatestMinute = 1'000'000'000;

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Reads the array front to back and keeps only what RateLimitRecord holds.
class TimesReader {
public:
    explicit TimesReader(std::string_view text)
        : m_text(text)
    {
    }

    Result<RateLimitRecord> read()
    {
        skipBlanks();
        ++m_at; // the bracket that told that it is an array
        skipBlanks();
        bool more = peek() != ']';
        while (more) {
            if (!member())
                return broken();
            skipBlanks();
            if (peek() != ',' && peek() != ']')
                return broken();
            more = m_text[m_at++] == ',';
            m_spaced = m_spaced || (more && peek() == ' ');
            skipBlanks();
        }
        if (m_record.count == 0 && m_record.odd == 0)
            ++m_at; // of an empty array
        skipBlanks();
        if (m_at != m_text.size())
            return broken();
        finish();
        return std::move(m_record);
    }

private:
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    void skipBlanks()
    {
        while (m_at < m_text.size() && blank(m_text[m_at]))
            ++m_at;
    }
    tl::unexpected<Error> broken() const
    {
        return fail(
            ErrorKind::BadData, "it is no JSON array of times (at byte " + std::to_string(m_at) + ")");
    }

    bool member()
    {
        const char first = peek();
        if (first == '-' || (first >= '0' && first <= '9'))
            return number();
        ++m_record.odd;
        return skipOther();
    }

    bool number()
    {
        const char* const begin = m_text.data() + m_at;
        const char* const end = m_text.data() + m_text.size();
        double value = 0;
        std::int64_t whole = 0;
        auto [at, error] = std::from_chars(begin, end, whole);
        value = static_cast<double>(whole);
        if (error != std::errc() || (at != end && (*at == '.' || *at == 'e' || *at == 'E'))) {
            const auto again = std::from_chars(begin, end, value);
            at = again.ptr;
            if (at == begin)
                return false;
            if (again.ec != std::errc())
                value = 2 * LatestMs;
            m_fractions = m_fractions || std::abs(value) <= LatestMs;
        }
        m_at += static_cast<std::size_t>(at - begin);
        if (!(std::abs(value) <= LatestMs)) {
            ++m_record.odd;
            return true;
        }
        const bool seconds = value >= EarliestSeconds && value < LatestSeconds;
        m_seconds += seconds ? 1 : 0;
        take(static_cast<EpochMs>(std::floor(seconds ? value * 1000 : value)));
        return true;
    }

    void take(EpochMs ms)
    {
        if (m_record.newestMs)
            m_record.disorderMs = std::max(m_record.disorderMs, *m_record.newestMs - ms);
        m_record.newestMs = std::max(m_record.newestMs.value_or(ms), ms);
        ++m_record.count;
        if (m_record.times.size() == 2 * RateLimitRecord::MostTimes)
            forgetOldest();
        m_record.times.push_back(ms);
    }
    void forgetOldest()
    {
        auto& times = m_record.times;
        if (times.size() <= RateLimitRecord::MostTimes)
            return;
        times.erase(times.begin(), times.end() - static_cast<std::ptrdiff_t>(RateLimitRecord::MostTimes));
    }

    /// A text, a word, or something nested, whatever is in it; false when it does not end.
    bool skipOther()
    {
        int depth = 0;
        const std::size_t start = m_at;
        do {
            const char c = peek();
            if (m_at >= m_text.size())
                return false;
            if (c == '"') {
                if (!skipText())
                    return false;
            } else if (c == '[' || c == '{') {
                ++depth;
                ++m_at;
            } else if (depth > 0 && (c == ']' || c == '}')) {
                --depth;
                ++m_at;
            } else if (depth == 0) {
                while (m_at < m_text.size() && (std::isalpha(static_cast<unsigned char>(m_text[m_at])) != 0))
                    ++m_at;
                return m_at > start;
            } else {
                ++m_at;
            }
        } while (depth > 0);
        return true;
    }
    bool skipText()
    {
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] == '\\')
                ++m_at;
            else if (m_text[m_at] == '"') {
                ++m_at;
                return true;
            }
        }
        return false;
    }

    void finish()
    {
        forgetOldest();
        m_record.times.shrink_to_fit();
        m_record.cut = m_record.count - m_record.times.size();
        m_record.dialect = m_spaced ? Dialect::Python : Dialect::TypeScript;
        if (m_seconds > 0 && m_seconds == m_record.count) {
            m_record.form = TimeForm::Seconds;
            m_record.complaints.emplace_back(
                "its times are seconds; the pattern writes milliseconds, and a limiter that expects them "
                "lets everything through");
        } else if (m_seconds > 0) {
            m_record.complaints.push_back(std::to_string(m_seconds) + " of " + std::to_string(m_record.count)
                + " times are seconds, the others milliseconds");
        }
        if (m_record.odd > 0) {
            m_record.complaints.push_back(std::to_string(m_record.odd)
                + (m_record.odd == 1 ? " member is no time" : " members are no times"));
        }
        if (m_fractions)
            m_record.complaints.emplace_back("some times are no whole milliseconds");
        if (m_record.cut > 0) {
            m_record.complaints.push_back("it holds " + std::to_string(m_record.count)
                + " times; only the newest " + std::to_string(RateLimitRecord::MostTimes) + " are looked at");
        }
    }

    const std::string_view m_text;
    std::size_t m_at = 0;
    std::uint64_t m_seconds = 0;
    bool m_spaced = false;
    bool m_fractions = false;
    RateLimitRecord m_record;
};

RateLimitRecord readBucket(std::string_view key, std::int64_t count)
{
    RateLimitRecord out;
    out.shape = LimitShape::Bucket;
    out.dialect = Dialect::Go;
    out.count = static_cast<std::uint64_t>(std::max<std::int64_t>(0, count));
    if (count < 0)
        out.complaints.emplace_back("its count is below zero");
    const auto minute = parseCounter(key.substr(key.rfind(':') + 1));
    if (minute && *minute >= EarliestMinute && *minute < LatestMinute)
        out.startMs = *minute * static_cast<EpochMs>(BucketMs);
    else
        out.complaints.emplace_back("the number at the end of its key is no minute of our time");
    return out;
}

Result<RateLimitRecord> readCounter(std::string_view value)
{
    auto json = JsonRecord::read(value);
    if (!json)
        return tl::unexpected(json.error());
    if (!json->has(WindowStartMember) && !json->has(CountMember))
        return fail(ErrorKind::BadData, "it is a JSON object without windowStart and count");
    RateLimitRecord out;
    out.shape = LimitShape::Counter;
    out.dialect = Dialect::Java;
    const auto count = json->whole(CountMember);
    out.count = static_cast<std::uint64_t>(std::max<std::int64_t>(0, count.value_or(0)));
    if (const auto start = json->time(WindowStartMember)) {
        out.startMs = start->ms;
        out.form = start->form;
    }
    out.complaints = json->complaints();
    if (count.value_or(0) < 0)
        out.complaints.emplace_back("its count is below zero");
    if (!count)
        out.complaints.emplace_back("there is no count");
    if (!out.startMs)
        out.complaints.emplace_back("nothing tells when its window began");
    return out;
}

/// The times that count now, oldest first.
std::vector<EpochMs> counting(const RateLimitRecord& record, const RateLimit& limit, EpochMs nowMs)
{
    std::vector<EpochMs> out;
    const EpochMs windowStart = nowMs - static_cast<EpochMs>(limit.windowMs);
    std::ranges::copy_if(record.times, std::back_inserter(out), [&](EpochMs ts) { return ts > windowStart; });
    if (!std::ranges::is_sorted(out))
        std::ranges::sort(out);
    return out;
}

/// When a bucket's or counter's window ends.
std::optional<EpochMs> fixedEnd(const RateLimitRecord& record, const RateLimit& limit)
{
    if (!record.startMs)
        return std::nullopt;
    const std::uint64_t length = record.shape == LimitShape::Bucket ? BucketMs : limit.windowMs;
    return *record.startMs + static_cast<EpochMs>(length);
}

} // namespace

Bytes rateLimitKey(std::string_view identifier) { return Bytes(Prefix).append(identifier); }

std::optional<Bytes> identifierOf(std::string_view key)
{
    if (!key.starts_with(Prefix) || key.size() == Prefix.size())
        return std::nullopt;
    return Bytes(key.substr(Prefix.size()));
}

Result<RateLimitRecord> parseRateLimit(std::string_view key, std::string_view value)
{
    if (keyKind(key, value) == KeyKind::RateLimitBucket)
        return readBucket(key, *parseCounter(value));
    const auto first = std::ranges::find_if_not(value, blank);
    if (first != value.end() && *first == '[')
        return TimesReader(value).read();
    if (first != value.end() && *first == '{')
        return readCounter(value);
    return fail(ErrorKind::BadData, "it is neither a JSON array of times nor a counter with its window");
}

KnownLimit limitFor(const RateLimits& limits, std::string_view identifier)
{
    KnownLimit best;
    for (const auto& [prefix, limit] : limits) {
        if (identifier.starts_with(prefix) && (!best.declared || prefix.size() > best.prefix.size()))
            best = {limit, true, prefix};
    }
    return best;
}

LimitState predictLimit(
    const RateLimitRecord* record, const RateLimit& limit, EpochMs nowMs, std::optional<EpochMs> expiresAtMs)
{
    const auto window = static_cast<EpochMs>(limit.windowMs);
    LimitState state;
    state.resetAtMs = nowMs + window;
    state.passesAtMs = nowMs;
    if (record && record->shape == LimitShape::Times) {
        const auto times = counting(*record, limit, nowMs);
        state.used = times.size();
        if (!times.empty())
            state.resetAtMs = times.front() + window;
        if (state.used >= limit.maxRequests && limit.maxRequests > 0)
            state.passesAtMs = times[times.size() - limit.maxRequests] + window;
    } else if (record) {
        const auto end = fixedEnd(*record, limit);
        if (end && nowMs < *end) {
            state.used = record->count;
            state.resetAtMs = *end;
            if (state.used >= limit.maxRequests)
                state.passesAtMs = *end;
        }
    }
    state.remaining = limit.maxRequests > state.used ? limit.maxRequests - state.used : 0;
    state.passes = state.remaining > 0;
    if (!state.passes && expiresAtMs && *expiresAtMs >= nowMs)
        state.passesAtMs = std::min(state.passesAtMs, *expiresAtMs);
    return state;
}

std::optional<EpochMs> nextChangeMs(const RateLimitRecord& record, const RateLimit& limit, EpochMs nowMs)
{
    if (record.shape != LimitShape::Times) {
        const auto end = fixedEnd(record, limit);
        return end && *end > nowMs ? end : std::nullopt;
    }
    const EpochMs windowStart = nowMs - static_cast<EpochMs>(limit.windowMs);
    std::optional<EpochMs> oldest;
    for (const EpochMs ts : record.times) {
        if (ts > windowStart && (!oldest || ts < *oldest))
            oldest = ts;
    }
    return oldest ? std::optional(*oldest + static_cast<EpochMs>(limit.windowMs)) : std::nullopt;
}

} // namespace norikv::client
