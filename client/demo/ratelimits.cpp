// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/ratelimits.h"

#include "client/patterns/counter.h"
#include "client/patterns/ratelimiter.h"

#include <algorithm>
#include <array>

namespace norikv::client::demo {

namespace {

constexpr RateLimit Api{60, 60'000};
constexpr RateLimit Search{20, 10'000};
constexpr RateLimit Login{5, 30'000};
constexpr RateLimit Export{30, 60'000};

struct Caller {
    std::string_view identifier;
    RateLimit limit;
    double perSecond;
};
constexpr std::array callers{
    Caller{"api:acme", Api, 0.80},
    Caller{"api:globex", Api, 2.20},
    Caller{"api:initech", Api, 0.15},
    Caller{"login:alice", Login, 0.05},
    Caller{"login:203.0.113.7", Login, 0.90},
    Caller{"search:web", Search, 1.60},
    Caller{"search:mobile", Search, 0.90},
};
constexpr std::string_view GoCaller = "export:reports:";
constexpr std::string_view JavaCaller = "export:invoices";

constexpr std::array faultTable{
    Actor::Fault{
        "Let several first requests of a window overwrite one another", "R1", Actor::Fault::SeenBy::Watch},
    Actor::Fault{"Count a request with a clock that is ahead", "R2", Actor::Fault::SeenBy::Look},
    Actor::Fault{"Lose the expiry of a rate limit", "R4", Actor::Fault::SeenBy::Look},
};

Result<void> put(Store& store, Call& call, std::string_view identifier, const std::vector<EpochMs>& times,
    std::uint64_t ttlMs)
{
    Put put;
    put.key = rateLimitKey(identifier);
    put.value = "[";
    for (const EpochMs ms : times)
        put.value += (put.value.size() > 1 ? "," : "") + std::to_string(ms);
    put.value += "]";
    put.ttlMs = ttlMs;
    return store.put(call, put).map([](auto) {});
}

/// As a Go client counts: one key for each minute.
void countInBucket(Store& store, Call& call, EpochMs nowMs)
{
    const Bytes key = rateLimitKey(Bytes(GoCaller) + std::to_string(nowMs / static_cast<EpochMs>(BucketMs)));
    (void)compareAndSet(store, call, key, {CasPolicy::impatient(3)}, [](const Entry& entry) {
        const auto count = entry.exists() ? parseCounter(entry.value) : 0;
        CasNext next;
        if (count && static_cast<std::uint32_t>(*count) < Export.maxRequests)
            next = {std::to_string(*count + 1), BucketMs};
        return Result<CasNext>(next);
    });
}

/// As a Java client counts: the start of the window and how many since.
void countInWindow(Store& store, Call& call, EpochMs nowMs)
{
    const GivenClock clock(nowMs);
    const auto there = store.get(call, rateLimitKey(JavaCaller));
    if (there && !there->exists()) {
        Put put;
        put.key = rateLimitKey(JavaCaller);
        put.value = R"({"windowStart":)" + std::to_string(nowMs) + R"(,"count":1})";
        put.ttlMs = Export.windowMs;
        (void)store.put(call, put);
    } else {
        (void)RateLimiter(store, clock).check(call, Bytes(JavaCaller), Export);
    }
}

} // namespace

RateLimits::RateLimits()
    : m_goPulse(0.30, 5)
    , m_javaPulse(0.20, 6)
{
    double phase = 0;
    for (const Caller& caller : callers)
        m_pulses.emplace_back(caller.perSecond, phase += 0.9);
}

void RateLimits::declare(Profile& profile) const
{
    profile.rateLimits["api:"] = Api;
    profile.rateLimits["search:"] = Search;
    profile.rateLimits["login:"] = Login;
    profile.rateLimits["export:"] = Export;
}

Result<void> RateLimits::seed(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs)
{
    for (const Caller& caller : callers) {
        const auto window = static_cast<EpochMs>(caller.limit.windowMs);
        const double wanted = caller.perSecond * static_cast<double>(window) / 1000;
        const auto count = std::min<std::size_t>(caller.limit.maxRequests, static_cast<std::size_t>(wanted));
        if (count == 0)
            continue;
        std::vector<EpochMs> times;
        for (std::size_t i = 0; i < count; ++i)
            times.push_back(nowMs - static_cast<EpochMs>(random() % static_cast<std::uint64_t>(window)));
        std::ranges::sort(times);
        if (auto done = put(store, call, caller.identifier, times, caller.limit.windowMs); !done)
            return done;
    }
    return {};
}

void RateLimits::step(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs, double seconds)
{
    const GivenClock clock(nowMs);
    const CasLoop once{CasPolicy::impatient(2)}; // the demo waits for nobody
    for (std::size_t i = 0; i < callers.size(); ++i) {
        for (int due = m_pulses[i].due(seconds, random); due > 0; --due)
            (void)RateLimiter(store, clock, once).check(call, Bytes(callers[i].identifier), callers[i].limit);
    }
    for (int due = m_goPulse.due(seconds, random); due > 0; --due)
        countInBucket(store, call, nowMs);
    for (int due = m_javaPulse.due(seconds, random); due > 0; --due)
        countInWindow(store, call, nowMs);
}

std::span<const Actor::Fault> RateLimits::faults() const { return faultTable; }

Result<void> RateLimits::commit(Store& store, Call& call, std::size_t fault, EpochMs nowMs)
{
    switch (fault) {
    case 0:
        // All of them read that there is nothing, so each writes a list with itself alone.
        for (EpochMs i = 0; i < 8; ++i) {
            if (auto done = put(store, call, "login:demo-race", {nowMs + i}, Login.windowMs); !done)
                return done;
        }
        return {};
    case 1:
        return put(store, call, "api:demo-skew", {nowMs - 2000, nowMs - 900, nowMs + 90'000}, Api.windowMs);
    default:
        if (auto done
            = put(store, call, "search:demo-forgotten", {nowMs - 14'000, nowMs - 13'000}, Search.windowMs);
            !done)
            return done;
        return store.flushTtl(call, rateLimitKey("search:demo-forgotten")).map([](auto) {});
    }
}

} // namespace norikv::client::demo
