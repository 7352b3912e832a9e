// SPDX-License-Identifier: GPL-3.0-or-later
// Looking for known keys where the server cannot list any. A read opens the key's shard (F2), so what a probe
// would touch is told before it runs.
#pragma once

#include "client/clusterstate.h"
#include "client/retryingstore.h"

#include <functional>
#include <span>
#include <vector>

namespace norikv::client {

/// What a probe would do. Nothing was asked yet.
struct KeyProbePlan {
    /// Each key once; those of open shards first, then shard by shard, so that a cancelled probe opened few.
    std::vector<Bytes> keys;
    std::size_t shards = 0; ///< touched by it
    std::vector<std::uint32_t> cold; ///< of these, those open on no node, ascending
    bool needsConsent = false; ///< opens more than ColdShardsUnasked

    static constexpr std::size_t ColdShardsUnasked = 16;
};

KeyProbePlan planKeyProbe(
    std::span<const Bytes> keys, const ClusterSnapshot& cluster, std::uint32_t totalShards);

struct KeyProbeLimits {
    int opsPerSecond = 200; ///< what we allow ourselves on a server that is not ours (rulings 32)
    std::size_t inFlight = 16;
    std::chrono::milliseconds timeout{5000}; ///< of each batch of reads
    bool consent = false; ///< a person agreed to open that many shards
};

struct KeyProbeProgress {
    std::size_t done = 0;
    std::size_t total = 0;
    std::size_t found = 0;
    std::size_t missing = 0;
    std::size_t failed = 0; ///< could not be read; try again later
};

/// Reads the keys of a plan in order, never faster than the limit. What is found reaches whoever listens to
/// the connection's keys; `progress` is called on this thread after each batch. Blocks; ends with Cancelled
/// when stopped, with NeedsConsent before the first read, and with the error of a batch of which no key could
/// be read.
Result<KeyProbeProgress> runKeyProbe(Store& store, const Clock& clock, const KeyProbePlan& plan,
    const KeyProbeLimits& limits, const std::stop_token& stop,
    const std::function<void(const KeyProbeProgress&)>& progress = {}, const Sleeper& sleep = realSleeper());

} // namespace norikv::client
