// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"
#include "client/forwardingstore.h"

#include <atomic>
#include <optional>
#include <span>

namespace norikv::client {

/// What the server's clock says: an expiry that the server told is judged by it and never by ours, which may
/// be minutes away (rulings 16). Keeps the newest time that any node told. Safe from any thread.
class ServerClock {
public:
    /// `local` must outlive it.
    explicit ServerClock(const Clock& local);

    /// Now, in the clock that an expiry of this provenance was told in: the server's for Server, else ours.
    /// Ours also until the server was heard.
    EpochMs nowMs(TtlProvenance told) const;
    /// Server's clock minus ours; empty until the server was heard.
    std::optional<std::chrono::milliseconds> offset() const;
    void heard(EpochMs serverTimeMs);
    const Clock& local() const { return m_local; }

private:
    static constexpr std::int64_t Unheard = INT64_MIN;

    const Clock& m_local;
    std::atomic<std::int64_t> m_offsetMs{Unheard};
};

/// Tells a ServerClock every time that passes: Scan, Watch and Stat carry one.
class TimeHearingStore final : public ForwardingStore {
public:
    /// Both must outlive it.
    TimeHearingStore(Store& next, ServerClock& clock);

    Result<void> scan(Call& call, const ScanRequest& request, const ScanSink& sink) override;
    Result<void> watch(Call& call, const WatchRequest& request, const WatchSink& sink) override;
    Result<std::vector<Entry>> stat(Call& call, std::span<const Bytes> keys) override;

private:
    ServerClock& m_clock;
};

/// Asks Stat for what a plain Get leaves open: whether a key has an expiry at all. Entries that say it
/// already, are missing or changed meanwhile stay as they are. Where the server was never heard its time is
/// learnt with it, even when nothing else is open. A background call with the stop, reason and timeout of
/// `like`. False: the server offers no Stat, so asking again is of no use.
bool completeExpiries(
    Store& store, const Call& like, const ServerClock& clock, std::span<Entry* const> entries);

} // namespace norikv::client
