// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/actor.h"
#include "client/patterns/lease.h"

#include <vector>

namespace norikv::client::demo {

/// Three elections with a leader and a standby each; the leader steps down now and then.
class Leases final : public Actor {
public:
    void declare(Profile& profile) const override;
    Result<void> seed(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs) override;
    void step(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs, double seconds) override;
    std::span<const Fault> faults() const override;
    Result<void> commit(Store& store, Call& call, std::size_t fault, EpochMs nowMs) override;

private:
    struct Seat {
        double nextBeat = 0; ///< seconds
        double nextChange = 0;
        std::size_t leader = 0; ///< of the nodes
    };
    std::vector<Seat> m_seats;
};

} // namespace norikv::client::demo
