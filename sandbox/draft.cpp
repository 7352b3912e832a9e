// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/draft.h"

#include "client/placement.h"
#include "sandbox/keyspace.h"

namespace norikv::sandbox {

namespace {

WriteResult storageFailure(const Error& error)
{
    return tl::unexpected(WriteError{WriteError::Kind::Storage, error});
}

std::string words(const Version& version)
{
    return "term=" + std::to_string(version.term) + " index=" + std::to_string(version.index);
}

} // namespace

Draft::Draft(const Storage& storage, const State& state, const Quirks& quirks, EpochMs now)
    : m_storage(storage)
    , m_state(state)
    , m_quirks(quirks)
    , m_now(now)
    , m_revision(state.revision)
{
}

WriteResult Draft::add(const Write& write, bool checkOnly, bool* repeated)
{
    std::string name;
    if (!write.idempotencyKey.empty()) {
        name = IdempotencyTable::nameOf(write.op, write.idempotencyKey, m_quirks.sharedIdempotency);
        // Before the precondition: a repeat is answered as the original was (wire-contract 2.6).
        if (const auto* version = known(name)) {
            if (repeated != nullptr) {
                *repeated = true;
            }
            return *version;
        }
    }
    const bool ignored = write.op == Write::Op::Delete && m_quirks.deleteIgnoresIfMatch;
    if (write.ifMatch && !ignored) {
        if (auto checked = check(write); !checked || checkOnly) {
            return checked;
        }
    } else if (checkOnly) {
        return Version{};
    }
    const std::uint32_t shard = shardOf(write.key, m_state.totalShards());
    WriteResult result;
    const auto lost = m_lost.find(shard);
    if (m_quirks.loseParallelWrites && lost != m_lost.end() && !lost->second) {
        lost->second = true;
        result = acknowledged(shard, m_counters[shard]);
    } else {
        m_lost.try_emplace(shard, false);
        result = write.op == Write::Op::Put ? put(write, shard) : remove(write, shard);
    }
    if (result) {
        m_touched.push_back(shard);
        if (!name.empty()) {
            m_idempotency.emplace(name, *result);
        }
    }
    return result;
}

WriteResult Draft::check(const Write& write)
{
    const auto existing = lookup(write.key);
    if (!existing) {
        return storageFailure(existing.error());
    }
    if (!*existing || (*existing)->meta.expiredAt(m_now)) {
        return tl::unexpected(WriteError{WriteError::Kind::KeyMissing, "CAS failed: key does not exist"});
    }
    const Version current{0, (*existing)->meta.index};
    if (current != *write.ifMatch) {
        return tl::unexpected(WriteError{WriteError::Kind::VersionMismatch,
            "Version mismatch: expected " + words(*write.ifMatch) + ", got " + words(current)});
    }
    return current;
}

WriteResult Draft::put(const Write& write, std::uint32_t shard)
{
    if (m_quirks.oldValueReturns) {
        if (const auto kept = keepUnder(write); !kept) {
            return storageFailure(kept.error());
        }
    }
    if (const auto before = expiryOfKey(write.key); before && before->expiredAt(m_now)) {
        emit(Event::Kind::Expire, write.key, {}, *before); // it had expired, only nobody had swept it yet
    }
    const RecordMeta meta{nextIndex(shard), expiryOf(m_now, write.ttlMs)};
    emit(Event::Kind::Put, write.key, write.value, meta);
    store(write.key, {write.value, meta});
    return acknowledged(shard, meta.index);
}

WriteResult Draft::remove(const Write& write, std::uint32_t shard)
{
    const auto existing = lookup(write.key);
    if (!existing) {
        return storageFailure(existing.error());
    }
    // Deleting what is not there is a success with a version of its own (wire-contract 2.3).
    const std::uint64_t index = nextIndex(shard);
    if (*existing) {
        const auto& meta = (*existing)->meta;
        const bool expired = meta.expiredAt(m_now);
        if (!expired || expiryOfKey(write.key)) {
            emit(expired ? Event::Kind::Expire : Event::Kind::Delete, write.key, {},
                expired ? meta : RecordMeta{index, noExpiry});
        }
        erase(write.key);
    }
    if (m_quirks.oldValueReturns) {
        m_batch.push_back({rowKey(row::under, write.key), std::nullopt});
    }
    return acknowledged(shard, index);
}

const Version* Draft::known(const std::string& name) const
{
    const auto here = m_idempotency.find(name);
    return here != m_idempotency.end() ? &here->second : m_state.idempotency.find(name, m_now);
}

Result<std::optional<Record>> Draft::lookup(const std::string& key) const
{
    if (const auto here = m_records.find(key); here != m_records.end()) {
        return here->second;
    }
    Record record;
    const auto found = m_storage.get(rowKey(row::data, key), record.value);
    if (!found) {
        return tl::unexpected(found.error());
    }
    if (!*found) {
        return std::optional<Record>();
    }
    const auto meta = decodeRecord(record.value);
    if (!meta) {
        return tl::unexpected(Error("a record of the store is cut short"));
    }
    record.meta = *meta;
    return std::optional(std::move(record));
}

std::optional<RecordMeta> Draft::expiryOfKey(const std::string& key) const
{
    const auto here = m_expiry.find(key);
    if (here == m_expiry.end()) {
        return m_state.expiry.find(key);
    }
    return here->second.expiresAtMs == noExpiry ? std::nullopt : std::optional(here->second);
}

std::uint64_t Draft::nextIndex(std::uint32_t shard)
{
    return ++m_counters.try_emplace(shard, m_state.counters[shard]).first->second;
}

Version Draft::acknowledged(std::uint32_t shard, std::uint64_t index) const
{
    return {0, index - m_state.ackBase[shard]};
}

void Draft::emit(Event::Kind kind, const std::string& key, std::string_view value, const RecordMeta& meta)
{
    m_events.push_back({kind, ++m_revision, key, std::string(value), meta});
}

void Draft::setExpiry(const std::string& key, const RecordMeta& meta)
{
    if (const auto before = expiryOfKey(key)) {
        if (*before == meta) {
            return;
        }
        m_batch.push_back({expiryRowKey(before->expiresAtMs, key), std::nullopt});
    } else if (meta.expiresAtMs == noExpiry) {
        return;
    }
    if (meta.expiresAtMs != noExpiry) {
        m_batch.push_back({expiryRowKey(meta.expiresAtMs, key), numberText(meta.index)});
    }
    m_expiry[key] = meta;
}

void Draft::store(const std::string& key, Record record)
{
    setExpiry(key, record.meta);
    std::string row;
    encodeRecord(row, record.value, record.meta);
    m_batch.push_back({rowKey(row::data, key), std::move(row)});
    m_records[key] = std::move(record);
}

void Draft::erase(const std::string& key)
{
    setExpiry(key, {});
    m_batch.push_back({rowKey(row::data, key), std::nullopt});
    m_records[key] = std::nullopt;
}

Batch& Draft::finish()
{
    for (const auto& [shard, index] : m_counters) {
        m_batch.push_back({shardRowKey(shard), numberText(index)});
    }
    if (m_revision != m_state.revision) {
        m_batch.push_back({revisionRowKey(), numberText(m_revision)});
    }
    m_surplus = m_state.idempotency.surplus(m_now, m_idempotency.size());
    for (const auto& name : m_surplus) {
        m_batch.push_back({rowKey(row::idempotency, name), std::nullopt});
    }
    if (!m_quirks.sharedIdempotency) {
        for (const auto& [name, version] : m_idempotency) {
            m_batch.push_back({rowKey(row::idempotency, name),
                numberText(static_cast<std::uint64_t>(m_now)) + numberText(version.index)});
        }
    }
    return m_batch;
}

std::vector<Event> Draft::applyTo(State& state)
{
    for (const auto& [shard, index] : m_counters) {
        state.counters[shard] = index;
    }
    for (const auto& [key, meta] : m_expiry) {
        state.expiry.set(key, meta);
    }
    for (const auto& name : m_surplus) {
        state.idempotency.erase(name);
    }
    for (const auto& [name, version] : m_idempotency) {
        state.idempotency.add(name, version, m_now);
    }
    state.revision = m_revision;
    return std::move(m_events);
}

} // namespace norikv::sandbox
