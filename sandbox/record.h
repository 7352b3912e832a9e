// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace norikv::sandbox {

/// Term 0 always, index from 1 inside the key's shard (wire-contract 2.4).
struct Version {
    std::uint64_t term = 0;
    std::uint64_t index = 0;
    bool operator==(const Version&) const = default;
};

/// 0 = no expiry.
constexpr EpochMs noExpiry = 0;

/// What is stored beside a value.
struct RecordMeta {
    std::uint64_t index = 0;
    EpochMs expiresAtMs = noExpiry;

    bool expiredAt(EpochMs now) const { return expiresAtMs != noExpiry && expiresAtMs <= now; }
    bool operator==(const RecordMeta&) const = default;
};

struct Record {
    std::string value;
    RecordMeta meta;
};

/// The meta data follows the value, so that a read is one copy and a truncation.
void encodeRecord(std::string& row, std::string_view value, const RecordMeta& meta);
/// Cuts the meta data off the row, leaving the value; nothing when the row is too short to be one.
std::optional<RecordMeta> decodeRecord(std::string& row);
std::optional<RecordMeta> peekRecord(std::string_view row, std::string_view& value);

/// When a value written now with this ttl_ms expires; a sum that overflows never does.
EpochMs expiryOf(EpochMs now, std::uint64_t ttlMs);

} // namespace norikv::sandbox
