// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/createifabsent.h"

namespace norikv::client {

namespace {
constexpr int SharedTries = 6; ///< past creations that a server may remember before a creation stands alone
constexpr int Tries = SharedTries + 2;
} // namespace

Result<Entry> createIfAbsent(
    Store& store, Call& call, const Bytes& key, const Bytes& value, std::uint64_t ttlMs)
{
    auto entry = store.get(call, key);
    std::string suffix;
    for (int attempt = 0; attempt < Tries; ++attempt) {
        if (!entry || entry->exists())
            return entry;
        Put put;
        put.key = key;
        put.value = value;
        put.ttlMs = ttlMs;
        put.idempotencyKey = "create:" + (isUtf8(key) ? key : printable(key)) + suffix;
        const KnownBefore known(call, *entry);
        const auto written = store.put(call, put);
        if (!written)
            return tl::unexpected(written.error());
        entry = store.get(call, key);
        // Remembered from a creation that is gone. Whoever else creates now was answered the same version, so
        // goes on under the same name, and only one of them writes. A name of our own protects nobody: it
        // comes last.
        suffix = attempt < SharedTries
            ? ":" + std::to_string(written->term) + "." + std::to_string(written->index)
            : ":" + randomUuid();
    }
    if (entry && !entry->exists())
        return fail(ErrorKind::Contended, "the key is deleted as fast as it is created");
    return entry;
}

} // namespace norikv::client
