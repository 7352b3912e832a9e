// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"

#include <vector>

namespace norikv::widgets {

/// Time along an axis on which long stretches without any event are cut short, so that an hour of work
/// between two idle nights fills the width. Pure; places are in "active milliseconds" from 0 to length().
class IdleScale {
public:
    static constexpr int MostCuts = 12;
    static constexpr EpochMs ShortestCutMs = 10'000; ///< less is never called idle

    struct Cut {
        EpochMs fromMs = 0; ///< the last event before
        EpochMs toMs = 0; ///< the first one after
    };

    IdleScale() = default;
    /// Times of everything shown, in any order. Idle is a gap of many times the usual length; all of those are
    /// cut that are still long beside what is left then.
    explicit IdleScale(std::vector<EpochMs> times);

    double length() const { return m_length; } ///< at least 1
    double place(EpochMs at) const;
    EpochMs at(double place) const;
    /// In order of time.
    const std::vector<Cut>& cuts() const { return m_cuts; }
    /// How wide every cut is drawn, in active milliseconds.
    double cutLength() const { return m_cutLength; }
    bool operator==(const IdleScale& other) const;

private:
    EpochMs m_fromMs = 0;
    EpochMs m_toMs = 1;
    std::vector<Cut> m_cuts;
    double m_cutLength = 0;
    double m_length = 1;
};

} // namespace norikv::widgets
