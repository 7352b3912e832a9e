// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"
#include "client/profile.h"
#include "client/retryingstore.h"
#include "client/store.h"

#include <memory>
#include <random>
#include <span>
#include <string_view>
#include <vector>

namespace norikv::client::demo {

/// One pattern's part of the demo: what it stores at first, the healthy traffic on it, and faults to commit
/// on purpose. Seeded; time is given; one thread. Its data never breaks a rule by itself, however long it
/// runs.
class Actor {
public:
    virtual ~Actor() = default;

    /// What the demo's profile declares, so that rules can be certain: names, numbers of shards, times to
    /// live.
    virtual void declare(Profile& profile) const = 0;
    /// Creates what is not there yet. Blocks.
    virtual Result<void> seed(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs) = 0;
    /// Does what has fallen due since the last call; `seconds` of traffic have passed in all. Called some
    /// twenty times a second, by tests with larger steps. Failures are left: the server may be away.
    virtual void step(Store& store, Call& call, std::mt19937_64& random, EpochMs nowMs, double seconds) = 0;

    /// A fault of the Demo menu, and the rule it raises.
    struct Fault {
        std::string_view title; ///< "Crash between the two writes of a reservation"
        std::string_view rule;
        enum class SeenBy { Look, Watch, Panel };
        SeenBy seenBy = SeenBy::Look; ///< how --audit, or only a panel, finds it
    };
    virtual std::span<const Fault> faults() const { return {}; }
    /// Commits faults()[fault]; through the wire, as a faulty client would.
    virtual Result<void> commit(Store& store, Call& call, std::size_t fault, EpochMs nowMs) = 0;
};

/// All patterns of the demo, in the order their faults appear in the menu.
std::vector<std::unique_ptr<Actor>> makeActors();

/// A call of the demo: kept out of the journal.
Call demoCall(const std::stop_token& stop, const char* why = "demo");

/// The time that an actor is given for one step.
class GivenClock final : public Clock {
public:
    explicit GivenClock(EpochMs nowMs)
        : m_nowMs(nowMs)
    {
    }
    EpochMs nowMs() const override { return m_nowMs; }
    Elapsed elapsed() const override { return std::chrono::milliseconds(m_nowMs); }

private:
    const EpochMs m_nowMs;
};

/// How often something that happens `perSecond` times fell due, with a slow wave and some noise, so that a
/// chart looks like traffic and not like a clock.
class Pulse {
public:
    explicit Pulse(double perSecond, double phase = 0)
        : m_perSecond(perSecond)
        , m_phase(phase)
    {
    }
    /// Times due since the last call; at most a hundred.
    int due(double seconds, std::mt19937_64& random);

private:
    const double m_perSecond;
    const double m_phase;
    double m_last = 0;
    double m_owed = 0;
};

} // namespace norikv::client::demo
