// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"
#include "client/store.h"

#include "tests/support/fakevectors.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace norikv::test {

/// A NoriKV in memory: versions (0, index within the shard), atomic compare-and-set, idempotency per
/// operation, expiry by the given clock, Scan, Watch and Stat. As on our sandbox a plain Get names an expiry
/// and is silent where there is none; Stat and Scan say that too. Every surprise is a switch or a script.
/// Safe from any thread.
class FakeStore : public client::Store {
public:
    explicit FakeStore(const Clock& clock, std::uint32_t totalShards = 1024);

    enum class Op {
        Get,
        Put,
        Remove,
        GetMany,
        WatchCluster,
        Scan,
        Watch,
        Stat,
        Snapshot,
        Transfer,
        GetQuirks,
        SetQuirks,
        Flush,
        MoveShard,
        SetNode,
        ShiftClock,
        CreateIndex,
        DropIndex,
        InsertVector, ///< of insertVectors() too
        DeleteVector,
        SearchVectors,
        GetVector, ///< of getVectors() too
        ListIndexes,
        ListIds,
        ProbeVector,
    };

    /// What a scripted call answers instead of working.
    enum class Fault {
        NotLeader, ///< refused before anything happened
        NotLeaderAfterApply, ///< leadership lost after the append: it was applied
        UnknownBeforeApply,
        UnknownAfterApply,
        Unreachable, ///< never sent
        Timeout, ///< of a read
        Conflict,
        KeyMissing,
        Server,
        Invalid,
    };
    /// The next `times` calls of `op` answer `fault`, after those scripted before.
    void script(Op op, Fault fault, int times = 1);
    /// Every call of `op` answers `fault` until calm().
    void always(Op op, Fault fault);
    void calm();

    struct Seen {
        Op op = Op::Get;
        client::Bytes key;
        client::Bytes value;
        bool cas = false;
        std::string idempotencyKey;
        std::chrono::milliseconds timeout{};
        std::optional<std::size_t> avoid;
        bool background = false;
    };
    std::vector<Seen> seen() const;
    std::size_t count(Op op) const;
    void forget();

    // Switches; set them before calls run.
    bool offersExplore = true;
    bool offersFaults = true;
    bool offersVectors = true; ///< lists of indexes and ids need offersExplore too
    std::set<std::string> hiddenFromSearch; ///< vectors that no search finds
    /// Called on the calling thread, without a lock, before the call does its work.
    std::function<void(const Seen&)> before;
    /// Which node a call goes to; node 0 without it.
    std::function<std::size_t(const client::Call&, std::uint32_t shard)> route;
    /// Called by a watch that has nothing to tell, before its empty batch: a test moves the clock here.
    /// Without it such a watch waits for a change.
    std::function<void()> idle;
    /// Ends a watch with this error when it would be idle.
    std::optional<client::Error> watchEnds;

    void setQuirksDirectly(const client::Quirks& quirks);
    client::Quirks quirksNow() const;

    // Behind the wire: no script, no record, no call.
    void plant(const client::Bytes& key, const client::Bytes& value, std::uint64_t ttlMs = 0);
    void erase(const client::Bytes& key);
    std::optional<client::Bytes> value(const client::Bytes& key) const;
    std::map<client::Bytes, client::Entry> contents() const;
    /// Waits until the contents satisfy `condition`; false when that takes longer than half a minute.
    bool waitUntil(const std::function<bool(const std::map<client::Bytes, client::Entry>&)>& condition);

