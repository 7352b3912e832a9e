// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/delayer.h"
#include "sandbox/draft.h"
#include "sandbox/history.h"
#include "sandbox/state.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace norikv::sandbox {

/// Rows outside the keys, changed by somebody who decides on the committer's thread.
struct RowJob {
    std::function<void(Batch&)> decide; ///< adds the rows to change; not called after stop()
    std::function<void(const Result<void>&)> done; ///< always, once, after they are on disk. Must not block.
};

/// The only thread that writes. It takes all that waits, decides it as one Draft, commits it with one fsync
/// and only then answers: group commit. It also removes what has expired.
class Committer {
public:
    using FlushDone = std::function<void(const Result<std::uint64_t>&)>;

    /// All references must outlive the committer. Starts the thread.
    Committer(Storage& storage, State state, const Clock& clock, const SharedQuirks& quirks, History& history,
        Delayer& delayer);
    ~Committer();
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;

    /// From any thread, without blocking. After stop() it is answered "Stopped" at once.
    void submit(Write write);
    /// The same for other rows: one synced batch for each job.
    void submit(RowJob job);
    /// Drops the expiry under a prefix; answered on the committer's thread.
    void flush(std::string prefix, FlushDone done);
    /// The clock has moved: look for expired keys again.
    void poke();
    /// Commits what waits, answers it and ends the thread. Idempotent.
    void stop();

    /// Last committed version index of a shard. Any thread.
    std::uint64_t shardIndex(std::uint32_t shard) const
    {
        return m_indexes[shard].load(std::memory_order_relaxed);
    }

private:
    struct Flush {
        std::string prefix;
        FlushDone done;
    };

    void run();
    /// True when there is something to do. Holds the lock.
    bool waitForWork(std::unique_lock<std::mutex>& lock);
    void commitWrites(std::vector<Write> writes);
    void commitFlush(const Flush& flush);
    void commitRows(const RowJob& job);
    void commitExpired();
    void imitateFlush(const std::vector<std::uint32_t>& touched);
    Result<void> commit(Draft& draft);
    /// Quirk racyCas: checks now, writes later.
    bool postpone(Write& write, Draft& draft, WriteResult& result);

    Storage& m_storage;
    State m_state;
    const Clock& m_clock;
    const SharedQuirks& m_quirks;
    History& m_history;
    Delayer& m_delayer;
    std::vector<std::atomic<std::uint64_t>> m_indexes;
    struct ShardAge {
        std::uint64_t writes = 0;
        Clock::Elapsed flushedAt{};
    };
    std::vector<ShardAge> m_ages; ///< for the quirk ttlLostOnFlush

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<Write> m_writes;
    std::vector<RowJob> m_jobs;
    std::vector<Flush> m_flushes;
    bool m_poked = false;
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace norikv::sandbox
