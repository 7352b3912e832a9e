// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/finding.h"

#include <chrono>
#include <map>
#include <tuple>
#include <vector>

namespace norikv::models {

/// Lets findings through that have stood for a while: what an operation in flight looks like is no finding
/// (rulings 2). A finding that goes on standing is told again every few seconds, so that its "last seen"
/// moves.
class StandingFindings {
public:
    explicit StandingFindings(std::chrono::milliseconds standFor = std::chrono::seconds(5))
        : m_standFor(standFor.count())
    {
    }

    /// All that is wrong now. Answers those to tell, with the time they were first seen.
    std::vector<client::Finding> update(std::vector<client::Finding> now, EpochMs nowMs);

private:
    using Id = std::tuple<std::string, client::Bytes, client::Bytes>;
    struct Standing {
        EpochMs sinceMs = 0;
        EpochMs toldMs = 0; ///< 0 = not yet
        bool seen = false;
    };
    const EpochMs m_standFor;
    std::map<Id, Standing> m_standing;
};

} // namespace norikv::models
