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

/// Seeded demo traffic over the same calls every user makes. Seeds the store, then writes from its own thread
/// until it is destroyed.
class Scenario {
public:
    Scenario(Store& store, const Clock& clock, ScenarioKind kind, std::uint64_t seed = 1);
    ~Scenario();

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
    Result<void> seedCounters(const std::stop_token& stop);

    Store& m_store;
    const Clock& m_clock;
    const ScenarioKind m_kind;
    const std::uint64_t m_seed;
    std::jthread m_thread;
};

} // namespace norikv::client
