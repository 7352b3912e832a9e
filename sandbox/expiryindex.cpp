// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/expiryindex.h"

namespace norikv::sandbox {

void ExpiryIndex::set(const std::string& key, const RecordMeta& meta)
{
    if (meta.expiresAtMs == noExpiry) {
        erase(key);
        return;
    }
    const auto [entry, added] = m_byKey.try_emplace(key, meta);
    if (!added) {
        m_byTime.erase({entry->second.expiresAtMs, &entry->first});
        entry->second = meta;
    }
    m_byTime.emplace(meta.expiresAtMs, &entry->first);
}

void ExpiryIndex::erase(const std::string& key)
{
    if (const auto entry = m_byKey.find(key); entry != m_byKey.end()) {
        m_byTime.erase({entry->second.expiresAtMs, &entry->first});
        m_byKey.erase(entry);
    }
}

std::optional<RecordMeta> ExpiryIndex::find(const std::string& key) const
{
    const auto entry = m_byKey.find(key);
    return entry == m_byKey.end() ? std::nullopt : std::optional(entry->second);
}

std::optional<EpochMs> ExpiryIndex::first() const
{
    return m_byTime.empty() ? std::nullopt : std::optional(m_byTime.begin()->first);
}

std::vector<ExpiryIndex::Due> ExpiryIndex::due(EpochMs now, std::size_t limit) const
{
    std::vector<Due> found;
    for (auto entry = m_byTime.begin();
         entry != m_byTime.end() && entry->first <= now && found.size() < limit; ++entry) {
        found.push_back({*entry->second, m_byKey.find(*entry->second)->second});
    }
    return found;
}

std::vector<std::string> ExpiryIndex::keys() const
{
    std::vector<std::string> all;
    all.reserve(m_byKey.size());
    for (const auto& [key, meta] : m_byKey) {
        all.push_back(key);
    }
    return all;
}

} // namespace norikv::sandbox
