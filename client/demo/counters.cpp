// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/counters.h"

#include "client/patterns/counter.h"
#include "client/patterns/createifabsent.h"

#include <array>
#include <cmath>

namespace norikv::client::demo {

namespace {

struct DemoCounter {
    std::string_view name;
    std::uint32_t shards; ///< 0 = basic
    std::int64_t start;
    double perSecond; ///< page:views is driven by the showcase load instead
};

constexpr std::array counters{
    DemoCounter{"page:views", 20, 184'207, 0},
    DemoCounter{"api:requests", 0, 41'312, 14},
    DemoCounter{"orders:placed", 0, 2'908, 3},
    DemoCounter{"mail:sent", 4, 11'640, 5},
};

constexpr std::array faultTable{
    Actor::Fault{"Write to a shard beyond the declared ones", "C4", Actor::Fault::SeenBy::Look},
    Actor::Fault{"Overflow a counter from JavaScript", "C1", Actor::Fault::SeenBy::Look},
    Actor::Fault{"Reset a counter", "C2", Actor::Fault::SeenBy::Watch},
};

} // namespace

Counters::Counters()
{
    for (std::size_t i = 0; i < counters.size(); ++i)
        m_pulses.emplace_back(counters[i].perSecond, static_cast<double>(i));
}

void Counters::declare(Profile& profile) const
{
    for (const DemoCounter& counter : counters) {
        profile.counters.emplace_back(counter.name);
        if (counter.shards != 0)
            profile.counterShards.emplace(counter.name, counter.shards);
    }
}

Result<void> Counters::seed(Store& store, Call& call, std::mt19937_64& random, EpochMs)
{
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

void Counters::step(Store& store, Call& call, std::mt19937_64& random, EpochMs, double seconds)
{
    for (std::size_t i = 0; i < counters.size(); ++i) {
        const DemoCounter& counter = counters[i];
        const Bytes name(counter.name);
        for (int due = m_pulses[i].due(seconds, random); due > 0 && !call.stop.stop_requested(); --due) {
            if (counter.shards == 0)
                (void)Counter(store, name).add(call, 1);
            else
                (void)ShardedCounter(store, name, counter.shards).add(call, 1);
        }
    }
}

std::span<const Actor::Fault> Counters::faults() const { return faultTable; }

Result<void> Counters::commit(Store& store, Call& call, std::size_t fault, EpochMs)
{
    if (fault == 2)
        return Counter(store, "orders:placed").set(call, 0).map([](const auto&) {});
    Put put;
    put.key = fault == 0 ? shardKey("mail:sent", 6) : Bytes("orders:cancelled:shard:0");
    put.value = fault == 0 ? "412" : "1e+21";
    return store.put(call, put).map([](auto) {});
}

LoadPlan Counters::showcase()
{
    LoadPlan plan;
    plan.counter = Bytes(counters[0].name);
    plan.sharded = true;
    plan.shards = counters[0].shards;
    plan.workers = 16;
    plan.targetPerSecond = 150;
    return plan;
}

} // namespace norikv::client::demo
