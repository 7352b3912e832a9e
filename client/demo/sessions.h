// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/actor.h"

#include <map>
#include <vector>

namespace norikv::client::demo {

/// People who log in, come back, get a role, log out or let their session end; some records as Python and Go
/// clients write them.
class Sessions final : public Actor {
public:
    Sessions();
    void declare(Profile& profile) const override;
    Result<void> seed(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs) override;
    void step(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs, double seconds) override;
    std::span<const Fault> faults() const override;
    Result<void> commit(Store& store, Call& call, std::size_t fault, EpochMs nowMs) override;

private:
    void logIn(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs);
    void comeBack(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs);
    void logOut(Store& store, Call& call, std::mt19937_64& random);

    std::vector<Bytes> m_open; ///< ids; some have ended by themselves
    Pulse m_logIns, m_visits, m_logOuts;
    std::uint64_t m_next = 0;
};

} // namespace norikv::client::demo
