// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keystore.h"

#include <algorithm>
#include <mutex>

namespace norikv::models {

namespace {

constexpr std::uint8_t FlagBits = 0x0F;

std::uint8_t marks(const KeyRow& row)
{
    return static_cast<std::uint8_t>((row.flags & FlagBits) | (unsigned(row.provenance) << 4U));
}

template <class T> std::size_t held(const std::vector<T>& column) { return column.capacity() * sizeof(T); }

} // namespace

void KeyChunk::add(const KeyRow& row)
{
    m_bytes.append(row.key);
    m_starts.push_back(static_cast<std::uint32_t>(m_bytes.size()));
    m_versions.push_back(row.version.index);
    m_sizes.push_back(row.size);
    m_expiries.push_back(row.expiresAtMs);
    m_kinds.push_back(static_cast<std::uint8_t>(row.kind));
    m_marks.push_back(marks(row));
    if (row.version.term != 0 || !m_terms.empty()) {
        m_terms.resize(m_sizes.size());
        m_terms.back() = row.version.term;
    }
}

void KeyChunk::write(std::size_t slot, const KeyRow& row)
{
    m_versions[slot] = row.version.index;
    m_sizes[slot] = row.size;
    m_expiries[slot] = row.expiresAtMs;
    m_kinds[slot] = static_cast<std::uint8_t>(row.kind);
    m_marks[slot] = marks(row);
    if (row.version.term != 0 && m_terms.empty())
        m_terms.resize(size());
    if (!m_terms.empty())
        m_terms[slot] = row.version.term;
}

void KeyChunk::seal()
{
    m_bytes.shrink_to_fit();
    m_starts.shrink_to_fit();
    m_versions.shrink_to_fit();
    m_terms.shrink_to_fit();
    m_sizes.shrink_to_fit();
    m_expiries.shrink_to_fit();
    m_kinds.shrink_to_fit();
    m_marks.shrink_to_fit();
}

KeyRow KeyChunk::row(std::size_t slot) const
{
    KeyRow row;
    row.key = key(slot);
    row.version = {m_terms.empty() ? 0 : m_terms[slot], m_versions[slot]};
    row.size = m_sizes[slot];
    row.expiresAtMs = m_expiries[slot];
    row.kind = client::KeyKind(m_kinds[slot]);
    row.flags = m_marks[slot] & FlagBits;
    row.provenance = client::TtlProvenance(m_marks[slot] >> 4U);
    return row;
}

std::size_t KeyChunk::heapBytes() const
{
    return m_bytes.capacity() + held(m_starts) + held(m_versions) + held(m_terms) + held(m_sizes)
        + held(m_expiries) + held(m_kinds) + held(m_marks);
}

client::Version KeyStore::version(KeyId id) const
{
    const KeyChunk& chunk = chunkOf(id);
    const std::size_t slot = slotOf(id);
    return {chunk.m_terms.empty() ? 0 : chunk.m_terms[slot], chunk.m_versions[slot]};
}

std::size_t KeyStore::lowerBound(std::string_view key) const
{
    const auto place = std::ranges::lower_bound(m_order, key, {}, [this](KeyId id) { return this->key(id); });
    return static_cast<std::size_t>(place - m_order.begin());
}

std::size_t KeyStore::endOfPrefix(std::string_view prefix) const
{
    const auto place = std::ranges::partition_point(
        m_order, [&](KeyId id) { return key(id).substr(0, prefix.size()) <= prefix; });
    return static_cast<std::size_t>(place - m_order.begin());
}

std::optional<KeyId> KeyStore::find(std::string_view key) const
{
    const std::size_t position = lowerBound(key);
    if (position == m_order.size() || this->key(m_order[position]) != key)
        return std::nullopt;
    return m_order[position];
}

void KeyStore::append(std::unique_ptr<KeyChunk> chunk)
{
    const auto first = static_cast<KeyId>(m_chunks.size() << KeyChunk::Bits);
    const auto count = static_cast<KeyId>(chunk->size());
    m_chunks.push_back(std::move(chunk));
    for (KeyId i = 0; i < count; ++i)
        m_order.push_back(first + i);
}

KeyId KeyStore::place(const KeyRow& row)
{
    if (const auto spare = m_free.find(row.key.size()); spare != m_free.end() && !spare->second.empty()) {
        const KeyId id = spare->second.back();
        spare->second.pop_back();
        KeyChunk& chunk = chunkOf(id);
        row.key.copy(chunk.m_bytes.data() + chunk.m_starts[slotOf(id)], row.key.size());
        chunk.write(slotOf(id), row);
        return id;
    }
    if (!m_open || m_chunks[*m_open]->full()) {
        m_open = m_chunks.size();
        m_chunks.push_back(std::make_unique<KeyChunk>());
    }
    KeyChunk& chunk = *m_chunks[*m_open];
    chunk.add(row);
    return static_cast<KeyId>((*m_open << KeyChunk::Bits) + chunk.size() - 1);
}

void KeyStore::update(KeyId id, const KeyRow& row) { chunkOf(id).write(slotOf(id), row); }

void KeyStore::setFlag(KeyId id, KeyFlag flag, bool on)
{
    std::uint8_t& mark = chunkOf(id).m_marks[slotOf(id)];
    mark = static_cast<std::uint8_t>(on ? mark | flag : mark & ~flag);
}

void KeyStore::setFlagOnAll(KeyFlag flag, bool on)
{
    for (const auto& chunk : m_chunks) {
        for (std::uint8_t& mark : chunk->m_marks)
            mark = static_cast<std::uint8_t>(on ? mark | flag : mark & ~flag);
    }
}

void KeyStore::release(std::span<const KeyId> ids)
{
    for (const KeyId id : ids)
        m_free[key(id).size()].push_back(id);
}

std::size_t KeyStore::heapBytes() const
{
    std::size_t bytes = held(m_order) + held(m_chunks);
    for (const auto& chunk : m_chunks)
        bytes += chunk->heapBytes() + sizeof(KeyChunk);
    for (const auto& [length, ids] : m_free)
        bytes += held(ids);
    return bytes;
}

} // namespace norikv::models
