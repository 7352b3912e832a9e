// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/serverclock.h"

namespace norikv::client {

ServerClock::ServerClock(const Clock& local)
    : m_local(local)
{
}

EpochMs ServerClock::nowMs(TtlProvenance told) const
{
    const std::int64_t offset = m_offsetMs;
    return m_local.nowMs() + (told == TtlProvenance::Server && offset != Unheard ? offset : 0);
}

std::optional<std::chrono::milliseconds> ServerClock::offset() const
{
    const std::int64_t offset = m_offsetMs;
    return offset == Unheard ? std::nullopt : std::optional(std::chrono::milliseconds(offset));
}

void ServerClock::heard(EpochMs serverTimeMs)
{
    if (serverTimeMs != 0)
        m_offsetMs = serverTimeMs - m_local.nowMs();
}

TimeHearingStore::TimeHearingStore(Store& next, ServerClock& clock)
    : ForwardingStore(next)
    , m_clock(clock)
{
}

Result<void> TimeHearingStore::scan(Call& call, const ScanRequest& request, const ScanSink& sink)
{
    return m_next.scan(call, request, [&](ScanBatch batch) {
        m_clock.heard(batch.serverTimeMs);
        return sink(std::move(batch));
    });
}

Result<void> TimeHearingStore::watch(Call& call, const WatchRequest& request, const WatchSink& sink)
{
    return m_next.watch(call, request, [&](WatchBatch batch) {
        m_clock.heard(batch.serverTimeMs);
        return sink(std::move(batch));
    });
}

Result<std::vector<Entry>> TimeHearingStore::stat(Call& call, std::span<const Bytes> keys)
{
    auto entries = m_next.stat(call, keys);
    if (entries)
        m_clock.heard(call.record.serverTimeMs);
    return entries;
}

bool completeExpiries(
    Store& store, const Call& like, const ServerClock& clock, std::span<Entry* const> entries)
{
    std::vector<Entry*> open;
    std::vector<Bytes> keys;
    for (Entry* entry : entries) {
        if (!entry->exists() || entry->provenance != TtlProvenance::Unknown)
            continue;
        open.push_back(entry);
        keys.push_back(entry->key);
    }
    if (open.empty() && clock.offset())
        return true;
    Call ask;
    ask.timeout = like.timeout;
    ask.stop = like.stop;
    ask.why = like.why;
    ask.node = like.node;
    ask.background = true;
    const auto told = store.stat(ask, keys);
    if (!told)
        return told.error().kind != ErrorKind::Unsupported;
    for (std::size_t i = 0; i < open.size() && i < told->size(); ++i) {
        if ((*told)[i].version != open[i]->version)
            continue;
        open[i]->expiresAtMs = (*told)[i].expiresAtMs;
        open[i]->provenance = (*told)[i].provenance;
    }
    return true;
}

} // namespace norikv::client
