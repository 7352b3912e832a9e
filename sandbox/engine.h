// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/committer.h"
#include "sandbox/vectorstore.h"

#include <memory>

namespace norikv::sandbox {

/// One readable key of a scan.
struct ScanRow {
    std::string_view key; ///< good until the next next()
    std::string_view value;
    RecordMeta meta;
};

/// The keys under a prefix in byte order, as they were at one revision. Belongs to one thread at a time and
/// must not outlive its engine.
class Scan {
public:
    std::uint64_t revision() const { return m_revision; }
    /// False at the end and after a failure; ask status() which.
    bool valid() const { return m_valid; }
    const ScanRow& row() const { return m_row; }
    void next();
    Result<void> status() const { return m_status; }

private:
    friend class Engine;
    Scan(std::unique_ptr<Snapshot> snapshot, std::string_view prefix, std::string_view startAfter,
        EpochMs now);
    void settle();

    std::unique_ptr<Snapshot> m_snapshot;
    std::unique_ptr<Cursor> m_cursor;
    std::string m_prefix;
    EpochMs m_now;
    std::uint64_t m_revision = 1;
    bool m_valid = false;
    ScanRow m_row;
    Result<void> m_status;
};

/// The store of the sandbox, whatever carries it to a client: keys with reads, writes, scans and history, and
/// vectors. Knows no gRPC. Every method may be called from any thread.
class Engine {
public:
    /// Reads the store's state and starts the committer. `clock` must outlive the engine.
    static Result<std::unique_ptr<Engine>> open(std::unique_ptr<Storage> storage, std::uint32_t totalShards,
        const Quirks& quirks, const Clock& clock);
    ~Engine();

    /// Nothing = missing, deleted or expired. The value goes to `value`.
    Result<std::optional<RecordMeta>> get(std::string_view key, std::string& value) const;
    /// Never blocks; `write.done` is called once, later.
    void submit(Write write);
    void submit(VectorWrite write);
    /// For reading; writes go through submit().
    const VectorStore& vectors() const { return *m_vectors; }
    std::unique_ptr<Scan> scan(std::string_view prefix, std::string_view startAfter = {}) const;
    /// Drops the expiry of every key under the prefix, as a flush of the shipped server does.
    void flushTtl(std::string prefix, Committer::FlushDone done)
    {
        m_committer->flush(std::move(prefix), std::move(done));
    }

    const History& history() const { return m_history; }
    /// See History::onPublish; set it before the first write.
    void onPublish(std::function<void()> call) { m_history.onPublish(std::move(call)); }
    std::uint64_t shardIndex(std::uint32_t shard) const { return m_committer->shardIndex(shard); }
    std::uint32_t totalShards() const { return m_totalShards; }
    Quirks quirks() const { return m_quirks.load(); }
    void setQuirks(const Quirks& quirks) { m_quirks.store(quirks); }
    /// The clock was moved by hand: expire what is due now.
    void pokeClock() { m_committer->poke(); }
    Delayer& delayer() { return m_delayer; }
    const Clock& clock() const { return m_clock; }
    /// Answers what waits and ends the threads; later writes are answered "Stopped". Idempotent.
    void stop();

private:
    Engine(std::unique_ptr<Storage> storage, State state, std::unique_ptr<VectorStore> vectors,
        const Quirks& quirks, const Clock& clock);
    template <class Go> void afterDelay(Go go);

    const std::unique_ptr<Storage> m_storage;
    const std::uint32_t m_totalShards;
    const Clock& m_clock;
    SharedQuirks m_quirks;
    History m_history;
    Delayer m_delayer;
    const std::unique_ptr<VectorStore> m_vectors;
    std::unique_ptr<Committer> m_committer;
};

} // namespace norikv::sandbox
