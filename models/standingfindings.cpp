// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/standingfindings.h"

namespace norikv::models {

namespace {
constexpr EpochMs TellAgainAfter = 5000;
}

std::vector<client::Finding> StandingFindings::update(std::vector<client::Finding> now, EpochMs nowMs)
{
    for (auto& [id, standing] : m_standing)
        standing.seen = false;
    std::vector<client::Finding> tell;
    for (client::Finding& finding : now) {
        const auto place = m_standing.try_emplace(
            Id(finding.rule, finding.subject, finding.key), Standing{nowMs, 0, true});
        Standing& standing = place.first->second;
        standing.seen = true;
        const bool due = standing.toldMs == 0 ? nowMs - standing.sinceMs >= m_standFor
                                              : nowMs - standing.toldMs >= TellAgainAfter;
        if (!due)
            continue;
        standing.toldMs = nowMs;
        finding.firstSeenMs = standing.sinceMs;
        finding.lastSeenMs = nowMs;
        tell.push_back(std::move(finding));
    }
    std::erase_if(m_standing, [](const auto& each) { return !each.second.seen; });
    return tell;
}

} // namespace norikv::models
