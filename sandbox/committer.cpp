// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/committer.h"

namespace norikv::sandbox {

namespace {

constexpr std::size_t maxWrites = 1024; // per commit: bounds how long the first of them waits
constexpr std::size_t maxExpired = 1024;
constexpr auto longestNap = std::chrono::seconds(1); // wall time may jump, so a far expiry is looked at again
constexpr auto flushAge = std::chrono::seconds(30); // wire-contract 2.8, flush triggers
constexpr std::uint64_t flushEvery = 100;

} // namespace

Committer::Committer(Storage& storage, State state, const Clock& clock, const SharedQuirks& quirks,
    History& history, Delayer& delayer)
    : m_storage(storage)
    , m_state(std::move(state))
    , m_clock(clock)
    , m_quirks(quirks)
    , m_history(history)
    , m_delayer(delayer)
    , m_indexes(m_state.counters.size())
    , m_ages(m_state.counters.size())
{
    for (std::size_t shard = 0; shard < m_indexes.size(); ++shard) {
        m_indexes[shard] = m_state.counters[shard];
    }
    m_thread = std::thread([this] { run(); });
}

Committer::~Committer() { stop(); }

void Committer::submit(Write write)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_stopping) {
            m_writes.push_back(std::move(write));
            if (m_writes.size() == 1) {
                m_wake.notify_one();
            }
            return;
        }
    }
    write.done(tl::unexpected(WriteError{WriteError::Kind::Stopped, "the server is stopping"}));
}

void Committer::submit(RowJob job)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_stopping) {
            m_jobs.push_back(std::move(job));
            m_wake.notify_one();
            return;
        }
    }
    job.done(tl::unexpected(Error("the server is stopping")));
}

void Committer::flush(std::string prefix, FlushDone done)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_stopping) {
            m_flushes.push_back({std::move(prefix), std::move(done)});
            m_wake.notify_one();
            return;
        }
    }
    done(tl::unexpected(Error("the server is stopping")));
}

void Committer::poke()
{
    const std::lock_guard lock(m_mutex);
    m_poked = true;
    m_wake.notify_one();
}

void Committer::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        m_wake.notify_one();
    }
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

bool Committer::waitForWork(std::unique_lock<std::mutex>& lock)
{
    const auto waiting = [this] { return !m_writes.empty() || !m_jobs.empty() || !m_flushes.empty(); };
    const auto ready = [&] { return m_stopping || m_poked || waiting(); };
    if (!ready()) {
        const auto next = m_state.expiry.first();
        if (!next) {
            m_wake.wait(lock, ready);
        } else if (const auto left = std::chrono::milliseconds(*next - m_clock.nowMs()); left.count() > 0) {
            m_wake.wait_for(lock, std::min<std::chrono::milliseconds>(left, longestNap), ready);
        }
    }
    m_poked = false;
    return !m_stopping || waiting();
}

void Committer::run()
{
    std::unique_lock lock(m_mutex);
    while (waitForWork(lock)) {
        auto writes = std::exchange(m_writes, {});
        const auto jobs = std::exchange(m_jobs, {});
        const auto flushes = std::exchange(m_flushes, {});
        lock.unlock();
        if (writes.size() <= maxWrites) {
            commitWrites(std::move(writes));
        } else {
            for (std::size_t from = 0; from < writes.size(); from += maxWrites) {
                const auto first = writes.begin() + static_cast<std::ptrdiff_t>(from);
                const auto count = static_cast<std::ptrdiff_t>(std::min(maxWrites, writes.size() - from));
                commitWrites({std::make_move_iterator(first), std::make_move_iterator(first + count)});
            }
        }
        for (const auto& job : jobs) {
            commitRows(job);
        }
        for (const auto& flush : flushes) {
            commitFlush(flush);
        }
        commitExpired();
        lock.lock();
    }
}

