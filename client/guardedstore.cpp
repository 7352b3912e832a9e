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

// Each override is one line on purpose: what is not listed here is a read (tst_guard compares with the rpc
// table).
#define NORIKV_GUARDED(rpc, forward)                                                                         \
    {                                                                                                        \
        if (auto ok = permit(call, rpc); !ok)                                                                \
            return tl::unexpected(ok.error());                                                               \
        return m_next.forward;                                                                               \
    }

Result<Version> GuardedStore::put(Call& call, const Put& put) NORIKV_GUARDED(
    Rpc::KvPut, put(call, put)) Result<Removed> GuardedStore::remove(Call& call, const Remove& remove)
    NORIKV_GUARDED(Rpc::KvDelete, remove(call, remove)) Result<void> GuardedStore::snapshotShard(
        Call& call, std::uint32_t shard) NORIKV_GUARDED(Rpc::AdminSnapshotShard,
        snapshotShard(call, shard)) Result<void> GuardedStore::transferShard(Call& call,
        std::uint32_t shard) NORIKV_GUARDED(Rpc::AdminTransferShard,
        transferShard(call, shard)) Result<Quirks> GuardedStore::setQuirks(Call& call,
        const Quirks& quirks) NORIKV_GUARDED(Rpc::FaultsSetQuirks,
        setQuirks(call, quirks)) Result<std::uint64_t> GuardedStore::flushTtl(Call& call, const Bytes& prefix)
        NORIKV_GUARDED(Rpc::FaultsFlush, flushTtl(call, prefix)) Result<void> GuardedStore::moveShard(
            Call& call, const ShardMove& move) NORIKV_GUARDED(Rpc::FaultsMoveShard,
            moveShard(call, move)) Result<void> GuardedStore::setNode(Call& call, const NodeFault& fault)
            NORIKV_GUARDED(Rpc::FaultsSetNode, setNode(call, fault)) Result<void> GuardedStore::shiftClock(
                Call& call, std::chrono::milliseconds by)
                NORIKV_GUARDED(Rpc::FaultsShiftClock, shiftClock(call, by))

#undef NORIKV_GUARDED

} // namespace norikv::client
