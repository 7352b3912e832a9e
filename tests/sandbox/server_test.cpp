// SPDX-License-Identifier: GPL-3.0-or-later
// A server in this process: what conformance cannot see, because it takes several nodes, a restart or a moved
// clock.
#include "tests/sandbox/serverfixture.h"

#include "client/placement.h"

#include <httplib.h>

#include <array>
#include <fstream>
#include <future>
#include <set>

namespace norikv::tests {
namespace {

using grpc::StatusCode;

class SandboxServer : public ServerFixture { };

TEST_F(SandboxServer, TellsTheExactExpiryOnlyWithExplore)
{
    auto wanted = config();
    start(wanted);
    ASSERT_TRUE(put("k", "v", 60'000).ok());
    v1::GetResponse response;
    ASSERT_TRUE(get("k", response).ok());
    EXPECT_EQ(response.meta().at("expires_at_ms"), std::to_string(clock.nowMs() + 60'000));
    ASSERT_TRUE(put("forever", "v").ok());
    response.Clear();
    ASSERT_TRUE(get("forever", response).ok());
    EXPECT_TRUE(response.meta().empty());

    wanted.explore = false;
    start(wanted);
    response.Clear();
    ASSERT_TRUE(get("k", response).ok());
    EXPECT_TRUE(response.meta().empty());

    wanted.explore = true;
    wanted.quirks.emptyMeta = true;
    start(wanted);
    response.Clear();
    ASSERT_TRUE(get("k", response).ok());
    EXPECT_TRUE(response.meta().empty());
}

TEST_F(SandboxServer, ThreeNodesNeedRouting)
{
    auto wanted = config();
    wanted.nodes = 3;
    start(wanted);
    ASSERT_EQ(server->nodes().size(), 3U);
    std::array<int, 3> led{};
    for (int i = 0; i < 60; ++i) {
        const auto key = "key" + std::to_string(i);
        const std::size_t leader = shardOf(key, 1024) % 3;
        ++led[leader];
        for (std::size_t node = 0; node < 3; ++node) {
            const auto status = put(key, "v", 0, node);
            if (node == leader) {
                EXPECT_TRUE(status.ok()) << status.error_message();
            } else {
                EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE);
                EXPECT_EQ(status.error_message(), "NOT_LEADER");
                v1::GetResponse response;
                EXPECT_EQ(get(key, response, node).error_message(), "NOT_LEADER");
            }
        }
    }
    EXPECT_TRUE(led[0] > 0 && led[1] > 0 && led[2] > 0);
}

TEST_F(SandboxServer, EachNodeNamesOnlyItsOwnShardsAndADialableAddress)
{
    auto wanted = config();
    wanted.nodes = 3;
    wanted.totalShards = 10;
    start(wanted);
    std::set<std::uint32_t> all;
    for (std::size_t node = 0; node < 3; ++node) {
        OpenStream<v1::Meta::Stub, v1::ClusterView, v1::ClusterView> watch(
            stub<v1::Meta>(node), &v1::Meta::Stub::WatchCluster, {});
        v1::ClusterView view;
        ASSERT_TRUE(watch.read(view));
        ASSERT_EQ(view.nodes_size(), 3);
        for (int i = 0; i < 3; ++i) {
            EXPECT_EQ(view.nodes(i).id(), "node" + std::to_string(i));
            EXPECT_EQ(view.nodes(i).addr(),
                "127.0.0.1:" + std::to_string(server->nodes()[static_cast<std::size_t>(i)].rpc));
        }
        for (const auto& shard : view.shards()) {
            ASSERT_EQ(shard.replicas_size(), 1);
            EXPECT_EQ(shard.replicas(0).node_id(), "node" + std::to_string(node));
            EXPECT_TRUE(shard.replicas(0).leader());
            EXPECT_TRUE(all.insert(shard.id()).second);
        }
    }
    EXPECT_EQ(all.size(), 10U);
}

TEST_F(SandboxServer, WithoutExploreAndFaultsTheyAreUnimplemented)
{
    auto wanted = config();
    wanted.explore = false;
    wanted.faults = false;
    start(wanted);
    explore::v1::StatResponse stat;
    EXPECT_EQ(call(*stub<explore::v1::Explore>(), &explore::v1::Explore::Stub::Stat,
                  explore::v1::StatRequest(), stat)
                  .error_code(),
        StatusCode::UNIMPLEMENTED);
    sandbox::v1::Quirks quirks;
    EXPECT_EQ(call(*stub<sandbox::v1::Faults>(), &sandbox::v1::Faults::Stub::GetQuirks, sandbox::v1::Empty(),
                  quirks)
                  .error_code(),
        StatusCode::UNIMPLEMENTED);
}

TEST_F(SandboxServer, StartsAndStopsOftenInOneProcess)
{
    for (int i = 0; i < 10; ++i) {
        start();
        ASSERT_TRUE(put("k" + std::to_string(i), "v").ok());
    }
    v1::GetResponse response;
    ASSERT_TRUE(get("k0", response).ok());
    EXPECT_EQ(response.value(), "v");
}

TEST_F(SandboxServer, ShutdownIsQuickWithOpenStreamsAndCalls)
{
    auto wanted = config();
    wanted.quirks.commitDelayMs = 30'000;
    start(wanted);
    OpenStream<v1::Meta::Stub, v1::ClusterView, v1::ClusterView> view(
        stub<v1::Meta>(), &v1::Meta::Stub::WatchCluster, {});
    OpenStream<explore::v1::Explore::Stub, explore::v1::WatchRequest, explore::v1::WatchBatch> watch(
        stub<explore::v1::Explore>(), &explore::v1::Explore::Stub::Watch, {});
    v1::ClusterView first;
    explore::v1::WatchBatch batch;
    ASSERT_TRUE(view.read(first));
    ASSERT_TRUE(watch.read(batch));
    auto late = std::async(std::launch::async, [this] { return put("k", "v"); });
    httplib::Client idle("127.0.0.1", server->nodes()[0].http);
    idle.set_keep_alive(true);
    ASSERT_TRUE(idle.Get("/healthz"));
    const auto start = std::chrono::steady_clock::now();
    server->shutdown();
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(1500));
    EXPECT_EQ(view.finish().error_code(), StatusCode::UNAVAILABLE);
    EXPECT_EQ(watch.finish().error_code(), StatusCode::UNAVAILABLE);
    late.get(); // answered, one way or the other
    server->shutdown(); // again does nothing
}

TEST_F(SandboxServer, PortFilesAppearAndGo)
{
    auto wanted = config();
    wanted.portFile = folder / "ports.json";
    start(wanted);
    for (const auto& path : {wanted.portFile, wanted.dataDir + "/sandbox.json"}) {
        std::ifstream file(path);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        EXPECT_NE(text.find("\"rpc\":" + std::to_string(server->nodes()[0].rpc)), std::string::npos) << text;
        EXPECT_NE(text.find("\"nodes\":["), std::string::npos);
        EXPECT_EQ(std::filesystem::status(path).permissions() & std::filesystem::perms::mask,
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
    EXPECT_EQ(std::filesystem::status(wanted.dataDir).permissions() & std::filesystem::perms::mask,
        std::filesystem::perms::owner_all);
    server->shutdown();
    EXPECT_FALSE(std::filesystem::exists(wanted.portFile));
    EXPECT_FALSE(std::filesystem::exists(wanted.dataDir + "/sandbox.json"));
}

TEST_F(SandboxServer, ABusyHttpPortIsAnErrorOnlyWhenAskedFor)
{
    start();
    auto second = config();
    second.dataDir = folder / "second";
    second.httpAddr = "127.0.0.1:" + std::to_string(server->nodes()[0].http);
    second.httpAsked = true;
    const auto refused = sandbox::Server::start(second, clock);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().find(second.httpAddr + " is already in use"), std::string::npos)
        << refused.error();
    second.httpAsked = false;
    const auto started = sandbox::Server::start(second, clock);
    ASSERT_TRUE(started) << started.error();
    EXPECT_EQ((*started)->nodes()[0].http, 0);
    EXPECT_EQ((*started)->warnings().size(), 1U);
}

TEST_F(SandboxServer, TheSameFolderTwiceIsRefused)
{
    start();
    const auto second = sandbox::Server::start(config(), clock);
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().find("in use by another sandbox"), std::string::npos) << second.error();
    EXPECT_TRUE(put("k", "v").ok()) << "the first is unharmed";
    EXPECT_TRUE(std::filesystem::exists(config().dataDir + "/sandbox.json"));
}

} // namespace
} // namespace norikv::tests
