// SPDX-License-Identifier: GPL-3.0-or-later
// The document's write-through cache, hosted here, without its defects: it evicts the least recently used
// entry, and remembers the version of a Get, never that of a Put, which NoriKV numbers otherwise (F9).
#pragma once

#include "client/clock.h"
#include "client/store.h"

#include <condition_variable>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace norikv::client {

struct CacheOptions {
    std::uint64_t ttlMs = 60'000;
    std::size_t maxEntries = 1000; ///< at least 1
    /// Readers who miss one key at the same moment wait for one read of the server instead of each asking it.
    bool singleFlight = false;
};

/// How one get() was answered.
struct CacheGot {
    enum class From {
        Cache, ///< a hit
        Server, ///< a miss
        OtherReader, ///< a miss that waited for somebody else's read
    };
    std::optional<Bytes> value; ///< empty = the server has no such key; that is not cached
    From from = From::Server;
    std::uint64_t ageMs = 0; ///< of a hit
    bool stale = false; ///< a hit that is known to differ from what the server has had since
};

struct CacheStats {
    std::size_t size = 0;
    std::uint64_t hits = 0; ///< the stale ones with them
    std::uint64_t staleHits = 0; ///< answered although newer bytes were known to be on the server
    std::uint64_t misses = 0; ///< those that waited for another reader with them
    std::uint64_t serverReads = 0;
    std::uint64_t evictions = 0;
    std::uint64_t expired = 0;

    std::optional<double> hitRatio() const; ///< 0..1; nothing before the first read
};

/// One cached entry, as it stands.
struct CacheEntry {
    Bytes key;
    std::uint64_t size = 0;
    std::uint64_t hash = 0; ///< of the bytes
    std::optional<Version>
        version; ///< of the Get that brought them, or that found the same bytes; empty after a put
    EpochMs cachedAtMs = 0;
    std::size_t rank = 0; ///< 0 = the most recently used
    std::uint64_t hits = 0;
    // What a look at the server showed last:
    EpochMs comparedMs = 0; ///< 0 = never
    bool serverThere = true;
    std::optional<Version> serverVersion;
    EpochMs differsSinceMs = 0; ///< the look that first found other bytes; 0 = the same
    std::uint64_t staleHits = 0; ///< since then
};

/// One access, for "what if the time to live were": a read through the cache, or a change of the server's
/// bytes.
struct CacheAccess {
    EpochMs atMs = 0;
    std::uint64_t key = 0; ///< hash of the key
    bool change = false;
};

/// Safe from any thread. Nothing here waits for the server while other keys are served.
class WriteThroughCache {
public:
    WriteThroughCache(Store& store, const Clock& clock, CacheOptions options = {});

    Result<CacheGot> get(Call& call, const Bytes& key);
    /// The server first, then the cache; a put that failed or whose outcome is unknown leaves no entry.
    Result<Version> put(Call& call, const Bytes& key, const Bytes& value);
    /// The cache first, then the server. Answers whether a key was there as far as the server tells.
    Result<bool> remove(Call& call, const Bytes& key);
    void invalidate(const Bytes& key);
    void invalidateAll();

    CacheOptions options() const;
    /// Takes effect at once: entries beyond the size go, and those beyond the time to live are misses.
    void setOptions(const CacheOptions& options);
    CacheStats stats() const;
    std::vector<CacheEntry> entries() const; ///< the most recently used first
    std::vector<CacheAccess> accesses() const; ///< the last 20,000, oldest first

    /// The keys whose comparison with the server is oldest.
    std::vector<Bytes> toCompare(std::size_t most) const;
    /// What the server has now; `server.key` is the key.
    void compare(const Entry& server);

private:
    struct Held {
        CacheEntry entry;
        Bytes value;
        std::list<Bytes>::iterator use;
    };
    struct Flight { ///< one read of the server that others wait for
        bool ended = false;
        Result<Entry> answer;
    };
    void keep(const Bytes& key, const Bytes& value, std::optional<Version> version);
    void drop(const Bytes& key);
    void shrink();
    void note(const Bytes& key, bool change);
    Result<CacheGot> fetch(Call& call, const Bytes& key, std::unique_lock<std::mutex>& lock);

    Store& m_store;
    const Clock& m_clock;
    mutable std::mutex m_mutex;
    std::condition_variable m_landed;
    CacheOptions m_options;
    std::unordered_map<Bytes, Held> m_entries;
    std::list<Bytes> m_uses; ///< front = the most recently used
    std::map<Bytes, std::shared_ptr<Flight>> m_flights;
    std::uint64_t m_generation
        = 0; ///< counts writes and invalidations: an answer read before one is not kept
    CacheStats m_stats;
    std::deque<CacheAccess> m_accesses;
};

/// Load and staleness that another time to live would have had over the same accesses.
struct TtlPoint {
    std::uint64_t ttlMs = 0;
    double readsPerSecond = 0; ///< of the server
    double staleShare = 0; ///< of all reads, 0..1
};
/// One point for each of `ttls`. Nothing with fewer than two reads.
std::vector<TtlPoint> whatIfTtl(
    const std::vector<CacheAccess>& accesses, const std::vector<std::uint64_t>& ttls);

} // namespace norikv::client
