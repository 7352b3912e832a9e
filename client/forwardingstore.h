// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/store.h"

namespace norikv::client {

/// Passes every call on unchanged; a decorator overrides what it is about.
class ForwardingStore : public Store {
public:
    explicit ForwardingStore(Store& next)
        : m_next(next)
    {
    }

    Result<Entry> get(Call& c, const Bytes& key, Consistency level) override
    {
        return m_next.get(c, key, level);
    }
    Result<Version> put(Call& c, const Put& put) override { return m_next.put(c, put); }
    Result<Removed> remove(Call& c, const Remove& remove) override { return m_next.remove(c, remove); }
    Result<void> getMany(
        Call& c, std::span<const Bytes> keys, std::size_t inFlight, const GotSink& sink) override
    {
        return m_next.getMany(c, keys, inFlight, sink);
    }
    Result<void> watchCluster(Call& c, const ViewSink& sink) override { return m_next.watchCluster(c, sink); }
    Result<void> scan(Call& c, const ScanRequest& r, const ScanSink& sink) override
    {
        return m_next.scan(c, r, sink);
    }
    Result<void> watch(Call& c, const WatchRequest& r, const WatchSink& sink) override
    {
        return m_next.watch(c, r, sink);
    }
    Result<std::vector<Entry>> stat(Call& c, std::span<const Bytes> keys) override
    {
        return m_next.stat(c, keys);
    }
    Result<void> snapshotShard(Call& c, std::uint32_t shard) override
    {
        return m_next.snapshotShard(c, shard);
    }
    Result<void> transferShard(Call& c, std::uint32_t shard) override
    {
        return m_next.transferShard(c, shard);
    }
    Result<Quirks> quirks(Call& c) override { return m_next.quirks(c); }
    Result<Quirks> setQuirks(Call& c, const Quirks& quirks) override { return m_next.setQuirks(c, quirks); }
    Result<std::uint64_t> flushTtl(Call& c, const Bytes& prefix) override
    {
        return m_next.flushTtl(c, prefix);
    }
    Result<void> moveShard(Call& c, const ShardMove& move) override { return m_next.moveShard(c, move); }
    Result<void> setNode(Call& c, const NodeFault& fault) override { return m_next.setNode(c, fault); }
    Result<void> shiftClock(Call& c, std::chrono::milliseconds by) override
    {
        return m_next.shiftClock(c, by);
    }
    Result<bool> createVectorIndex(Call& c, const VectorIndex& index) override
    {
        return m_next.createVectorIndex(c, index);
    }
    Result<bool> dropVectorIndex(Call& c, const std::string& index) override
    {
        return m_next.dropVectorIndex(c, index);
    }
    Result<void> insertVector(Call& c, const std::string& index, const NamedVector& vector) override
    {
        return m_next.insertVector(c, index, vector);
    }
    Result<void> insertVectors(Call& c, const std::string& index, std::span<const NamedVector> vectors,
        std::size_t inFlight, const InsertedSink& sink) override
    {
        return m_next.insertVectors(c, index, vectors, inFlight, sink);
    }
    Result<bool> deleteVector(Call& c, const std::string& index, const std::string& id) override
    {
        return m_next.deleteVector(c, index, id);
    }
    Result<VectorMatches> searchVectors(Call& c, const VectorSearch& search) override
    {
        return m_next.searchVectors(c, search);
    }
    Result<std::optional<std::vector<float>>> getVector(
        Call& c, const std::string& index, const std::string& id) override
    {
        return m_next.getVector(c, index, id);
    }
    Result<void> getVectors(Call& c, const std::string& index, std::span<const std::string> ids,
        std::size_t inFlight, const VectorSink& sink) override
    {
        return m_next.getVectors(c, index, ids, inFlight, sink);
    }
    Result<std::vector<VectorIndex>> listVectorIndexes(Call& c) override
    {
        return m_next.listVectorIndexes(c);
    }
    Result<void> listVectorIds(Call& c, const std::string& index, const std::string& startAfter,
        std::uint64_t limit, const IdSink& sink) override
    {
        return m_next.listVectorIds(c, index, startAfter, limit, sink);
    }
    Result<void> probeVector(Call& c) override { return m_next.probeVector(c); }

protected:
    Store& m_next;
};

} // namespace norikv::client
