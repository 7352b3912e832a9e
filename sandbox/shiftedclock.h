// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"

#include <atomic>

namespace norikv::sandbox {

/// Another clock with an offset on its wall time, so that Faults.ShiftClock can make hours pass.
class ShiftedClock final : public Clock {
public:
    explicit ShiftedClock(const Clock& base)
        : m_base(base)
    {
    }

    EpochMs nowMs() const override { return m_base.nowMs() + m_offsetMs.load(std::memory_order_relaxed); }
    Elapsed elapsed() const override { return m_base.elapsed(); }

    void shift(std::int64_t ms) { m_offsetMs.fetch_add(ms, std::memory_order_relaxed); }

private:
    const Clock& m_base;
    std::atomic<std::int64_t> m_offsetMs = 0;
};

} // namespace norikv::sandbox
