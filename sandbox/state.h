// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/expiryindex.h"
#include "sandbox/idempotency.h"
#include "sandbox/quirks.h"
#include "sandbox/storage.h"

#include <vector>

namespace norikv::sandbox {

/// What the committer knows without reading the store. Owned by its thread; changed only after a commit is on
/// disk.
struct State {
    std::vector<std::uint64_t> counters; ///< last version index, per shard
    std::vector<std::uint64_t>
        ackBase; ///< subtracted from acknowledged indexes (quirk renumberOnRestart), per shard
    std::uint64_t revision = 1; ///< of the last change, see History
    IdempotencyTable idempotency;
    ExpiryIndex expiry;

    std::uint32_t totalShards() const { return static_cast<std::uint32_t>(counters.size()); }
};

/// Reads the state of a store, after writing what a first start or a change of `totalShards` needs. Another
/// number of shards moves keys between shards, so all counters continue from the highest one: versions never
/// fall. The quirks ttlLostOnRestart and renumberOnRestart do their harm here.
Result<State> loadState(Storage& storage, std::uint32_t totalShards, const Quirks& quirks);

/// The row of a shard's counter.
std::string shardRowKey(std::uint32_t shard);
/// The row of the revision.
std::string revisionRowKey();

} // namespace norikv::sandbox
