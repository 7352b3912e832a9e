// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/write.h"

#include <deque>
#include <string>
#include <unordered_map>

namespace norikv::sandbox {

/// Remembers what a write with an idempotency key was answered: per (operation, key string), for 24 h, at
/// most 100,000 (and 64 MiB of key text), the oldest forgotten first (rulings of wire-contract 2.6 for a
/// sound server). Belongs to the committer's thread; the rows that make it survive a restart are written by
/// the Draft.
class IdempotencyTable {
public:
    static constexpr EpochMs keptMs = 24LL * 3600 * 1000;
    static constexpr std::size_t maxEntries = 100'000;
    static constexpr std::size_t maxBytes = 64U << 20U;

    /// The name of a write's entry. Shared = Put and Delete use one map, as the shipped server does.
    static std::string nameOf(Write::Op op, const std::string& idempotencyKey, bool shared);

    const Version* find(const std::string& name, EpochMs now) const;
    void add(const std::string& name, const Version& version, EpochMs now);
    /// Names that are too old or too many once `incoming` more are added.
    std::deque<std::string> surplus(EpochMs now, std::size_t incoming) const;
    void erase(const std::string& name);
    std::size_t size() const { return m_entries.size(); }

private:
    struct Entry {
        Version version;
        EpochMs atMs = 0;
    };
    std::unordered_map<std::string, Entry> m_entries;
    std::deque<std::string> m_byAge; ///< oldest first; erased names are dropped when they reach the front
    std::size_t m_bytes = 0;
};

} // namespace norikv::sandbox
