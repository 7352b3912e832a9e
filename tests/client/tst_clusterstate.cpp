// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/clusterstate.h"

#include "tests/support/fakeclock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace norikv::client {
namespace {

using norikv::test::FakeClock;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

ClusterView view(const std::string& id, const std::vector<std::pair<std::uint32_t, bool>>& shards,
    std::uint64_t epoch = 1, const std::string& address = "0.0.0.0:7447")
{
    ClusterView out;
    out.epoch = epoch;
    out.nodes.push_back({id, address, "unknown"});
    for (const auto& [shard, leader] : shards)
        out.claims.push_back({shard, id, leader});
    return out;
}

class Cluster : public testing::Test {
protected:
    FakeClock clock;
    ClusterState state{{"a:7447", "b:7447", "c:7447"}, clock};
    int changes = 0;

    void SetUp() override
    {
        state.onChange([this] { ++changes; });
    }
};

TEST_F(Cluster, knowsNobodyAtFirst)
{
    EXPECT_EQ(state.nodeCount(), 3U);
    EXPECT_EQ(state.leaderOf(1), std::nullopt);
    EXPECT_EQ(state.nodeName(1), "b:7447") << "the address until the id is known";
    for (const auto& node : state.snapshot().nodes)
        EXPECT_EQ(node.link, Link::Connecting);
}

TEST_F(Cluster, mergesWhatEachNodeSaysOfItself)
{
    state.applyView(0, view("node0", {{1, true}, {2, false}}));
    state.applyView(1, view("node1", {{2, true}, {3, true}}));
    EXPECT_EQ(state.leaderOf(1), 0U);
    EXPECT_EQ(state.leaderOf(2), 1U);
    EXPECT_EQ(state.leaderOf(3), 1U);
    EXPECT_EQ(state.leaderOf(4), std::nullopt);
    const auto now = state.snapshot();
    EXPECT_THAT(now.open, UnorderedElementsAre(1U, 2U, 3U));
    EXPECT_EQ(now.nodes[0].shardsOpen, 2U);
    EXPECT_EQ(now.nodes[0].shardsLed, 1U);
    EXPECT_EQ(now.nodes[1].shardsLed, 2U);
    EXPECT_EQ(now.nodes[2].link, Link::Connecting);
    EXPECT_EQ(state.nodeName(0), "node0");
}

TEST_F(Cluster, noLeaderFlagMeansNoLeaderKnown)
{
    state.applyView(0, view("node0", {{1, false}}));
    EXPECT_EQ(state.leaderOf(1), std::nullopt);
    EXPECT_THAT(state.snapshot().open, UnorderedElementsAre(1U));
}

TEST_F(Cluster, takesANewViewWholeHoweverItsEpochMoves)
{
    state.applyView(0, view("node0", {{1, true}, {2, true}}, 900));
    state.applyView(0, view("node0", {{2, true}}, 0));
    EXPECT_EQ(state.leaderOf(1), std::nullopt) << "the process restarted: its epoch begins again";
    EXPECT_EQ(state.leaderOf(2), 0U);
    state.applyView(0, view("node0", {{7, true}}, 0));
    EXPECT_EQ(state.leaderOf(7), 0U) << "the same epoch with other content counts as well";
}

TEST_F(Cluster, tellsNothingWhenNothingChanged)
{
    state.applyView(0, view("node0", {{1, true}}, 1));
    ASSERT_EQ(changes, 1);
    for (std::uint64_t epoch = 2; epoch < 50; ++epoch)
        state.applyView(0, view("node0", {{1, true}}, epoch));
    EXPECT_EQ(changes, 1) << "a ticking epoch is no change";
    state.applyView(0, view("node0", {{1, false}}, 50));
    EXPECT_EQ(changes, 2);
    state.setLink(0, Link::Up);
    EXPECT_EQ(changes, 2);
    state.setLink(0, Link::Down, "gone");
    state.setLink(0, Link::Down, "gone");
    EXPECT_EQ(changes, 3);
    state.setLink(0, Link::Down, "refused");
    EXPECT_EQ(changes, 4) << "another reason is news";
}

TEST_F(Cluster, showsBothClaimantsAndFollowsTheNewerClaim)
{
    state.applyView(0, view("node0", {{5, true}}));
    state.applyView(1, view("node1", {{5, true}}));
    EXPECT_THAT(state.snapshot().leaders.at(5), ElementsAre(0U, 1U));
    EXPECT_EQ(state.leaderOf(5), 1U);
    state.applyView(0, view("node0", {{5, true}}, 99));
    EXPECT_EQ(state.leaderOf(5), 1U) << "a repeated claim is not a newer one";
    state.applyView(0, view("node0", {{5, false}}));
    state.applyView(0, view("node0", {{5, true}}));
    EXPECT_EQ(state.leaderOf(5), 0U) << "given up and claimed again is newer";
}

TEST_F(Cluster, aNodeThatIsDownClaimsNothing)
{
    state.applyView(0, view("node0", {{5, true}, {6, false}}));
    state.applyView(1, view("node1", {{5, true}}));
    state.setLink(1, Link::Down, "refused");
    EXPECT_EQ(state.leaderOf(5), 0U);
    state.setLink(0, Link::Down, "refused");
    EXPECT_EQ(state.leaderOf(5), std::nullopt);
    const auto now = state.snapshot();
    EXPECT_TRUE(now.open.empty());
    EXPECT_EQ(now.nodes[0].shardsOpen, 0U);
    EXPECT_EQ(now.nodes[0].problem, "refused");
    EXPECT_EQ(state.nodeName(0), "node0") << "its name stays known";
}

TEST_F(Cluster, aSuspectKeepsItsClaimsAndComesBackWithAView)
{
    state.applyView(0, view("node0", {{5, true}}));
    state.setLink(0, Link::Suspect, "silent for 5 s");
    EXPECT_EQ(state.leaderOf(5), 0U);
    clock.advance(std::chrono::seconds(3));
    state.applyView(0, view("node0", {{5, true}}));
    const auto node = state.snapshot().nodes[0];
    EXPECT_EQ(node.link, Link::Up);
    EXPECT_TRUE(node.problem.empty());
    EXPECT_EQ(node.since, clock.elapsed());
}

TEST_F(Cluster, remembersSinceWhenALinkIsAsItIs)
{
    state.applyView(0, view("node0", {}));
    const auto up = clock.elapsed();
    clock.advance(std::chrono::seconds(9));
    state.applyView(0, view("node0", {{1, true}}));
    EXPECT_EQ(state.snapshot().nodes[0].since, up);
    state.setLink(0, Link::Down, "x");
    EXPECT_EQ(state.snapshot().nodes[0].since, clock.elapsed());
}

TEST_F(Cluster, showsAnAdvertisedAddressAndNeverPutsItInPlaceOfTheSeed)
{
    state.applyView(0, view("node0", {{1, true}}, 1, "0.0.0.0:7447"));
    const auto node = state.snapshot().nodes[0];
    EXPECT_EQ(node.advertised, "0.0.0.0:7447");
    EXPECT_EQ(node.address, "a:7447");
    EXPECT_EQ(node.id, "node0");
}

TEST_F(Cluster, learnsANodesNameFromItsReplicasAmongManyNodes)
{
    ClusterView many = view("node0", {{1, true}});
    many.nodes = {{"node1", "10.0.0.2:7946", "member"}, {"node0", "0.0.0.0:7447", "unknown"}};
    state.applyView(0, many);
    EXPECT_EQ(state.nodeName(0), "node0");
    EXPECT_EQ(state.snapshot().nodes[0].advertised, "0.0.0.0:7447") << "its own, not its peer's";
}

std::vector<std::string> told(std::span<const LeaderChange> changes)
{
    std::vector<std::string> out;
    for (const auto& change : changes)
        out.push_back(std::to_string(change.shard) + ":" + change.before + ">" + change.after);
    return out;
}

TEST_F(Cluster, tellsEveryChangeOfALeaderOnceAndInOrder)
{
    std::vector<std::string> elections;
    state.onElection([&](std::span<const LeaderChange> leaders) {
        for (auto& each : told(leaders))
            elections.push_back(each);
    });
    state.applyView(0, view("node0", {{1, true}, {2, true}}));
    state.applyView(1, view("node1", {{3, true}}));
    EXPECT_THAT(elections, ElementsAre("1:>node0", "2:>node0", "3:>node1"));
    elections.clear();
    state.applyView(0, view("node0", {{1, true}, {2, true}}, 77));
    EXPECT_TRUE(elections.empty()) << "a ticking epoch elects nobody";
    state.applyView(1, view("node1", {{2, true}, {3, true}}));
    state.applyView(0, view("node0", {{1, true}}));
    EXPECT_THAT(elections, ElementsAre("2:node0>node1")) << "giving up what another has taken is no news";
    elections.clear();
    state.setLink(1, Link::Down, "refused");
    EXPECT_THAT(elections, ElementsAre("2:node1>", "3:node1>"));
    elections.clear();
    state.applyView(1, view("node1", {{2, true}, {3, true}}, 0));
    EXPECT_THAT(elections, ElementsAre("2:>node1", "3:>node1")) << "back with epoch 0";
}

TEST_F(Cluster, ANodeThatIsLostLeavesTheShardToWhoStillClaimsIt)
{
    state.applyView(0, view("node0", {{5, true}}));
    state.applyView(1, view("node1", {{5, true}}));
    std::vector<std::string> elections;
    state.onElection([&](std::span<const LeaderChange> leaders) { elections = told(leaders); });
    state.setLink(1, Link::Down, "refused");
    EXPECT_THAT(elections, ElementsAre("5:node1>node0"));
}

TEST_F(Cluster, keepsTheLatestViewOfEachNodeAsItCame)
{
    EXPECT_EQ(state.viewOf(1).view, nullptr);
    state.applyView(1, view("node1", {{2, true}}, 41, "0.0.0.0:7448"));
    clock.advance(std::chrono::seconds(1));
    state.applyView(1, view("node1", {{2, true}}, 42, "0.0.0.0:7448"));
    const auto said = state.viewOf(1);
    EXPECT_EQ(said.view->epoch, 42U);
    EXPECT_EQ(said.view->nodes[0].address, "0.0.0.0:7448") << "shown, never dialled";
    EXPECT_EQ(said.views, 2U);
    EXPECT_EQ(said.heard, clock.elapsed());
    state.setLink(1, Link::Down, "refused");
    EXPECT_NE(state.viewOf(1).view, nullptr) << "what it said last stays to be looked at";
}

TEST_F(Cluster, callsBackWithoutHoldingItsLock)
{
    std::optional<std::size_t> seen;
    state.onChange([&] { seen = state.leaderOf(1); });
    state.applyView(2, view("node2", {{1, true}}));
    EXPECT_EQ(seen, 2U);
}

} // namespace
} // namespace norikv::client
