// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/patterns/keykind.h"
#include "client/values.h"

#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace norikv::models {

/// Names a row of a KeyStore for as long as its key exists there, however the rows around it move.
using KeyId = std::uint32_t;

enum KeyFlag : std::uint8_t {
    FavouriteFlag = 1,
    StaleFlag = 2, ///< not confirmed since the server was lost
};

/// What a list knows of one key. `key` points into whatever the row came from.
struct KeyRow {
    std::string_view key;
    client::Version version;
    std::uint32_t size = 0; ///< bytes of the value
    EpochMs expiresAtMs = 0; ///< 0 = no expiry, or not known: see `provenance`
    client::TtlProvenance provenance = client::TtlProvenance::Unknown;
    client::KeyKind kind = client::KeyKind::Other;
    std::uint8_t flags = 0;
};

/// Up to 8,192 keys as columns: filled on any thread in byte order, handed over by pointer, never copied.
class KeyChunk {
public:
    static constexpr unsigned Bits = 13;
    static constexpr std::size_t Capacity = std::size_t(1) << Bits;

    std::size_t size() const { return m_sizes.size(); }
    bool full() const { return size() == Capacity; }
    /// Needs a chunk that is not full.
    void add(const KeyRow& row);
    /// Gives back the memory that further rows would have used.
    void seal();

    std::string_view key(std::size_t slot) const
    {
        return std::string_view(m_bytes).substr(m_starts[slot], m_starts[slot + 1] - m_starts[slot]);
    }
    KeyRow row(std::size_t slot) const;
    std::size_t heapBytes() const;

    /// All keys one after the other, and where each begins (one more than there are keys): for searching.
    std::string_view bytes() const { return m_bytes; }
    std::span<const std::uint32_t> starts() const { return m_starts; }

private:
    friend class KeyStore;
    void write(std::size_t slot, const KeyRow& row);

    std::string m_bytes;
    std::vector<std::uint32_t> m_starts{0};
    std::vector<std::uint64_t> m_versions;
    std::vector<std::uint64_t> m_terms; ///< empty while every term is 0, as NoriKV's are
    std::vector<std::uint32_t> m_sizes;
    std::vector<EpochMs> m_expiries;
    std::vector<std::uint8_t> m_kinds;
    std::vector<std::uint8_t> m_marks; ///< flags, and the provenance in the upper half
};

/// Keys by the million: columns in chunks, no allocation per key, and one vector with the ids in byte order.
/// Written on the GUI thread under the mutex; workers read under it, shared. The GUI thread alone writes, so
/// it reads without.
class KeyStore {
public:
    std::shared_mutex& mutex() const { return m_mutex; }

    std::size_t size() const { return m_order.size(); }
    /// Every id, by key.
    const std::vector<KeyId>& order() const { return m_order; }

    std::string_view key(KeyId id) const { return chunkOf(id).key(slotOf(id)); }
    KeyRow row(KeyId id) const { return chunkOf(id).row(slotOf(id)); }
    std::uint32_t valueSize(KeyId id) const { return chunkOf(id).m_sizes[slotOf(id)]; }
    EpochMs expiresAtMs(KeyId id) const { return chunkOf(id).m_expiries[slotOf(id)]; }
    client::KeyKind kind(KeyId id) const { return client::KeyKind(chunkOf(id).m_kinds[slotOf(id)]); }
    std::uint8_t flags(KeyId id) const { return chunkOf(id).m_marks[slotOf(id)] & 0x0FU; }
    client::Version version(KeyId id) const;

    /// Position in order() of the first key that is not less.
    std::size_t lowerBound(std::string_view key) const;
    /// Position of the first key that neither is less nor starts with `prefix`.
    std::size_t endOfPrefix(std::string_view prefix) const;
    std::optional<KeyId> find(std::string_view key) const;
    std::string_view lastKey() const { return m_order.empty() ? std::string_view() : key(m_order.back()); }

    /// Takes a chunk whose keys all come after lastKey(), also in order().
    void append(std::unique_ptr<KeyChunk> chunk);
    /// Stores a key that order() does not name yet; the caller puts the id there.
    KeyId place(const KeyRow& row);
    /// Everything but the key; the flags too.
    void update(KeyId id, const KeyRow& row);
    void setFlag(KeyId id, KeyFlag flag, bool on);
    void setFlagOnAll(KeyFlag flag, bool on);
    /// The slots may be used again for keys of the same length. Only ids that order() no longer names.
    void release(std::span<const KeyId> ids);
    std::vector<KeyId>& orderForEditing() { return m_order; }

    std::span<const std::unique_ptr<KeyChunk>> chunks() const { return m_chunks; }
    /// Heap held by columns and order(), in bytes.
    std::size_t heapBytes() const;

private:
    const KeyChunk& chunkOf(KeyId id) const { return *m_chunks[id >> KeyChunk::Bits]; }
    KeyChunk& chunkOf(KeyId id) { return *m_chunks[id >> KeyChunk::Bits]; }
    static std::size_t slotOf(KeyId id) { return id & (KeyChunk::Capacity - 1); }

    mutable std::shared_mutex m_mutex;
    std::vector<std::unique_ptr<KeyChunk>> m_chunks;
    std::vector<KeyId> m_order;
    std::optional<std::size_t> m_open; ///< the chunk that single keys go to
    std::unordered_map<std::size_t, std::vector<KeyId>> m_free; ///< by length of the key
};

} // namespace norikv::models
