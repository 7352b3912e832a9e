// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sandbox/enginefixture.h"

#include "client/placement.h"

#include <set>
#include <thread>

namespace norikv::tests {
namespace {

using sandbox::Quirks;
using sandbox::Version;
using sandbox::WriteError;

class Engine : public EngineFixture { };
INSTANTIATE_TEST_SUITE_P(Sandbox, Engine, disks(), diskName);

TEST_P(Engine, PutGetDelete)
{
    start();
    EXPECT_EQ(valueOf("k"), "(missing)");
    EXPECT_EQ(submit(engine(), putOf("k", "v"))->index, 1U);
    EXPECT_EQ(valueOf("k"), "v");
    EXPECT_EQ(submit(engine(), deleteOf("k"))->index, 2U);
    EXPECT_EQ(valueOf("k"), "(missing)");
    EXPECT_TRUE(submit(engine(), deleteOf("never"))) << "deleting nothing is a success";
}

TEST_P(Engine, VersionsCountPerShardAndAreTheSameInPutAndGet)
{
    start({}, 2);
    std::map<std::uint32_t, std::uint64_t> last;
    for (int i = 0; i < 50; ++i) {
        const auto key = "key" + std::to_string(i);
        const auto written = submit(engine(), putOf(key, "v"));
        ASSERT_TRUE(written);
        EXPECT_EQ(written->term, 0U);
        EXPECT_EQ(written->index, ++last[shardOf(key, 2)]);
        EXPECT_EQ(metaOf(key).index, written->index);
    }
    EXPECT_EQ(engine().shardIndex(0) + engine().shardIndex(1), 50U);
}

TEST_P(Engine, OneGroupSeesItsOwnWrites)
{
    start({}, 1);
    // Held back by the delay, so that they reach the committer together.
    auto quirks = engine().quirks();
    quirks.commitDelayMs = 50;
    engine().setQuirks(quirks);
    Answers answers;
    for (int i = 0; i < 10; ++i) {
        auto write = putOf("k", std::to_string(i));
        if (i > 0) {
            write.ifMatch = Version{0, static_cast<std::uint64_t>(i)};
        }
        write.done = answers.expect();
        engine().submit(std::move(write));
    }
    for (const auto& result : answers.wait()) {
        EXPECT_TRUE(result);
    }
    EXPECT_EQ(valueOf("k"), "9");
    EXPECT_EQ(metaOf("k").index, 10U);
}

/// Threads that add one to a counter by CAS; returns how many additions were acknowledged.
int increment(sandbox::Engine& engine, int threads, int each)
{
    std::atomic<int> acknowledged = 0;
    std::vector<std::jthread> writers;
    for (int thread = 0; thread < threads; ++thread) {
        writers.emplace_back([&] {
            for (int done = 0; done < each;) {
                std::string value;
                const auto meta = **engine.get("counter", value);
                auto write = putOf("counter", std::to_string(std::stoi(value) + 1));
                write.ifMatch = Version{0, meta.index};
                if (submit(engine, std::move(write))) {
                    ++done;
                    ++acknowledged;
                }
            }
        });
    }
    writers.clear();
    return acknowledged;
}

TEST_P(Engine, CasIsAtomicUnder16Threads)
{
    start();
    ASSERT_TRUE(submit(engine(), putOf("counter", "0")));
    EXPECT_EQ(increment(engine(), 16, 25), 400);
    EXPECT_EQ(valueOf("counter"), "400");
}

TEST_P(Engine, RacyCasLosesUpdatesInEveryRun)
{
    Quirks quirks;
    quirks.racyCas = true;
    quirks.casWindowMs = 5;
    start(quirks);
    for (int run = 0; run < 20; ++run) {
        ASSERT_TRUE(submit(engine(), putOf("counter", "0")));
        const int acknowledged = increment(engine(), 16, 2);
        EXPECT_LT(std::stoi(valueOf("counter")), acknowledged) << "run " << run;
    }
}

TEST_P(Engine, CasErrorsSpeakTheContract)
{
    start();
    auto write = putOf("k", "v");
    write.ifMatch = Version{0, 0};
    auto result = submit(engine(), write);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, WriteError::Kind::KeyMissing);
    EXPECT_EQ(result.error().text, "CAS failed: key does not exist");
    ASSERT_TRUE(submit(engine(), putOf("k", "v")));
    write.ifMatch = Version{3, 9};
    result = submit(engine(), write);
    EXPECT_EQ(result.error().kind, WriteError::Kind::VersionMismatch);
    EXPECT_EQ(result.error().text, "Version mismatch: expected term=3 index=9, got term=0 index=1");
}

TEST_P(Engine, DeleteHonoursIfMatchUnlessTheQuirkSaysNo)
{
    start();
    ASSERT_TRUE(submit(engine(), putOf("k", "v")));
    auto write = deleteOf("k");
    write.ifMatch = Version{0, 99};
    EXPECT_FALSE(submit(engine(), write));
    EXPECT_EQ(valueOf("k"), "v");
    Quirks quirks;
    quirks.deleteIgnoresIfMatch = true;
    engine().setQuirks(quirks);
    EXPECT_TRUE(submit(engine(), write));
    EXPECT_EQ(valueOf("k"), "(missing)");
}

TEST_P(Engine, AFailedCommitIsAnErrorAndLeavesNoTrace)
{
    if (GetParam() != Disk::Memory) {
        GTEST_SKIP() << "a real full disk is another test";
    }
    start({}, 1);
    ASSERT_TRUE(submit(engine(), putOf("k", "1", 5000)));
    const auto revision = engine().history().last();
    memory->full = true;
    auto failing = putOf("k", "2");
    failing.idempotencyKey = "id";
    const auto result = submit(engine(), failing);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, WriteError::Kind::Storage);
    EXPECT_EQ(valueOf("k"), "1");
    EXPECT_EQ(engine().history().last(), revision);
    memory->full = false;
    EXPECT_EQ(submit(engine(), failing)->index, 2U) << "neither the version nor the id was used up";
    EXPECT_EQ(valueOf("k"), "2");
}

