// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"
#include "client/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

namespace norikv::client {

struct Entry;

/// Every remote procedure we know; the guard classifies each (client/rpc.h).
enum class Rpc {
    KvGet,
    KvPut,
    KvDelete,
    MetaWatchCluster,
    AdminTransferShard,
    AdminSnapshotShard,
    ExploreScan,
    ExploreWatch,
    ExploreStat,
    ExploreListVectorIndexes,
    ExploreListVectorIds,
    VectorCreateIndex,
    VectorDropIndex,
    VectorInsert,
    VectorDelete,
    VectorSearch,
    VectorGet,
    FaultsGetQuirks,
    FaultsSetQuirks,
    FaultsFlush,
    FaultsMoveShard,
    FaultsSetNode,
    FaultsShiftClock,
};

/// What happened to one call; travels down the decorators and is filled on the way.
struct CallRecord {
    std::optional<std::uint32_t> shard;
    std::string node; ///< node id where known, else the seed's address
    std::optional<std::size_t> nodeIndex; ///< the seed that was asked last
    int attempts = 0;
    EpochMs serverTimeMs = 0; ///< the server's clock, where a single answer tells it; 0 = not told
    bool ambiguous = false; ///< an earlier try of a write may have been applied
};

/// One call's conditions and its record. Made by the caller on its stack; not shared between threads.
struct Call {
    std::chrono::milliseconds timeout{5000}; ///< of the whole call, retries included
    std::stop_token stop;
    bool consent = false; ///< a person confirmed this write; the guard asks for it in confirm mode
    bool background = false; ///< polling and probes: kept out of the operations list unless they fail
    const Entry* before = nullptr; ///< what the caller read of the key it is about to write; see KnownBefore
    bool journal = true; ///< writes are kept in the journal; false for demo and load traffic
    std::uint64_t undoes = 0; ///< the journal entry that this write takes back
    std::string why; ///< panel or feature that caused it, for the operations list
    std::optional<std::size_t> node; ///< ask this node (index into the seeds) instead of routing by key
    std::optional<std::size_t> avoid; ///< this node just said NOT_LEADER: ask another if there is one
    CallRecord record;
};

/// Tells the journal what the caller has just read, so that it need not read again; for one write.
class KnownBefore {
public:
    KnownBefore(Call& call, const Entry& entry)
        : m_call(call)
    {
        m_call.before = &entry;
    }
    ~KnownBefore() { m_call.before = nullptr; }
    KnownBefore(const KnownBefore&) = delete;
    KnownBefore& operator=(const KnownBefore&) = delete;

private:
    Call& m_call;
};

} // namespace norikv::client
