// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/clock.h"

#include <ctime>

namespace norikv {

namespace {

std::chrono::nanoseconds readClock(clockid_t id)
{
    timespec t{};
    clock_gettime(id, &t);
    return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

} // namespace

EpochMs SystemClock::nowMs() const
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(readClock(CLOCK_REALTIME)).count();
}

Clock::Elapsed SystemClock::elapsed() const { return readClock(CLOCK_BOOTTIME); }

} // namespace norikv
