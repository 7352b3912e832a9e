// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sandbox/serverfixture.h"

#include <future>

namespace norikv::tests {
namespace {

namespace fv1 = sandbox::v1;
using grpc::StatusCode;
using ViewCall = OpenStream<v1::Meta::Stub, v1::ClusterView, v1::ClusterView>;

class FaultsTest : public ServerFixture { };

TEST_F(FaultsTest, QuirksGoThereAndBack)
{
    start();
    fv1::Quirks wanted;
    wanted.set_racy_cas(true);
    wanted.set_cas_window_ms(7);
    wanted.set_refuse_sdk_consistency(true);
    fv1::Quirks now;
    ASSERT_TRUE(call(*stub<fv1::Faults>(), &fv1::Faults::Stub::SetQuirks, wanted, now).ok());
    EXPECT_EQ(now.SerializeAsString(), wanted.SerializeAsString());
    now.Clear();
    ASSERT_TRUE(call(*stub<fv1::Faults>(), &fv1::Faults::Stub::GetQuirks, fv1::Empty(), now).ok());
    EXPECT_EQ(now.SerializeAsString(), wanted.SerializeAsString());
    v1::GetRequest request;
    request.set_consistency("lease");
    v1::GetResponse response;
    EXPECT_EQ(call(*stub<v1::Kv>(), &v1::Kv::Stub::Get, request, response).error_code(),
        StatusCode::INVALID_ARGUMENT);
}

TEST_F(FaultsTest, FlushDropsExpiriesUnderThePrefix)
{
    start();
    ASSERT_TRUE(put("leader:a", "v", 4000).ok());
    ASSERT_TRUE(put("session:a", "v", 4000).ok());
    fv1::Prefix prefix;
    prefix.set_prefix("leader:");
    fv1::Affected affected;
    ASSERT_TRUE(call(*stub<fv1::Faults>(), &fv1::Faults::Stub::Flush, prefix, affected).ok());
    EXPECT_EQ(affected.keys(), 1U);
    clock.advance(10'000);
    v1::GetResponse response;
    ASSERT_TRUE(get("leader:a", response).ok());
    EXPECT_TRUE(response.has_version());
    response.Clear();
    ASSERT_TRUE(get("session:a", response).ok());
    EXPECT_FALSE(response.has_version());
}

TEST_F(FaultsTest, ShiftClockExpires)
{
    start();
    ASSERT_TRUE(put("k", "v", 3'600'000).ok());
    fv1::Shift shift;
    shift.set_ms(3'600'000);
    fault(&fv1::Faults::Stub::ShiftClock, shift);
    v1::GetResponse response;
    ASSERT_TRUE(get("k", response).ok());
    EXPECT_FALSE(response.has_version());
}

TEST_F(FaultsTest, MovedShardsAreAnsweredElsewhereAndSeenAtOnce)
{
    auto wanted = config();
    wanted.nodes = 2;
    wanted.totalShards = 1;
    start(wanted);
    ViewCall watch(stub<v1::Meta>(1), &v1::Meta::Stub::WatchCluster, {});
    v1::ClusterView view;
    ASSERT_TRUE(watch.read(view));
    EXPECT_EQ(view.shards_size(), 0);
    fv1::ShardMove move;
    move.set_node_id("node1");
    move.set_keep_old_claim(true);
    fault(&fv1::Faults::Stub::MoveShard, move);
    const auto epoch = view.epoch();
    while (view.shards_size() == 0 && watch.read(view)) { }
    EXPECT_EQ(view.shards_size(), 1);
    EXPECT_GT(view.epoch(), epoch);
    EXPECT_EQ(put("k", "v", 0, 0).error_message(), "NOT_LEADER");
    EXPECT_TRUE(put("k", "v", 0, 1).ok());
    ViewCall old(stub<v1::Meta>(0), &v1::Meta::Stub::WatchCluster, {});
    ASSERT_TRUE(old.read(view));
    EXPECT_EQ(view.shards_size(), 1) << "two leaders claim it";
    move.set_keep_old_claim(false);
    move.set_node_id("node0");
    fault(&fv1::Faults::Stub::MoveShard, move);
    EXPECT_TRUE(put("k", "v", 0, 0).ok());
}

TEST_F(FaultsTest, UnknownNodesAndShardsAreNotFound)
{
    start();
    fv1::ShardMove move;
    fv1::Empty empty;
    move.set_node_id("nobody");
    EXPECT_EQ(call(*stub<fv1::Faults>(), &fv1::Faults::Stub::MoveShard, move, empty).error_code(),
        StatusCode::NOT_FOUND);
    move.set_node_id("node0");
    move.set_shard(4096);
    EXPECT_EQ(call(*stub<fv1::Faults>(), &fv1::Faults::Stub::MoveShard, move, empty).error_code(),
        StatusCode::NOT_FOUND);
    fv1::NodeFault node;
    node.set_node_id("nobody");
    EXPECT_EQ(call(*stub<fv1::Faults>(), &fv1::Faults::Stub::SetNode, node, empty).error_code(),
        StatusCode::NOT_FOUND);
}

TEST_F(FaultsTest, ADownNodeRefusesCallsAndEndsStreams)
{
    auto wanted = config();
    wanted.nodes = 2;
    start(wanted);
    ViewCall watch(stub<v1::Meta>(1), &v1::Meta::Stub::WatchCluster, {});
    v1::ClusterView view;
    ASSERT_TRUE(watch.read(view));
    setNode("node1", fv1::NodeFault::DOWN);
    EXPECT_EQ(watch.finish().error_code(), StatusCode::UNAVAILABLE);
    v1::GetResponse response;
    const auto status = get("k", response, 1);
    EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE);
    EXPECT_EQ(status.error_message().find("NOT_LEADER"), std::string::npos);
    ViewCall again(stub<v1::Meta>(1), &v1::Meta::Stub::WatchCluster, {});
    EXPECT_EQ(again.finish().error_code(), StatusCode::UNAVAILABLE);
    ViewCall other(stub<v1::Meta>(0), &v1::Meta::Stub::WatchCluster, {});
    ASSERT_TRUE(other.read(view));
    EXPECT_EQ(view.nodes(1).role(), "failed");
    setNode("node1", fv1::NodeFault::UP);
    ViewCall back(stub<v1::Meta>(1), &v1::Meta::Stub::WatchCluster, {});
    EXPECT_TRUE(back.read(view));
}

TEST_F(FaultsTest, AFrozenNodeAnswersNothingUntilItThaws)
{
    start();
    ASSERT_TRUE(put("k", "v").ok());
    setNode("node0", fv1::NodeFault::FROZEN);
    v1::GetRequest request;
    request.set_key("k");
    v1::GetResponse response;
    EXPECT_EQ(call(*stub<v1::Kv>(), &v1::Kv::Stub::Get, request, response, std::chrono::milliseconds(300))
                  .error_code(),
        StatusCode::DEADLINE_EXCEEDED);
    auto held = std::async(std::launch::async, [this] {
        v1::GetResponse late;
        const auto status = get("k", late);
        return status.ok() ? late.value() : status.error_message();
    });
    ViewCall watch(stub<v1::Meta>(), &v1::Meta::Stub::WatchCluster, {});
    EXPECT_EQ(held.wait_for(std::chrono::milliseconds(1200)), std::future_status::timeout);
    setNode("node0", fv1::NodeFault::UP);
    EXPECT_EQ(held.get(), "v");
    v1::ClusterView view;
    EXPECT_TRUE(watch.read(view)) << "and the stream begins to speak";
}

TEST_F(FaultsTest, AFrozenServerStillStopsQuickly)
{
    start();
    setNode("node0", fv1::NodeFault::FROZEN);
    auto held = std::async(std::launch::async, [this] { return put("k", "v"); });
    EXPECT_EQ(held.wait_for(std::chrono::milliseconds(200)), std::future_status::timeout);
    const auto begin = std::chrono::steady_clock::now();
    server->shutdown();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(1500));
    EXPECT_EQ(held.get().error_code(), StatusCode::UNAVAILABLE);
}

TEST_F(FaultsTest, DelayHoldsEveryCall)
{
    start();
    setNode("node0", fv1::NodeFault::UP, 200);
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_TRUE(put("k", "v").ok());
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(200));
}

} // namespace
} // namespace norikv::tests