TEST_P(Engine, LosesParallelWritesWhenAsked)
{
    Quirks quirks;
    quirks.loseParallelWrites = true;
    quirks.commitDelayMs = 50;
    start(quirks, 1);
    Answers answers;
    for (const auto* key : {"a", "b", "c", "d"}) {
        auto write = putOf(key, "v");
        write.done = answers.expect();
        engine().submit(std::move(write));
    }
    std::set<std::uint64_t> versions;
    for (const auto& result : answers.wait()) {
        ASSERT_TRUE(result) << "every one is acknowledged";
        versions.insert(result->index);
    }
    int present = 0;
    for (const auto* key : {"a", "b", "c", "d"}) {
        present += valueOf(key) == "v" ? 1 : 0;
    }
    EXPECT_LT(present, 4);
    EXPECT_LT(versions.size(), 4U) << "two report the same version";
}

TEST_P(Engine, WritesAfterStopAreAnswered)
{
    start();
    engine().stop();
    const auto result = submit(engine(), putOf("k", "v"));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, WriteError::Kind::Stopped);
}

TEST_P(Engine, ScanIsOneSnapshotInByteOrder)
{
    start();
    for (const std::string key : {"b", "a", "ab", "\xff", ""}) {
        ASSERT_TRUE(submit(engine(), putOf(key, "v" + key)));
    }
    const auto scan = engine().scan("");
    EXPECT_EQ(scan->revision(), engine().history().last());
    ASSERT_TRUE(submit(engine(), putOf("aa", "too late")));
    ASSERT_TRUE(submit(engine(), deleteOf("b")));
    std::vector<std::string> keys;
    for (; scan->valid(); scan->next()) {
        keys.emplace_back(scan->row().key);
        EXPECT_EQ(scan->row().value, "v" + keys.back());
    }
    EXPECT_TRUE(scan->status());
    EXPECT_EQ(keys, (std::vector<std::string>{"", "a", "ab", "b", "\xff"}));
}

TEST_P(Engine, ScanByPrefixAndFromAKey)
{
    start();
    for (const std::string key : {"p:1", "p:2", "p:3", "q:1"}) {
        ASSERT_TRUE(submit(engine(), putOf(key, "v")));
    }
    const auto keysOf = [this](const std::string& prefix, const std::string& after) {
        std::string keys;
        for (const auto scan = engine().scan(prefix, after); scan->valid(); scan->next()) {
            keys += std::string(scan->row().key) + ' ';
        }
        return keys;
    };
    EXPECT_EQ(keysOf("p:", ""), "p:1 p:2 p:3 ");
    EXPECT_EQ(keysOf("p:", "p:1"), "p:2 p:3 ");
    EXPECT_EQ(keysOf("q:", "a"), "q:1 ");
    EXPECT_EQ(keysOf("z", ""), "");
}

} // namespace
} // namespace norikv::tests
