// SPDX-License-Identifier: GPL-3.0-or-later
// The shard map and what is around it: pure parts first, then the feed over several nodes in memory.
#include "models/electionmodel.h"
#include "models/leadershipruns.h"
#include "models/nodediff.h"
#include "models/shardfeed.h"

#include "tests/models/manynodes.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace norikv;
using namespace std::chrono_literals;
using models::ElectionGroup;
using models::ShardCell;
using test::ClusterBench;
using test::FakeStore;
using test::ManyNodes;
using test::waitFor;
using testing::ElementsAre;
using testing::SizeIs;

namespace {

client::ClusterSnapshot snapshot()
{
    client::ClusterSnapshot cluster;
    for (const char* id : {"node0", "node1", ""}) {
        client::NodeStatus node;
        node.id = id;
        node.address = "c:7447";
        node.link = *id ? client::Link::Up : client::Link::Down;
        cluster.nodes.push_back(node);
    }
    cluster.open = {0, 1, 2, 3, 900};
    cluster.leaders = {{0, {0}}, {1, {1}}, {2, {0, 1}}, {900, {0}}};
    return cluster;
}

TEST(ShardMap, TellsLedClaimedTwiceUnclaimedAndCold)
{
    const auto map = models::makeShardMap(snapshot(), 8, nullptr, 5000);
    ASSERT_THAT(map.cells, SizeIs(8));
    EXPECT_EQ(map.cells[0].state, ShardCell::State::Led);
    EXPECT_EQ(map.cells[1].leader, 1);
    EXPECT_EQ(map.cells[2].state, ShardCell::State::Twice);
    EXPECT_EQ(map.cells[2].other, 1);
    EXPECT_EQ(map.cells[3].state, ShardCell::State::Unclaimed);
    EXPECT_EQ(map.cells[4].state, ShardCell::State::Cold);
    EXPECT_EQ(map.led, 2U) << "shard 900 does not exist: the profile says 8";
    EXPECT_EQ(map.twice, 1U);
    EXPECT_EQ(map.unclaimed, 1U);
    EXPECT_EQ(map.cold, 4U);
    EXPECT_DOUBLE_EQ(map.fairShare, 1.5) << "three leaders on the two nodes that are up";
    EXPECT_EQ(map.nodes[2].name, "c:7447");
    EXPECT_EQ(map.nodes[2].link, client::Link::Down) << "kept with the map: the past has its own";
    EXPECT_EQ(map.nodesUp(), 2);
    EXPECT_EQ(map.cells[0].sinceMs, 0) << "when it came about was not seen";
}

TEST(ShardMap, RemembersWhenAShardBecameAsItIs)
{
    auto cluster = snapshot();
    const auto first = models::makeShardMap(cluster, 8, nullptr, 5000);
    cluster.leaders[1] = {0};
    const auto second = models::makeShardMap(cluster, 8, &first, 6000);
    EXPECT_EQ(second.cells[1].sinceMs, 6000);
    EXPECT_EQ(second.cells[0].sinceMs, 0);
    const auto third = models::makeShardMap(cluster, 8, &second, 7000);
    EXPECT_EQ(third.cells[1].sinceMs, 6000);
}

TEST(Elections, AreGroupedByTheirMoment)
{
    const auto groups = models::grouped({{2000, 9, "a", "", 6}, {2000, 3, "a", "", 5}, {1500, 3, "b", "a", 4},
        {1000, {}, "", "", 3}, {900, 1, "b", "a", 2}, {900, 2, "b", "", 1}});
    ASSERT_THAT(groups, SizeIs(5));
    EXPECT_EQ(groups[0], (ElectionGroup{6, 2000, {3, 9}, "a", ""}));
    EXPECT_TRUE(groups[2].shards.empty());
    EXPECT_THAT(groups[4].shards, ElementsAre(2U));
}

TEST(LeadershipRuns, GoBackFromNowThroughTheElectionsToWhatWasSeen)
{
    models::ShardMap map;
    map.nodes = {{"node0"}, {"node1"}};
    map.cells.resize(3);
    map.cells[0].leader = 0;
    map.cells[1].leader = 1;
    const std::vector<ElectionGroup> newestFirst{
        {9, 9'500, {0}, "node0", "node1"}, // after the moment shown
        {8, 8'000, {1}, "node0", "node1"}, {7, 6'000, {1}, "elsewhere", "node0"},
        {6, 5'000, {0, 1, 99}, "", "node0"}, // a shard that this profile does not have
        {5, 4'000, {}, "", ""}, // began to watch
        {4, 1'000, {0}, "", "node1"}, // an earlier run of the program: what was between is not known
    };
    const auto runs = models::leadershipRuns(map, newestFirst, 9'000);
    EXPECT_EQ(runs.fromMs, 4'000);
    EXPECT_EQ(runs.toMs, 9'000);
    using Run = models::LeadershipRun;
    EXPECT_THAT(runs.runs,
        ElementsAre(Run{0, 4'000, 5'000, -1}, Run{0, 5'000, 9'000, 0}, Run{1, 4'000, 5'000, -1},
            Run{1, 5'000, 6'000, -1}, Run{1, 6'000, 8'000, 0}, Run{1, 8'000, 9'000, 1},
            Run{2, 4'000, 9'000, -1}));
}

TEST(Elections, ModelFollowsItsRows)
{
    models::ElectionModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Warning);
    model.refresh({{4, 1500, {3}, "b", "a"}, {3, 1000, {}, "", ""}});
    model.refresh({{6, 2000, {3, 9}, "a", ""}, {4, 1500, {3}, "b", "a"}, {3, 1000, {}, "", ""}});
    ASSERT_EQ(model.rowCount(), 3);
    EXPECT_EQ(model.index(0, models::ElectionModel::After).data().toString(), QStringLiteral("nobody"));
    EXPECT_EQ(model.index(1, models::ElectionModel::Shards).data().toString(), QStringLiteral("3"));
    EXPECT_EQ(model.index(2, models::ElectionModel::Shards).data().toString(), QStringLiteral("watch began"));
}

TEST(NodeDifferences, AreContradictionsAndNotEachNodesOwnShards)
{
    auto left = ManyNodes::view("node0", {1, 2, 3}, {9});
    auto right = ManyNodes::view("node1", {3, 4});
    left.epoch = 900;
    left.nodes = {{"node0", "0.0.0.0:7447", "unknown"}, {"node1", "10.0.0.2:8447", "failed"},
        {"node2", "10.0.0.3:8447", "follower"}};
    right.nodes = {{"node0", "10.0.0.1:8447", "follower"}, {"node1", "0.0.0.0:7447", "unknown"}};
    QStringList said;
    int bad = 0;
    for (const auto& each : models::differences(left, right)) {
        said << each.what + u'=' + each.left + u'/' + each.right;
        bad += each.bad ? 1 : 0;
    }
    EXPECT_EQ(said,
        QStringList({"Both lead=3/3", "Shards led=3/2", "Shards open=4/2",
            "node0, address=0.0.0.0:7447/10.0.0.1:8447", "node1, address=10.0.0.2:8447/0.0.0.0:7447",
            "node1, role=failed/unknown", "node2=known/not known"}));
    EXPECT_EQ(bad, 3) << "both lead, failed, and a node that one does not know";
    EXPECT_TRUE(models::differences(left, left).empty() == false)
        << "a node compared with itself leads what it leads";
}

TEST(ShardsText, SaysRuns)
{
    EXPECT_EQ(models::shardsText({}), QString());
    EXPECT_EQ(models::shardsText({3, 17, 20, 21, 22, 30, 31}), QStringLiteral("3, 17, 20–22, 30, 31"));
    EXPECT_EQ(models::shardsText({1, 3, 5}, 2), QStringLiteral("1, 3 and 1 more"));
}

TEST(ShardFeed, MergesTheNodesAndFollowsThem)
{
    ClusterBench t;
    t.sayEvenly();
    t.open();
    ASSERT_TRUE(waitFor([&] { return t.feed->map().led == 60; }));
    EXPECT_TRUE(t.feed->met());
    EXPECT_EQ(t.feed->map().cold, 4U);
    EXPECT_EQ(t.feed->map().cells[4].leader, 1);
    EXPECT_DOUBLE_EQ(t.feed->map().fairShare, 20);
    // A node leaves and comes back with other shards and its first epoch.
    t.store.away(1);
    ASSERT_TRUE(waitFor([&] { return t.feed->map().led == 40; }));
    EXPECT_EQ(t.feed->map().cells[4].state, ShardCell::State::Cold);
    EXPECT_EQ(t.feed->map().nodes[1].name, "node1") << "its name stays known";
    t.store.say(1, ManyNodes::view("node1", {4}, {7}));
    ASSERT_TRUE(waitFor([&] { return t.feed->map().led == 41; }));
    EXPECT_EQ(t.feed->map().cells[7].state, ShardCell::State::Unclaimed);
    EXPECT_NE(t.feed->map().cells[4].sinceMs, 0);
}

TEST(ShardFeed, KeepsTheElectionsAndShowsThoseOfAShard)
{
    ClusterBench t;
    t.sayEvenly();
    t.open();
    ASSERT_TRUE(waitFor([&] { return t.feed->electionCount() == 60; }));
    t.feed->selectShard(4);
    ASSERT_TRUE(waitFor([&] { return t.feed->electionsOfShard().size() == 1; }));
    t.clock.advance(1s);
    t.store.say(2, ManyNodes::view("node2", {4}));
    ASSERT_TRUE(waitFor([&] { return t.feed->electionsOfShard().size() == 2; }));
    EXPECT_EQ(t.feed->electionsOfShard()[0].before, "node1");
    EXPECT_EQ(t.feed->electionsOfShard()[0].after, "node2");
    const QSignalSpy chosen(t.feed.get(), &models::ShardFeed::selected);
    t.feed->selectNode(2);
    t.feed->selectNode(7);
    t.feed->selectShard(64);
    EXPECT_EQ(chosen.size(), 1) << "what does not exist cannot be chosen";
    EXPECT_EQ(t.feed->node(), 2U);
    EXPECT_EQ(t.feed->shard(), std::nullopt);
}

TEST(ShardFeed, FindsAShardThatTwoNodesClaim)
{
    ClusterBench t;
    t.store.say(0, ManyNodes::view("node0", {5}));
    t.store.say(1, ManyNodes::view("node1", {5}));
    std::vector<client::Finding> found;
    t.open();
    QObject::connect(t.feed.get(), &models::ShardFeed::found, t.feed.get(),
        [&](const client::Finding& finding) { found.push_back(finding); });
    ASSERT_TRUE(waitFor([&] {
        t.clock.advance(100ms);
        return !found.empty();
    }));
    EXPECT_EQ(found[0].rule, "L6");
    EXPECT_EQ(found[0].subject, "shard 5");
    EXPECT_TRUE(t.feed->judges("L6"));
    EXPECT_EQ(t.feed->map().twice, 1U);
}

TEST(ShardFeed, CountsKeysOnceWhereTheServerLists)
{
    ClusterBench t;
    t.sayEvenly();
    for (int i = 0; i < 200; ++i)
        t.store.plant("key:" + std::to_string(i), "x");
    t.open();
    EXPECT_EQ(t.feed->keys(), nullptr);
    EXPECT_EQ(t.store.count(FakeStore::Op::Scan), 0U) << "nobody asked for it";
    t.feed->countKeys();
    ASSERT_TRUE(waitFor([&] { return t.feed->keys() != nullptr; }));
    const auto& keys = *t.feed->keys();
    EXPECT_EQ(keys.total, 200U);
    EXPECT_EQ(keys.coverage, client::Coverage::Complete);
    std::size_t shown = 0;
    for (const auto& each : keys.first)
        shown += each.size();
    EXPECT_EQ(shown, 200U);
    EXPECT_EQ(t.store.count(FakeStore::Op::Scan), 1U);
}

TEST(ShardFeed, CountsKnownKeysElsewhere)
{
    ClusterBench t;
    t.store.offersExplore = false;
    t.sayEvenly();
    t.open([](const auto& visit, const std::stop_token&) {
        models::KnownKey key;
        for (const char* name : {"a", "b", "c"}) {
            key.key = name;
            visit(key);
        }
    });
    t.feed->countKeys();
    ASSERT_TRUE(waitFor([&] { return t.feed->keys() != nullptr; }));
    EXPECT_EQ(t.feed->keys()->total, 3U);
    EXPECT_EQ(t.feed->keys()->coverage, client::Coverage::KnownKeys);
}

TEST(ShardFeed, SnapshotGoesThroughTheGuardAndSaysHowItEnded)
{
    ClusterBench t;
    t.sayEvenly();
    t.open();
    std::vector<models::Outcome> outcomes;
    QObject::connect(t.feed.get(), &models::ShardFeed::acted, t.feed.get(),
        [&](const models::Outcome& outcome) { outcomes.push_back(outcome); });
    t.connection->setGuardMode(client::GuardMode::ReadOnly);
    t.feed->snapshotShard(4);
    ASSERT_TRUE(waitFor([&] { return outcomes.size() == 1; }));
    EXPECT_FALSE(outcomes[0].ok);
    EXPECT_EQ(t.store.count(FakeStore::Op::Snapshot), 0U) << "read-only reaches no server";
    // The typed word is the confirmation that this mode asks for.
    t.connection->setGuardMode(client::GuardMode::Confirm);
    t.feed->snapshotShard(4);
    ASSERT_TRUE(waitFor([&] { return outcomes.size() == 2; }));
    EXPECT_TRUE(outcomes[1].ok) << outcomes[1].text.toStdString();
    EXPECT_EQ(t.store.count(FakeStore::Op::Snapshot), 1U);
}

TEST(ShardFeed, StandsStillWhilePausedAndCatchesUp)
{
    ClusterBench t;
    t.sayEvenly();
    t.open();
    ASSERT_TRUE(waitFor([&] { return t.feed->map().led == 60; }));
    t.feed->setPaused(true);
    t.store.away(1);
    ASSERT_TRUE(waitFor([&] { return t.cluster->nodesUp() == 2; }));
    EXPECT_EQ(t.feed->map().led, 60U);
    t.feed->setPaused(false);
    EXPECT_TRUE(waitFor([&] { return t.feed->map().led == 40; }));
}

TEST(NodeFeed, AsksANodeByItself)
{
    ClusterBench t;
    t.sayEvenly();
    t.open();
    EXPECT_FALSE(t.feed->nodes().anyNamed());
    t.feed->nodes().ask(2);
    EXPECT_TRUE(t.feed->nodes().asking(2));
    ASSERT_TRUE(waitFor([&] { return t.feed->nodes().answer(2).view != nullptr; }));
    EXPECT_EQ(t.feed->nodes().answer(2).view->claims.size(), 20U);
    t.store.away(0);
    t.feed->nodes().ask(0);
    ASSERT_TRUE(waitFor([&] { return t.feed->nodes().answer(0).viewError.has_value(); }));
    EXPECT_EQ(t.feed->nodes().answer(0).viewError->kind, client::ErrorKind::Unreachable);
}

TEST(ClusterFeed, AThousandViewsAreFewMerges)
{
    ClusterBench t;
    t.sayEvenly();
    t.open();
    ASSERT_TRUE(waitFor([&] { return t.feed->map().led == 60; }));
    const QSignalSpy merges(t.cluster.get(), &models::ClusterFeed::changed);
    for (std::uint32_t i = 0; i < 1000; ++i)
        t.connection->cluster().applyView(0, ManyNodes::view("node0", {i % 64}));
    t.connection->cluster().applyView(0, ManyNodes::view("node0", {63}));
    EXPECT_TRUE(waitFor([&] { return t.feed->map().cells[63].leader == 0 || t.feed->map().led >= 40; }));
    EXPECT_LT(merges.size(), 20);
}

} // namespace
