// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/keysink.h"
#include "client/patterns/keykind.h"
#include "client/values.h"

#include <optional>
#include <string>
#include <string_view>

namespace norikv::models {

/// What the catalogue keeps of one key.
struct KnownKey {
    client::Bytes key;
    std::uint32_t shard = 0;
    client::KeyKind kind = client::KeyKind::Other;
    std::optional<std::uint64_t> size; ///< empty = known, and not seen yet or no longer there
    std::optional<client::Version> version; ///< of a read; never that of a Put (F9)
    std::optional<std::uint64_t> valueHash; ///< XXH3-64
    EpochMs firstSeenMs = 0; ///< when the key was learnt of
    EpochMs lastSeenMs = 0; ///< 0 = never seen
    std::optional<EpochMs> expiresAtMs;
    client::TtlProvenance provenance = client::TtlProvenance::Unknown;
    bool favourite = false;
    std::string note;

    /// A person's mark is on it, so it stays when the key goes.
    bool marked() const { return favourite || !note.empty(); }
    bool operator==(const KnownKey&) const = default;
};

/// One sighting without its value: small enough to queue by the ten thousand.
struct Learnt {
    client::Bytes key;
    client::Sighting::How how = client::Sighting::How::Read;
    client::KeyKind kind = client::KeyKind::Other;
    std::uint64_t size = 0;
    std::optional<client::Version> version;
    std::optional<std::uint64_t> valueHash; ///< empty where the value was not carried
    std::optional<EpochMs> expiresAtMs;
    client::TtlProvenance provenance = client::TtlProvenance::Unknown;
    EpochMs atMs = 0;

    bool gone() const;
};

Learnt learntFrom(const client::Sighting& sighting, EpochMs nowMs);

/// What the catalogue should keep after a sighting; nothing = no row. Pure.
///
/// An expiry set here stays while reads see the bytes written here and the server does not say better: other
/// bytes are another writer's, whose ttl nobody told.
std::optional<KnownKey> merged(std::optional<KnownKey> known, const Learnt& news);

/// The words in the file, one to one (rulings 16 for the provenance). Unknown words mean Other and Unknown.
std::string_view storedName(client::KeyKind kind);
client::KeyKind storedKind(std::string_view name);
std::string_view storedName(client::TtlProvenance provenance);
client::TtlProvenance storedProvenance(std::string_view name);

} // namespace norikv::models
