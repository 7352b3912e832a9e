// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/createifabsent.h"

namespace norikv::client {

Result<Entry> createIfAbsent(
    Store& store, Call& call, const Bytes& key, const Bytes& value, std::uint64_t ttlMs)
{
    auto entry = store.get(call, key);
    std::string suffix;
    for (int attempt = 0; attempt < 3; ++attempt) {
        if (!entry || entry->exists())
            return entry;
        Put put;
        put.key = key;
        put.value = value;
        put.ttlMs = ttlMs;
        put.idempotencyKey = "create:" + (isUtf8(key) ? key : printable(key)) + suffix;
        const KnownBefore known(call, *entry);
        if (const auto written = store.put(call, put); !written)
            return tl::unexpected(written.error());
        entry = store.get(call, key);
        suffix = ":" + randomUuid();
    }
    if (entry && !entry->exists())
        return fail(ErrorKind::Contended, "the key is deleted as fast as it is created");
    return entry;
}

} // namespace norikv::client
