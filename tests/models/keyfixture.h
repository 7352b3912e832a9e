// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keysource.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace norikv::test {

inline models::KeyRow keyRow(
    std::string_view key, std::uint64_t version = 1, std::uint32_t size = 10, EpochMs expiresAtMs = 0)
{
    models::KeyRow row;
    row.key = key;
    row.version = {0, version};
    row.size = size;
    row.expiresAtMs = expiresAtMs;
    row.provenance = client::TtlProvenance::Server;
    row.kind = client::keyKind(key, {});
    return row;
}

inline models::KeyChange putOf(
    const client::Bytes& key, std::uint64_t version = 1, std::uint32_t size = 10, EpochMs expiresAtMs = 0)
{
    return {models::KeyChange::Kind::Put, key, keyRow({}, version, size, expiresAtMs)};
}

inline models::KeyChange removalOf(const client::Bytes& key)
{
    return {models::KeyChange::Kind::Remove, key, {}};
}

/// A sealed chunk of these keys, which come in byte order.
inline std::unique_ptr<models::KeyChunk> chunkOf(const std::vector<std::string>& keys)
{
    auto chunk = std::make_unique<models::KeyChunk>();
    for (const auto& key : keys)
        chunk->add(keyRow(key));
    chunk->seal();
    return chunk;
}

/// The keys of a vector of ids.
inline std::vector<std::string> keysOf(const models::KeyStore& store, const std::vector<models::KeyId>& ids)
{
    std::vector<std::string> keys;
    for (const auto id : ids)
        keys.emplace_back(store.key(id));
    return keys;
}

} // namespace norikv::test
