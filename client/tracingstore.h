// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/forwardingstore.h"
#include "client/trace.h"

namespace norikv::client {

/// Records every call, retries included in one record, so that nothing the program does to a server is
/// hidden. Background reads that succeed are counted but not listed.
class TracingStore final : public ForwardingStore {
public:
    TracingStore(Store& next, TraceLog& log, const Clock& clock);

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
    struct Subject {
        Rpc rpc;
        Bytes key = {};
        bool cas = false;
    };
    template <class T, class Ask, class Describe>
    Result<T> traced(Call& call, Subject subject, const Ask& ask, const Describe& describe);
    template <class T, class Ask> Result<T> traced(Call& call, Subject subject, const Ask& ask);
    /// `ask` counts into its argument what failed; each of the `count` calls is counted, one is listed.
    template <class Ask>
    Result<void> tracedBulk(Call& call, Subject subject, std::size_t count, const Ask& ask);

    TraceLog& m_log;
    const Clock& m_clock;
};

} // namespace norikv::client
