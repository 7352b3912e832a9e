// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/loadgenerator.h"

#include <algorithm>

namespace norikv::client {

namespace {

constexpr std::size_t LatencySamples = 4096;
constexpr std::int64_t HeatSeconds = 60;

double seconds(Clock::Elapsed t) { return std::chrono::duration<double>(t).count(); }

} // namespace

LoadGenerator::LoadGenerator(Store& store, const Clock& clock)
    : m_store(store)
    , m_clock(clock)
{
}

LoadGenerator::~LoadGenerator()
{
    stop();
    for (auto& thread : m_threads)
        thread.request_stop();
    m_wake.notify_all();
    m_threads.clear();
}

Result<std::int64_t> LoadGenerator::stored(Call& call)
{
    if (m_plan.sharded)
        return ShardedCounter(m_store, m_plan.counter, m_plan.shards).get(call).map([](const auto& t) {
            return t.total;
        });
    return Counter(m_store, m_plan.counter).get(call);
}

Result<void> LoadGenerator::start(const LoadPlan& plan)
{
    if (plan.workers < 1 || plan.workers > 64)
        return fail(ErrorKind::InvalidRequest, "choose 1 to 64 writers");
    if (plan.counter.empty())
        return fail(ErrorKind::InvalidRequest, "name the counter to load");
    if (plan.sharded && (plan.shards < 1 || plan.shards > 4096))
        return fail(ErrorKind::InvalidRequest, "choose 1 to 4096 shards");
    stop();
    wait();
    m_threads.clear();
    {
        const std::scoped_lock lock(m_mutex);
        m_plan = plan;
    }
    Call call;
    call.why = "load";
    call.journal = false;
    call.consent = plan.consent;
    const Result<void> made = plan.sharded
        ? ShardedCounter(m_store, plan.counter, plan.shards).initialize(call)
        : Counter(m_store, plan.counter).initialize(call).map([](auto) {});
    if (!made)
        return made;
    const auto before = stored(call);
    if (!before)
        return tl::unexpected(before.error());
    const std::scoped_lock lock(m_mutex);
    m_state = LoadState::Running;
    m_running = plan.workers;
    m_begun = 0;
    m_books = {};
    m_books.storedAtStart = *before;
    m_attempts = {};
    m_latenciesMs.clear();
    m_resumedAt = m_clock.elapsed();
    m_ran = {};
    m_heat.assign(static_cast<std::size_t>(plan.workers), {});
    m_heatSecond = 0;
    for (int i = 0; i < plan.workers; ++i) {
        const auto index = static_cast<std::size_t>(i);
        m_threads.emplace_back([this, index](const std::stop_token& token) { run(index, token); });
    }
    return {};
}

void LoadGenerator::pause()
{
    const std::scoped_lock lock(m_mutex);
    if (m_state != LoadState::Running)
        return;
    m_state = LoadState::Paused;
    m_ran += m_clock.elapsed() - m_resumedAt;
}

void LoadGenerator::resume()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_state != LoadState::Paused)
            return;
        m_state = LoadState::Running;
        m_resumedAt = m_clock.elapsed();
    }
    m_wake.notify_all();
}

void LoadGenerator::stop()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_state != LoadState::Running && m_state != LoadState::Paused)
            return;
        if (m_state == LoadState::Running)
            m_ran += m_clock.elapsed() - m_resumedAt;
        m_state = LoadState::Stopping;
    }
    m_wake.notify_all();
}

void LoadGenerator::wait()
{
    std::unique_lock lock(m_mutex);
    m_wake.wait(lock, [this] { return m_running == 0; });
}

bool LoadGenerator::mayGo(const std::stop_token& stopToken)
{
    std::unique_lock lock(m_mutex);
    m_wake.wait(lock, stopToken, [this] { return m_state != LoadState::Paused; });
    if (stopToken.stop_requested() || m_state != LoadState::Running)
        return false;
    if (m_plan.increments != 0 && m_begun >= m_plan.increments)
        return false;
    ++m_begun;
    return true;
}

bool LoadGenerator::rest(std::chrono::milliseconds time, const std::stop_token& stopToken)
{
    std::unique_lock lock(m_mutex);
    if (time.count() > 0)
        m_wake.wait_for(lock, stopToken, time, [this] { return m_state == LoadState::Stopping; });
    m_wake.wait(lock, stopToken, [this] { return m_state != LoadState::Paused; });
    return !stopToken.stop_requested() && m_state == LoadState::Running;
}

