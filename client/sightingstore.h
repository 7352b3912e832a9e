// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/forwardingstore.h"
#include "client/keysink.h"

namespace norikv::client {

/// Reports what each call taught about keys. Stands above RetryingStore, so that one answer is one sighting
/// however often it was asked for, and below TracingStore and GuardedStore, so that a refused write is none.
/// A call that failed teaches nothing; neither does a write whose outcome is unknown.
///
/// A Put reports its expiry as now + ttl, SetHere; one without ttl reports SetHere without expiry, because it
/// clears one that was there. Its version is the one the Put returned, which no Get may ever show (F9).
class SightingStore final : public ForwardingStore {
public:
    /// `sink` and `clock` must outlive the store.
    SightingStore(Store& next, KeySink& sink, const Clock& clock);

    Result<Entry> get(Call& call, const Bytes& key, Consistency consistency) override;
    Result<Version> put(Call& call, const Put& put) override;
    Result<Removed> remove(Call& call, const Remove& remove) override;
    Result<void> getMany(
        Call& call, std::span<const Bytes> keys, std::size_t inFlight, const GotSink& sink) override;
    Result<void> scan(Call& call, const ScanRequest& request, const ScanSink& sink) override;
    Result<void> watch(Call& call, const WatchRequest& request, const WatchSink& sink) override;
    Result<std::vector<Entry>> stat(Call& call, std::span<const Bytes> keys) override;

private:
    void read(const Bytes& key, Entry& entry);

    KeySink& m_sink;
    const Clock& m_clock;
};

} // namespace norikv::client
