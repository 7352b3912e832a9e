// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/actor.h"
#include "client/patterns/eventstream.h"

#include <map>
#include <string>

namespace norikv::client::demo {

/// Four bank accounts, two orders and a Go program's shipment, each with a past, and new events now and then.
class Events final : public Actor {
public:
    void declare(Profile&) const override { }
    Result<void> seed(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs) override;
    void step(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs, double seconds) override;
    std::span<const Fault> faults() const override;
    Result<void> commit(Store& store, Call& call, std::size_t fault, EpochMs nowMs) override;

private:
    void bank(Store& store, Call& call, std::mt19937_64& random, const Clock& clock);
    void order(Store& store, Call& call, const Clock& clock);

    struct Account {
        std::int64_t balance = 0;
        std::uint64_t version = 0; ///< that the balance is of
    };
    Pulse m_bankPulse{0.12, 2};
    Pulse m_orderPulse{0.08, 4};
    std::map<std::size_t, Account> m_accounts; ///< by index; those that were read
    std::uint64_t m_count = 0; ///< of new events: no two in a row say the same
};

} // namespace norikv::client::demo
