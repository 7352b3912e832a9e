// SPDX-License-Identifier: GPL-3.0-or-later
// One stored key as one line of JSON: what export, import, undo files and the journal are made of.
#pragma once

#include "client/result.h"
#include "client/values.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace norikv::client {

std::string_view name(TtlProvenance provenance); ///< as stored: server, set here, from value, ...
std::optional<TtlProvenance> provenanceFrom(std::string_view name);

/// What an undo file knows beside the entry: what we left behind, so that the undo can tell our work from
/// what others wrote since.
struct LeftBehind {
    bool missing = false; ///< we deleted it
    std::uint64_t hash = 0; ///< XXH64 of the bytes we wrote, when not missing
    bool operator==(const LeftBehind&) const = default;
};

/// One line. `entry` without version and without value = the key did not exist.
struct NdjsonRecord {
    Entry entry;
    bool hasValue = false;
    std::optional<std::uint32_t> shard;
    std::optional<LeftBehind> left;
};

/// {"key"|"key_b64","value"|"value_b64","version":{"term","index"},"expires_at_ms","ttl_provenance","shard"}
/// without the line's end. Text where the bytes are valid UTF-8, else base64; absent members are not known.
std::string toNdjson(const NdjsonRecord& record);
std::string toNdjson(const Entry& entry, std::optional<std::uint32_t> shard = std::nullopt);

/// Reads one line; unknown members are ignored. The error says which member is wrong and how.
Result<NdjsonRecord> parseNdjson(std::string_view line);

} // namespace norikv::client
