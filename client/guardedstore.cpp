// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/guardedstore.h"

namespace norikv::client {

GuardedStore::GuardedStore(Store& next, GuardMode mode)
    : ForwardingStore(next)
    , m_mode(mode)
{
}

Result<void> GuardedStore::permit(const Call& call, Rpc rpc) const
{
    if (info(rpc).effect == Effect::Read)
        return {};
    switch (m_mode.load()) {
    case GuardMode::ReadOnly:
        return fail(ErrorKind::ReadOnly,
            std::string(info(rpc).label) + " was not sent: this connection is read-only");
    case GuardMode::Confirm:
        if (!call.consent)
            return fail(
                ErrorKind::NeedsConsent, std::string(info(rpc).label) + " waits for your confirmation");
        break;
    case GuardMode::Normal:
        break;
    }
    return {};
}

template <class T, class Forward>
Result<T> GuardedStore::guarded(const Call& call, Rpc rpc, const Forward& forward)
{
    if (auto ok = permit(call, rpc); !ok)
        return tl::unexpected(ok.error());
    return forward();
}

// What is not overridden here is a read (tst_guard compares with the rpc table).

Result<Version> GuardedStore::put(Call& call, const Put& put)
{
    return guarded<Version>(call, Rpc::KvPut, [&] { return m_next.put(call, put); });
}

Result<Removed> GuardedStore::remove(Call& call, const Remove& remove)
{
    return guarded<Removed>(call, Rpc::KvDelete, [&] { return m_next.remove(call, remove); });
}

Result<void> GuardedStore::snapshotShard(Call& call, std::uint32_t shard)
{
    return guarded<void>(call, Rpc::AdminSnapshotShard, [&] { return m_next.snapshotShard(call, shard); });
}

Result<void> GuardedStore::transferShard(Call& call, std::uint32_t shard)
{
    return guarded<void>(call, Rpc::AdminTransferShard, [&] { return m_next.transferShard(call, shard); });
}

Result<Quirks> GuardedStore::setQuirks(Call& call, const Quirks& quirks)
{
    return guarded<Quirks>(call, Rpc::FaultsSetQuirks, [&] { return m_next.setQuirks(call, quirks); });
}

Result<std::uint64_t> GuardedStore::flushTtl(Call& call, const Bytes& prefix)
{
    return guarded<std::uint64_t>(call, Rpc::FaultsFlush, [&] { return m_next.flushTtl(call, prefix); });
}

Result<void> GuardedStore::moveShard(Call& call, const ShardMove& move)
{
    return guarded<void>(call, Rpc::FaultsMoveShard, [&] { return m_next.moveShard(call, move); });
}

Result<void> GuardedStore::setNode(Call& call, const NodeFault& fault)
{
    return guarded<void>(call, Rpc::FaultsSetNode, [&] { return m_next.setNode(call, fault); });
}

Result<void> GuardedStore::shiftClock(Call& call, std::chrono::milliseconds by)
{
    return guarded<void>(call, Rpc::FaultsShiftClock, [&] { return m_next.shiftClock(call, by); });
}

Result<bool> GuardedStore::createVectorIndex(Call& call, const VectorIndex& index)
{
    return guarded<bool>(call, Rpc::VectorCreateIndex, [&] { return m_next.createVectorIndex(call, index); });
}

Result<bool> GuardedStore::dropVectorIndex(Call& call, const std::string& index)
{
    return guarded<bool>(call, Rpc::VectorDropIndex, [&] { return m_next.dropVectorIndex(call, index); });
}

Result<void> GuardedStore::insertVector(Call& call, const std::string& index, const NamedVector& vector)
{
    return guarded<void>(call, Rpc::VectorInsert, [&] { return m_next.insertVector(call, index, vector); });
}

Result<void> GuardedStore::insertVectors(Call& call, const std::string& index,
    std::span<const NamedVector> vectors, std::size_t inFlight, const InsertedSink& sink)
{
    return guarded<void>(
        call, Rpc::VectorInsert, [&] { return m_next.insertVectors(call, index, vectors, inFlight, sink); });
}

Result<bool> GuardedStore::deleteVector(Call& call, const std::string& index, const std::string& id)
{
    return guarded<bool>(call, Rpc::VectorDelete, [&] { return m_next.deleteVector(call, index, id); });
}

} // namespace norikv::client
