// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/journal/journalingstore.h"

#include "client/placement.h"

#include <algorithm>
#include <limits>

namespace norikv::client {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {
constexpr milliseconds LongestStat{1000};
}

WriteStatus statusOf(const Error& error)
{
    const bool open = error.kind == ErrorKind::UnknownOutcome || error.kind == ErrorKind::Timeout;
    return open ? WriteStatus::Unknown : WriteStatus::Failed;
}

JournalingStore::JournalingStore(
    Store& next, Journal& journal, const ServerClock& clock, std::uint32_t totalShards)
    : ForwardingStore(next)
    , m_journal(journal)
    , m_serverClock(clock)
    , m_clock(clock.local())
    , m_totalShards(totalShards)
{
}

Result<Entry> JournalingStore::readBefore(const Call& call, const Bytes& key)
{
    Call ask;
    ask.timeout = call.timeout;
    ask.stop = call.stop;
    ask.background = true;
    ask.why = call.why;
    ask.node = call.node;
    auto before = valueBefore(ask, call.before, key);
    // Without it an undo could not tell a key that never expired from one whose expiry nobody told. The write
    // does not wait long for it.
    if (before && before->exists() && before->provenance == TtlProvenance::Unknown && m_stat) {
        before->key = key;
        ask.timeout = std::min(ask.timeout / 4, LongestStat);
        Entry* const one = &*before;
        m_stat = completeExpiries(m_next, ask, m_serverClock, {&one, 1});
    }
    return before;
}

Result<Entry> JournalingStore::valueBefore(Call& ask, const Entry* known, const Bytes& key)
{
    if (known && known->key == key)
        return *known;
    return m_next.get(ask, key, Consistency::Strong).map_error([](Error error) {
        error.message
            = "the write was not sent, because the value before it could not be read: " + error.message;
        return error;
    });
}

template <class T, class Send>
Result<T> JournalingStore::kept(Call& call, JournalEntry intent, const Send& send)
{
    const milliseconds whole = call.timeout;
    const auto begun = m_clock.elapsed();
    auto before = readBefore(call, intent.key);
    if (!before)
        return tl::unexpected(before.error());
    intent.before = std::move(*before);
    intent.before.key = intent.key;
    intent.after.key = intent.key;
    intent.shard = shardOf(intent.key, m_totalShards);
    return journaled<T>(call, std::move(intent), whole, begun, send);
}

/// The intent, the call in what is left of its time, the outcome.
template <class T, class Send>
Result<T> JournalingStore::journaled(
    Call& call, JournalEntry intent, milliseconds whole, Clock::Elapsed begun, const Send& send)
{
    intent.why = call.why;
    intent.undoes = call.undoes;
    const auto id = m_journal.begin(std::move(intent));
    if (!id)
        return tl::unexpected(id.error());
    call.timeout = std::max(milliseconds(1), whole - duration_cast<milliseconds>(m_clock.elapsed() - begun));
    const auto sent = m_clock.elapsed();
    Result<T> result = send();
    call.timeout = whole;
    WriteOutcome outcome;
    outcome.took = duration_cast<microseconds>(m_clock.elapsed() - sent);
    if (result) {
        outcome.status = WriteStatus::Ok;
        if constexpr (std::is_same_v<T, Version>)
            outcome.version = *result;
    } else {
        outcome.status = statusOf(result.error());
        outcome.problem = result.error().message;
    }
    m_journal.finish(*id, outcome);
    return result;
}

template <class T, class Send>
Result<T> JournalingStore::named(Call& call, std::string words, const Send& send)
{
    if (!call.journal)
        return send();
    JournalEntry intent;
    intent.kind = WriteKind::Other;
    intent.key = std::move(words);
    return journaled<T>(call, std::move(intent), call.timeout, m_clock.elapsed(), send);
}

Result<Version> JournalingStore::put(Call& call, const Put& put)
{
    if (!call.journal)
        return m_next.put(call, put);
    JournalEntry intent;
    intent.kind = WriteKind::Put;
    intent.key = put.key;
    intent.cas = put.ifMatch.has_value();
    intent.after.value = put.value;
    intent.after.valueSize = put.value.size();
    intent.after.provenance = TtlProvenance::SetHere;
    const EpochMs now = m_clock.nowMs();
    const auto most = static_cast<std::uint64_t>(std::numeric_limits<EpochMs>::max() - now);
    if (put.ttlMs != 0 && put.ttlMs < most) // beyond: it never expires
        intent.after.expiresAtMs = now + static_cast<EpochMs>(put.ttlMs);
    return kept<Version>(call, std::move(intent), [&] { return m_next.put(call, put); });
}

Result<Removed> JournalingStore::remove(Call& call, const Remove& remove)
{
    if (!call.journal)
        return m_next.remove(call, remove);
    JournalEntry intent;
    intent.kind = WriteKind::Remove;
    intent.key = remove.key;
    intent.cas = remove.ifMatch.has_value();
    return kept<Removed>(call, std::move(intent), [&] { return m_next.remove(call, remove); });
}

Result<void> JournalingStore::snapshotShard(Call& call, std::uint32_t shard)
{
    return named<void>(call, "snapshot of shard " + std::to_string(shard),
        [&] { return m_next.snapshotShard(call, shard); });
}

Result<void> JournalingStore::transferShard(Call& call, std::uint32_t shard)
{
    return named<void>(
        call, "hand over shard " + std::to_string(shard), [&] { return m_next.transferShard(call, shard); });
}

Result<bool> JournalingStore::createVectorIndex(Call& call, const VectorIndex& index)
{
    return named<bool>(
        call, "create index " + index.name, [&] { return m_next.createVectorIndex(call, index); });
}

Result<bool> JournalingStore::dropVectorIndex(Call& call, const std::string& index)
{
    return named<bool>(call, "drop index " + index, [&] { return m_next.dropVectorIndex(call, index); });
}

Result<void> JournalingStore::insertVector(Call& call, const std::string& index, const NamedVector& vector)
{
    return named<void>(call, "insert vector " + vector.id + " into " + index,
        [&] { return m_next.insertVector(call, index, vector); });
}

Result<void> JournalingStore::insertVectors(Call& call, const std::string& index,
    std::span<const NamedVector> vectors, std::size_t inFlight, const InsertedSink& sink)
{
    return named<void>(call, "insert " + std::to_string(vectors.size()) + " vectors into " + index,
        [&] { return m_next.insertVectors(call, index, vectors, inFlight, sink); });
}

Result<bool> JournalingStore::deleteVector(Call& call, const std::string& index, const std::string& id)
{
    return named<bool>(
        call, "delete vector " + id + " from " + index, [&] { return m_next.deleteVector(call, index, id); });
}

} // namespace norikv::client
