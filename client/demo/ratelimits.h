// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/actor.h"

namespace norikv::client::demo {

/// Requests of several callers at different pressure, from nearly none to refused most of the time; one
/// caller is counted as Go clients do it, another as Java clients do.
class RateLimits final : public Actor {
public:
    RateLimits();
    void declare(Profile& profile) const override;
    Result<void> seed(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs) override;
    void step(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs, double seconds) override;
    std::span<const Fault> faults() const override;
    Result<void> commit(Store& store, Call& call, std::size_t fault, EpochMs nowMs) override;

private:
    std::vector<Pulse> m_pulses; ///< one for each caller
    Pulse m_goPulse, m_javaPulse;
};

} // namespace norikv::client::demo
