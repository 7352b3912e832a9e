// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/cache.h"

#include "client/valuehash.h"

#include <algorithm>
#include <tuple>

namespace norikv::client {

namespace {
constexpr std::size_t MostAccesses = 20'000;
} // namespace

std::optional<double> CacheStats::hitRatio() const
{
    const auto all = hits + misses;
    return all == 0 ? std::nullopt : std::optional(static_cast<double>(hits) / static_cast<double>(all));
}

WriteThroughCache::WriteThroughCache(Store& store, const Clock& clock, CacheOptions options)
    : m_store(store)
    , m_clock(clock)
    , m_options(options)
{
    m_options.maxEntries = std::max<std::size_t>(1, m_options.maxEntries);
}

void WriteThroughCache::note(const Bytes& key, bool change)
{
    if (m_accesses.size() == MostAccesses)
        m_accesses.pop_front();
    m_accesses.push_back({m_clock.nowMs(), valueHash(key), change});
}

void WriteThroughCache::drop(const Bytes& key)
{
    const auto found = m_entries.find(key);
    if (found == m_entries.end())
        return;
    m_uses.erase(found->second.use);
    m_entries.erase(found);
}

void WriteThroughCache::shrink()
{
    while (m_entries.size() > m_options.maxEntries) {
        ++m_stats.evictions;
        drop(Bytes(m_uses.back()));
    }
}

void WriteThroughCache::keep(const Bytes& key, const Bytes& value, std::optional<Version> version)
{
    drop(key);
    m_uses.push_front(key);
    Held held;
    held.entry.key = key;
    held.entry.size = value.size();
    held.entry.hash = valueHash(value);
    held.entry.version = version;
    held.entry.cachedAtMs = m_clock.nowMs();
    held.value = value;
    held.use = m_uses.begin();
    m_entries.emplace(key, std::move(held));
    shrink();
}

Result<CacheGot> WriteThroughCache::get(Call& call, const Bytes& key)
{
    std::unique_lock lock(m_mutex);
    note(key, false);
    if (const auto found = m_entries.find(key); found != m_entries.end()) {
        Held& held = found->second;
        const EpochMs age = m_clock.nowMs() - held.entry.cachedAtMs;
        // A wall clock that was set back makes an entry old, not young for ever.
        if (age >= 0 && static_cast<std::uint64_t>(age) < m_options.ttlMs) {
            ++m_stats.hits;
            ++held.entry.hits;
            const bool stale = held.entry.differsSinceMs != 0;
            if (stale) {
                ++m_stats.staleHits;
                ++held.entry.staleHits;
            }
            m_uses.splice(m_uses.begin(), m_uses, held.use);
            return CacheGot{held.value, CacheGot::From::Cache, static_cast<std::uint64_t>(age), stale};
        }
        ++m_stats.expired;
        drop(key);
    }
    ++m_stats.misses;
    return fetch(call, key, lock);
}

Result<CacheGot> WriteThroughCache::fetch(Call& call, const Bytes& key, std::unique_lock<std::mutex>& lock)
{
    if (m_options.singleFlight) {
        if (const auto under = m_flights.find(key); under != m_flights.end()) {
            const auto flight = under->second;
            m_landed.wait(lock, [&] { return flight->ended; });
            if (!flight->answer)
                return tl::unexpected(flight->answer.error());
            return CacheGot{flight->answer->exists() ? std::optional(flight->answer->value) : std::nullopt,
                CacheGot::From::OtherReader, 0, false};
        }
        m_flights[key] = std::make_shared<Flight>();
    }
    ++m_stats.serverReads;
    const std::uint64_t generation = m_generation;
    lock.unlock();
    auto entry = m_store.get(call, key);
    lock.lock();
    if (entry && entry->exists() && generation == m_generation)
        keep(key, entry->value, entry->version);
    if (const auto flight = m_flights.find(key); flight != m_flights.end() && m_options.singleFlight) {
        flight->second->answer = entry;
        flight->second->ended = true;
        m_flights.erase(flight);
        m_landed.notify_all();
    }
    if (!entry)
        return tl::unexpected(entry.error());
    return CacheGot{entry->exists() ? std::optional(std::move(entry->value)) : std::nullopt,
        CacheGot::From::Server, 0, false};
}

Result<Version> WriteThroughCache::put(Call& call, const Bytes& key, const Bytes& value)
{
    Put put;
    put.key = key;
    put.value = value;
    auto written = m_store.put(call, put);
    const std::scoped_lock lock(m_mutex);
    ++m_generation;
    if (written) {
        note(key, true);
        keep(key, value, std::nullopt);
    } else {
        drop(key); // nobody can say what is there now
    }
    return written;
}

Result<bool> WriteThroughCache::remove(Call& call, const Bytes& key)
{
    invalidate(key);
    Remove remove;
    remove.key = key;
    const auto removed = m_store.remove(call, remove);
    invalidate(key); // whoever read it meanwhile brought it back
    if (!removed)
        return tl::unexpected(removed.error());
    return removed->tombstoned;
}

void WriteThroughCache::invalidate(const Bytes& key)
{
    const std::scoped_lock lock(m_mutex);
    ++m_generation;
    drop(key);
}

void WriteThroughCache::invalidateAll()
{
    const std::scoped_lock lock(m_mutex);
    ++m_generation;
    m_entries.clear();
    m_uses.clear();
}

CacheOptions WriteThroughCache::options() const
{
    const std::scoped_lock lock(m_mutex);
    return m_options;
}

void WriteThroughCache::setOptions(const CacheOptions& options)
{
    const std::scoped_lock lock(m_mutex);
    m_options = options;
    m_options.maxEntries = std::max<std::size_t>(1, m_options.maxEntries);
    shrink();
}

CacheStats WriteThroughCache::stats() const
{
    const std::scoped_lock lock(m_mutex);
    CacheStats stats = m_stats;
    stats.size = m_entries.size();
    return stats;
}

std::vector<CacheEntry> WriteThroughCache::entries() const
{
    const std::scoped_lock lock(m_mutex);
    std::vector<CacheEntry> out;
    out.reserve(m_entries.size());
    for (const Bytes& key : m_uses) {
        out.push_back(m_entries.at(key).entry);
        out.back().rank = out.size() - 1;
    }
    return out;
}

std::vector<CacheAccess> WriteThroughCache::accesses() const
{
    const std::scoped_lock lock(m_mutex);
    return {m_accesses.begin(), m_accesses.end()};
}

std::vector<Bytes> WriteThroughCache::toCompare(std::size_t most) const
{
    const std::scoped_lock lock(m_mutex);
    std::vector<std::pair<EpochMs, const Bytes*>> order;
    for (const auto& [key, held] : m_entries)
        order.emplace_back(held.entry.comparedMs, &key);
    const std::size_t count = std::min(most, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
        [](const auto& a, const auto& b) {
            return std::tie(a.first, *a.second) < std::tie(b.first, *b.second);
        });
    std::vector<Bytes> keys;
    for (std::size_t i = 0; i < count; ++i)
        keys.push_back(*order[i].second);
    return keys;
}

void WriteThroughCache::compare(const Entry& server)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_entries.find(server.key);
    if (found == m_entries.end())
        return;
    CacheEntry& entry = found->second.entry;
    entry.comparedMs = m_clock.nowMs();
    const bool moved = entry.serverThere != server.exists() || entry.serverVersion != server.version;
    entry.serverThere = server.exists();
    entry.serverVersion = server.version;
    if (server.exists() && valueHash(server.value) == entry.hash) {
        entry.version = server.version; // the same bytes: from here on they have a version of a Get
        entry.differsSinceMs = 0;
        entry.staleHits = 0;
        return;
    }
    if (entry.differsSinceMs == 0)
        entry.differsSinceMs = entry.comparedMs;
    if (moved)
        note(server.key, true);
}

