// SPDX-License-Identifier: GPL-3.0-or-later
// The values that cross the border of client/. No protobuf type is seen above it.
#pragma once

#include "client/bytes.h"
#include "client/clock.h"

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace norikv::client {

/// Proves nothing across a server restart and is only comparable inside one shard (wire-contract 2.4).
struct Version {
    std::uint64_t term = 0;
    std::uint64_t index = 0;
    auto operator<=>(const Version&) const = default;
};

/// Where the knowledge of an expiry comes from; shown beside every countdown.
enum class TtlProvenance { Server, SetHere, FromValue, PatternDefault, Unknown };

/// The names kv.rs accepts (wire-contract 2.7). SDK names (lease, linearizable, stale_ok) are only labels;
/// see consistencyFromLabel().
enum class Consistency { Strong, Eventual, BoundedStaleness };
std::string_view wireName(Consistency c);
/// Accepts the server's names and the SDKs' labels: lease, linearizable -> Strong; stale_ok -> Eventual.
std::optional<Consistency> consistencyFromLabel(std::string_view label);

/// One stored key. A missing key has no version; an empty value has one (wire-contract 2.3).
struct Entry {
    Bytes key;
    Bytes value;
    std::optional<Version> version;
    std::optional<EpochMs> expiresAtMs; ///< empty = no expiry, or not known: see `provenance`
    TtlProvenance provenance = TtlProvenance::Unknown;
    std::uint64_t valueSize = 0; ///< also known when the bytes were not asked for
    std::map<std::string, std::string> meta;

    bool exists() const { return version.has_value(); }
};

struct Put {
    Bytes key;
    Bytes value;
    std::uint64_t ttlMs = 0; ///< 0 = no expiry, and clears an expiry that was there
    std::string idempotencyKey; ///< empty = none; see rulings on the two places that send one
    std::optional<Version> ifMatch;
};

struct Remove {
    Bytes key;
    std::string idempotencyKey;
    std::optional<Version> ifMatch; ///< NoriKV ignores it (wire-contract 2.5)
};

struct Removed {
    bool tombstoned = false; ///< true on NoriKV whether or not the key existed
    std::optional<Version> version;
};

/// One node's view of the cluster, as received over one seed (wire-contract 3).
struct ClusterView {
    struct Node {
        std::string id;
        std::string address; ///< advertised; shown, never dialled
        std::string role;
    };
    struct Claim {
        std::uint32_t shard = 0;
        std::string nodeId;
        bool leader = false;
    };
    std::uint64_t epoch = 0; ///< per process and ticking: not a change signal
    std::vector<Node> nodes;
    std::vector<Claim> claims; ///< sorted by shard
};

enum class Coverage { Complete, KnownKeys, Sampled, None };

struct ScanRequest {
    Bytes prefix;
    Bytes startAfter;
    std::uint64_t limit = 0; ///< 0 = all
    bool keysOnly = false;
};

struct ScanBatch {
    std::vector<Entry> entries; ///< byte order of keys
    std::uint64_t revision = 0; ///< of the snapshot; Watch from here misses nothing
    EpochMs serverTimeMs = 0;
    bool last = false;
    Coverage coverage = Coverage::None;
};

struct WatchRequest {
    Bytes prefix;
    std::uint64_t afterRevision = 0; ///< 0 = from now
    bool keysOnly = false;
};

struct ChangeEvent {
    enum class Kind { Put, Delete, Expire };
    Kind kind = Kind::Put;
    std::uint64_t revision = 0;
    Entry entry;
};

struct WatchBatch {
    std::vector<ChangeEvent> events; ///< empty: a sign of life, one every second
    std::uint64_t revision = 0;
    EpochMs serverTimeMs = 0;
};

} // namespace norikv::client
