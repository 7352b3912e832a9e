// SPDX-License-Identifier: GPL-3.0-or-later
// L6: a shard that two nodes claim for three refreshes in a row, and what /health says of it.
#include "client/audit/clusterrules.h"

#include "tests/support/fakeclock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr EpochMs Now = test::FakeClock::StartMs;

ClusterView view(const std::string& id, const std::vector<std::uint32_t>& led)
{
    ClusterView out;
    out.nodes.push_back({id, "0.0.0.0:7447", "unknown"});
    for (const auto shard : led)
        out.claims.push_back({shard, id, true});
    return out;
}

/// Two nodes that refresh once a second.
class RuleL6 : public testing::Test {
protected:
    test::FakeClock clock;
    ClusterState state{{"a:7447", "b:7447"}, clock};
    Profile profile;
    int asked = 0;
    std::map<std::string, Result<NodeHealth>> healths;

    void refresh(const std::vector<std::uint32_t>& first, const std::vector<std::uint32_t>& second)
    {
        state.applyView(0, view("node0", first));
        state.applyView(1, view("node1", second));
        clock.advance(1s);
    }
    std::vector<Finding> judge()
    {
        return judgeCluster(state, profile, Now, [this](const std::string& address) -> Result<NodeHealth> {
            ++asked;
            const auto found = healths.find(address);
            return found == healths.end() ? Result<NodeHealth>(fail(ErrorKind::Unreachable, "no answer"))
                                          : found->second;
        });
    }
    static NodeHealth leads(std::uint32_t shard, std::uint64_t term, bool leader = true)
    {
        NodeHealth health;
        health.samples.push_back({shard, leader, term, 100});
        return health;
    }
};

TEST_F(RuleL6, suspectsAShardThatTwoNodesClaimInThreeRefreshesInARow)
{
    refresh({5}, {6});
    refresh({5}, {5, 6});
    EXPECT_THAT(judge(), IsEmpty());
    refresh({5}, {5, 6});
    EXPECT_THAT(judge(), IsEmpty()) << "one view of the one and two of the other";
    refresh({5}, {5, 6});
    refresh({5}, {5, 6});
    const auto found = judge();
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(found[0].rule, "L6");
    EXPECT_EQ(found[0].severity, Severity::Suspect);
    EXPECT_EQ(found[0].subject, "shard 5");
    EXPECT_THAT(found[0].evidence, HasSubstr("node0 and node1 claim to lead shard 5"));
    EXPECT_EQ(asked, 0) << "the profile names no address to ask";
}

TEST_F(RuleL6, isSilentAboutAHandOver)
{
    for (int round = 0; round < 10; ++round) {
        const bool even = round % 2 == 0;
        refresh({5}, even ? std::vector<std::uint32_t>{5} : std::vector<std::uint32_t>{});
        EXPECT_THAT(judge(), IsEmpty()) << round;
    }
}

TEST_F(RuleL6, aBurstOfViewsIsNoThreeRefreshes)
{
    for (int i = 0; i < 40; ++i) {
        state.applyView(0, view("node0", {5}));
        state.applyView(1, view("node1", {5}));
        clock.advance(10ms);
    }
    EXPECT_THAT(judge(), IsEmpty()) << "0.4 s of views every 10 ms";
    for (int i = 0; i < 200; ++i) {
        state.applyView(0, view("node0", {5}));
        state.applyView(1, view("node1", {5}));
        clock.advance(10ms);
    }
    EXPECT_THAT(judge(), SizeIs(1));
}

TEST_F(RuleL6, aNodeThatStallsConfirmsNothing)
{
    refresh({5}, {5});
    for (int i = 0; i < 10; ++i) {
        state.applyView(1, view("node1", {5}));
        clock.advance(1s);
    }
    EXPECT_THAT(judge(), IsEmpty()) << "the last word of the silent one is old";
}

TEST_F(RuleL6, beginsAgainWhenANodeWasLost)
{
    for (int i = 0; i < 5; ++i)
        refresh({5}, {5});
    ASSERT_THAT(judge(), SizeIs(1));
    state.setLink(1, Link::Down, "refused");
    EXPECT_THAT(judge(), IsEmpty());
    refresh({5}, {5});
    EXPECT_THAT(judge(), IsEmpty()) << "back with epoch 0, and heard once";
}