std::vector<TtlPoint> whatIfTtl(
    const std::vector<CacheAccess>& accesses, const std::vector<std::uint64_t>& ttls)
{
    const auto reads
        = std::ranges::count_if(accesses, [](const CacheAccess& access) { return !access.change; });
    if (reads < 2)
        return {};
    const double seconds
        = std::max(1.0, static_cast<double>(accesses.back().atMs - accesses.front().atMs) / 1000.0);
    std::vector<TtlPoint> out;
    for (const std::uint64_t ttl : ttls) {
        struct Cached {
            EpochMs atMs = 0;
            bool changed = false; ///< on the server, since
        };
        std::unordered_map<std::uint64_t, Cached> cached;
        std::uint64_t fetches = 0;
        std::uint64_t stale = 0;
        for (const CacheAccess& access : accesses) {
            const auto found = cached.find(access.key);
            if (access.change) {
                if (found != cached.end())
                    found->second.changed = true;
            } else if (found != cached.end()
                && access.atMs - found->second.atMs < static_cast<EpochMs>(ttl)) {
                stale += found->second.changed ? 1 : 0;
            } else {
                ++fetches;
                cached[access.key] = {access.atMs, false};
            }
        }
        out.push_back({ttl, static_cast<double>(fetches) / seconds,
            static_cast<double>(stale) / static_cast<double>(reads)});
    }
    return out;
}

} // namespace norikv::client
