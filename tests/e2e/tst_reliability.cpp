// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing acknowledged is lost and nothing is reported that did not happen, whatever the server does
// meanwhile. What the server alone promises is tested in tests/sandbox.
#include "tests/e2e/servers.h"
#include "tests/e2e/waiting.h"

#include "app/workspace.h"
#include "client/audit/counterrules.h"
#include "client/demo/loadgenerator.h"
#include "client/placement.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>

namespace norikv::tests {
namespace {

using client::ClosedRun;
using client::LoadGenerator;
using client::LoadPlan;
using client::LoadState;

/// One load generator, and a second client that looks at what was stored.
class Reliability : public testing::Test {
protected:
    void connect(const std::vector<std::string>& seeds, std::uint32_t shards = 1024)
    {
        writer = std::make_unique<OtherClient>(seeds, shards);
        judge = std::make_unique<OtherClient>(seeds, shards);
        load = std::make_unique<LoadGenerator>(writer->store(), writer->clock());
    }

    bool acknowledgedReaches(std::uint64_t count)
    {
        return waitFor([&] { return load->stats().acknowledged >= count; }, 60s);
    }

    ClosedRun finish(std::chrono::milliseconds limit = 120s)
    {
        EXPECT_TRUE(waitFor([&] { return load->stats().state == LoadState::Finished; }, limit))
            << load->stats().acknowledged << " acknowledged so far";
        auto run = load->closeBooks();
        EXPECT_TRUE(run) << (run ? "" : run.error().message);
        return run.value_or(ClosedRun{});
    }

    ClosedRun runToTheEnd(const LoadPlan& plan)
    {
        const auto started = load->start(plan);
        EXPECT_TRUE(started) << (started ? "" : started.error().message);
        return finish();
    }

    /// Read by another client and without our counter code.
    std::int64_t stored(const LoadPlan& plan)
    {
        if (!plan.sharded)
            return judge->count(plan.counter).value_or(-1);
        std::int64_t sum = 0;
        for (std::uint32_t i = 0; i < plan.shards; ++i)
            sum += judge->count(plan.counter + ":shard:" + std::to_string(i)).value_or(-1'000'000);
        return sum;
    }

    static LoadPlan plan(std::string counter, std::uint64_t increments, std::uint32_t shards = 0)
    {
        LoadPlan plan;
        plan.counter = std::move(counter);
        plan.increments = increments;
        plan.sharded = shards > 0;
        plan.shards = shards;
        return plan;
    }

    void expectBooksHold(const ClosedRun& run, std::int64_t inStore)
    {
        EXPECT_EQ(run.storedGain, inStore) << "the books and the store differ";
        EXPECT_LE(run.acknowledged, inStore) << "an acknowledged increment is lost";
        EXPECT_LE(inStore, run.acknowledged + run.unknown) << "an increment was applied twice, or unasked";
        EXPECT_FALSE(client::checkC3(run));
        RecordProperty("acknowledged", int(run.acknowledged));
        RecordProperty("unknown", int(run.unknown));
        std::printf("  acknowledged %lld <= stored %lld <= acknowledged + %lld unknown; %llu failed\n",
            static_cast<long long>(run.acknowledged), static_cast<long long>(inStore),
            static_cast<long long>(run.unknown), static_cast<unsigned long long>(load->stats().failed));
    }

