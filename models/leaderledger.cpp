// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/leaderledger.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace norikv::models {

void LeaderLedger::take(
    std::span<const client::LeaderChange> changes, EpochMs nowMs, std::vector<Election>& out)
{
    for (const auto& change : changes) {
        std::string& known = m_known[change.shard];
        if (change.after.empty()) {
            if (!known.empty())
                m_vacant.try_emplace(change.shard, nowMs);
            continue;
        }
        m_vacant.erase(change.shard);
        if (known == change.after)
            continue;
        out.push_back({nowMs, change.shard, known, change.after});
        known = change.after;
    }
}

void LeaderLedger::settle(EpochMs nowMs, std::vector<Election>& out)
{
    std::vector<Election> settled;
    std::erase_if(m_vacant, [&](const auto& vacancy) {
        const auto [shard, sinceMs] = vacancy;
        // A clock that was set back must not keep it waiting.
        if (nowMs - sinceMs < SettleMs && nowMs >= sinceMs)
            return false;
        std::string& known = m_known[shard];
        settled.push_back({sinceMs, shard, known, {}});
        known.clear();
        return true;
    });
    // Not by shard: what one node lost at one moment stays together.
    std::ranges::stable_sort(settled, {}, [](const Election& each) { return std::tie(each.atMs, each.before); });
    std::ranges::move(settled, std::back_inserter(out));
}

} // namespace norikv::models
