// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/idempotency.h"

namespace norikv::sandbox {

std::string IdempotencyTable::nameOf(Write::Op op, const std::string& idempotencyKey, bool shared)
{
    return std::string(1, shared ? '*' : static_cast<char>(op)) + idempotencyKey;
}

const Version* IdempotencyTable::find(const std::string& name, EpochMs now) const
{
    const auto entry = m_entries.find(name);
    return entry == m_entries.end() || now - entry->second.atMs >= keptMs ? nullptr : &entry->second.version;
}

void IdempotencyTable::add(const std::string& name, const Version& version, EpochMs now)
{
    if (m_entries.try_emplace(name, Entry{version, now}).second) {
        m_byAge.push_back(name);
        m_bytes += name.size();
    }
}

std::deque<std::string> IdempotencyTable::surplus(EpochMs now, std::size_t incoming) const
{
    std::deque<std::string> names;
    std::size_t left = m_entries.size() + incoming;
    std::size_t bytes = m_bytes;
    for (const auto& name : m_byAge) {
        const auto entry = m_entries.find(name);
        if (entry == m_entries.end()) {
            continue;
        }
        if (left <= maxEntries && bytes <= maxBytes && now - entry->second.atMs < keptMs) {
            break;
        }
        names.push_back(name);
        --left;
        bytes -= name.size();
    }
    return names;
}

void IdempotencyTable::erase(const std::string& name)
{
    if (m_entries.erase(name) != 0) {
        m_bytes -= name.size();
    }
    while (!m_byAge.empty() && !m_entries.contains(m_byAge.front())) {
        m_byAge.pop_front();
    }
}

} // namespace norikv::sandbox