    std::unique_ptr<OtherClient> writer, judge;
    std::unique_ptr<LoadGenerator> load; ///< last: its workers use the writer
};

TEST_F(Reliability, AThousandIncrementsOfOneKeyAreExact)
{
    const LiveServer server;
    connect(server.seeds());
    const auto wanted = plan("hits", 1000);
    const auto run = runToTheEnd(wanted);
    EXPECT_EQ(load->stats().failed, 0U) << load->stats().lastError;
    EXPECT_EQ(run.acknowledged, 1000);
    EXPECT_EQ(run.unknown, 0);
    EXPECT_EQ(stored(wanted), 1000);
    EXPECT_GT(run.conflicts, 0U) << "sixteen writers never met: nothing was proved";
}

TEST_F(Reliability, AThousandIncrementsOfTwentyShardsAreExact)
{
    const LiveServer server;
    connect(server.seeds());
    const auto wanted = plan("hits", 1000, 20);
    const auto run = runToTheEnd(wanted);
    EXPECT_EQ(load->stats().failed, 0U) << load->stats().lastError;
    EXPECT_EQ(run.acknowledged, 1000);
    EXPECT_EQ(stored(wanted), 1000);
}

TEST_F(Reliability, KilledThreeTimesUnderLoadTheBooksHold)
{
    LiveServer server;
    ASSERT_TRUE(server.ready());
    connect(server.seeds());
    auto wanted = plan("hits", 0, 20);
    ASSERT_TRUE(load->start(wanted));
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    for (int round = 0; round < 3; ++round) {
        const auto before = load->stats().acknowledged;
        ASSERT_TRUE(acknowledgedReaches(before + 200 + random() % 300)) << "round " << round;
        server.kill();
        waitFor([] { return false; }, std::chrono::milliseconds(random() % 400));
        server.start();
        ASSERT_TRUE(server.ready());
    }
    ASSERT_TRUE(acknowledgedReaches(load->stats().acknowledged + 300)) << "it never came back";
    load->stop();
    const auto run = finish();
    expectBooksHold(run, stored(wanted));
}

TEST_F(Reliability, TheMeterSaysExactlyWhatTheFaithfulServerLost)
{
    const LiveServer server({"--quirks=faithful", "--faults"});
    connect(server.seeds());
    for (int round = 0; round < 5; ++round) {
        auto wanted = plan("race:" + std::to_string(round), 1000);
        wanted.impatient = true;
        const auto run = runToTheEnd(wanted);
        const auto inStore = stored(wanted);
        const auto lost = run.acknowledged - inStore;
        EXPECT_EQ(run.unknown, 0);
        EXPECT_GE(lost, 1) << "round " << round;
        EXPECT_EQ(run.storedGain, inStore);
        const auto finding = client::checkC3(run);
        ASSERT_TRUE(finding);
        EXPECT_EQ(finding->severity, client::Severity::Certain);
        EXPECT_NE(finding->evidence.find(": " + std::to_string(lost) + " lost."), std::string::npos)
            << finding->evidence;
    }
}

TEST_F(Reliability, TenThousandIncrementsThroughLeaderMoves)
{
    const LiveServer server({"--faults"}, 3);
    connect(server.seeds());
    auto wanted = plan("hits", 10'000, 20);
    ASSERT_TRUE(load->start(wanted));
    int moves = 0;
    std::uint64_t next = 0;
    std::mt19937 random{7};
    // A shard moves after every 25 increments.
    while (load->stats().state != LoadState::Finished) {
        next = load->stats().acknowledged + 25;
        ASSERT_TRUE(waitFor(
            [&] {
                const auto stats = load->stats();
                return stats.acknowledged >= next || stats.state == LoadState::Finished;
            },
            60s))
            << load->stats().lastError;
        const auto key = client::shardKey("hits", static_cast<std::uint32_t>(random() % 20));
        client::Call call;
        const auto moved = judge->store().moveShard(
            call, {shardOf(key, 1024), "node" + std::to_string(random() % 3), false});
        ASSERT_TRUE(moved) << moved.error().message;
        ++moves;
    }
    const auto run = finish();
    EXPECT_GT(moves, 100);
    EXPECT_GT(run.acknowledged, 9'900) << load->stats().lastError;
    expectBooksHold(run, stored(wanted));
}

struct Footprint {
    std::size_t threads = 0;
    std::size_t files = 0;
    static Footprint now()
    {
        const auto count = [](const char* folder) {
            std::size_t entries = 0;
            for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder))
                ++entries;
            return entries;
        };
        return {count("/proc/self/task"), count("/proc/self/fd")};
    }
};

TEST_F(Reliability, AServerThatComesAndGoesLeavesNothingBehind)
{
    LiveServer server;
    ASSERT_TRUE(server.ready());
    OtherClient(server.seeds()).put("visits", "1");
    const SystemClock clock;
    client::Profile profile;
    profile.seeds = server.seeds();
    auto workspace = std::move(*app::Workspace::open(profile, clock, QString()));
    const auto online = [&] {
        return workspace->cluster().nodesUp() == 1
            && workspace->counters().state() == models::FeedState::Ready;
    };
    const auto round = [&] {
        server.kill();
        ASSERT_TRUE(waitFor([&] { return workspace->cluster().nodesUp() == 0; }, 1s));
        server.start();
        ASSERT_TRUE(server.ready());
        ASSERT_TRUE(waitFor(online, 3s));
    };
    ASSERT_TRUE(waitFor(online));
    // What is made once is made by then.
    for (int i = 0; i < 3; ++i)
        ASSERT_NO_FATAL_FAILURE(round());
    const auto before = Footprint::now();
    for (int i = 0; i < 20; ++i)
        ASSERT_NO_FATAL_FAILURE(round()) << i;
    // gRPC keeps a few threads for a while after a burst: settled means not above.
    EXPECT_TRUE(waitFor(
        [&] {
            const auto now = Footprint::now();
            return now.threads <= before.threads + 1 && now.files <= before.files + 1;
        },
        10s))
        << "threads " << before.threads << " -> " << Footprint::now().threads << ", files " << before.files
        << " -> " << Footprint::now().files;
}

TEST_F(Reliability, AgainstARealServer)
{
    const char* endpoint = std::getenv("NORIKV_ENDPOINT");
    if (endpoint == nullptr || *endpoint == '\0')
        GTEST_SKIP() << "no real server: set NORIKV_ENDPOINT=host:port and NORIKV_SHARDS=its total_shards";
    const char* shards = std::getenv("NORIKV_SHARDS");
    connect({endpoint}, shards != nullptr ? static_cast<std::uint32_t>(std::atoi(shards)) : 1024);
    // Fresh names: the store is not ours.
    const std::string mark = "e2e:" + client::randomUuid().substr(0, 8);
    const std::string greeting = mark + ":greeting";
    EXPECT_FALSE(judge->get(greeting).exists());
    ASSERT_TRUE(judge->put(greeting, "hello"));
    const auto entry = judge->get(greeting);
    EXPECT_EQ(entry.value, "hello");
    client::Call call;
    client::Put late;
    late.key = greeting;
    late.value = "late";
    late.ifMatch = client::Version{entry.version->term, entry.version->index + 1'000'000};
    const auto refused = judge->store().put(call, late);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, client::ErrorKind::Conflict) << refused.error().message;
    EXPECT_EQ(judge->get(greeting).value, "hello");
    client::Call removing;
    ASSERT_TRUE(judge->store().remove(removing, {.key = greeting, .idempotencyKey = {}, .ifMatch = {}}));
    EXPECT_FALSE(judge->get(greeting).exists());