    client::Result<client::Entry> get(
        client::Call& call, const client::Bytes& key, client::Consistency level) override;
    using client::Store::get;
    client::Result<client::Version> put(client::Call& call, const client::Put& put) override;
    client::Result<client::Removed> remove(client::Call& call, const client::Remove& remove) override;
    client::Result<void> getMany(client::Call& call, std::span<const client::Bytes> keys,
        std::size_t inFlight, const GotSink& sink) override;
    client::Result<void> watchCluster(client::Call& call, const ViewSink& sink) override;
    client::Result<void> scan(
        client::Call& call, const client::ScanRequest& request, const ScanSink& sink) override;
    client::Result<void> watch(
        client::Call& call, const client::WatchRequest& request, const WatchSink& sink) override;
    client::Result<std::vector<client::Entry>> stat(
        client::Call& call, std::span<const client::Bytes> keys) override;
    client::Result<void> snapshotShard(client::Call& call, std::uint32_t shard) override;
    client::Result<void> transferShard(client::Call& call, std::uint32_t shard) override;
    client::Result<client::Quirks> quirks(client::Call& call) override;
    client::Result<client::Quirks> setQuirks(client::Call& call, const client::Quirks& quirks) override;
    client::Result<std::uint64_t> flushTtl(client::Call& call, const client::Bytes& prefix) override;
    client::Result<void> moveShard(client::Call& call, const client::ShardMove& move) override;
    client::Result<void> setNode(client::Call& call, const client::NodeFault& fault) override;
    client::Result<void> shiftClock(client::Call& call, std::chrono::milliseconds by) override;
    client::Result<bool> createVectorIndex(client::Call& call, const client::VectorIndex& index) override;
    client::Result<bool> dropVectorIndex(client::Call& call, const std::string& index) override;
    client::Result<void> insertVector(
        client::Call& call, const std::string& index, const client::NamedVector& vector) override;
    client::Result<void> insertVectors(client::Call& call, const std::string& index,
        std::span<const client::NamedVector> vectors, std::size_t inFlight,
        const InsertedSink& sink) override;
    client::Result<bool> deleteVector(
        client::Call& call, const std::string& index, const std::string& id) override;
    client::Result<client::VectorMatches> searchVectors(
        client::Call& call, const client::VectorSearch& search) override;
    client::Result<std::optional<std::vector<float>>> getVector(
        client::Call& call, const std::string& index, const std::string& id) override;
    client::Result<void> getVectors(client::Call& call, const std::string& index,
        std::span<const std::string> ids, std::size_t inFlight, const VectorSink& sink) override;
    client::Result<std::vector<client::VectorIndex>> listVectorIndexes(client::Call& call) override;
    client::Result<void> listVectorIds(client::Call& call, const std::string& index,
        const std::string& startAfter, std::uint64_t limit, const IdSink& sink) override;
    client::Result<void> probeVector(client::Call& call) override;

private:
    using Lock = std::unique_lock<std::mutex>;

    /// Notes the call and gives what the script has for it.
    std::optional<Fault> enter(client::Call& call, Seen seen);
    client::Result<void> simple(client::Call& call, Op op, bool offered);
    template <class T, class Work>
    client::Result<T> vectors(client::Call& call, Seen seen, bool offered, const Work& work);
    static client::Error answer(Fault fault);
    static bool applies(const std::optional<Fault>& fault);
    bool expired(const client::Entry& entry) const;
    const client::Entry* find(const client::Bytes& key) const;
    client::Entry read(const client::Bytes& key) const;
    client::Version write(const client::Bytes& key, const client::Bytes& value, std::uint64_t ttlMs);
    client::Version tombstone(const client::Bytes& key);
    client::Version nextVersion(const client::Bytes& key);
    void note(client::ChangeEvent::Kind kind, client::Entry entry);
    client::Result<void> check(const client::Bytes& key, const client::Version& expected) const;
    std::string memory(Op op, const std::string& idempotencyKey) const;

    const Clock& m_clock;
    const std::uint32_t m_totalShards;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::map<client::Bytes, client::Entry> m_entries;
    std::map<std::uint32_t, std::uint64_t> m_indexes;
    std::map<std::string, client::Version> m_idempotent;
    std::map<client::Bytes, int> m_inWindow; ///< racy writers between check and write
    std::vector<client::ChangeEvent> m_events;
    std::map<Op, std::deque<Fault>> m_script;
    std::map<Op, Fault> m_always;
    std::vector<Seen> m_seen;
    client::Quirks m_quirks;
    FakeVectors m_vectors;
};

} // namespace norikv::test
