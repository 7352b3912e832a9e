// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"
#include "client/retryingstore.h"

#include <mutex>

namespace norikv::client {

/// Spreads operations evenly: at most so many a second, whatever the number of threads. Safe from any thread.
class Pace {
public:
    /// `perSecond` 0 = no limit.
    Pace(const Clock& clock, const Sleeper& sleeper, double perSecond);
    /// Waits for the next turn; false when `stop` fired first.
    bool wait(const std::stop_token& stop);

private:
    const Clock& m_clock;
    const Sleeper& m_sleep;
    const Clock::Elapsed m_interval;
    std::mutex m_mutex;
    Clock::Elapsed m_next{};
};

} // namespace norikv::client
