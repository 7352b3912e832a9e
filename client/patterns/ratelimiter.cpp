// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/ratelimiter.h"

#include <algorithm>

namespace norikv::client {

namespace {

constexpr int MostBeginnings = 8; // of one key in one window: each needs it to have gone since the last

Bytes listed(const std::vector<EpochMs>& times, const RateLimitRecord& like)
{
    Bytes out = "[";
    for (const EpochMs ms : times) {
        if (out.size() > 1)
            out += like.dialect == Dialect::Python ? ", " : ",";
        out += timeJson(ms, like.form);
    }
    return out + "]";
}

Error unreadable(const Bytes& key, const std::string& why)
{
    return {ErrorKind::BadData, printable(key) + ": " + why + "; it was left as it is", {}};
}

} // namespace

RateLimiter::RateLimiter(Store& store, const Clock& clock, CasLoop loop)
    : m_store(store)
    , m_clock(clock)
    , m_loop(std::move(loop))
{
}

/// What the value becomes when one more request is let in, or no value when it is refused.
Result<CasNext> RateLimiter::count(
    const Entry& entry, const RateLimit& limit, EpochMs nowMs, Answer& answer) const
{
    const auto record = parseRateLimit(entry.key, entry.value);
    if (!record)
        return tl::unexpected(unreadable(entry.key, record.error().message));
    if (record->shape == LimitShape::Bucket) {
        return fail(ErrorKind::InvalidRequest,
            printable(entry.key) + " is the bucket of a Go client, which alone counts in it");
    }
    if (record->odd > 0 || record->cut > 0)
        return tl::unexpected(unreadable(entry.key, record->complaints.front()));
    const LimitState state = predictLimit(&*record, limit, nowMs);
    const auto window = static_cast<EpochMs>(limit.windowMs);
    answer = {state.passes, state.remaining - (state.passes ? 1 : 0), state.resetAtMs, {}, 1};
    if (!state.passes)
        return CasNext{};
    answer.countedMs = nowMs;
    if (record->shape == LimitShape::Counter) {
        const bool fresh = state.used == 0;
        if (fresh)
            answer.resetAtMs = nowMs + window;
        auto json = JsonRecord::read(entry.value);
        RecordEdit edit(*json, Dialect::Java);
        if (fresh)
            edit.set(WindowStartMember, timeJson(nowMs, record->form));
        edit.set(CountMember, std::to_string(state.used + 1));
        return CasNext{edit.result(), limit.windowMs};
    }
    std::vector<EpochMs> times = record->times;
    std::erase_if(times, [&](EpochMs ts) { return ts <= nowMs - window; });
    times.push_back(nowMs);
    answer.resetAtMs = *std::ranges::min_element(times) + window;
    return CasNext{listed(times, *record), limit.windowMs};
}

/// Puts an empty list there unless something is. An idempotency key that two beginners of one window share
/// makes the second write nothing, so it cannot wipe what the first has counted since.
Result<void> RateLimiter::begin(Call& call, const Bytes& key, const RateLimit& limit, EpochMs nowMs)
{
    const std::string id = "create:" + (isUtf8(key) ? key : printable(key)) + ":"
        + std::to_string(nowMs / static_cast<EpochMs>(std::max<std::uint64_t>(1, limit.windowMs))) + ":";
    for (int n = 0; n < MostBeginnings; ++n) {
        const auto entry = m_store.get(call, key);
        if (!entry)
            return tl::unexpected(entry.error());
        if (entry->exists())
            return {};
        Put put;
        put.key = key;
        put.value = "[]";
        put.ttlMs = limit.windowMs;
        put.idempotencyKey = id + std::to_string(n);
        const KnownBefore known(call, *entry);
        if (const auto written = m_store.put(call, put); !written)
            return tl::unexpected(written.error());
    }
    return {};
}

Result<RateLimiter::Answer> RateLimiter::check(Call& call, const Bytes& identifier, const RateLimit& limit)
{
    if (limit.maxRequests == 0 || limit.windowMs == 0)
        return fail(ErrorKind::InvalidRequest, "a limit lets in at least one request, in at least 1 ms");
    const Bytes key = rateLimitKey(identifier);
    int attempts = 0;
    for (int n = 0; n < std::max(2, m_loop.policy.attempts); ++n) {
        Answer answer;
        const auto done = compareAndSet(m_store, call, key, m_loop, [&](const Entry& entry) {
            return entry.exists() ? count(entry, limit, m_clock.nowMs(), answer) : Result<CasNext>(CasNext{});
        });
        if (!done)
            return tl::unexpected(done.error());
        attempts += done->attempts;
        if (done->before.exists()) {
            answer.attempts = attempts;
            return answer;
        }
        if (auto begun = begin(call, key, limit, m_clock.nowMs()); !begun)
            return tl::unexpected(begun.error());
    }
    return fail(ErrorKind::Contended, printable(key) + " goes away as fast as it is written");
}

Result<LimitState> RateLimiter::peek(Call& call, const Bytes& identifier, const RateLimit& limit)
{
    const Bytes key = rateLimitKey(identifier);
    const auto entry = m_store.get(call, key);
    if (!entry)
        return tl::unexpected(entry.error());
    if (!entry->exists())
        return predictLimit(nullptr, limit, m_clock.nowMs());
    const auto record = parseRateLimit(key, entry->value);
    if (!record)
        return tl::unexpected(Error{ErrorKind::BadData, printable(key) + ": " + record.error().message, {}});
    return predictLimit(&*record, limit, m_clock.nowMs(), entry->expiresAtMs);
}

Result<bool> RateLimiter::reset(Call& call, const Bytes& identifier)
{
    const auto entry = m_store.get(call, rateLimitKey(identifier));
    if (!entry)
        return tl::unexpected(entry.error());
    if (!entry->exists())
        return false;
    Remove remove;
    remove.key = rateLimitKey(identifier);
    const KnownBefore known(call, *entry);
    if (const auto removed = m_store.remove(call, remove); !removed)
        return tl::unexpected(removed.error());
    return true;
}

} // namespace norikv::client