Result<void> Committer::commit(Draft& draft)
{
    if (draft.empty()) {
        return {};
    }
    m_history.reserve(draft.revision());
    const auto committed = m_storage.commit(draft.finish());
    if (!committed) {
        m_history.reserve(m_state.revision);
        return committed;
    }
    auto events = draft.applyTo(m_state);
    for (const auto shard : draft.touchedShards()) {
        m_indexes[shard].store(m_state.counters[shard], std::memory_order_relaxed);
    }
    m_history.publish(std::move(events));
    return {};
}

bool Committer::postpone(Write& write, Draft& draft, WriteResult& result)
{
    bool repeated = false;
    result = draft.add(write, true, &repeated);
    if (!result || repeated) {
        return false;
    }
    write.ifMatch.reset();
    const auto window = std::chrono::milliseconds(m_quirks.load().casWindowMs);
    m_delayer.after(window, [this, late = std::move(write)]() mutable { submit(std::move(late)); });
    return true;
}

void Committer::commitWrites(std::vector<Write> writes)
{
    if (writes.empty()) {
        return;
    }
    const Quirks quirks = m_quirks.load();
    Draft draft(m_storage, m_state, quirks, m_clock.nowMs());
    std::vector<WriteResult> results(writes.size());
    for (std::size_t i = 0; i < writes.size(); ++i) {
        const bool racy = quirks.racyCas && writes[i].ifMatch && writes[i].op == Write::Op::Put;
        if (!racy) {
            results[i] = draft.add(writes[i]);
        } else if (postpone(writes[i], draft, results[i])) {
            writes[i].done = nullptr;
        }
    }
    const auto committed = commit(draft);
    for (std::size_t i = 0; i < writes.size(); ++i) {
        if (!writes[i].done) {
            continue;
        }
        // Not even a mismatch may be told when the commit failed: it may have been against a write of this
        // group.
        writes[i].done(committed
                ? results[i]
                : WriteResult(tl::unexpected(WriteError{WriteError::Kind::Storage, committed.error()})));
    }
    if (committed && quirks.ttlLostOnFlush) {
        imitateFlush(draft.touchedShards());
    }
}

void Committer::imitateFlush(const std::vector<std::uint32_t>& touched)
{
    const auto now = m_clock.elapsed();
    for (const auto shard : touched) {
        auto& age = m_ages[shard];
        if (age.writes == 0) {
            age.flushedAt = now;
        }
        if (age.writes++ % flushEvery != 0 || now - age.flushedAt < flushAge) {
            continue;
        }
        age.flushedAt = now;
        Draft draft(m_storage, m_state, m_quirks.load(), m_clock.nowMs());
        if (draft.dropExpiryOfShard(shard)) {
            static_cast<void>(
                commit(draft)); // nobody waits for it; the next write says what is wrong with the disk
        }
    }
}

void Committer::commitFlush(const Flush& flush)
{
    Draft draft(m_storage, m_state, m_quirks.load(), m_clock.nowMs());
    auto dropped = draft.dropExpiry(flush.prefix);
    if (dropped) {
        if (const auto committed = commit(draft); !committed) {
            dropped = tl::unexpected(committed.error());
        }
    }
    flush.done(dropped);
}

void Committer::commitRows(const RowJob& job)
{
    Batch batch;
    job.decide(batch);
    job.done(batch.empty() ? Result<void>() : m_storage.commit(batch));
}

void Committer::commitExpired()
{
    const auto now = m_clock.nowMs();
    if (const auto next = m_state.expiry.first(); !next || *next > now) {
        return;
    }
    Draft draft(m_storage, m_state, m_quirks.load(), now);
    const auto expired = draft.expire(maxExpired);
    if (!expired || !commit(draft)) {
        // A full disk: reads hide what has expired anyway, so try again without haste.
        std::unique_lock lock(m_mutex);
        m_wake.wait_for(
            lock, longestNap, [this] { return m_stopping || !m_writes.empty() || !m_jobs.empty(); });
    }
}

} // namespace norikv::sandbox
