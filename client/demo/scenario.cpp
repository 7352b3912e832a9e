// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/scenario.h"

#include "client/demo/counters.h"
#include "client/demo/events.h"
#include "client/demo/inventory.h"
#include "client/demo/leases.h"
#include "client/demo/products.h"
#include "client/demo/ratelimits.h"
#include "client/demo/sessions.h"
#include "client/demo/tenants.h"
#include "client/demo/vectors.h"
#include "client/embed/tokenvectors.h"

#include <algorithm>
#include <cmath>

namespace norikv::client {

namespace {

using namespace std::chrono_literals;

constexpr double FirstFaultAt = 4; // seconds, in the lively demo: its lease is dead on screen by second 15
constexpr double FaultEvery = 15;
constexpr int MostDue = 100;

/// Indexes into Scenario::faults(): one fault of each pattern, then the second of each ... so that a demo of
/// two minutes shows something broken on every panel.
std::vector<std::size_t> scriptedOrder(const std::vector<std::unique_ptr<demo::Actor>>& actors)
{
    std::vector<std::size_t> order;
    std::size_t longest = 0;
    for (const auto& actor : actors)
        longest = std::max(longest, actor->faults().size());
    for (std::size_t round = 0; round < longest; ++round) {
        std::size_t first = 0;
        for (const auto& actor : actors) {
            if (round < actor->faults().size())
                order.push_back(first + round);
            first += actor->faults().size();
        }
    }
    return order;
}

} // namespace

namespace demo {

std::vector<std::unique_ptr<Actor>> makeActors()
{
    std::vector<std::unique_ptr<Actor>> actors;
    actors.push_back(std::make_unique<Leases>()); // its first fault is the first that the lively demo commits
    actors.push_back(std::make_unique<Sessions>());
    actors.push_back(std::make_unique<Counters>());
    actors.push_back(std::make_unique<Tenants>());
    actors.push_back(std::make_unique<Inventory>());
    actors.push_back(std::make_unique<RateLimits>());
    actors.push_back(std::make_unique<Events>());
    actors.push_back(std::make_unique<Products>());
    return actors;
}

Call demoCall(const std::stop_token& stop, const char* why)
{
    Call call;
    call.stop = stop;
    call.why = why;
    call.journal = false;
    return call;
}

int Pulse::due(double seconds, std::mt19937_64& random)
{
    const double since = seconds - m_last;
    m_last = seconds;
    const double wave = 1 + 0.45 * std::sin(seconds / 7 + m_phase) + 0.2 * std::sin(seconds / 2.3);
    m_owed += m_perSecond * wave * since * std::uniform_real_distribution<double>(0.5, 1.5)(random);
    const int due = std::clamp(static_cast<int>(m_owed), 0, MostDue);
    m_owed = std::min(m_owed - due, 1.0); // what a long pause left undone is not made up for
    return due;
}

} // namespace demo

std::optional<ScenarioKind> scenarioFromName(std::string_view name)
{
    if (name.empty() || name == "lively")
        return ScenarioKind::Lively;
    if (name == "calm")
        return ScenarioKind::Calm;
    if (name == "races")
        return ScenarioKind::Races;
    if (name == "vectors")
        return ScenarioKind::Vectors;
    return std::nullopt;
}

Traffic::Traffic(Store& store, const Clock& clock, ScenarioKind kind, std::uint64_t seed)
    : m_store(store)
    , m_clock(clock)
    , m_kind(kind)
    , m_random(seed)
    , m_actors(demo::makeActors())
    , m_script(scriptedOrder(m_actors))
{
}

Result<void> Traffic::seed(const std::stop_token& stop)
{
    Call call = demo::demoCall(stop);
    call.background = true;
    for (const auto& actor : m_actors) {
        if (auto done = actor->seed(m_store, call, m_random, m_clock.nowMs()); !done)
            return done;
    }
    return {};
}

void Traffic::makeRacy(const std::stop_token& stop)
{
    Call call = demo::demoCall(stop);
    if (auto quirks = m_store.quirks(call)) {
        quirks->racyCas = true;
        quirks->casWindowMs = 5;
        quirks->deleteIgnoresIfMatch = true;
        quirks->tickingEpoch = true;
        (void)m_store.setQuirks(call, *quirks);
    }
}

/// What fails is left: the vectors panel offers to put the same texts in, and says why it cannot.
void Traffic::seedVectors(const std::stop_token& stop)
{
    Call call = demo::demoCall(stop);
    call.background = true;
    if (const auto embedder = makeBuiltInEmbedder())
        (void)demo::seedVectors(m_store, call, **embedder);
}

void Traffic::step(const std::stop_token& stop)
{
    const auto now = m_clock.elapsed();
    if (!m_start) {
        m_start = now;
        m_nextFault = FirstFaultAt;
        if (m_kind == ScenarioKind::Races)
            makeRacy(stop);
        if (m_kind == ScenarioKind::Vectors)
            seedVectors(stop);
    }
    const double seconds = std::chrono::duration<double>(now - *m_start).count();
    for (const auto& actor : m_actors) {
        Call call = demo::demoCall(stop);
        actor->step(m_store, call, m_random, m_clock.nowMs(), seconds);
    }
    if (m_kind == ScenarioKind::Lively && seconds >= m_nextFault) {
        (void)Scenario::commit(m_store, m_clock, m_script[m_fault++ % m_script.size()]);
        m_nextFault = seconds + FaultEvery;
    }
}

Scenario::Scenario(Store& store, const Clock& clock, ScenarioKind kind, std::uint64_t seed, bool seeded)
    : m_traffic(store, clock, kind, seed)
    , m_thread([this, seeded](const std::stop_token& stop) { run(stop, seeded); })
{
}

Scenario::~Scenario() = default;

Result<void> Scenario::seed(Store& store, const Clock& clock, const std::stop_token& stop, std::uint64_t seed)
{
    return Traffic(store, clock, ScenarioKind::Calm, seed).seed(stop);
}

void Scenario::declare(Profile& profile)
{
    for (const auto& actor : demo::makeActors())
        actor->declare(profile);
}

std::vector<demo::Actor::Fault> Scenario::faults()
{
    std::vector<demo::Actor::Fault> all;
    for (const auto& actor : demo::makeActors())
        all.insert(all.end(), actor->faults().begin(), actor->faults().end());
    return all;
}

Result<void> Scenario::commit(Store& store, const Clock& clock, std::size_t fault)
{
    const auto actors = demo::makeActors();
    std::size_t left = fault % faults().size();
    for (const auto& actor : actors) {
        if (left < actor->faults().size()) {
            Call call = demo::demoCall({}, "demo fault");
            return actor->commit(store, call, left, clock.nowMs());
        }
        left -= actor->faults().size();
    }
    return {};
}

void Scenario::run(const std::stop_token& stop, bool seeded)
{
    const Sleeper sleep = realSleeper();
    while (!seeded && !m_traffic.seed(stop)) {
        if (!sleep(500ms, stop))
            return;
    }
    while (sleep(50ms, stop))
        m_traffic.step(stop);
}

} // namespace norikv::client
