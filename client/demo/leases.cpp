// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/demo/leases.h"

#include <array>

namespace norikv::client::demo {

namespace {

constexpr std::array<std::string_view, 3> elections{"billing", "mailer", "scheduler"};
constexpr std::array<std::string_view, 3> nodes{"worker-1", "worker-2", "worker-3"};
constexpr std::string_view DeadElection = "reports";
constexpr std::uint64_t DeadLeaseMs = 4000;
constexpr double BeatEvery = static_cast<double>(DefaultLeaseMs) / 3000; // seconds

constexpr std::array faultTable{
    Actor::Fault{"Freeze the expiry of a lease whose holder died", "L3", Actor::Fault::SeenBy::Watch},
    Actor::Fault{"Let two nodes lead one election", "L1", Actor::Fault::SeenBy::Watch},
};

/// The settle delay is for rivals; in the demo only this thread campaigns.
Sleeper atOnce()
{
    return [](std::chrono::milliseconds, const std::stop_token& stop) { return !stop.stop_requested(); };
}

LeaseCandidate candidate(Store& store, std::size_t election, std::size_t node)
{
    return {store, Bytes(elections[election]), std::string(nodes[node]), DefaultLeaseMs, atOnce()};
}

Result<void> overwrite(
    Store& store, Call& call, std::string_view election, std::string_view node, std::uint64_t ttlMs)
{
    Put put;
    put.key = leaseKey(election);
    put.value = node;
    put.ttlMs = ttlMs;
    return store.put(call, put).map([](auto) {});
}

} // namespace

void Leases::declare(Profile& profile) const
{
    profile.ttls["leader:"] = DefaultLeaseMs;
    profile.ttls[leaseKey(DeadElection)] = DeadLeaseMs;
}

Result<void> Leases::seed(Store& store, Call& call, std::mt19937_64&, EpochMs)
{
    for (std::size_t i = 0; i < elections.size(); ++i) {
        if (const auto taken = candidate(store, i, i % nodes.size()).campaign(call); !taken)
            return tl::unexpected(taken.error());
    }
    return {};
}

void Leases::step(Store& store, Call& call, std::mt19937_64& random, EpochMs, double seconds)
{
    if (m_seats.empty()) {
        for (std::size_t i = 0; i < elections.size(); ++i)
            m_seats.push_back({0, 40 + 15 * static_cast<double>(i), i % nodes.size()});
    }
    for (std::size_t i = 0; i < m_seats.size(); ++i) {
        Seat& seat = m_seats[i];
        if (seconds < seat.nextBeat)
            continue;
        seat.nextBeat = seconds + BeatEvery * std::uniform_real_distribution<double>(0.9, 1.0)(random);
        if (seconds >= seat.nextChange && seat.nextChange > 0) {
            // Gives the lease back properly, and the next one takes it.
            (void)candidate(store, i, seat.leader).resign(call);
            seat.leader = (seat.leader + 1) % nodes.size();
            seat.nextChange = seconds + 45 + 10 * static_cast<double>(i);
        }
        (void)candidate(store, i, seat.leader).campaign(call);
    }
}

std::span<const Actor::Fault> Leases::faults() const { return faultTable; }

Result<void> Leases::commit(Store& store, Call& call, std::size_t fault, EpochMs)
{
    if (fault == 0) {
        if (auto taken = overwrite(store, call, DeadElection, "worker-9", DeadLeaseMs); !taken)
            return taken;
        return store.flushTtl(call, leaseKey(DeadElection)).map([](auto) {});
    }
    for (const char* node : {"worker-a", "worker-b", "worker-a"}) {
        if (auto taken = overwrite(store, call, "exports", node, DefaultLeaseMs); !taken)
            return taken;
    }
    return {};
}

} // namespace norikv::client::demo
