// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"
#include "client/clusterstate.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace norikv::models {

/// One line of the election history. Names are node ids where known; empty = nobody.
struct Election {
    EpochMs atMs = 0;
    std::optional<std::uint32_t> shard; ///< empty: this program began to watch, what was before was not seen
    std::string before;
    std::string after;
    std::int64_t id = 0; ///< place in the history, growing; 0 = not written yet
    bool operator==(const Election&) const = default;
};

/// Turns what the merged view tells, one node's word after the other, into elections: a hand-over is told as
/// "nobody" and then the new leader, some milliseconds apart, and is one election; a node that is met again
/// and leads what it led is none. Pure.
class LeaderLedger {
public:
    /// `known`: who led each shard when it was last written down.
    explicit LeaderLedger(std::map<std::uint32_t, std::string> known = {})
        : m_known(std::move(known))
    {
    }

    void take(std::span<const client::LeaderChange> changes, EpochMs nowMs, std::vector<Election>& out);
    /// Shards without a leader for so long that it is no hand-over.
    void settle(EpochMs nowMs, std::vector<Election>& out);
    bool waiting() const { return !m_vacant.empty(); }

    static constexpr EpochMs SettleMs = 2000;

private:
    std::map<std::uint32_t, std::string> m_known;
    std::map<std::uint32_t, EpochMs> m_vacant; ///< since when nobody leads it
};

} // namespace norikv::models
