// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/retryingstore.h"
#include "tests/support/fakeclock.h"

#include <functional>
#include <mutex>
#include <numeric>
#include <vector>

namespace norikv::test {

/// Waits by moving the fake clock, and remembers every pause. Must outlive the sleepers it hands out.
class FakeSleeper {
public:
    explicit FakeSleeper(FakeClock& clock)
        : m_clock(clock)
    {
    }

    client::Sleeper sleeper()
    {
        return [this](std::chrono::milliseconds time, const std::stop_token& stop) {
            {
                const std::scoped_lock lock(m_mutex);
                m_pauses.push_back(time);
            }
            if (during)
                during();
            m_clock.advance(time);
            return !stop.stop_requested();
        };
    }

    std::vector<std::chrono::milliseconds> pauses() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_pauses;
    }
    std::chrono::milliseconds total() const
    {
        const auto all = pauses();
        return std::accumulate(all.begin(), all.end(), std::chrono::milliseconds(0));
    }

    /// Called in each pause; set it before the first one.
    std::function<void()> during;

private:
    FakeClock& m_clock;
    mutable std::mutex m_mutex;
    std::vector<std::chrono::milliseconds> m_pauses;
};

} // namespace norikv::test