void LoadGenerator::run(std::size_t index, const std::stop_token& stopToken)
{
    const LoadPlan mine = plan();
    const CasPolicy policy = mine.impatient ? CasPolicy::impatient(200)
        : mine.sharded                      ? CasPolicy::counterShard()
                                            : CasPolicy::basicCounter();
    Counter basic(m_store, mine.counter, policy);
    ShardedCounter sharded(m_store, mine.counter, mine.shards, policy);
    const std::chrono::duration<double> interval(
        mine.targetPerSecond > 0 ? mine.workers / mine.targetPerSecond : 0);
    // Workers start spread over one interval, so that the target rate is smooth from the first second.
    auto due = m_clock.elapsed()
        + std::chrono::duration_cast<Clock::Elapsed>(interval * (double(index) / mine.workers));
    while (mayGo(stopToken)) {
        const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(due - m_clock.elapsed());
        if (!rest(wait, stopToken))
            break;
        due = std::max(due + std::chrono::duration_cast<Clock::Elapsed>(interval), m_clock.elapsed());
        Call call;
        call.stop = stopToken;
        call.consent = mine.consent;
        call.why = "load";
        call.journal = false;
        int attempts = 0;
        const auto start = m_clock.elapsed();
        const auto change = mine.sharded ? sharded.add(call, 1, &attempts) : basic.add(call, 1, &attempts);
        record(index, change, attempts, seconds(m_clock.elapsed() - start) * 1000);
        // A server that is away is asked again now and then, not in a tight loop.
        if (!rest(
                change ? mine.thinkTime : std::max(mine.thinkTime, std::chrono::milliseconds(20)), stopToken))
            break;
    }
    const std::scoped_lock lock(m_mutex);
    if (--m_running == 0) {
        if (m_state == LoadState::Running)
            m_ran += m_clock.elapsed() - m_resumedAt;
        m_state = LoadState::Finished;
        m_endedMs = m_clock.nowMs();
    }
    m_wake.notify_all();
}

void LoadGenerator::record(std::size_t worker, const Result<CounterChange>& change, int attempts, double ms)
{
    const std::scoped_lock lock(m_mutex);
    if (change)
        ++m_books.acknowledged;
    else if (change.error().kind == ErrorKind::UnknownOutcome)
        ++m_books.unknown;
    else if (change.error().kind != ErrorKind::Cancelled)
        ++m_books.failed;
    if (!change && change.error().kind != ErrorKind::Cancelled)
        m_books.lastError = change.error().message;
    const int conflicts = std::max(0, change ? attempts - 1 : attempts);
    m_books.tries += static_cast<std::uint64_t>(attempts);
    if (change || change.error().kind == ErrorKind::Contended)
        m_books.conflicts += static_cast<std::uint64_t>(conflicts);
    ++m_attempts[std::min<std::size_t>(static_cast<std::size_t>(attempts), m_attempts.size() - 1)];
    m_latenciesMs.push_back(static_cast<float>(ms));
    if (m_latenciesMs.size() > LatencySamples)
        m_latenciesMs.pop_front();
    if (attempts > 0) {
        const double window = ms / 1000 / attempts;
        m_books.windowSeconds += (window - m_books.windowSeconds) * (m_books.windowSeconds == 0 ? 1 : 0.02);
    }
    // The heat strip has one column a second for every worker, also for those that were quiet in it.
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(m_clock.elapsed()).count();
    if (m_heatSecond == 0)
        m_heatSecond = now - 1;
    for (; m_heatSecond < now; ++m_heatSecond) {
        for (auto& row : m_heat) {
            row.push_back(0);
            if (row.size() > HeatSeconds)
                row.pop_front();
        }
    }
    m_heat[worker].back() += conflicts;
}

LoadPlan LoadGenerator::plan() const
{
    const std::scoped_lock lock(m_mutex);
    return m_plan;
}

