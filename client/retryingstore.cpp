// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/retryingstore.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace norikv::client {

using std::chrono::milliseconds;

Sleeper realSleeper()
{
    return [](milliseconds time, const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        wake.wait_for(lock, stop, time, [] { return false; });
        return !stop.stop_requested();
    };
}

RetryingStore::RetryingStore(
    Store& next, const ClusterState& cluster, const Clock& clock, RetryPolicy policy, Sleeper sleeper)
    : ForwardingStore(next)
    , m_cluster(cluster)
    , m_clock(clock)
    , m_policy(policy)
    , m_sleep(std::move(sleeper))
{
}

bool RetryingStore::mayResend(const Call& call, Safety safety, const Error& error) const
{
    if (error.kind == ErrorKind::Unreachable)
        return true; // a write is Unreachable only when it was never sent (grpcerror.h)
    if (error.kind != ErrorKind::NotLeader)
        return false;
    if (safety != Safety::PlainWrite)
        return true;
    if (!call.record.shard || !call.record.nodeIndex)
        return false;
    return m_cluster.leaderOf(*call.record.shard) != call.record.nodeIndex;
}

template <class T, class Try> Result<T> RetryingStore::retry(Call& call, Safety safety, const Try& attempt)
{
    const auto start = m_clock.elapsed();
    const auto spent = [&] { return std::chrono::duration_cast<milliseconds>(m_clock.elapsed() - start); };
    const milliseconds whole = call.timeout;
    call.record.ambiguous = false;
    const auto restore = [&](Result<T> result) {
        call.timeout = whole;
        call.avoid.reset();
        // NOT_LEADER may follow the append (rulings 4): after one, no failure proves that nothing was
        // written.
        if (!result && call.record.ambiguous && result.error().kind != ErrorKind::UnknownOutcome) {
            result.error().message += "; an earlier try may have been applied";
            result.error().kind = ErrorKind::UnknownOutcome;
        }
        return result;
    };
    thread_local std::minstd_rand random{std::random_device{}()};
    milliseconds delay = m_policy.firstDelay;
    while (true) {
        call.timeout = std::max(milliseconds(1), whole - spent());
        Result<T> result = attempt();
        if (result)
            return restore(std::move(result));
        Error& error = result.error();
        const bool notLeader = error.kind == ErrorKind::NotLeader;
        if (notLeader && safety != Safety::Read && safety != Safety::VectorWrite)
            call.record.ambiguous = true;
        if (!mayResend(call, safety, error)) {
            if (notLeader)
                error.message = "leadership was lost under the write";
            return restore(std::move(result));
        }
        if (notLeader) {
            call.avoid = call.record.nodeIndex;
        } else if (safety == Safety::Read) {
            call.avoid = call.record.nodeIndex;
        }
        const milliseconds budget = notLeader ? m_policy.notLeaderBudget : m_policy.unreachableBudget;
        std::uniform_int_distribution<int> jitter(-20, 20);
        const milliseconds pause = delay + delay * jitter(random) / 100;
        if (spent() + pause >= std::min(budget, whole)) {
            if (notLeader && call.record.shard)
                error.message = "no node leads shard " + std::to_string(*call.record.shard);
            return restore(std::move(result));
        }
        if (!m_sleep(pause, call.stop))
            return restore(fail(ErrorKind::Cancelled, "stopped here"));
        delay = std::min(delay * 2, m_policy.longestDelay);
    }
}

Result<Entry> RetryingStore::get(Call& call, const Bytes& key, Consistency consistency)
{
    return retry<Entry>(call, Safety::Read, [&] { return m_next.get(call, key, consistency); });
}

Result<Version> RetryingStore::put(Call& call, const Put& put)
{
    // An idempotency key is no protection here: NoriKV remembers it only after success and only on that node
    // (wire-contract 2.6), so `create:<key>` sent again could overwrite what was counted meanwhile.
    const Safety safety = put.ifMatch ? Safety::CasWrite : Safety::PlainWrite;
    return retry<Version>(call, safety, [&] { return m_next.put(call, put); });
}

