// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/forwardingstore.h"
#include "client/journal/journal.h"
#include "client/serverclock.h"

namespace norikv::client {

/// Keeps every Put and Delete in the journal: the value before, then the write, then its outcome. Stands
/// below the guard, so a refused write leaves no trace here, and above the trace, so that its own reads are
/// counted. A write is not sent when the value before cannot be read or the journal cannot be written. What
/// changes no key (admin calls, vectors) is kept by name, many vectors in one line. Calls with `journal` =
/// false pass through.
class JournalingStore final : public ForwardingStore {
public:
    JournalingStore(Store& next, Journal& journal, const ServerClock& clock, std::uint32_t totalShards);

    Result<Version> put(Call& call, const Put& put) override;
    Result<Removed> remove(Call& call, const Remove& remove) override;
    Result<void> snapshotShard(Call& call, std::uint32_t shard) override;
    Result<void> transferShard(Call& call, std::uint32_t shard) override;
    Result<bool> createVectorIndex(Call& call, const VectorIndex& index) override;
    Result<bool> dropVectorIndex(Call& call, const std::string& index) override;
    Result<void> insertVector(Call& call, const std::string& index, const NamedVector& vector) override;
    Result<void> insertVectors(Call& call, const std::string& index, std::span<const NamedVector> vectors,
        std::size_t inFlight, const InsertedSink& sink) override;
    Result<bool> deleteVector(Call& call, const std::string& index, const std::string& id) override;

private:
    Result<Entry> readBefore(const Call& call, const Bytes& key);
    Result<Entry> valueBefore(Call& ask, const Entry* known, const Bytes& key);
    template <class T, class Send> Result<T> kept(Call& call, JournalEntry intent, const Send& send);
    template <class T, class Send> Result<T> named(Call& call, std::string words, const Send& send);
    template <class T, class Send>
    Result<T> journaled(Call& call, JournalEntry intent, std::chrono::milliseconds whole,
        Clock::Elapsed begun, const Send& send);

    Journal& m_journal;
    const ServerClock& m_serverClock;
    const Clock& m_clock;
    const std::uint32_t m_totalShards;
    std::atomic<bool> m_stat = true; ///< the server may offer Stat
};

/// The status that a write's result stands for.
WriteStatus statusOf(const Error& error);

} // namespace norikv::client
