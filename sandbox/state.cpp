// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/state.h"

#include "client/placement.h"
#include "sandbox/keyspace.h"

#include <algorithm>

namespace norikv::sandbox {

namespace {

constexpr std::uint64_t formatVersion = 1;
constexpr std::size_t rowsPerCommit = 4096;

std::string formatRowKey() { return rowKey(row::meta, "format"); }
std::string shardsRowKey() { return rowKey(row::meta, "shards"); }

/// Calls `each(key without its letter, value)` for all rows of a kind.
template <class Each> Result<void> forEach(const Snapshot& snapshot, char kind, Each&& each)
{
    const auto cursor = snapshot.seek(std::string(1, kind));
    for (; cursor->valid() && cursor->key().front() == kind; cursor->next()) {
        each(cursor->key().substr(1), cursor->value());
    }
    return cursor->status();
}

Result<std::uint64_t> readCounter(const Storage& storage, const std::string& name, std::uint64_t absent)
{
    std::string value;
    const auto found = storage.get(name, value);
    if (!found) {
        return tl::unexpected(found.error());
    }
    return *found && value.size() == 8 ? readNumber(value) : absent;
}

Result<void> loadCounters(Storage& storage, State& state)
{
    std::uint64_t highest = 0;
    const auto read
        = forEach(*storage.snapshot(), row::shard, [&](std::string_view shard, std::string_view value) {
              const auto id = shard.size() == 8 ? readNumber(shard) : ~0ULL;
              const auto index = value.size() == 8 ? readNumber(value) : 0;
              highest = std::max(highest, index);
              if (id < state.counters.size()) {
                  state.counters[id] = index;
              }
          });
    if (!read) {
        return read;
    }
    const auto shards = readCounter(storage, shardsRowKey(), state.totalShards());
    if (!shards) {
        return tl::unexpected(shards.error());
    }
    Batch batch{
        {formatRowKey(), numberText(formatVersion)}, {shardsRowKey(), numberText(state.totalShards())}};
    if (*shards != state.totalShards()) {
        for (std::uint32_t shard = 0; shard < state.totalShards(); ++shard) {
            state.counters[shard] = highest;
            batch.push_back({shardRowKey(shard), numberText(highest)});
        }
    }
    return storage.commit(batch);
}

Result<void> loadIdempotency(const Storage& storage, State& state)
{
    struct Row {
        EpochMs atMs;
        std::string name;
        std::uint64_t index;
    };
    std::vector<Row> rows;
    const auto read
        = forEach(*storage.snapshot(), row::idempotency, [&](std::string_view name, std::string_view value) {
              if (value.size() == 16) {
                  rows.push_back({static_cast<EpochMs>(readNumber(value)), std::string(name),
                      readNumber(value.substr(8))});
              }
          });
    std::ranges::sort(rows, {}, &Row::atMs);
    for (const auto& entry : rows) {
        state.idempotency.add(entry.name, {0, entry.index}, entry.atMs);
    }
    return read;
}

Result<void> loadExpiry(const Storage& storage, State& state)
{
    return forEach(*storage.snapshot(), row::expiry, [&](std::string_view name, std::string_view value) {
        if (name.size() >= 8 && value.size() == 8) {
            state.expiry.set(
                std::string(name.substr(8)), {readNumber(value), static_cast<EpochMs>(readNumber(name))});
        }
    });
}

/// Rewrites every record as a restart of the shipped server leaves it (wire-contract 2.4, 2.8).
Result<void> rewriteRecords(Storage& storage, State& state, const Quirks& quirks)
{
    const auto snapshot = storage.snapshot();
    Batch batch;
    const auto add = [&](Mutation mutation) -> Result<void> {
        batch.push_back(std::move(mutation));
        return batch.size() < rowsPerCommit ? Result<void>() : storage.commit(std::exchange(batch, {}));
    };
    Result<void> failure;
    auto read = forEach(*snapshot, row::data, [&](std::string_view key, std::string_view row) {
        std::string_view value;
        auto meta = peekRecord(row, value);
        if (!failure || !meta) {
            return;
        }
        if (quirks.renumberOnRestart) {
            meta->index = ++state.counters[shardOf(key, state.totalShards())];
        }
        if (quirks.ttlLostOnRestart) {
            meta->expiresAtMs = noExpiry;
        }
        std::string changed;
        encodeRecord(changed, value, *meta);
        failure = add({rowKey(row::data, key), std::move(changed)});
    });
    if (read && quirks.ttlLostOnRestart) {
        read = forEach(*snapshot, row::expiry, [&](std::string_view name, std::string_view) {
            failure = failure ? add({rowKey(row::expiry, name), std::nullopt}) : failure;
        });
    }
    if (!read || !failure) {
        return read ? failure : read;
    }
    for (std::uint32_t shard = 0; shard < state.totalShards(); ++shard) {
        batch.push_back({shardRowKey(shard), numberText(state.counters[shard])});
    }
    if (quirks.renumberOnRestart) {
        state.ackBase
            = state.counters; // the shipped server's log index starts at 1 again, its engine's does not
    }
    return storage.commit(batch);
}

} // namespace

std::string shardRowKey(std::uint32_t shard)
{
    std::string name = rowKey(row::shard, {});
    appendNumber(name, shard);
    return name;
}

std::string revisionRowKey() { return rowKey(row::meta, "revision"); }

Result<State> loadState(Storage& storage, std::uint32_t totalShards, const Quirks& quirks)
{
    State state;
    state.counters.resize(totalShards);
    state.ackBase.resize(totalShards);
    const auto format = readCounter(storage, formatRowKey(), formatVersion);
    if (!format) {
        return tl::unexpected(format.error());
    }
    if (*format != formatVersion) {
        return tl::unexpected(
            "it was written by another version of the sandbox (format " + std::to_string(*format) + ")");
    }
    const auto revision = readCounter(storage, revisionRowKey(), 1);
    if (!revision) {
        return tl::unexpected(revision.error());
    }
    state.revision = *revision;
    auto loaded = loadCounters(storage, state);
    if (loaded && (quirks.ttlLostOnRestart || quirks.renumberOnRestart)) {
        loaded = rewriteRecords(storage, state, quirks);
    }
    if (loaded && !quirks.sharedIdempotency) { // the shared map is in memory only
        loaded = loadIdempotency(storage, state);
    }
    if (loaded) {
        loaded = loadExpiry(storage, state);
    }
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    return state;
}

} // namespace norikv::sandbox