LoadStats LoadGenerator::stats() const
{
    std::vector<float> latencies;
    LoadStats out;
    {
        const std::scoped_lock lock(m_mutex);
        out = m_books;
        out.state = m_state;
        out.seconds = seconds(
            m_ran + (m_state == LoadState::Running ? m_clock.elapsed() - m_resumedAt : Clock::Elapsed{}));
        std::uint64_t all = 0;
        for (const auto n : m_attempts)
            all += n;
        const auto quantile = [&](double q) {
            std::uint64_t seen = 0;
            for (std::size_t i = 0; i < m_attempts.size(); ++i) {
                seen += m_attempts[i];
                if (seen > 0 && static_cast<double>(seen) >= q * static_cast<double>(all))
                    return static_cast<double>(i);
            }
            return 0.0;
        };
        out.attemptsP50 = quantile(0.50);
        out.attemptsP95 = quantile(0.95);
        for (const auto& row : m_heat)
            out.heat.emplace_back(row.begin(), row.end());
        latencies.assign(m_latenciesMs.begin(), m_latenciesMs.end());
    }
    if (!latencies.empty()) {
        const auto at = [&](double q) {
            const auto nth = latencies.begin()
                + static_cast<std::ptrdiff_t>(q * static_cast<double>(latencies.size() - 1));
            std::nth_element(latencies.begin(), nth, latencies.end());
            return static_cast<double>(*nth);
        };
        out.latencyP50Ms = at(0.50);
        out.latencyP95Ms = at(0.95);
    }
    return out;
}

Result<ClosedRun> LoadGenerator::closeBooks()
{
    const LoadStats stats = this->stats();
    if (stats.state != LoadState::Finished)
        return fail(ErrorKind::InvalidRequest, "the load still runs");
    Call call;
    call.why = "load";
    call.journal = false;
    const auto after = stored(call);
    if (!after)
        return tl::unexpected(after.error());
    const std::scoped_lock lock(m_mutex);
    ClosedRun run;
    run.counter = m_plan.counter;
    run.acknowledged = static_cast<std::int64_t>(stats.acknowledged);
    run.unknown = static_cast<std::int64_t>(stats.unknown);
    run.storedGain = *after - m_books.storedAtStart;
    run.tries = stats.tries;
    run.conflicts = stats.conflicts;
    run.rate = stats.seconds > 0 ? static_cast<double>(stats.acknowledged) / stats.seconds : 0;
    run.windowSeconds = stats.windowSeconds;
    run.shards = m_plan.sharded ? m_plan.shards : 1;
    run.endedMs = m_endedMs;
    return run;
}

Result<ClosedRun> raceIt(Store& store, const Clock& clock, std::uint64_t increments, int workers,
    bool consent, const std::stop_token& stop)
{
    Call call;
    call.why = "race";
    call.journal = false;
    call.stop = stop;
    call.consent = consent;
    const auto before = store.quirks(call);
    const auto restore = [&]() -> Result<void> {
        Call last; // without the stop: also a race that was ended puts things back
        last.why = "race";
        last.journal = false;
        last.consent = consent;
        if (const auto set = store.setQuirks(last, *before); !set)
            return fail(
                set.error().kind, "the sandbox's quirks could not be restored: " + set.error().message);
        return {};
    };
    if (before) {
        Quirks racy = *before;
        racy.racyCas = true;
        racy.casWindowMs = std::max(racy.casWindowMs, 5U);
        if (const auto set = store.setQuirks(call, racy); !set) {
            // Not known whether it switched: what it may have switched is put back.
            if (set.error().kind == ErrorKind::UnknownOutcome)
                (void)restore();
            return tl::unexpected(set.error());
        }
    }
    LoadPlan plan;
    plan.counter = "race:" + randomUuid().substr(0, 8);
    plan.workers = workers;
    plan.increments = increments;
    plan.impatient = true;
    plan.consent = consent;
    LoadGenerator generator(store, clock);
    Result<ClosedRun> books = fail(ErrorKind::Cancelled, "stopped here");
    {
        const std::stop_callback end(stop, [&] { generator.stop(); });
        const auto started = generator.start(plan);
        if (started) {
            if (stop.stop_requested())
                generator.stop(); // asked before there was anything to stop
            generator.wait();
            books = generator.closeBooks();
        } else {
            books = tl::unexpected(started.error());
        }
    }
    if (before) {
        if (const auto restored = restore(); !restored)
            return tl::unexpected(restored.error());
    }
    return books;
}

} // namespace norikv::client
