// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace norikv {

/// Unix epoch milliseconds, the unit of every stored time (patterns.md).
using EpochMs = std::int64_t;

/// Time as a value: nothing in the project reads a clock of the system directly, so tests move time by hand.
/// Implementations are safe to call from any thread.
class Clock {
public:
    using Elapsed = std::chrono::nanoseconds;

    virtual ~Clock() = default;

    /// Wall time. May jump; use only for stored times and expiry.
    virtual EpochMs nowMs() const = 0;
    /// Monotonic time that also counts while the machine sleeps; only differences mean something.
    virtual Elapsed elapsed() const = 0;
};

/// The machine's clock. elapsed() is CLOCK_BOOTTIME because steady_clock stands still in suspend.
class SystemClock final : public Clock {
public:
    EpochMs nowMs() const override;
    Elapsed elapsed() const override;
};

} // namespace norikv
