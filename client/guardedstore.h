// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/forwardingstore.h"
#include "client/profile.h"
#include "client/rpc.h"

#include <atomic>

namespace norikv::client {

/// The one gate below all panels. Read-only refuses every write; confirm refuses a write until `call.consent`
/// says that a person agreed. Reads always pass. The mode may be changed while calls run.
class GuardedStore final : public ForwardingStore {
public:
    GuardedStore(Store& next, GuardMode mode);

    GuardMode mode() const { return m_mode.load(); }
    void setMode(GuardMode mode) { m_mode.store(mode); }
    /// What the gate answers to a call, without making it.
    Result<void> permit(const Call& call, Rpc rpc) const;

    Result<Version> put(Call& call, const Put& put) override;
    Result<Removed> remove(Call& call, const Remove& remove) override;
    Result<void> snapshotShard(Call& call, std::uint32_t shard) override;
    Result<void> transferShard(Call& call, std::uint32_t shard) override;
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

private:
    template <class T, class Forward> Result<T> guarded(const Call& call, Rpc rpc, const Forward& forward);

    std::atomic<GuardMode> m_mode;
};

} // namespace norikv::client
