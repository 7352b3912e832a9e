// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bulk/pace.h"

#include <algorithm>

namespace norikv::client {

Pace::Pace(const Clock& clock, const Sleeper& sleeper, double perSecond)
    : m_clock(clock)
    , m_sleep(sleeper)
    , m_interval(perSecond > 0
              ? std::chrono::duration_cast<Clock::Elapsed>(std::chrono::duration<double>(1 / perSecond))
              : Clock::Elapsed(0))
{
}

bool Pace::wait(const std::stop_token& stop)
{
    if (m_interval.count() == 0)
        return !stop.stop_requested();
    Clock::Elapsed turn{};
    Clock::Elapsed now{};
    {
        const std::scoped_lock lock(m_mutex);
        now = m_clock.elapsed();
        // Turns that passed unused are not made up for: no burst after a pause.
        turn = std::max(m_next, now);
        m_next = turn + m_interval;
    }
    const auto time = std::chrono::ceil<std::chrono::milliseconds>(turn - now);
    return time.count() > 0 ? m_sleep(time, stop) : !stop.stop_requested();
}

} // namespace norikv::client
