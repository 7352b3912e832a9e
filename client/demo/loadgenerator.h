// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/counterrules.h"
#include "client/patterns/counter.h"
#include "client/store.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace norikv::client {

struct LoadPlan {
    Bytes counter;
    bool sharded = false;
    std::uint32_t shards = 10; ///< when sharded
    int workers = 16; ///< 1..64
    double targetPerSecond = 0; ///< over all workers; 0 = as fast as it goes
    std::chrono::milliseconds thinkTime{0}; ///< pause of a worker after each increment
    std::uint64_t increments = 0; ///< stop after so many tries to increment; 0 = until stopped
    bool consent = false; ///< a person confirmed the whole run (guard mode confirm)
    bool impatient = false; ///< compare-and-set without backoff: for races on purpose
};

enum class LoadState { Idle, Running, Paused, Stopping, Finished };

/// Figures of a run so far. Latency is of a whole increment, its conflicts included.
struct LoadStats {
    LoadState state = LoadState::Idle;
    std::uint64_t acknowledged = 0;
    std::uint64_t unknown = 0;
    std::uint64_t failed = 0;
    std::uint64_t tries = 0; ///< compare-and-set writes sent
    std::uint64_t conflicts = 0;
    double seconds = 0; ///< of running time, pauses left out
    double attemptsP50 = 0, attemptsP95 = 0;
    double latencyP50Ms = 0, latencyP95Ms = 0;
    double windowSeconds = 0; ///< mean time of one Get and Put
    std::int64_t storedAtStart = 0; ///< the counter's value when the run began
    std::string lastError;
    /// Retries per worker and second, newest second last; at most 60 seconds.
    std::vector<std::vector<int>> heat;
};

/// Increments one counter from many threads, each with its own blocking loop, and keeps the books: what was
/// acknowledged, what is unknown, what met a conflict. All members are safe from any thread.
class LoadGenerator {
public:
    LoadGenerator(Store& store, const Clock& clock);
    ~LoadGenerator();

    /// Ends a run under way first. Refuses a plan outside its limits.
    Result<void> start(const LoadPlan& plan);
    void pause();
    void resume();
    /// Asks the workers to end after the increment under way; does not wait.
    void stop();
    /// Waits until no worker runs.
    void wait();

    LoadPlan plan() const;
    LoadStats stats() const;
    /// The books of the last run, closed: reads the stored value once more. Only when finished.
    Result<ClosedRun> closeBooks();

private:
    struct Worker;
    void run(std::size_t index, const std::stop_token& stop);
    bool mayGo(const std::stop_token& stop);
    /// Waits, through a pause if there is one. False when the run ends meanwhile.
    bool rest(std::chrono::milliseconds time, const std::stop_token& stop);
    void record(std::size_t worker, const Result<CounterChange>& change, int attempts, double ms);
    Result<std::int64_t> stored(Call& call);

    Store& m_store;
    const Clock& m_clock;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    LoadPlan m_plan;
    LoadState m_state = LoadState::Idle;
    int m_running = 0;
    std::uint64_t m_begun = 0;
    LoadStats m_books;
    std::array<std::uint64_t, 32> m_attempts{}; ///< increments by number of tries
    std::deque<float> m_latenciesMs; ///< of the last few thousand
    Clock::Elapsed m_resumedAt{};
    Clock::Elapsed m_ran{};
    EpochMs m_endedMs = 0;
    std::vector<std::deque<int>> m_heat;
    std::int64_t m_heatSecond = 0;
    std::vector<std::jthread> m_threads;
};

/// Runs `increments` racing increments on a fresh counter and answers its books. Switches the sandbox's CAS
/// to check-then-write for the run where it can (Faults), and back, so that the loss shows on every machine.
Result<ClosedRun> raceIt(Store& store, const Clock& clock, std::uint64_t increments, int workers,
    bool consent, const std::stop_token& stop);

} // namespace norikv::client
