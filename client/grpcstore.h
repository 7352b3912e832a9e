// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clusterstate.h"
#include "client/grpcerror.h"
#include "client/nodelinks.h"
#include "client/store.h"

#include <grpcpp/client_context.h>

namespace norikv::client {

/// The wire: one try per call, routed to the leader of the key's shard. Retries are RetryingStore's business.
/// Blocking stubs for single calls and streams; getMany drives a completion queue of its own, because gRPC's
/// callback client double-freed at shutdown (measured.md, choices).
class GrpcStore final : public Store {
public:
    /// `links` and `cluster` must outlive the store.
    GrpcStore(NodeLinks& links, const ClusterState& cluster, std::uint32_t totalShards);

    Result<Entry> get(Call& call, const Bytes& key, Consistency consistency) override;
    Result<Version> put(Call& call, const Put& put) override;
    Result<Removed> remove(Call& call, const Remove& remove) override;
    Result<void> getMany(
        Call& call, std::span<const Bytes> keys, std::size_t inFlight, const GotSink& sink) override;
    Result<void> watchCluster(Call& call, const ViewSink& sink) override;
    Result<void> scan(Call& call, const ScanRequest& request, const ScanSink& sink) override;
    Result<void> watch(Call& call, const WatchRequest& request, const WatchSink& sink) override;
    Result<std::vector<Entry>> stat(Call& call, std::span<const Bytes> keys) override;
    Result<void> snapshotShard(Call& call, std::uint32_t shard) override;
    Result<void> transferShard(Call& call, std::uint32_t shard) override;
    Result<Quirks> quirks(Call& call) override;
    Result<Quirks> setQuirks(Call& call, const Quirks& quirks) override;
    Result<std::uint64_t> flushTtl(Call& call, const Bytes& prefix) override;
    Result<void> moveShard(Call& call, const ShardMove& move) override;
    Result<void> setNode(Call& call, const NodeFault& fault) override;
    Result<void> shiftClock(Call& call, std::chrono::milliseconds by) override;
    Result<bool> createVectorIndex(Call& call, const VectorIndex& index) override;
    Result<bool> dropVectorIndex(Call& call, const std::string& index) override;
    Result<void> insertVector(Call& call, const std::string& index, const NamedVector& vector) override;
    Result<void> insertVectors(Call& call, const std::string& index, std::span<const NamedVector> vectors,
        std::size_t inFlight, const InsertedSink& sink) override;
    Result<bool> deleteVector(Call& call, const std::string& index, const std::string& id) override;
    Result<VectorMatches> searchVectors(Call& call, const VectorSearch& search) override;
    Result<std::optional<std::vector<float>>> getVector(
        Call& call, const std::string& index, const std::string& id) override;
    Result<void> getVectors(Call& call, const std::string& index, std::span<const std::string> ids,
        std::size_t inFlight, const VectorSink& sink) override;
    Result<std::vector<VectorIndex>> listVectorIndexes(Call& call) override;
    Result<void> listVectorIds(Call& call, const std::string& index, const std::string& startAfter,
        std::uint64_t limit, const IdSink& sink) override;
    Result<void> probeVector(Call& call) override;

private:
    std::size_t routeToShard(Call& call, std::uint32_t shard) const;
    std::size_t routeToKey(Call& call, const Bytes& key) const;
    std::size_t routeAnywhere(Call& call) const;
    std::vector<std::shared_ptr<NodeLink>> allLinks() const;
    template <class Reply, class Method>
    Result<Reply> ask(Call& call, std::size_t node, Kind kind, const Method& method);
    template <class Message, class Open, class Convert, class Sink>
    Result<void> stream(
        Call& call, std::size_t node, const Open& open, const Convert& convert, const Sink& sink);
    void prepare(grpc::ClientContext& context, const Call& call) const;
    void note(Call& call, std::size_t node) const;

    NodeLinks& m_links;
    const ClusterState& m_cluster;
    const std::uint32_t m_totalShards;
};

} // namespace norikv::client