    // One writer alone loses nothing, racy compare-and-set or not.
    auto alone = plan(mark + ":alone", 100);
    alone.workers = 1;
    const auto quiet = runToTheEnd(alone);
    EXPECT_EQ(quiet.acknowledged, 100) << load->stats().lastError;
    EXPECT_EQ(stored(alone), 100);

    // Sixteen writers: never more than was asked, and the meter tells what is missing.
    const auto crowd = plan(mark + ":crowd", 300);
    const auto run = runToTheEnd(crowd);
    EXPECT_EQ(run.storedGain, stored(crowd));
    EXPECT_LE(stored(crowd), run.acknowledged + run.unknown);
    EXPECT_EQ(client::checkC3(run).has_value(), run.acknowledged > stored(crowd));
    std::printf("  %lld acknowledged, %lld stored, %lld unknown, %llu failed, %llu conflicts in %llu tries\n",
        static_cast<long long>(run.acknowledged), static_cast<long long>(stored(crowd)),
        static_cast<long long>(run.unknown), static_cast<unsigned long long>(load->stats().failed),
        static_cast<unsigned long long>(run.conflicts), static_cast<unsigned long long>(run.tries));

    // The window's feeds live with what the server offers.
    client::Profile profile;
    profile.seeds = {endpoint};
    profile.totalShards = judge->connection().profile().totalShards;
    profile.counters = {alone.counter};
    const SystemClock clock;
    auto workspace = std::move(*app::Workspace::open(profile, clock, QString()));
    EXPECT_TRUE(waitFor(
        [&] {
            const auto* state = workspace->counters().book().find(alone.counter);
            return workspace->cluster().nodesUp() == 1 && state && state->total == 100;
        },
        10s));
    EXPECT_EQ(workspace->counters().coverage(), client::Coverage::KnownKeys);
    for (const auto& key : {alone.counter, crowd.counter}) {
        client::Call cleanup;
        (void)judge->store().remove(cleanup, {.key = key, .idempotencyKey = {}, .ifMatch = {}});
    }
}

} // namespace
} // namespace norikv::tests
