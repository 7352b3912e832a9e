// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/actor.h"

#include <optional>
#include <string_view>
#include <thread>

namespace norikv::client {

enum class ScenarioKind {
    Calm, ///< sound server, healthy traffic, no finding
    Lively, ///< sound server, a scripted fault every 15 s
    Races, ///< the shipped server's surprises
    Vectors, ///< calm, and texts, products and tastes as vectors
};
std::optional<ScenarioKind> scenarioFromName(std::string_view name);

/// Seeded demo traffic over the same calls every user makes, without a thread: whoever has the clock steps
/// it.
class Traffic {
public:
    Traffic(Store& store, const Clock& clock, ScenarioKind kind, std::uint64_t seed = 1);

    /// Creates what the patterns hold at first, what is not there yet. Blocks.
    Result<void> seed(const std::stop_token& stop);
    /// Does what has fallen due. The first call starts the time.
    void step(const std::stop_token& stop);

private:
    void makeRacy(const std::stop_token& stop);
    void seedVectors(const std::stop_token& stop);

    Store& m_store;
    const Clock& m_clock;
    const ScenarioKind m_kind;
    std::mt19937_64 m_random;
    std::vector<std::unique_ptr<demo::Actor>> m_actors;
    const std::vector<std::size_t> m_script; ///< of the lively demo: indexes into Scenario::faults()
    std::optional<Clock::Elapsed> m_start;
    double m_nextFault = 0;
    std::size_t m_fault = 0; ///< next one of the script
};

/// A Traffic on a thread of its own, until it is destroyed.
class Scenario {
public:
    /// Starts the traffic. `seeded` says that seed() was called; otherwise it is done first.
    Scenario(
        Store& store, const Clock& clock, ScenarioKind kind, std::uint64_t seed = 1, bool seeded = false);
    ~Scenario();

    static Result<void> seed(
        Store& store, const Clock& clock, const std::stop_token& stop, std::uint64_t seed = 1);
    /// What the demo's profile declares: names, numbers of shards, times to live.
    static void declare(Profile& profile);

    /// The faults of all patterns; also the Demo menu's buttons.
    static std::vector<demo::Actor::Fault> faults();
    /// Commits faults()[fault].
    static Result<void> commit(Store& store, const Clock& clock, std::size_t fault);

private:
    void run(const std::stop_token& stop, bool seeded);

    Traffic m_traffic;
    std::jthread m_thread;
};

} // namespace norikv::client
