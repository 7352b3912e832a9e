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

Result<void> TracingStore::getMany(
    Call& call, std::span<const Bytes> keys, std::size_t inFlight, const GotSink& sink)
{
    const auto start = m_clock.elapsed();
    std::size_t failed = 0;
    auto result = traced<void>(
        call, {Rpc::KvGet},
        [&] {
            return m_next.getMany(call, keys, inFlight, [&](std::size_t index, Result<Entry> entry) {
                failed += entry ? 0 : 1;
                sink(index, std::move(entry));
            });
        },
        [&](const auto&) {
            return std::to_string(keys.size()) + " keys, " + std::to_string(failed) + " failed";
        });
    const auto each = keys.empty()
        ? std::chrono::microseconds(0)
        : micros(m_clock.elapsed() - start) / static_cast<std::int64_t>(keys.size());
    for (std::size_t i = 1; i < keys.size(); ++i)
        m_log.count(each, i <= failed);
    return result;
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

Result<void> TracingStore::probeVector(Call& call)
{
    return traced<void>(call, {Rpc::VectorSearch}, [&] { return m_next.probeVector(call); });
}

} // namespace norikv::client
