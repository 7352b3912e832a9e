// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/burst.h"

#include "client/audit/ratelimitrules.h"
#include "client/demo/actor.h"
#include "client/patterns/ratelimiter.h"

#include <algorithm>
#include <latch>
#include <mutex>
#include <optional>
#include <thread>

namespace norikv::client::demo {

namespace {

constexpr int MostClients = 64;
constexpr int MostRequests = 1000;

/// The clock of a machine that is wrong by a constant.
class WrongClock final : public Clock {
public:
    WrongClock(const Clock& right, EpochMs by)
        : m_right(right)
        , m_by(by)
    {
    }
    EpochMs nowMs() const override { return m_right.nowMs() + m_by; }
    Elapsed elapsed() const override { return m_right.elapsed(); }

private:
    const Clock& m_right;
    const EpochMs m_by;
};

/// The document's checkLimit: the first write of a window is bound to nothing.
Result<RateLimiter::Answer> checkAsDocumented(Store& store, Call& call, const Clock& clock,
    const CasLoop& loop, const Bytes& identifier, const RateLimit& limit)
{
    const Bytes key = rateLimitKey(identifier);
    const auto there = store.get(call, key);
    if (!there)
        return tl::unexpected(there.error());
    if (there->exists())
        return RateLimiter(store, clock, loop).check(call, identifier, limit);
    Put put;
    put.key = key;
    put.value = "[" + std::to_string(clock.nowMs()) + "]";
    put.ttlMs = limit.windowMs;
    if (const auto written = store.put(call, put); !written)
        return tl::unexpected(written.error());
    return RateLimiter::Answer{true, limit.maxRequests - 1, 0, clock.nowMs(), 1};
}

class Burst {
public:
    Burst(Store& store, const Clock& clock, const BurstPlan& plan, const Call& like, const Sleeper& sleep)
        : m_store(store)
        , m_clock(clock)
        , m_plan(plan)
        , m_stop(like.stop)
        , m_consent(like.consent)
        , m_sleep(sleep)
        , m_ready(plan.clients)
    {
    }

    Result<BurstResult> run()
    {
        Call call = makeCall();
        const auto there = m_store.get(call, rateLimitKey(m_plan.identifier));
        if (!there)
            return tl::unexpected(there.error());
        if (there->exists())
            return fail(ErrorKind::InvalidRequest,
                printable(m_plan.identifier) + " is in use: a burst needs its own");
        const auto start = m_clock.elapsed();
        {
            std::vector<std::jthread> clients;
            for (int i = 0; i < m_plan.clients; ++i)
                clients.emplace_back([this, i] { send(i); });
        }
        if (m_error)
            return tl::unexpected(*m_error);
        m_result.took = std::chrono::duration_cast<std::chrono::milliseconds>(m_clock.elapsed() - start);
        return close(call);
    }

private:
    Call makeCall() const
    {
        Call call = demoCall(m_stop, "burst");
        call.consent = m_consent;
        return call;
    }

    EpochMs offset(int client) const
    {
        return m_plan.clients < 2
            ? 0
            : m_plan.skew.count() * (2 * client - (m_plan.clients - 1)) / (m_plan.clients - 1);
    }

    void send(int client)
    {
        const WrongClock clock(m_clock, offset(client));
        const CasLoop loop{CasPolicy::session(), m_sleep, {}};
        RateLimiter limiter(m_store, clock, loop);
        m_ready.arrive_and_wait();
        for (int i = 0; i < m_plan.requestsEach; ++i) {
            if (i > 0 && m_plan.spacing.count() > 0 && !m_sleep(m_plan.spacing, m_stop))
                return keep({ErrorKind::Cancelled, "stopped here", {}});
            Call call = makeCall();
            const auto answer = m_plan.documentsCode
                ? checkAsDocumented(m_store, call, clock, loop, m_plan.identifier, m_plan.limit)
                : limiter.check(call, m_plan.identifier, m_plan.limit);
            if (!answer && answer.error().kind != ErrorKind::Contended)
                return keep(answer.error());
            note(answer);
        }
    }

    void note(const Result<RateLimiter::Answer>& answer)
    {
        const std::scoped_lock lock(m_mutex);
        ++m_result.sent;
        if (!answer)
            ++m_result.undecided;
        else if (!answer->allowed)
            ++m_result.refused;
        else
            ++m_result.admitted;
        if (answer && answer->countedMs)
            m_admitted.push_back(*answer->countedMs);
    }
    void keep(const Error& error)
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_error)
            m_error = error;
    }

    Result<BurstResult> close(Call& call)
    {
        const auto window = static_cast<std::int64_t>(m_plan.limit.windowMs);
        m_result.allowed
            = static_cast<std::int64_t>(m_plan.limit.maxRequests) * (1 + m_result.took.count() / window);
        auto entry = m_store.get(call, rateLimitKey(m_plan.identifier));
        if (!entry)
            return tl::unexpected(entry.error());
        entry->key = rateLimitKey(m_plan.identifier);
        const KnownLimit limit{m_plan.limit, true, m_plan.identifier};
        const EpochMs now = m_clock.nowMs();
        RateLimitRecord seen; // all that was let in, as one who watches has seen it
        std::ranges::sort(m_admitted);
        seen.times = m_admitted;
        RateLimitHistory history;
        history.put(seen, m_plan.limit.windowMs, true, now);
        if (entry->exists()) {
            const auto reading = readRateLimit(*entry, limit, {}, now);
            m_result.stored = reading.record ? static_cast<std::int64_t>(reading.record->count) : 0;
            m_result.findings = judgeRateLimit(reading, now);
            if (reading.record)
                history.put(*reading.record, m_plan.limit.windowMs, true, now);
        }
        const bool told
            = std::ranges::find(m_result.findings, "R1", &Finding::rule) != m_result.findings.end();
        if (auto finding = history.checkR1(entry->key, limit, now); finding && !told)
            m_result.findings.insert(m_result.findings.begin(), std::move(*finding));
        return m_result;
    }

    Store& m_store;
    const Clock& m_clock;
    const BurstPlan& m_plan;
    const std::stop_token m_stop;
    const bool m_consent;
    const Sleeper& m_sleep;
    std::latch m_ready; ///< all begin at once
    std::mutex m_mutex;
    BurstResult m_result;
    std::vector<EpochMs> m_admitted;
    std::optional<Error> m_error;
};

} // namespace

Result<BurstResult> runBurst(
    Store& store, const Clock& clock, const BurstPlan& plan, const Call& like, const Sleeper& sleep)
{
    if (plan.clients < 1 || plan.clients > MostClients || plan.requestsEach < 1
        || plan.requestsEach > MostRequests || plan.limit.maxRequests == 0 || plan.limit.windowMs == 0
        || plan.identifier.empty() || plan.skew.count() < 0)
        return fail(ErrorKind::InvalidRequest,
            "a burst needs 1 to 64 clients, 1 to 1000 requests each, an identifier and a limit");
    return Burst(store, clock, plan, like, sleep).run();
}

} // namespace norikv::client::demo
