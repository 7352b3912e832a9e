// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/tracingstore.h"

#include "client/rpc.h"
#include "client/sizetext.h"

#include <utility>

namespace norikv::client {

namespace {

std::chrono::microseconds micros(Clock::Elapsed t)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(t);
}

std::string describe(const Version& version) { return "v " + std::to_string(version.index); }

std::string describe(const Entry& entry)
{
    if (!entry.exists())
        return "missing";
    return describe(*entry.version) + ", " + sizeText(entry.value.size());
}

} // namespace

TracingStore::TracingStore(Store& next, TraceLog& log, const Clock& clock)
    : ForwardingStore(next)
    , m_log(log)
    , m_clock(clock)
{
}

template <class T, class Ask, class Describe>
Result<T> TracingStore::traced(Call& call, Subject subject, const Ask& ask, const Describe& describeResult)
{
    call.record = {};
    const EpochMs startedMs = m_clock.nowMs();
    const auto start = m_clock.elapsed();
    Result<T> result = ask();
    const auto took = micros(m_clock.elapsed() - start);
    const bool stopped = !result && result.error().kind == ErrorKind::Cancelled;
    if (call.background && info(subject.rpc).effect == Effect::Read && (result || stopped)) {
        m_log.count(info(subject.rpc).stream ? std::nullopt : std::optional(took), false, call.record.shard);
        return result;
    }
    Operation op;
    op.startedMs = startedMs;
    op.took = took;
    op.rpc = subject.rpc;
    op.cas = subject.cas;
    op.key = std::move(subject.key);
    op.shard = call.record.shard;
    op.node = call.record.node;
    op.attempts = call.record.attempts;
    op.why = call.why;
    if (result) {
        op.detail = describeResult(result);
    } else {
        op.error = result.error().kind;
        op.detail = result.error().message;
        if (!result.error().detail.empty())
            op.detail += " (" + result.error().detail + ")";
    }
    m_log.add(std::move(op));
    return result;
}

template <class T, class Ask> Result<T> TracingStore::traced(Call& call, Subject subject, const Ask& ask)
{
    return traced<T>(call, std::move(subject), ask, [](const Result<T>&) { return std::string(); });
}

Result<Entry> TracingStore::get(Call& call, const Bytes& key, Consistency consistency)
{
    return traced<Entry>(
        call, {Rpc::KvGet, key}, [&] { return m_next.get(call, key, consistency); },
        [](const auto& r) { return describe(*r); });
}

Result<Version> TracingStore::put(Call& call, const Put& put)
{
    return traced<Version>(
        call, {Rpc::KvPut, put.key, put.ifMatch.has_value()}, [&] { return m_next.put(call, put); },
        [](const auto& r) { return describe(*r); });
}

Result<Removed> TracingStore::remove(Call& call, const Remove& remove)
{
    return traced<Removed>(
        call, {Rpc::KvDelete, remove.key, remove.ifMatch.has_value()},
        [&] { return m_next.remove(call, remove); }, [](const auto&) { return std::string("tombstoned"); });
}

template <class Ask>
Result<void> TracingStore::tracedBulk(Call& call, Subject subject, std::size_t count, const Ask& ask)
{
    const auto start = m_clock.elapsed();
    std::size_t failed = 0;
    const std::string_view things = subject.rpc == Rpc::KvGet ? " keys, " : " vectors, ";
    auto result = traced<void>(
        call, std::move(subject), [&] { return ask(failed); },
        [&](const auto&) {
            return std::to_string(count).append(things) + std::to_string(failed) + " failed";
        });
    const auto each = count == 0 ? std::chrono::microseconds(0)
                                 : micros(m_clock.elapsed() - start) / static_cast<std::int64_t>(count);
    for (std::size_t i = 1; i < count; ++i)
        m_log.count(each, i <= failed);
    return result;
}

Result<void> TracingStore::getMany(
    Call& call, std::span<const Bytes> keys, std::size_t inFlight, const GotSink& sink)
{
    return tracedBulk(call, {Rpc::KvGet}, keys.size(), [&](std::size_t& failed) {
        return m_next.getMany(call, keys, inFlight, [&](std::size_t index, Result<Entry> entry) {
            failed += entry ? 0 : 1;
            sink(index, std::move(entry));
        });
    });
}

Result<void> TracingStore::watchCluster(Call& call, const ViewSink& sink)
{
    return traced<void>(call, {Rpc::MetaWatchCluster}, [&] { return m_next.watchCluster(call, sink); });
}

Result<void> TracingStore::scan(Call& call, const ScanRequest& request, const ScanSink& sink)
{
    std::uint64_t seen = 0;
    return traced<void>(
        call, {Rpc::ExploreScan, request.prefix},
        [&] {
            return m_next.scan(call, request, [&](ScanBatch batch) {
                seen += batch.entries.size();
                return sink(std::move(batch));
            });
        },
        [&](const auto&) { return std::to_string(seen) + " keys"; });
}

Result<void> TracingStore::watch(Call& call, const WatchRequest& request, const WatchSink& sink)
{
    return traced<void>(
        call, {Rpc::ExploreWatch, request.prefix}, [&] { return m_next.watch(call, request, sink); });
}

Result<std::vector<Entry>> TracingStore::stat(Call& call, std::span<const Bytes> keys)
{
    return traced<std::vector<Entry>>(
        call, {Rpc::ExploreStat, keys.empty() ? Bytes() : keys.front()},
        [&] { return m_next.stat(call, keys); },
        [](const auto& r) { return std::to_string(r->size()) + " keys"; });
}

Result<void> TracingStore::snapshotShard(Call& call, std::uint32_t shard)
{
    return traced<void>(call, {Rpc::AdminSnapshotShard}, [&] { return m_next.snapshotShard(call, shard); });
}

