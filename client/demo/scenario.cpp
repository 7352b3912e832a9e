// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/scenario.h"

#include "client/demo/tenants.h"
#include "client/patterns/createifabsent.h"

#include <array>
#include <cmath>
#include <random>

namespace norikv::client {

namespace {

using namespace std::chrono_literals;

struct DemoCounter {
    std::string_view name;
    std::uint32_t shards; ///< 0 = basic
    std::int64_t start;
    double
        perSecond; ///< mean rate of the background traffic; page:views is driven by the showcase load instead
};

constexpr std::array counters{
    DemoCounter{"page:views", 20, 184'207, 0},
    DemoCounter{"api:requests", 0, 41'312, 14},
    DemoCounter{"orders:placed", 0, 2'908, 3},
    DemoCounter{"mail:sent", 4, 11'640, 5},
};

constexpr auto FaultEvery = 15s;
constexpr auto TenantGrowsEvery = 4s;

constexpr std::array faultTable{
    Scenario::Fault{"Write to a shard beyond the declared ones", "C4"},
    Scenario::Fault{"Overflow a counter from JavaScript", "C1"},
    Scenario::Fault{"Reset a counter", "C2"},
    Scenario::Fault{"Fill a tenant over its limit", "T1"},
    Scenario::Fault{"Write a tenant's limits as Infinity", "T7"},
};

Result<void> put(Store& store, Bytes key, Bytes value)
{
    Call call;
    call.why = "demo fault";
    call.journal = false;
    Put put;
    put.key = std::move(key);
    put.value = std::move(value);
    return store.put(call, put).map([](auto) {});
}

} // namespace

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

Scenario::Scenario(Store& store, const Clock& clock, ScenarioKind kind, std::uint64_t seed, bool seeded)
    : m_store(store)
    , m_clock(clock)
    , m_kind(kind)
    , m_seed(seed)
    , m_seeded(seeded)
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

Scenario::~Scenario() = default;

void Scenario::declare(Profile& profile)
{
    for (const DemoCounter& counter : counters) {
        profile.counters.emplace_back(counter.name);
        if (counter.shards != 0)
            profile.counterShards.emplace(counter.name, counter.shards);
    }
    demo::declareTenants(profile);
}

LoadPlan Scenario::showcase()
{
    LoadPlan plan;
    plan.counter = Bytes(counters[0].name);
    plan.sharded = true;
    plan.shards = counters[0].shards;
    plan.workers = 16;
    plan.targetPerSecond = 150;
    return plan;
}

std::span<const Scenario::Fault> Scenario::faults() { return faultTable; }

Result<void> Scenario::commit(Store& store, std::size_t fault)
{
    Call call;
    call.why = "demo fault";
    call.journal = false;
    switch (fault % faultTable.size()) {
    case 0:
        return put(store, shardKey("mail:sent", 6), "412");
    case 1:
        return put(store, "orders:cancelled:shard:0", "1e+21");
    case 3:
        return demo::overfillTenant(store, call);
    case 4:
        return demo::writeInfinity(store, call);
    default:
        return Counter(store, "orders:placed").set(call, 0).map([](const auto&) {});
    }
}

Result<void> Scenario::seed(Store& store, const std::stop_token& stop, std::uint64_t seed)
{
    std::mt19937_64 random{seed};
    Call call;
    call.stop = stop;
    call.background = true;
    call.why = "demo";
    call.journal = false;
    if (auto tenants = demo::seedTenants(store, call); !tenants)
        return tenants;
    for (const DemoCounter& counter : counters) {
        if (counter.shards == 0) {
            const auto made = createIfAbsent(store, call, Bytes(counter.name), std::to_string(counter.start));
            if (!made)
                return tl::unexpected(made.error());
            continue;
        }
        std::int64_t left = counter.start;
        for (std::uint32_t i = 0; i < counter.shards; ++i) {
            const std::int64_t even = left / (counter.shards - i);
            const std::int64_t part = i + 1 == counter.shards ? left
                                                              : even
                    + std::llround(
                        std::normal_distribution<double>(0, std::sqrt(static_cast<double>(even)))(random));
            left -= part;
            const auto made = createIfAbsent(store, call, shardKey(counter.name, i), std::to_string(part));
            if (!made)
                return tl::unexpected(made.error());
        }
    }
    return {};
}

void Scenario::run(const std::stop_token& stop)
{
    const Sleeper sleep = realSleeper();
    while (!m_seeded && !seed(m_store, stop, m_seed)) {
        if (!sleep(500ms, stop))
            return;
    }
    if (m_kind == ScenarioKind::Races) {
        Call call;
        call.stop = stop;
        call.why = "demo";
        call.journal = false;
        if (auto quirks = m_store.quirks(call)) {
            quirks->racyCas = true;
            quirks->casWindowMs = 5;
            quirks->deleteIgnoresIfMatch = true;
            quirks->tickingEpoch = true;
            (void)m_store.setQuirks(call, *quirks);
        }
    }
    std::mt19937_64 random{m_seed + 1};
    std::array<double, counters.size()> owed{};
    const auto start = m_clock.elapsed();
    auto last = start;
    auto nextFault = start + FaultEvery;
    std::size_t fault = 0;
    auto nextGrowth = start + TenantGrowsEvery;
    std::uint64_t growth = 0;
    while (sleep(50ms, stop)) {
        const auto now = m_clock.elapsed();
        const double since = std::chrono::duration<double>(now - last).count();
        const double t = std::chrono::duration<double>(now - start).count();
        last = now;
        for (std::size_t i = 0; i < counters.size(); ++i) {
            const DemoCounter& counter = counters[i];
            // A slow wave and some noise, so that a chart looks like traffic and not like a clock.
            const double wave = 1 + 0.45 * std::sin(t / 7 + static_cast<double>(i)) + 0.2 * std::sin(t / 2.3);
            owed[i] += counter.perSecond * wave * since
                * std::uniform_real_distribution<double>(0.5, 1.5)(random);
            Call call;
            call.stop = stop;
            call.why = "demo";
            call.journal = false;
            for (; owed[i] >= 1 && !stop.stop_requested(); owed[i] -= 1) {
                const Bytes name(counter.name);
                if (counter.shards == 0)
                    (void)Counter(m_store, name).add(call, 1);
                else
                    (void)ShardedCounter(m_store, name, counter.shards).add(call, 1);
            }
        }
        if (now >= nextGrowth) {
            Call call;
            call.stop = stop;
            call.why = "demo";
            (void)demo::growTenant(m_store, call, growth++);
            nextGrowth = now + TenantGrowsEvery;
        }
        if (m_kind == ScenarioKind::Lively && now >= nextFault) {
            (void)commit(m_store, fault++);
            nextFault = now + FaultEvery;
        }
    }
}

} // namespace norikv::client
