// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/actor.h"

namespace norikv::client::demo {

/// acme at 60 % of its storage and growing, globex at 85 % of both limits, initech without limits, hooli as a
/// Python client writes it.
class Tenants final : public Actor {
public:
    void declare(Profile& profile) const override;
    Result<void> seed(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs) override;
    void step(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs, double seconds) override;
    std::span<const Fault> faults() const override;
    Result<void> commit(Store& store, Call& call, std::size_t fault, EpochMs nowMs) override;

private:
    double m_grewAt = 0;
    std::uint64_t m_grown = 0;
};

} // namespace norikv::client::demo
