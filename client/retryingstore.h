// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clusterstate.h"
#include "client/forwardingstore.h"

#include <functional>
#include <random>

namespace norikv::client {

/// What is tried again, for how long and how fast. NOT_LEADER: at least 2 s, because a shard touched for the
/// first time takes up to 300 ms to elect and SDK budgets are shorter than that (wire-contract 8.3).
struct RetryPolicy {
    std::chrono::milliseconds notLeaderBudget{4000};
    std::chrono::milliseconds unreachableBudget{1500}; ///< reads, and writes that were never sent
    std::chrono::milliseconds firstDelay{50};
    std::chrono::milliseconds longestDelay{500};
};

/// Waits, or returns false when the stop token fires first. A parameter so that tests wait for nothing.
using Sleeper = std::function<bool(std::chrono::milliseconds, const std::stop_token&)>;
Sleeper realSleeper();

/// Tries again what is safe to try again, and nothing else (rulings 4, trust R1):
///  - reads: on NOT_LEADER and lost connections;
///  - a write that was never sent: always;
///  - a CAS write after NOT_LEADER: yes, because a second application cannot happen; but then a version
///    mismatch may be our own first try, so it is reported as UnknownOutcome, never as a conflict;
///  - a plain write after NOT_LEADER: only while the merged view names another leader for its shard, or none.
///  - a vector write after NOT_LEADER: yes, because that is checked before anything is proposed
///  (wire-contract 5.2).
/// Vectors in bulk are not tried again here: the sink is told, and the caller knows what he can repeat.
/// Any other write that met NOT_LEADER and then failed in any way is UnknownOutcome: the append may have come
/// first. Everything else a write can suffer is UnknownOutcome and is left to the caller to read again.
class RetryingStore final : public ForwardingStore {
public:
    RetryingStore(Store& next, const ClusterState& cluster, const Clock& clock, RetryPolicy policy = {},
        Sleeper sleeper = realSleeper());

    Result<Entry> get(Call& call, const Bytes& key, Consistency consistency) override;
    Result<Version> put(Call& call, const Put& put) override;
    Result<Removed> remove(Call& call, const Remove& remove) override;
    Result<void> getMany(
        Call& call, std::span<const Bytes> keys, std::size_t inFlight, const GotSink& sink) override;
    Result<std::vector<Entry>> stat(Call& call, std::span<const Bytes> keys) override;
    Result<bool> createVectorIndex(Call& call, const VectorIndex& index) override;
    Result<bool> dropVectorIndex(Call& call, const std::string& index) override;
    Result<void> insertVector(Call& call, const std::string& index, const NamedVector& vector) override;
    Result<bool> deleteVector(Call& call, const std::string& index, const std::string& id) override;
    Result<VectorMatches> searchVectors(Call& call, const VectorSearch& search) override;
    Result<std::optional<std::vector<float>>> getVector(
        Call& call, const std::string& index, const std::string& id) override;
    Result<std::vector<VectorIndex>> listVectorIndexes(Call& call) override;

private:
    enum class Safety { Read, CasWrite, PlainWrite, VectorWrite };
    template <class T, class Try> Result<T> retry(Call& call, Safety safety, const Try& attempt);
    bool mayResend(const Call& call, Safety safety, const Error& error) const;

    const ClusterState& m_cluster;
    const Clock& m_clock;
    const RetryPolicy m_policy;
    const Sleeper m_sleep;
};

} // namespace norikv::client
