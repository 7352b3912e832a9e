// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/history.h"
#include "sandbox/state.h"
#include "sandbox/write.h"

#include <unordered_map>

namespace norikv::sandbox {

/// Everything one group commit will change, decided before anything is written: later writes of the group see
/// the earlier ones. One thread builds drafts, so every decision (CAS, version, idempotency) is atomic by
/// construction. A draft that is not applied leaves no trace.
class Draft {
public:
    Draft(const Storage& storage, const State& state, const Quirks& quirks, EpochMs now);

    /// Decides one write. `checkOnly` tells what it would be answered without writing anything, where success
    /// means only that the precondition holds or the idempotency key is known; `repeated` says which.
    WriteResult add(const Write& write, bool checkOnly = false, bool* repeated = nullptr);
    /// Removes what has expired, at most `limit` keys.
    Result<void> expire(std::size_t limit);
    /// Drops the expiry of every key under the prefix (Faults.Flush); returns how many. Not together with
    /// other changes.
    Result<std::uint64_t> dropExpiry(std::string_view prefix);
    /// The same for a shard, as a flush of the shipped server does.
    Result<void> dropExpiryOfShard(std::uint32_t shard);

    bool empty() const { return m_batch.empty(); }
    std::uint64_t revision() const { return m_revision; }
    /// The rows to commit, counters included. Call once, last.
    Batch& finish();
    /// Makes the committed change part of the state and hands out its events.
    std::vector<Event> applyTo(State& state);

    /// Shards written to, once per write.
    const std::vector<std::uint32_t>& touchedShards() const { return m_touched; }

private:
    WriteResult put(const Write& write, std::uint32_t shard);
    WriteResult remove(const Write& write, std::uint32_t shard);
    WriteResult check(const Write& write);
    const Version* known(const std::string& name) const;
    Result<std::optional<Record>> lookup(const std::string& key) const;
    std::optional<RecordMeta> expiryOfKey(const std::string& key) const;
    std::uint64_t nextIndex(std::uint32_t shard);
    Version acknowledged(std::uint32_t shard, std::uint64_t index) const;
    void store(const std::string& key, Record record);
    void erase(const std::string& key);
    void setExpiry(const std::string& key, const RecordMeta& meta);
    void emit(Event::Kind kind, const std::string& key, std::string_view value, const RecordMeta& meta);
    Result<void> keepUnder(const Write& write);
    Result<void> uncover(const std::string& key);
    bool keepsExpired() const { return m_quirks.ttlLostOnFlush || m_quirks.ttlLostOnRestart; }

    const Storage& m_storage;
    const State& m_state;
    const Quirks m_quirks;
    const EpochMs m_now;
    Batch m_batch;
    std::vector<Event> m_events;
    std::uint64_t m_revision;
    std::unordered_map<std::string, std::optional<Record>> m_records; ///< what this draft made of a key
    std::unordered_map<std::string, RecordMeta> m_expiry;
    std::unordered_map<std::string, Version> m_idempotency;
    std::unordered_map<std::uint32_t, std::uint64_t> m_counters;
    std::unordered_map<std::uint32_t, bool>
        m_lost; ///< shards written here, and whether one write was lost already
    std::vector<std::uint32_t> m_touched;
    std::deque<std::string> m_surplus;
};

} // namespace norikv::sandbox
