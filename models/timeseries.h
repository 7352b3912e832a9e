// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <vector>

namespace norikv::models {

/// One moment of a counter. `t` is monotonic seconds. A NaN total marks a gap: not known, never interpolated.
struct CounterSample {
    double t = 0;
    double total = 0;
    double rate = 0; ///< per second, over about a second
    double conflicts = 0; ///< compare-and-set conflicts since the sample before
};

/// The history of one counter at three resolutions, so that an hour costs no more than a minute: 100 ms for 1
/// minute, 1 s for 10 minutes, 6 s for 1 hour (and a little slack). Samples must come in order of time.
class TimeSeries {
public:
    void push(const CounterSample& sample);
    bool empty() const { return !m_rings[0].collecting; }
    /// The newest sample; only when not empty.
    const CounterSample& last() const { return m_rings[0].open; }
    double firstT() const;

    /// The samples in [end - span, end] from the finest ring that reaches back far enough. `end` lets a page
    /// show a moment in the past.
    std::vector<CounterSample> window(double end, double span) const;

private:
    struct Ring {
        double step = 0;
        std::size_t limit = 0;
        std::deque<CounterSample> samples;
        CounterSample open; ///< being collected
        bool collecting = false;
    };
    std::array<Ring, 3> m_rings{
        Ring{0.1, 660, {}, {}, false}, Ring{1, 660, {}, {}, false}, Ring{6, 660, {}, {}, false}};
};

/// Exponentially weighted rate: forgets with time constant `tau` seconds; exact from the first second on (the
/// weight of the time before the start is taken out).
class EwmaRate {
public:
    explicit EwmaRate(double tau)
        : m_tau(tau)
    {
    }
    void add(double count, double seconds);
    double perSecond() const;

private:
    double m_tau;
    double m_sum = 0;
    double m_weight = 0;
};

} // namespace norikv::models