Result<void> TracingStore::transferShard(Call& call, std::uint32_t shard)
{
    return traced<void>(call, {Rpc::AdminTransferShard}, [&] { return m_next.transferShard(call, shard); });
}

Result<Quirks> TracingStore::quirks(Call& call)
{
    return traced<Quirks>(call, {Rpc::FaultsGetQuirks}, [&] { return m_next.quirks(call); });
}

Result<Quirks> TracingStore::setQuirks(Call& call, const Quirks& quirks)
{
    return traced<Quirks>(call, {Rpc::FaultsSetQuirks}, [&] { return m_next.setQuirks(call, quirks); });
}

Result<std::uint64_t> TracingStore::flushTtl(Call& call, const Bytes& prefix)
{
    return traced<std::uint64_t>(
        call, {Rpc::FaultsFlush, prefix}, [&] { return m_next.flushTtl(call, prefix); },
        [](const auto& r) { return std::to_string(*r) + " keys lost their expiry"; });
}

Result<void> TracingStore::moveShard(Call& call, const ShardMove& move)
{
    return traced<void>(call, {Rpc::FaultsMoveShard}, [&] { return m_next.moveShard(call, move); });
}

Result<void> TracingStore::setNode(Call& call, const NodeFault& fault)
{
    return traced<void>(call, {Rpc::FaultsSetNode}, [&] { return m_next.setNode(call, fault); });
}

Result<void> TracingStore::shiftClock(Call& call, std::chrono::milliseconds by)
{
    return traced<void>(call, {Rpc::FaultsShiftClock}, [&] { return m_next.shiftClock(call, by); });
}

Result<bool> TracingStore::createVectorIndex(Call& call, const VectorIndex& index)
{
    return traced<bool>(
        call, {Rpc::VectorCreateIndex, index.name}, [&] { return m_next.createVectorIndex(call, index); },
        [](const auto& r) { return std::string(*r ? "created" : "was there"); });
}

Result<bool> TracingStore::dropVectorIndex(Call& call, const std::string& index)
{
    return traced<bool>(
        call, {Rpc::VectorDropIndex, index}, [&] { return m_next.dropVectorIndex(call, index); },
        [](const auto& r) { return std::string(*r ? "dropped" : "there was none"); });
}

Result<void> TracingStore::insertVector(Call& call, const std::string& index, const NamedVector& vector)
{
    return traced<void>(call, {Rpc::VectorInsert, index + "/" + vector.id},
        [&] { return m_next.insertVector(call, index, vector); });
}

Result<void> TracingStore::insertVectors(Call& call, const std::string& index,
    std::span<const NamedVector> vectors, std::size_t inFlight, const InsertedSink& sink)
{
    return tracedBulk(call, {Rpc::VectorInsert, index}, vectors.size(), [&](std::size_t& failed) {
        return m_next.insertVectors(call, index, vectors, inFlight, [&](std::size_t at, Result<void> done) {
            failed += done ? 0 : 1;
            sink(at, std::move(done));
        });
    });
}

Result<bool> TracingStore::deleteVector(Call& call, const std::string& index, const std::string& id)
{
    return traced<bool>(
        call, {Rpc::VectorDelete, index + "/" + id}, [&] { return m_next.deleteVector(call, index, id); },
        [](const auto& r) { return std::string(*r ? "deleted" : "there was none"); });
}

Result<VectorMatches> TracingStore::searchVectors(Call& call, const VectorSearch& search)
{
    return traced<VectorMatches>(
        call, {Rpc::VectorSearch, search.index}, [&] { return m_next.searchVectors(call, search); },
        [&](const auto& r) {
            return std::to_string(r->matches.size()) + " of " + std::to_string(search.k) + ", "
                + std::to_string(r->searchTimeUs) + " us in the server";
        });
}

Result<std::optional<std::vector<float>>> TracingStore::getVector(
    Call& call, const std::string& index, const std::string& id)
{
    return traced<std::optional<std::vector<float>>>(
        call, {Rpc::VectorGet, index + "/" + id}, [&] { return m_next.getVector(call, index, id); },
        [](const auto& r) {
            return *r ? std::to_string((*r)->size()) + " dimensions" : std::string("missing");
        });
}

Result<void> TracingStore::getVectors(Call& call, const std::string& index, std::span<const std::string> ids,
    std::size_t inFlight, const VectorSink& sink)
{
    return tracedBulk(call, {Rpc::VectorGet, index}, ids.size(), [&](std::size_t& failed) {
        return m_next.getVectors(call, index, ids, inFlight, [&](std::size_t at, auto got) {
            failed += got ? 0 : 1;
            sink(at, std::move(got));
        });
    });
}

Result<std::vector<VectorIndex>> TracingStore::listVectorIndexes(Call& call)
{
    return traced<std::vector<VectorIndex>>(
        call, {Rpc::ExploreListVectorIndexes}, [&] { return m_next.listVectorIndexes(call); },
        [](const auto& r) { return std::to_string(r->size()) + " indexes"; });
}

Result<void> TracingStore::listVectorIds(Call& call, const std::string& index, const std::string& startAfter,
    std::uint64_t limit, const IdSink& sink)
{
    std::size_t seen = 0;
    return traced<void>(
        call, {Rpc::ExploreListVectorIds, index},
        [&] {
            return m_next.listVectorIds(call, index, startAfter, limit, [&](std::vector<std::string> ids) {
                seen += ids.size();
                return sink(std::move(ids));
            });
        },
        [&](const auto&) { return std::to_string(seen) + " ids"; });
}

Result<void> TracingStore::probeVector(Call& call)
{
    return traced<void>(call, {Rpc::VectorSearch}, [&] { return m_next.probeVector(call); });
}

} // namespace norikv::client