TEST_F(RuleL6, isCertainOnlyWhenHealthShowsTheSameTerm)
{
    profile.httpAddresses = {"a:8080", "b:8080"};
    refresh({5}, {5});
    (void)judge();
    EXPECT_EQ(asked, 0) << "nobody is asked about what may be a hand-over";
    for (int i = 0; i < 5; ++i)
        refresh({5}, {5});
    healths.emplace("a:8080", leads(5, 4));
    ASSERT_THAT(judge(), SizeIs(1));
    EXPECT_EQ(judge()[0].severity, Severity::Suspect) << "the other one does not answer";
    healths.emplace("b:8080", leads(5, 5));
    EXPECT_EQ(judge()[0].severity, Severity::Suspect) << "two terms: the older one is stale";
    EXPECT_THAT(judge()[0].evidence, HasSubstr("node0 (term 4) and node1 (term 5)"));
    healths["b:8080"] = leads(5, 4, false);
    EXPECT_EQ(judge()[0].severity, Severity::Suspect) << "it follows in this term and is about to say so";
    healths["b:8080"] = leads(5, 4);
    const auto found = judge();
    EXPECT_EQ(found[0].severity, Severity::Certain);
    EXPECT_THAT(found[0].evidence, HasSubstr("two leaders of one term"));
}

TEST_F(RuleL6, askForTheTermOfManyShardsOncePerNode)
{
    profile.httpAddresses = {"a:8080", ""};
    for (int i = 0; i < 5; ++i)
        refresh({5, 6, 7}, {5, 6, 7});
    EXPECT_THAT(judge(), SizeIs(3));
    EXPECT_EQ(asked, 1);
}

TEST(ShardSubject, ComesBackAndIsNothingElse)
{
    EXPECT_EQ(shardOfSubject(shardSubject(1023)), 1023U);
    for (const char* other :
        {"shard ", "shard x", "shard 5 ", "shards 5", "5", "shard -1", "shard 99999999999"})
        EXPECT_EQ(shardOfSubject(other), std::nullopt) << other;
}

TEST(NodeHealth, readsWhatTheShippedServerSays)
{
    const auto health = parseNodeHealth(
        R"({"status":"healthy","node_id":"node0","uptime_seconds":17,"total_shards":1024,"active_shards":3,)"
        R"("leader_shards":2,"follower_shards":1,"shard_samples":[{"shard_id":0,"is_leader":true,"term":2,)"
        R"("commit_index":170,"status":"healthy"},{"shard_id":9,"is_leader":false,"term":1,"commit_index":3,)"
        R"("status":"healthy"}],"details":"Active shards: 3, Leader: 2, Follower: 1"})");
    ASSERT_TRUE(health);
    EXPECT_EQ(health->status, "healthy");
    EXPECT_EQ(health->totalShards, 1024U);
    EXPECT_EQ(health->leaderShards, 2U);
    ASSERT_NE(health->sampleOf(0), nullptr);
    EXPECT_EQ(health->sampleOf(0)->term, 2U);
    EXPECT_FALSE(health->sampleOf(9)->leader);
    EXPECT_EQ(health->sampleOf(1), nullptr);
    EXPECT_THAT(health->text, HasSubstr("uptime_seconds"));
}

TEST(NodeHealth, survivesAnything)
{
    for (const char* bad : {"", "[]", "7", "{", "<html>", "null"})
        EXPECT_FALSE(parseNodeHealth(bad)) << bad;
    EXPECT_FALSE(parseNodeHealth(std::string(200'000, '['))) << "no stack is spent on it";
    const auto odd = parseNodeHealth(
        R"({"status":7,"total_shards":-1,"active_shards":99999999999,"shard_samples":[3,{"term":"x"},{}]})");
    ASSERT_TRUE(odd);
    EXPECT_EQ(odd->status, "");
    EXPECT_EQ(odd->totalShards, 0U);
    EXPECT_EQ(odd->activeShards, 0U);
    EXPECT_EQ(odd->samples.size(), 2U);
}

} // namespace
} // namespace norikv::client
