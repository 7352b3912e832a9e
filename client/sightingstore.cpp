// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/sightingstore.h"

#include <limits>
#include <utility>

namespace norikv::client {

namespace {

Sighting::How how(ChangeEvent::Kind kind)
{
    switch (kind) {
    case ChangeEvent::Kind::Put:
        break;
    case ChangeEvent::Kind::Delete:
        return Sighting::How::Removed;
    case ChangeEvent::Kind::Expire:
        return Sighting::How::Expired;
    }
    return Sighting::How::Watched;
}

// A ttl that leaves the range of time means no expiry, as on the server (rulings, small ones).
std::optional<EpochMs> expiry(EpochMs now, std::uint64_t ttlMs)
{
    if (ttlMs == 0 || ttlMs > static_cast<std::uint64_t>(std::numeric_limits<EpochMs>::max() - now))
        return {};
    return now + static_cast<EpochMs>(ttlMs);
}

} // namespace

SightingStore::SightingStore(Store& next, KeySink& sink, const Clock& clock)
    : ForwardingStore(next)
    , m_sink(sink)
    , m_clock(clock)
{
}

// The entry is lent to the sink, not copied: values may be large.
void SightingStore::read(const Bytes& key, Entry& entry)
{
    Sighting sighting{std::move(entry), Sighting::How::Read};
    if (!sighting.entry.exists())
        sighting.how = Sighting::How::Missing;
    if (sighting.entry.key.empty())
        sighting.entry.key = key;
    m_sink.seen({&sighting, 1});
    entry = std::move(sighting.entry);
}

Result<Entry> SightingStore::get(Call& call, const Bytes& key, Consistency consistency)
{
    auto entry = m_next.get(call, key, consistency);
    if (entry)
        read(key, *entry);
    return entry;
}

Result<Version> SightingStore::put(Call& call, const Put& put)
{
    auto version = m_next.put(call, put);
    if (!version)
        return version;
    Sighting sighting;
    sighting.how = Sighting::How::Wrote;
    sighting.entry.key = put.key;
    sighting.entry.value = put.value;
    sighting.entry.valueSize = put.value.size();
    sighting.entry.version = *version;
    sighting.entry.expiresAtMs = expiry(m_clock.nowMs(), put.ttlMs);
    sighting.entry.provenance = TtlProvenance::SetHere;
    m_sink.seen({&sighting, 1});
    return version;
}

Result<Removed> SightingStore::remove(Call& call, const Remove& remove)
{
    auto removed = m_next.remove(call, remove);
    // Where nothing was tombstoned the key was not there, which is the same news.
    if (removed) {
        Sighting sighting;
        sighting.how = Sighting::How::Removed;
        sighting.entry.key = remove.key;
        m_sink.seen({&sighting, 1});
    }
    return removed;
}

Result<void> SightingStore::getMany(
    Call& call, std::span<const Bytes> keys, std::size_t inFlight, const GotSink& sink)
{
    return m_next.getMany(call, keys, inFlight, [&](std::size_t index, Result<Entry> entry) {
        if (entry)
            read(keys[index], *entry);
        sink(index, std::move(entry));
    });
}

Result<void> SightingStore::scan(Call& call, const ScanRequest& request, const ScanSink& sink)
{
    std::vector<Sighting> sightings;
    return m_next.scan(call, request, [&](ScanBatch batch) {
        sightings.resize(batch.entries.size());
        for (std::size_t i = 0; i < sightings.size(); ++i)
            sightings[i] = {std::move(batch.entries[i]), Sighting::How::Scanned};
        m_sink.seen(sightings);
        for (std::size_t i = 0; i < sightings.size(); ++i)
            batch.entries[i] = std::move(sightings[i].entry);
        return sink(std::move(batch));
    });
}

Result<void> SightingStore::watch(Call& call, const WatchRequest& request, const WatchSink& sink)
{
    std::vector<Sighting> sightings;
    return m_next.watch(call, request, [&](WatchBatch batch) {
        sightings.resize(batch.events.size());
        for (std::size_t i = 0; i < sightings.size(); ++i)
            sightings[i] = {std::move(batch.events[i].entry), how(batch.events[i].kind)};
        if (!sightings.empty())
            m_sink.seen(sightings);
        for (std::size_t i = 0; i < sightings.size(); ++i)
            batch.events[i].entry = std::move(sightings[i].entry);
        return sink(std::move(batch));
    });
}

Result<std::vector<Entry>> SightingStore::stat(Call& call, std::span<const Bytes> keys)
{
    auto entries = m_next.stat(call, keys);
    if (entries) {
        for (std::size_t i = 0; i < entries->size() && i < keys.size(); ++i)
            read(keys[i], (*entries)[i]);
    }
    return entries;
}

} // namespace norikv::client
