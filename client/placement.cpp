// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/placement.h"

#include <xxhash.h>

namespace norikv {

std::uint64_t keyHash(std::string_view key) { return XXH64(key.data(), key.size(), 0); }

std::uint32_t jumpHash(std::uint64_t hash, std::uint32_t buckets)
{
    std::int64_t bucket = -1;
    std::int64_t next = 0;
    while (next < static_cast<std::int64_t>(buckets)) {
        bucket = next;
        hash = hash * 2862933555777941757ULL + 1;
        const double scale = 2147483648.0 / static_cast<double>((hash >> 33) + 1);
        next = static_cast<std::int64_t>(static_cast<double>(bucket + 1) * scale);
    }
    return static_cast<std::uint32_t>(bucket);
}

} // namespace norikv
