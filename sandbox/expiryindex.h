// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/record.h"

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace norikv::sandbox {

/// Which key expires when: by key and in order of time. Belongs to the committer's thread; the store holds a
/// copy (rows `x`) from which it is filled at start.
class ExpiryIndex {
public:
    struct Due {
        std::string key;
        RecordMeta meta;
    };

    /// Replaces what was known of the key; no expiry removes it.
    void set(const std::string& key, const RecordMeta& meta);
    void erase(const std::string& key);
    std::optional<RecordMeta> find(const std::string& key) const;
    /// The next moment something expires.
    std::optional<EpochMs> first() const;
    /// At most `limit` keys that have expired by `now`, the earliest first.
    std::vector<Due> due(EpochMs now, std::size_t limit) const;
    std::vector<std::string> keys() const;

private:
    struct ByTime {
        bool operator()(const std::pair<EpochMs, const std::string*>& a,
            const std::pair<EpochMs, const std::string*>& b) const
        {
            return a.first != b.first ? a.first < b.first : *a.second < *b.second;
        }
    };
    std::unordered_map<std::string, RecordMeta> m_byKey;
    std::set<std::pair<EpochMs, const std::string*>, ByTime> m_byTime; ///< points at the keys of m_byKey
};

} // namespace norikv::sandbox
