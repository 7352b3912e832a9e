// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"
#include "sandbox/vectordraft.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace norikv::sandbox {

class Committer;

/// The ids of one index in byte order, as they were at one moment. Must not outlive the store. One thread.
class VectorIds {
public:
    /// False at the end and after a failure; ask status() which.
    bool valid() const;
    /// Good until the next next().
    std::string_view id() const { return m_cursor->key().substr(m_prefix.size()); }
    void next() { m_cursor->next(); }
    Result<void> status() const { return m_cursor->status(); }

private:
    friend class VectorStore;
    VectorIds(std::unique_ptr<Snapshot> snapshot, std::uint64_t number, std::string_view startAfter);

    std::unique_ptr<Snapshot> m_snapshot;
    std::unique_ptr<Cursor> m_cursor;
    std::string m_prefix;
};

/// All vectors of the sandbox: what is acknowledged is on disk, and found by the next search. The graphs are
/// made behind the writes by a thread of its own, after a start from the stored vectors; whatever a graph
/// lacks is searched exactly. Knows no gRPC. Every method may be called from any thread.
class VectorStore {
public:
    /// How far the graphs are: of `stored` vectors, those in indexes without a graph left out, `indexed` are
    /// in.
    struct Progress {
        std::size_t stored = 0;
        std::size_t indexed = 0;
    };

    /// Reads the vectors of a store. `storage` and `clock` must outlive it. `threads` make a graph.
    static Result<std::unique_ptr<VectorStore>> load(
        const Storage& storage, const Clock& clock, unsigned threads);
    ~VectorStore();
    VectorStore(const VectorStore&) = delete;
    VectorStore& operator=(const VectorStore&) = delete;

    /// Once, before anything else: writes go through this committer, which must be stopped before this store.
    void start(Committer& committer);
    /// Ends the thread; a graph stays as it is. Idempotent.
    void stop();

    /// Never blocks; `write.done` is called once, later.
    void submit(VectorWrite write);
    /// Nothing in `vectors` = there is no such index.
    NumberedIndex find(const std::string& index) const { return m_catalogue.find(index); }
    std::map<std::string, NumberedIndex> all() const { return m_catalogue.all(); }
    /// Nothing = no vector of that id. From the disk, so it never waits for a graph.
    Result<std::optional<std::vector<float>>> get(const NumberedIndex& index, const std::string& id) const;
    std::unique_ptr<VectorIds> ids(const NumberedIndex& index, std::string_view startAfter) const;
    Progress progress() const;

private:
    VectorStore(const Storage& storage, const Clock& clock, unsigned threads);
    void schedule();
    void decide(Batch& batch);
    void answer(const Result<void>& committed);
    void work();
    bool indexAll();
    bool sweep();

    const Storage& m_storage;
    const Clock& m_clock;
    const unsigned m_threads;
    VectorCatalogue m_catalogue;
    Committer* m_committer = nullptr;

    std::mutex m_mutex;
    std::deque<VectorWrite> m_waiting;
    bool m_scheduled = false; ///< the committer knows that something waits
    std::condition_variable m_wake;
    bool m_changed = true; ///< there may be work for the thread
    bool m_dropped = true; ///< there may be rows to sweep, also from before the start
    bool m_stopping = false;

    // The committer's thread, from decide() to answer():
    std::vector<VectorWrite> m_group;
    std::vector<VectorResult> m_results;
    std::optional<VectorDraft> m_draft;

    std::thread m_worker;
};

} // namespace norikv::sandbox
