// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"

#include <atomic>

namespace norikv::test {

/// Time that only a test moves. Safe from any thread.
class FakeClock final : public Clock {
public:
    EpochMs nowMs() const override { return StartMs + m_wallMs.load(); }
    Elapsed elapsed() const override { return Elapsed(m_elapsed.load()); }

    void advance(std::chrono::nanoseconds by)
    {
        m_elapsed += by.count();
        m_wallMs += std::chrono::duration_cast<std::chrono::milliseconds>(by).count();
    }
    /// Moves the wall clock alone, as a person or NTP does.
    void jumpWall(std::chrono::milliseconds by) { m_wallMs += by.count(); }

    static constexpr EpochMs StartMs = 1'700'000'000'000;

private:
    std::atomic<EpochMs> m_wallMs{0};
    std::atomic<Elapsed::rep> m_elapsed{std::chrono::nanoseconds(std::chrono::hours(1)).count()};
};

} // namespace norikv::test
