// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/actor.h"

#include <deque>

namespace norikv::client::demo {

/// A shop of eight articles: buyers reserve, then pay or leave long before their reservation ends, and
/// deliveries fill the shelves again. Reservations live 60 s here, and the profile says so.
class Inventory final : public Actor {
public:
    void declare(Profile& profile) const override;
    Result<void> seed(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs) override;
    void step(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs, double seconds) override;
    std::span<const Fault> faults() const override;
    Result<void> commit(Store& store, Call& call, std::size_t fault, EpochMs nowMs) override;

private:
    struct Cart {
        Bytes id;
        std::size_t article = 0;
        std::int64_t units = 0;
        EpochMs settleMs = 0;
    };
    void settle(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs);

    std::deque<Cart> m_carts; ///< in no order
    Pulse m_buyers{1.2};
    Pulse m_deliveries{0.5, 1};
};

} // namespace norikv::client::demo
