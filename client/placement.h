// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace norikv {

/// XXH64 with seed 0 of the key's bytes (wire-contract 8.1).
std::uint64_t keyHash(std::string_view key);

/// Jump consistent hash in the *server's* order of operations: divide first, then multiply. NoriKV's SDKs
/// multiply first and disagree on rare hashes (wire-contract 9.3). `buckets` must be positive.
std::uint32_t jumpHash(std::uint64_t hash, std::uint32_t buckets);

/// The virtual shard that stores `key`.
inline std::uint32_t shardOf(std::string_view key, std::uint32_t totalShards)
{
    return jumpHash(keyHash(key), totalShards);
}

} // namespace norikv