Result<Removed> RetryingStore::remove(Call& call, const Remove& remove)
{
    // if_match does not protect a delete: NoriKV ignores it (wire-contract 2.5).
    return retry<Removed>(call, Safety::PlainWrite, [&] { return m_next.remove(call, remove); });
}

Result<void> RetryingStore::getMany(
    Call& call, std::span<const Bytes> keys, std::size_t inFlight, const GotSink& sink)
{
    // What failed for want of a leader or a link goes round once more, one by one, and all of it within one
    // timeout.
    std::vector<std::pair<std::size_t, Error>> again;
    const auto first = m_next.getMany(call, keys, inFlight, [&](std::size_t index, Result<Entry> entry) {
        if (!entry && mayResend(call, Safety::Read, entry.error()))
            again.emplace_back(index, std::move(entry.error()));
        else
            sink(index, std::move(entry));
    });
    if (!first)
        return first;
    const milliseconds whole = call.timeout;
    const auto end = m_clock.elapsed() + whole;
    for (auto next = again.begin(); next != again.end(); ++next) {
        if (call.stop.stop_requested())
            return fail(ErrorKind::Cancelled, "stopped here");
        const auto left = std::chrono::duration_cast<milliseconds>(end - m_clock.elapsed());
        if (left <= milliseconds(0)) {
            sink(next->first, tl::unexpected(next->second)); // as the first round said
            continue;
        }
        call.timeout = left;
        auto entry = get(call, keys[next->first], Consistency::Strong);
        call.timeout = whole;
        const bool hopeless = !entry && entry.error().kind == ErrorKind::Unreachable;
        if (hopeless) {
            // The server is away: the rest would each wait for the same answer.
            for (; next != again.end(); ++next)
                sink(next->first, tl::unexpected(entry.error()));
            return {};
        }
        sink(next->first, std::move(entry));
    }
    return {};
}

Result<std::vector<Entry>> RetryingStore::stat(Call& call, std::span<const Bytes> keys)
{
    return retry<std::vector<Entry>>(call, Safety::Read, [&] { return m_next.stat(call, keys); });
}

Result<bool> RetryingStore::createVectorIndex(Call& call, const VectorIndex& index)
{
    return retry<bool>(call, Safety::VectorWrite, [&] { return m_next.createVectorIndex(call, index); });
}

Result<bool> RetryingStore::dropVectorIndex(Call& call, const std::string& index)
{
    return retry<bool>(call, Safety::VectorWrite, [&] { return m_next.dropVectorIndex(call, index); });
}

Result<void> RetryingStore::insertVector(Call& call, const std::string& index, const NamedVector& vector)
{
    return retry<void>(call, Safety::VectorWrite, [&] { return m_next.insertVector(call, index, vector); });
}

Result<bool> RetryingStore::deleteVector(Call& call, const std::string& index, const std::string& id)
{
    return retry<bool>(call, Safety::VectorWrite, [&] { return m_next.deleteVector(call, index, id); });
}

Result<VectorMatches> RetryingStore::searchVectors(Call& call, const VectorSearch& search)
{
    return retry<VectorMatches>(call, Safety::Read, [&] { return m_next.searchVectors(call, search); });
}

Result<std::optional<std::vector<float>>> RetryingStore::getVector(
    Call& call, const std::string& index, const std::string& id)
{
    return retry<std::optional<std::vector<float>>>(
        call, Safety::Read, [&] { return m_next.getVector(call, index, id); });
}

Result<std::vector<VectorIndex>> RetryingStore::listVectorIndexes(Call& call)
{
    return retry<std::vector<VectorIndex>>(
        call, Safety::Read, [&] { return m_next.listVectorIndexes(call); });
}

} // namespace norikv::client
