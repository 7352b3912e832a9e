// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Draft about expiry: sweeping, and the ways the shipped server loses it (wire-contract 2.8).
#include "sandbox/draft.h"

#include "client/placement.h"
#include "sandbox/keyspace.h"

namespace norikv::sandbox {

Result<void> Draft::expire(std::size_t limit)
{
    for (const auto& due : m_state.expiry.due(m_now, limit)) {
        if (m_expiry.contains(due.key)) {
            continue; // this draft has already decided about the key
        }
        const auto record = lookup(due.key);
        if (!record) {
            return tl::unexpected(record.error());
        }
        if (!*record || (*record)->meta != due.meta) { // a stale row of the index
            setExpiry(due.key, {});
            continue;
        }
        emit(Event::Kind::Expire, due.key, {}, due.meta);
        if (keepsExpired()) {
            // The shipped server only hides it: a flush or a restart brings it back. So the record stays, and
            // nothing but the memory of its expiry goes.
            m_expiry[due.key] = {};
        } else {
            erase(due.key);
        }
        if (m_quirks.oldValueReturns) {
            if (const auto uncovered = uncover(due.key); !uncovered) {
                return uncovered;
            }
        }
        if (m_batch.empty()) {
            m_batch.push_back(
                {revisionRowKey(), numberText(m_revision)}); // an event must move the stored revision
        }
    }
    return {};
}

Result<std::uint64_t> Draft::dropExpiry(std::string_view prefix)
{
    std::uint64_t dropped = 0;
    const auto snapshot = m_storage.snapshot();
    const std::string from = rowKey(row::data, prefix);
    const auto cursor = snapshot->seek(from);
    for (; cursor->valid() && cursor->key().starts_with(from); cursor->next()) {
        std::string_view value;
        const auto meta = peekRecord(cursor->value(), value);
        if (!meta || meta->expiresAtMs == noExpiry || (meta->expiredAt(m_now) && !keepsExpired())) {
            continue;
        }
        const std::string key(cursor->key().substr(1));
        const RecordMeta immortal{meta->index, noExpiry};
        emit(Event::Kind::Put, key, value, immortal);
        m_batch.push_back({expiryRowKey(meta->expiresAtMs, key), std::nullopt});
        store(key, {std::string(value), immortal});
        ++dropped;
    }
    if (const auto status = cursor->status(); !status) {
        return tl::unexpected(status.error());
    }
    return dropped;
}

Result<void> Draft::dropExpiryOfShard(std::uint32_t shard)
{
    for (const auto& key : m_state.expiry.keys()) {
        if (shardOf(key, m_state.totalShards()) != shard) {
            continue;
        }
        const auto record = lookup(key);
        if (!record) {
            return tl::unexpected(record.error());
        }
        if (*record) {
            const RecordMeta immortal{(*record)->meta.index, noExpiry};
            emit(Event::Kind::Put, key, (*record)->value, immortal);
            store(key, {(*record)->value, immortal});
        }
    }
    return {};
}

/// Before a Put: remembers the record that a value with expiry is about to cover.
Result<void> Draft::keepUnder(const Write& write)
{
    if (write.ttlMs == 0) {
        m_batch.push_back({rowKey(row::under, write.key), std::nullopt});
        return {};
    }
    const auto existing = lookup(write.key);
    if (!existing) {
        return tl::unexpected(existing.error());
    }
    if (*existing && (*existing)->meta.expiresAtMs == noExpiry) {
        std::string row;
        encodeRecord(row, (*existing)->value, (*existing)->meta);
        m_batch.push_back({rowKey(row::under, write.key), std::move(row)});
    }
    return {};
}

/// After an expiry: what the value had covered is there again.
Result<void> Draft::uncover(const std::string& key)
{
    Record older;
    const auto found = m_storage.get(rowKey(row::under, key), older.value);
    if (!found) {
        return tl::unexpected(found.error());
    }
    const auto meta = *found ? decodeRecord(older.value) : std::nullopt;
    if (meta) {
        older.meta = *meta;
        emit(Event::Kind::Put, key, older.value, older.meta);
        m_batch.push_back({rowKey(row::under, key), std::nullopt});
        store(key, std::move(older));
    }
    return {};
}

} // namespace norikv::sandbox
