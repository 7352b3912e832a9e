// SPDX-License-Identifier: GPL-3.0-or-later
// The lanes of leader leases: a steady leader, a handover, a duel, a dead lease.
#include "tests/golden/goldenfixture.h"

#include "widgets/leaselanes.h"

using namespace norikv;
using client::LeaseSample;
using client::LeaseTrack;
using test::looksLike;
using widgets::ThemePreference;

namespace {

constexpr EpochMs Now = 1'700'000'000'000;

/// Heartbeats every `every` seconds between two moments, in seconds before now.
void beats(LeaseTrack& track, const char* holder, double from, double to, double every)
{
    static std::uint64_t index = 0;
    for (double ago = from; ago >= to; ago -= every) {
        const EpochMs at = Now - static_cast<EpochMs>(ago * 1000);
        track.take(
            {LeaseSample::Kind::Held, holder, client::Version{0, ++index}, at + 10'000, at, true, true});
    }
}

class GoldenLeaders : public test::ThemedPicture { };

TEST_P(GoldenLeaders, Lanes)
{
    std::vector<LeaseTrack> leases;
    LeaseTrack& steady = leases.emplace_back("leader:billing", 10'000);
    beats(steady, "worker-1", 85, 2, 3.3);
    LeaseTrack handover("leader:mailer", 10'000);
    beats(handover, "worker-2", 80, 42, 3.3);
    handover.take({LeaseSample::Kind::Released, {}, {}, {}, Now - 40'000, true, true});
    beats(handover, "worker-3", 35, 1, 3.3);
    leases.push_back(std::move(handover));
    LeaseTrack duel("leader:exports", 10'000);
    for (int i = 20; i > 0; i -= 3)
        beats(duel, i % 2 ? "worker-a" : "worker-b", i, i, 1);
    leases.push_back(std::move(duel));
    LeaseTrack dead("leader:reports", 4'000);
    beats(dead, "worker-9", 30, 30, 1);
    leases.push_back(std::move(dead));
    widgets::LeaseLanes lanes(theme());
    lanes.setLeases(leases, Now);
    lanes.select("leader:exports");
    show(lanes, 820, 220);
    EXPECT_TRUE(looksLike(lanes, named("leaders-lanes")));
}

INSTANTIATE_TEST_SUITE_P(
    Theme, GoldenLeaders, testing::Values(ThemePreference::Light, ThemePreference::Dark));

} // namespace
