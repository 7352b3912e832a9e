// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/call.h"
#include "client/faults.h"
#include "client/result.h"
#include "client/values.h"
#include "client/vectors.h"

#include <functional>
#include <span>
#include <vector>

namespace norikv::client {

/// Everything that can be asked of a NoriKV deployment. Pure interface; decorators stack on it:
/// GuardedStore <- JournalingStore <- TracingStore <- SightingStore <- TimeHearingStore <- RetryingStore <-
/// GrpcStore.
///
/// Every member blocks until it is done, its `call.timeout` has passed or `call.stop` was requested, is safe
/// to call from any thread at once, and never throws. Streams end by `call.stop` (no timeout) and give each
/// batch to the sink on the calling thread; a sink that returns false ends the stream.
class Store {
public:
    virtual ~Store() = default;

    /// A missing key is a success without version, never an error.
    virtual Result<Entry> get(Call& call, const Bytes& key, Consistency consistency = Consistency::Strong)
        = 0;
    /// The version written. Do not feed it to a later CAS; read again (wire-contract 2.4).
    virtual Result<Version> put(Call& call, const Put& put) = 0;
    virtual Result<Removed> remove(Call& call, const Remove& remove) = 0;

    using GotSink = std::function<void(std::size_t index, Result<Entry>)>;
    /// Reads many keys with `inFlight` requests under way. The sink is called once per key, in any order, on
    /// the calling thread. Each request has call.timeout; those tried again share one more. Fails as a whole
    /// only when cancelled.
    virtual Result<void> getMany(
        Call& call, std::span<const Bytes> keys, std::size_t inFlight, const GotSink& sink)
        = 0;

    using ViewSink = std::function<bool(ClusterView)>;
    /// Needs call.node: each node speaks only for itself.
    virtual Result<void> watchCluster(Call& call, const ViewSink& sink) = 0;

    using ScanSink = std::function<bool(ScanBatch)>;
    virtual Result<void> scan(Call& call, const ScanRequest& request, const ScanSink& sink) = 0;
    using WatchSink = std::function<bool(WatchBatch)>;
    virtual Result<void> watch(Call& call, const WatchRequest& request, const WatchSink& sink) = 0;
    /// Metadata of keys in the order asked, values left out.
    virtual Result<std::vector<Entry>> stat(Call& call, std::span<const Bytes> keys) = 0;

    virtual Result<void> snapshotShard(Call& call, std::uint32_t shard) = 0;
    virtual Result<void> transferShard(Call& call, std::uint32_t shard) = 0;

    /// Faults of our sandbox (needs --faults there); Unsupported elsewhere.
    virtual Result<Quirks> quirks(Call& call) = 0;
    virtual Result<Quirks> setQuirks(Call& call, const Quirks& quirks) = 0;
    virtual Result<std::uint64_t> flushTtl(Call& call, const Bytes& prefix) = 0;
    virtual Result<void> moveShard(Call& call, const ShardMove& move) = 0;
    virtual Result<void> setNode(Call& call, const NodeFault& fault) = 0;
    virtual Result<void> shiftClock(Call& call, std::chrono::milliseconds by) = 0;

    // Vectors (wire-contract 5). Shipped servers offer no Vector service: Unsupported. Wrong dimensions and
    // broken numbers are InvalidRequest, an unknown index NotFound; a server that goes through Raft may
    // acknowledge either.

    /// False = an identical index was there; one with other dimensions or distance is InvalidRequest.
    virtual Result<bool> createVectorIndex(Call& call, const VectorIndex& index) = 0;
    /// False = there was none.
    virtual Result<bool> dropVectorIndex(Call& call, const std::string& index) = 0;
    /// Replaces the vector of that id.
    virtual Result<void> insertVector(Call& call, const std::string& index, const NamedVector& vector) = 0;
    using InsertedSink = std::function<void(std::size_t position, Result<void>)>;
    /// Inserts many with `inFlight` requests under way; sink and failures as in getMany.
    virtual Result<void> insertVectors(Call& call, const std::string& index,
        std::span<const NamedVector> vectors, std::size_t inFlight, const InsertedSink& sink)
        = 0;
    /// False = there was none of that id.
    virtual Result<bool> deleteVector(Call& call, const std::string& index, const std::string& id) = 0;
    virtual Result<VectorMatches> searchVectors(Call& call, const VectorSearch& search) = 0;
    /// Nothing = no vector of that id.
    virtual Result<std::optional<std::vector<float>>> getVector(
        Call& call, const std::string& index, const std::string& id)
        = 0;
    using VectorSink = std::function<void(std::size_t position, Result<std::optional<std::vector<float>>>)>;
    /// Reads many with `inFlight` requests under way; sink and failures as in getMany.
    virtual Result<void> getVectors(Call& call, const std::string& index, std::span<const std::string> ids,
        std::size_t inFlight, const VectorSink& sink)
        = 0;
    /// Explore: what the server's own service cannot tell.
    virtual Result<std::vector<VectorIndex>> listVectorIndexes(Call& call) = 0;
    using IdSink = std::function<bool(std::vector<std::string> ids)>;
    /// Explore: ids in byte order, after `startAfter`; limit 0 = all.
    virtual Result<void> listVectorIds(Call& call, const std::string& index, const std::string& startAfter,
        std::uint64_t limit, const IdSink& sink)
        = 0;

    /// Does the Vector service answer? Searches the namespace `norikv-workbench-probe`, which nobody creates.
    virtual Result<void> probeVector(Call& call) = 0;
};

} // namespace norikv::client
