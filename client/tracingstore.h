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

    TraceLog& m_log;
    const Clock& m_clock;
};

} // namespace norikv::client
