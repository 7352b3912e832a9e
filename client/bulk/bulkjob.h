// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bulk/bulkitem.h"
#include "client/bulk/pace.h"
#include "client/journal/journal.h"
#include "client/retryingstore.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>

namespace norikv::client {

struct BulkOptions {
    /// NoriKV can lose acknowledged parallel writes to one shard, and more so to one that is just starting:
    /// elsewhere each shard gets one read first, and then one write at a time.
    bool ourSandbox = false;
    std::optional<double> perSecond; ///< writes; 0 = no limit; empty = none on our sandbox, 200 elsewhere
    std::size_t workers = 16;
    std::uint32_t totalShards = 1024;
    std::uint64_t total = 0; ///< of a file, from its dry run; for the time left
    bool consent = false; ///< a person confirmed the whole job
    std::string why = "bulk";
    std::string undoFile; ///< made by the job; must not exist yet
    FileWriter writer = systemWriter();
    Journal* journal = nullptr; ///< gets one line about the whole job
};

enum class BulkState {
    Idle,
    Running,
    Paused,
    Cancelled, ///< a person ended it; what was done stays done
    Finished,
    Stopped, ///< it could not go on; `problem` says why
};

struct BulkProgress {
    BulkState state = BulkState::Idle;
    std::uint64_t total = 0; ///< 0 = not known
    std::uint64_t done = 0; ///< written and acknowledged
    std::uint64_t failed = 0; ///< certainly not written
    std::uint64_t unknown = 0; ///< may have been written
    std::uint64_t skipped = 0; ///< nothing to do, or left alone by choice
    double perSecond = 0; ///< keys looked at, pauses left out
    std::optional<std::chrono::seconds> left; ///< at this rate
    std::chrono::milliseconds ran{};
    std::string problem; ///< why it stopped, or why it pauses by itself
    std::string undoFile; ///< empty until something is in it
    std::uint64_t undoLines = 0;

    std::uint64_t looked() const { return done + failed + unknown + skipped; }
};

struct BulkFailure {
    Bytes key;
    std::uint64_t line = 0; ///< of the file, when it came from one
    WriteStatus status = WriteStatus::Failed;
    std::string reason;
};

/// One bulk job: reads a batch, writes what is there to the undo file and to the disk, then touches it. Sends
/// no idempotency keys. run() blocks; everything else may be called from any thread meanwhile.
class BulkJob {
public:
    static constexpr std::size_t FailuresKept = 1000;

    /// All references must outlive the job.
    BulkJob(Store& store, const ServerClock& clock, BulkRequest request, BulkOptions options,
        Sleeper sleeper = realSleeper());

    /// Once. Ends within 100 ms of cancel() or of `stop`. An error says why it could not begin or go on; what
    /// was done until then is in progress() all the same.
    Result<BulkProgress> run(const std::stop_token& stop = {});
    void pause();
    void resume();
    void cancel();

    BulkProgress progress() const;
    /// The first thousand.
    std::vector<BulkFailure> failures() const;
    const BulkRequest& request() const { return m_request; }

private:
    struct Work; ///< one write of a batch
    Result<void> runBatches();
    Result<void> runBatch(std::vector<BulkItem> batch);
    Result<void> warm(const std::vector<BulkItem>& batch);
    Result<std::vector<Result<Entry>>> read(const std::vector<Bytes>& keys);
    void takeSource(BulkItem& item, Entry entry) const;
    void askExpiries(std::vector<Result<Entry>>& entries, const std::vector<Bytes>& keys);
    Result<void> keepForUndo(const std::vector<Work>& works);
    void write(const std::vector<Work>& works);
    void writeOne(const Work& work);
    bool mayGo();
    void pauseBecause(const Error& error);
    void count(const BulkItem& item, WriteStatus status, const std::string& reason);
    void skip();
    Call call() const;
    BulkState state() const;
    void noteInJournal(const BulkProgress& progress);

    Store& m_store;
    const ServerClock& m_serverClock;
    const Clock& m_clock;
    const BulkRequest m_request;
    const BulkOptions m_options;
    const Sleeper m_sleep;
    Pace m_pace;
    std::stop_source m_stop;
    std::optional<AppendFile> m_undo;
    std::set<std::uint32_t> m_warm;
    bool m_stat = true; ///< the server may offer Stat
    std::size_t m_batchSize = 64;
    std::optional<Error> m_refused; ///< the guard said no: so it will to all the rest

    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    BulkProgress m_progress;
    std::vector<BulkFailure> m_failures;
    Clock::Elapsed m_ran{};
    Clock::Elapsed m_since{};
};

} // namespace norikv::client
