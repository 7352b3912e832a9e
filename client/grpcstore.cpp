// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/grpcstore.h"

#include "client/convert.h"
#include "client/grpccalls.h"
#include "client/limits.h"
#include "client/placement.h"

namespace norikv::client {

namespace {

ScanBatch toBatch(explore::v1::ScanBatch& in)
{
    ScanBatch batch;
    batch.entries.reserve(static_cast<std::size_t>(in.entries_size()));
    for (auto& entry : *in.mutable_entries())
        batch.entries.push_back(fromProto(std::move(entry)));
    batch.revision = in.revision();
    batch.serverTimeMs = static_cast<EpochMs>(in.server_time_ms());
    batch.last = in.last();
    batch.coverage
        = in.coverage() == explore::v1::COVERAGE_COMPLETE ? Coverage::Complete : Coverage::KnownKeys;
    return batch;
}

WatchBatch toBatch(explore::v1::WatchBatch& in)
{
    WatchBatch batch;
    batch.events.reserve(static_cast<std::size_t>(in.events_size()));
    for (auto& event : *in.mutable_events()) {
        ChangeEvent out;
        out.kind = event.kind() == explore::v1::Event::DELETE ? ChangeEvent::Kind::Delete
            : event.kind() == explore::v1::Event::EXPIRE      ? ChangeEvent::Kind::Expire
                                                              : ChangeEvent::Kind::Put;
        out.revision = event.revision();
        out.entry = fromProto(std::move(*event.mutable_entry()));
        batch.events.push_back(std::move(out));
    }
    batch.revision = in.revision();
    batch.serverTimeMs = static_cast<EpochMs>(in.server_time_ms());
    return batch;
}

} // namespace

GrpcStore::GrpcStore(NodeLinks& links, const ClusterState& cluster, std::uint32_t totalShards)
    : m_links(links)
    , m_cluster(cluster)
    , m_totalShards(totalShards)
{
}

std::size_t GrpcStore::routeToShard(Call& call, std::uint32_t shard) const
{
    call.record.shard = shard;
    if (call.node)
        return *call.node;
    const auto leader = m_cluster.leaderOf(shard);
    if (leader && leader != call.avoid)
        return *leader;
    // No leader known: the seeds in turn (rulings, small ones).
    const std::size_t first = call.avoid ? *call.avoid + 1 : shard;
    return first % m_links.size();
}

std::size_t GrpcStore::routeToKey(Call& call, const Bytes& key) const
{
    return routeToShard(call, shardOf(key, m_totalShards));
}

std::size_t GrpcStore::routeAnywhere(Call& call) const
{
    return call.node.value_or(call.avoid ? (*call.avoid + 1) % m_links.size() : 0);
}

std::vector<std::shared_ptr<NodeLink>> GrpcStore::allLinks() const
{
    std::vector<std::shared_ptr<NodeLink>> links;
    for (std::size_t i = 0; i < m_links.size(); ++i)
        links.push_back(m_links.link(i));
    return links;
}

void GrpcStore::prepare(grpc::ClientContext& context, const Call& call) const
{
    if (call.timeout.count() > 0)
        context.set_deadline(std::chrono::system_clock::now() + call.timeout);
    if (!m_links.authorization().empty())
        context.AddMetadata("authorization", m_links.authorization());
}

void GrpcStore::note(Call& call, std::size_t node) const
{
    call.record.nodeIndex = node;
    call.record.node = m_cluster.nodeName(node);
    ++call.record.attempts;
}

Result<Entry> GrpcStore::get(Call& call, const Bytes& key, Consistency consistency)
{
    if (auto ok = checkSizes(key, 0); !ok)
        return tl::unexpected(ok.error());
    const std::size_t node = routeToKey(call, key);
    v1::GetRequest request;
    request.set_key(key);
    request.set_consistency(std::string(wireName(consistency)));
    auto reply = ask<v1::GetResponse>(call, node, Kind::Read,
        [&](NodeLink& link, auto& c, auto& r) { return link.kv[0]->Get(&c, request, &r); });
    if (reply)
        return fromProto(key, std::move(*reply));
    // Other servers of this wire answer NOT_FOUND for a missing key (wire-contract 8.6).
    if (reply.error().kind == ErrorKind::NotFound) {
        Entry missing;
        missing.key = key;
        return missing;
    }
    return tl::unexpected(reply.error());
}

Result<Version> GrpcStore::put(Call& call, const Put& put)
{
    if (auto ok = checkSizes(put.key, put.value.size()); !ok)
        return tl::unexpected(ok.error());
    const std::size_t node = routeToKey(call, put.key);
    v1::PutRequest request;
    toProto(put, request);
    const auto reply = ask<v1::PutResponse>(call, node, Kind::Write,
        [&](NodeLink& link, auto& c, auto& r) { return link.kv[0]->Put(&c, request, &r); });
    if (!reply)
        return tl::unexpected(reply.error());
    return fromProto(reply->version());
}

Result<Removed> GrpcStore::remove(Call& call, const Remove& remove)
{
    if (auto ok = checkSizes(remove.key, 0); !ok)
        return tl::unexpected(ok.error());
    const std::size_t node = routeToKey(call, remove.key);
    v1::DeleteRequest request;
    toProto(remove, request);
    const auto reply = ask<v1::DeleteResponse>(call, node, Kind::Write,
        [&](NodeLink& link, auto& c, auto& r) { return link.kv[0]->Delete(&c, request, &r); });
    if (!reply)
        return tl::unexpected(reply.error());
    Removed removed;
    removed.tombstoned = reply->tombstoned();
    if (reply->has_version())
        removed.version = fromProto(reply->version());
    return removed;
}

Result<void> GrpcStore::watchCluster(Call& call, const ViewSink& sink)
{
    const std::size_t node = routeAnywhere(call);
    return stream<v1::ClusterView>(
        call, node, [](NodeLink& link, auto& c) { return link.meta->WatchCluster(&c, {}); },
        [](const auto& m) { return fromProto(m); }, sink);
}

Result<void> GrpcStore::scan(Call& call, const ScanRequest& in, const ScanSink& sink)
{
    const std::size_t node = routeAnywhere(call);
    explore::v1::ScanRequest request;
    request.set_prefix(in.prefix);
    request.set_start_after(in.startAfter);
    request.set_limit(in.limit);
    request.set_keys_only(in.keysOnly);
    return stream<explore::v1::ScanBatch>(
        call, node, [&](NodeLink& link, auto& c) { return link.explore->Scan(&c, request); },
        [](auto& m) { return toBatch(m); }, sink);
}

Result<void> GrpcStore::watch(Call& call, const WatchRequest& in, const WatchSink& sink)
{
    const std::size_t node = routeAnywhere(call);
    explore::v1::WatchRequest request;
    request.set_prefix(in.prefix);
    request.set_after_revision(in.afterRevision);
    request.set_keys_only(in.keysOnly);
    return stream<explore::v1::WatchBatch>(
        call, node, [&](NodeLink& link, auto& c) { return link.explore->Watch(&c, request); },
        [](auto& m) { return toBatch(m); }, sink);
}

Result<std::vector<Entry>> GrpcStore::stat(Call& call, std::span<const Bytes> keys)
{
    const std::size_t node = routeAnywhere(call);
    explore::v1::StatRequest request;
    for (const Bytes& key : keys)
        request.add_keys(key);
    auto reply = ask<explore::v1::StatResponse>(call, node, Kind::Read,
        [&](NodeLink& link, auto& c, auto& r) { return link.explore->Stat(&c, request, &r); });
    if (!reply)
        return tl::unexpected(reply.error());
    call.record.serverTimeMs = static_cast<EpochMs>(reply->server_time_ms());
    std::vector<Entry> entries;
    for (auto& entry : *reply->mutable_entries())
        entries.push_back(fromProto(std::move(entry)));
    return entries;
}

Result<void> GrpcStore::snapshotShard(Call& call, std::uint32_t shard)
{
    const std::size_t node = routeToShard(call, shard);
    v1::ShardInfo request;
    request.set_id(shard);
    return ask<v1::ShardInfo>(call, node, Kind::Write, [&](NodeLink& link, auto& c, auto& r) {
        return link.admin->SnapshotShard(&c, request, &r);
    }).map([](const auto&) {});
}

Result<void> GrpcStore::transferShard(Call& call, std::uint32_t shard)
{
    const std::size_t node = routeToShard(call, shard);
    v1::ShardInfo request;
    request.set_id(shard);
    return ask<v1::ShardInfo>(call, node, Kind::Write, [&](NodeLink& link, auto& c, auto& r) {
        return link.admin->TransferShard(&c, request, &r);
    }).map([](const auto&) {});
}

Result<Quirks> GrpcStore::quirks(Call& call)
{
    const std::size_t node = routeAnywhere(call);
    return ask<sandbox::v1::Quirks>(call, node, Kind::Read, [&](NodeLink& link, auto& c, auto& r) {
        return link.faults->GetQuirks(&c, {}, &r);
    }).map([](const auto& q) { return fromProto(q); });
}

Result<Quirks> GrpcStore::setQuirks(Call& call, const Quirks& quirks)
{
    const std::size_t node = routeAnywhere(call);
    sandbox::v1::Quirks request;
    toProto(quirks, request);
    return ask<sandbox::v1::Quirks>(call, node, Kind::Write, [&](NodeLink& link, auto& c, auto& r) {
        return link.faults->SetQuirks(&c, request, &r);
    }).map([](const auto& q) { return fromProto(q); });
}

Result<std::uint64_t> GrpcStore::flushTtl(Call& call, const Bytes& prefix)
{
    const std::size_t node = routeAnywhere(call);
    sandbox::v1::Prefix request;
    request.set_prefix(prefix);
    return ask<sandbox::v1::Affected>(call, node, Kind::Write, [&](NodeLink& link, auto& c, auto& r) {
        return link.faults->Flush(&c, request, &r);
    }).map([](const auto& a) { return std::uint64_t{a.keys()}; });
}

Result<void> GrpcStore::moveShard(Call& call, const ShardMove& move)
{
    const std::size_t node = routeAnywhere(call);
    sandbox::v1::ShardMove request;
    request.set_shard(move.shard);
    request.set_node_id(move.nodeId);
    request.set_keep_old_claim(move.keepOldClaim);
    return ask<sandbox::v1::Empty>(call, node, Kind::Write, [&](NodeLink& link, auto& c, auto& r) {
        return link.faults->MoveShard(&c, request, &r);
    }).map([](const auto&) {});
}

Result<void> GrpcStore::setNode(Call& call, const NodeFault& fault)
{
    const std::size_t node = routeAnywhere(call);
    sandbox::v1::NodeFault request;
    request.set_node_id(fault.nodeId);
    request.set_state(fault.state == NodeFault::State::Down ? sandbox::v1::NodeFault::DOWN
            : fault.state == NodeFault::State::Frozen       ? sandbox::v1::NodeFault::FROZEN
                                                            : sandbox::v1::NodeFault::UP);
    request.set_delay_ms(fault.delayMs);
    return ask<sandbox::v1::Empty>(call, node, Kind::Write, [&](NodeLink& link, auto& c, auto& r) {
        return link.faults->SetNode(&c, request, &r);
    }).map([](const auto&) {});
}

Result<void> GrpcStore::shiftClock(Call& call, std::chrono::milliseconds by)
{
    const std::size_t node = routeAnywhere(call);
    sandbox::v1::Shift request;
    request.set_ms(by.count());
    return ask<sandbox::v1::Empty>(call, node, Kind::Write, [&](NodeLink& link, auto& c, auto& r) {
        return link.faults->ShiftClock(&c, request, &r);
    }).map([](const auto&) {});
}

} // namespace norikv::client
