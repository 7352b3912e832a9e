// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/loadgenerator.h"
#include "client/profile.h"
#include "client/store.h"

#include <optional>
#include <span>
#include <string_view>
#include <thread>

namespace norikv::client {

enum class ScenarioKind {
    Calm, ///< sound server, healthy traffic, no finding
    Lively, ///< sound server, a scripted fault every 15 s
    Races, ///< the shipped server's surprises
    Vectors,
};
std::optional<ScenarioKind> scenarioFromName(std::string_view name);

/// Seeded demo traffic over the same calls every user makes: the store is filled once, then written from an own
/// thread until the scenario is destroyed.
class Scenario {
public:
    /// Starts the traffic. `seeded` says that seed() was called; otherwise it is done first.
    Scenario(Store& store, const Clock& clock, ScenarioKind kind, std::uint64_t seed = 1, bool seeded = false);
    ~Scenario();

    /// Creates the counters with their first values, those that are not there yet. Blocks.
    static Result<void> seed(Store& store, const std::stop_token& stop, std::uint64_t seed = 1);
    /// What the demo's profile declares: counter names and their numbers of shards.
    static void declare(Profile& profile);
    /// The load that the counters panel shows running.
    static LoadPlan showcase();

    /// One scripted fault by number; also the Demo menu's buttons. Answers the rule it should raise.
    struct Fault {
        std::string_view title;
        std::string_view rule;
    };
    static std::span<const Fault> faults();
    static Result<void> commit(Store& store, std::size_t fault);

private:
    void run(const std::stop_token& stop);

    Store& m_store;
    const Clock& m_clock;
    const ScenarioKind m_kind;
    const std::uint64_t m_seed;
    const bool m_seeded;
    std::jthread m_thread;
};

} // namespace norikv::client
