// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/actor.h"
#include "client/demo/loadgenerator.h"

namespace norikv::client::demo {

/// Two counters of one key and two of shards.
class Counters final : public Actor {
public:
    Counters();
    void declare(Profile& profile) const override;
    Result<void> seed(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs) override;
    void step(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs, double seconds) override;
    std::span<const Fault> faults() const override;
    Result<void> commit(Store& store, Call& call, std::size_t fault, EpochMs nowMs) override;

    /// The load that the counters panel shows running.
    static LoadPlan showcase();

private:
    std::vector<Pulse> m_pulses;
};

} // namespace norikv::client::demo
