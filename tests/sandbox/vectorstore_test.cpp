// SPDX-License-Identifier: GPL-3.0-or-later
// Vectors in the engine, without gRPC: what is decided, what is on disk, what a restart finds.
#include "sandbox/keyspace.h"
#include "tests/sandbox/enginefixture.h"
#include "tests/sandbox/vectordata.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <limits>

namespace norikv::tests {
namespace {

using client::Distance;
using client::IndexType;
using sandbox::VectorError;
using sandbox::VectorResult;
using sandbox::VectorWrite;
using Op = VectorWrite::Op;

VectorWrite createOf(const std::string& index, std::uint32_t dimensions,
    Distance distance = Distance::Euclidean, IndexType type = IndexType::Hnsw)
{
    VectorWrite write;
    write.op = Op::Create;
    write.index = index;
    write.dimensions = dimensions;
    write.distance = distance;
    write.type = type;
    return write;
}

VectorWrite insertOf(const std::string& index, const std::string& id, std::vector<float> values)
{
    VectorWrite write;
    write.index = index;
    write.id = id;
    write.values = std::move(values);
    return write;
}

VectorWrite opOf(Op op, const std::string& index, const std::string& id = {})
{
    VectorWrite write;
    write.op = op;
    write.index = index;
    write.id = id;
    return write;
}

std::future<VectorResult> begin(sandbox::Engine& engine, VectorWrite write)
{
    auto answer = std::make_shared<std::promise<VectorResult>>();
    write.done = [answer](const VectorResult& result) { answer->set_value(result); };
    engine.submit(std::move(write));
    return answer->get_future();
}

VectorResult answerOf(sandbox::Engine& engine, VectorWrite write)
{
    return begin(engine, std::move(write)).get();
}

class VectorStoreTest : public EngineFixture {
protected:
    bool changed(VectorWrite write)
    {
        const auto result = answerOf(engine(), std::move(write));
        EXPECT_TRUE(result) << (result ? "" : result.error().text);
        return result && result->changed;
    }
    void expectRefused(VectorWrite write, VectorError::Kind kind, const std::string& text)
    {
        const auto result = answerOf(engine(), std::move(write));
        ASSERT_FALSE(result) << text;
        EXPECT_EQ(result.error().kind, kind) << text;
        EXPECT_EQ(result.error().text, text);
    }
    /// Exactly, because everything is asked for.
    std::string nearest(const std::string& index, const std::vector<float>& query)
    {
        const auto vectors = engine().vectors().find(index).vectors;
        const auto matches = vectors->search(query, vectors->size(), false);
        return matches.empty() ? "(none)" : matches.front().id;
    }
    std::optional<std::vector<float>> stored(const std::string& index, const std::string& id)
    {
        const auto& vectors = engine().vectors();
        const auto found = vectors.get(vectors.find(index), id);
        EXPECT_TRUE(found);
        return found ? *found : std::nullopt;
    }
    std::vector<std::string> ids(const std::string& index, const std::string& startAfter = {})
    {
        const auto& vectors = engine().vectors();
        std::vector<std::string> all;
        for (const auto at = vectors.ids(vectors.find(index), startAfter); at->valid(); at->next()) {
            all.emplace_back(at->id());
        }
        return all;
    }
    /// Rows of the memory disk that begin so.
    std::size_t rows(const std::string& prefix) const
    {
        const std::shared_lock lock(memory->mutex);
        return static_cast<std::size_t>(std::ranges::count_if(
            memory->rows, [&](const auto& row) { return row.first.starts_with(prefix); }));
    }
};

TEST_P(VectorStoreTest, AnswersTellWhatChanged)
{
    start();
    EXPECT_TRUE(changed(createOf("docs", 2)));
    EXPECT_FALSE(changed(createOf("docs", 2))) << "the same is there";
    EXPECT_TRUE(changed(insertOf("docs", "a", {1, 0})));
    EXPECT_TRUE(changed(insertOf("docs", "a", {0, 1}))) << "replaced";
    EXPECT_EQ(stored("docs", "a"), (std::vector<float>{0, 1}));
    EXPECT_TRUE(changed(opOf(Op::Delete, "docs", "a")));
    EXPECT_FALSE(changed(opOf(Op::Delete, "docs", "a"))) << "it was gone";
    EXPECT_EQ(stored("docs", "a"), std::nullopt);
    EXPECT_TRUE(changed(opOf(Op::Drop, "docs")));
    EXPECT_FALSE(changed(opOf(Op::Drop, "docs"))) << "no error, but nothing dropped";
    EXPECT_EQ(engine().vectors().find("docs").vectors, nullptr);
}

TEST_P(VectorStoreTest, RefusalsSayWhy)
{
    start();
    ASSERT_TRUE(changed(createOf("docs", 2)));
    using Kind = VectorError::Kind;
    expectRefused(insertOf("dogs", "a", {1, 2}), Kind::NotFound, "Vector namespace 'dogs' not found");
    expectRefused(opOf(Op::Delete, "dogs", "a"), Kind::NotFound, "Vector namespace 'dogs' not found");
    expectRefused(
        insertOf("docs", "a", {1, 2, 3}), Kind::Invalid, "Vector dimension mismatch: expected 2, got 3");
    constexpr float infinite = std::numeric_limits<float>::infinity();
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    expectRefused(insertOf("docs", "a", {nan, 2}), Kind::Invalid, "Invalid vector: value 0 is not finite");
    expectRefused(
        insertOf("docs", "a", {1, infinite}), Kind::Invalid, "Invalid vector: value 1 is not finite");
    expectRefused(
        insertOf("docs", "a", {1, -infinite}), Kind::Invalid, "Invalid vector: value 1 is not finite");
    const std::string other
        = "Vector namespace 'docs' already exists with other dimensions, distance or type";
    expectRefused(createOf("docs", 3), Kind::Invalid, other);
    expectRefused(createOf("docs", 2, Distance::Cosine), Kind::Invalid, other);
    expectRefused(createOf("docs", 2, Distance::Euclidean, IndexType::BruteForce), Kind::Invalid, other);
    auto unspecified = createOf("new", 2);
    unspecified.distance.reset();
    expectRefused(unspecified, Kind::Invalid, "Distance function must be specified");
    EXPECT_TRUE(ids("docs").empty()) << "nothing was written";
}

TEST_P(VectorStoreTest, VersionsRiseWithEveryChangeAndNeverFall)
{
    start();
    ASSERT_TRUE(changed(createOf("docs", 1)));
    const auto first = answerOf(engine(), insertOf("docs", "a", {1}))->version.index;
    const auto second = answerOf(engine(), insertOf("docs", "b", {1}))->version.index;
    EXPECT_EQ(second, first + 1);
    start();
    EXPECT_EQ(answerOf(engine(), insertOf("docs", "c", {1}))->version.index, second + 1);
}

TEST_P(VectorStoreTest, ARestartFindsEverythingAndBuildsTheGraphAgain)
{
    constexpr std::size_t count = 1500;
    const auto vectors = clustered(count, 8, 10);
    start();
    ASSERT_TRUE(changed(createOf("docs", 8)));
    ASSERT_TRUE(changed(createOf("exact", 3, Distance::InnerProduct, IndexType::BruteForce)));
    std::vector<std::future<VectorResult>> answers;
    for (std::size_t i = 0; i < count; ++i) {
        answers.push_back(begin(engine(), insertOf("docs", std::to_string(i), vectors[i])));
    }
    for (auto& answer : answers) {
        ASSERT_TRUE(answer.get());
    }
    ASSERT_TRUE(changed(insertOf("exact", std::string("\0\xff id", 5), {1, 2, 3})));
    ASSERT_TRUE(changed(opOf(Op::Delete, "docs", "7")));
    start();
    const auto docs = engine().vectors().find("docs").vectors;
    ASSERT_NE(docs, nullptr);
    EXPECT_EQ(docs->size(), count - 1) << "all there at once";
    EXPECT_EQ(nearest("docs", vectors[11]), "11") << "and found, with or without a graph";
    EXPECT_NE(nearest("docs", vectors[7]), "7");
    EXPECT_TRUE(eventually([&] { return engine().vectors().progress().indexed == count - 1; }));
    EXPECT_EQ(engine().vectors().progress().stored, count - 1);
    EXPECT_EQ(nearest("docs", vectors[11]), "11");
    const auto exact = engine().vectors().find("exact").vectors;
    ASSERT_NE(exact, nullptr);
    EXPECT_EQ(
        exact->parameters(), (sandbox::VectorParameters{3, Distance::InnerProduct, IndexType::BruteForce}));
    EXPECT_EQ(ids("exact"), std::vector<std::string>{std::string("\0\xff id", 5)});
}

TEST_P(VectorStoreTest, ADroppedIndexIsSweptAndItsNameIsNewAgain)
{
    start();
    ASSERT_TRUE(changed(createOf("docs", 1)));
    ASSERT_TRUE(changed(createOf("kept", 1)));
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(changed(insertOf("docs", "d" + std::to_string(i), {1})));
    }
    ASSERT_TRUE(changed(insertOf("kept", "k", {1})));
    ASSERT_TRUE(changed(opOf(Op::Drop, "docs")));
    ASSERT_TRUE(changed(createOf("docs", 2, Distance::Cosine)));
    EXPECT_TRUE(ids("docs").empty()) << "nothing of the old one";
    if (GetParam() == Disk::Memory) {
        EXPECT_TRUE(eventually([&] { return rows("vr") == 1; })) << rows("vr");
    }
    start();
    EXPECT_EQ(engine().vectors().find("docs").vectors->parameters().dimensions, 2U);
    EXPECT_EQ(ids("kept"), std::vector<std::string>{"k"});
}

TEST_P(VectorStoreTest, IdsAreListedInByteOrder)
{
    start();
    ASSERT_TRUE(changed(createOf("docs", 1)));
    ASSERT_TRUE(changed(createOf("next", 1)));
    for (const auto* id : {"b", "\xff", "a", "ab", "B"}) {
        ASSERT_TRUE(changed(insertOf("docs", id, {1})));
    }
    ASSERT_TRUE(changed(insertOf("next", "c", {1})));
    EXPECT_EQ(ids("docs"), (std::vector<std::string>{"B", "a", "ab", "b", "\xff"}));
    EXPECT_EQ(ids("docs", "a"), (std::vector<std::string>{"ab", "b", "\xff"}));
    EXPECT_EQ(ids("docs", "aa"), (std::vector<std::string>{"ab", "b", "\xff"})) << "need not exist";
    EXPECT_TRUE(ids("docs", "\xff").empty());
}

TEST_P(VectorStoreTest, WritesThatWaitTogetherSeeEachOther)
{
    sandbox::Quirks slow;
    slow.commitDelayMs = 5; // they wait together, and in order
    start(slow);
    auto created = begin(engine(), createOf("docs", 1));
    auto inserted = begin(engine(), insertOf("docs", "a", {1}));
    auto deleted = begin(engine(), opOf(Op::Delete, "docs", "a"));
    auto again = begin(engine(), opOf(Op::Delete, "docs", "a"));
    auto last = begin(engine(), insertOf("docs", "a", {2}));
    auto dropped = begin(engine(), opOf(Op::Drop, "docs"));
    auto late = begin(engine(), insertOf("docs", "b", {1}));
    EXPECT_TRUE(created.get()->changed);
    EXPECT_TRUE(inserted.get()->changed);
    EXPECT_TRUE(deleted.get()->changed);
    EXPECT_FALSE(again.get()->changed);
    EXPECT_TRUE(last.get()->changed);
    EXPECT_TRUE(dropped.get()->changed);
    EXPECT_FALSE(late.get().has_value());
}

TEST_P(VectorStoreTest, ARepeatIsAnsweredAsTheFirstTime)
{
    start();
    auto create = createOf("docs", 1);
    create.idempotencyKey = "k";
    EXPECT_TRUE(changed(create));
    EXPECT_TRUE(changed(create)) << "as the first time, not false";
    auto insert = insertOf("docs", "a", {1});
    insert.idempotencyKey = "k"; // of another operation
    EXPECT_TRUE(changed(insert));
    ASSERT_TRUE(changed(opOf(Op::Delete, "docs", "a")));
    const auto version = answerOf(engine(), insertOf("docs", "z", {1}))->version;
    const auto repeated = answerOf(engine(), insert);
    ASSERT_TRUE(repeated);
    EXPECT_TRUE(repeated->changed);
    EXPECT_EQ(repeated->version, version) << "the current one (wire-contract 5.2)";
    EXPECT_EQ(stored("docs", "a"), std::nullopt) << "and it was not inserted again";
    auto broken = createOf("docs", 1);
    broken.distance.reset();
    broken.idempotencyKey = "k";
    EXPECT_TRUE(changed(broken)) << "known before its distance is looked at";
    start();
    EXPECT_TRUE(changed(insert));
    EXPECT_EQ(stored("docs", "a"), std::nullopt) << "also after a restart";
    advance(sandbox::IdempotencyTable::keptMs);
    EXPECT_TRUE(changed(insert));
    EXPECT_NE(stored("docs", "a"), std::nullopt) << "forgotten after a day";
    auto first = insertOf("docs", "t", {1});
    first.idempotencyKey = "twice";
    auto second = opOf(Op::Delete, "docs", "t");
    auto one = begin(engine(), first);
    auto two = begin(engine(), second);
    auto three = begin(engine(), first);
    EXPECT_TRUE(one.get()->changed && two.get()->changed && three.get()->changed);
    EXPECT_EQ(stored("docs", "t"), std::nullopt) << "single flight";
}

TEST_P(VectorStoreTest, KeysKnowNothingOfVectors)
{
    start();
    ASSERT_TRUE(changed(createOf("docs", 1)));
    ASSERT_TRUE(changed(insertOf("docs", "a", {1})));
    EXPECT_FALSE(engine().scan("")->valid()) << "never in a scan";
    EXPECT_TRUE(engine().history().after(1, "").events.empty()) << "nor in a watch";
}

TEST_P(VectorStoreTest, AFailedCommitLeavesNoTrace)
{
    if (GetParam() != Disk::Memory) {
        GTEST_SKIP() << "a disk that is full on demand";
    }
    start();
    ASSERT_TRUE(changed(createOf("docs", 1)));
    ASSERT_TRUE(changed(insertOf("docs", "a", {1})));
    memory->full = true;
    const auto refused = answerOf(engine(), insertOf("docs", "b", {5}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, VectorError::Kind::Storage);
    EXPECT_FALSE(answerOf(engine(), opOf(Op::Drop, "docs")));
    EXPECT_EQ(nearest("docs", {5}), "a");
    memory->full = false;
    EXPECT_TRUE(changed(insertOf("docs", "b", {5})));
    EXPECT_EQ(nearest("docs", {5}), "b");
}

TEST_P(VectorStoreTest, AfterTheStopWritesAreRefused)
{
    auto& stopped = start();
    ASSERT_TRUE(changed(createOf("docs", 1)));
    stopped.stop();
    const auto result = answerOf(stopped, insertOf("docs", "a", {1}));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, VectorError::Kind::Stopped);
}

TEST_P(VectorStoreTest, ADamagedVectorIsSaid)
{
    if (GetParam() != Disk::Memory) {
        GTEST_SKIP() << "RocksDB reports its own damage";
    }
    start();
    ASSERT_TRUE(changed(createOf("docs", 2)));
    ASSERT_TRUE(changed(insertOf("docs", "a", {1, 2})));
    memory->rows[sandbox::vectorRowKey(std::uint64_t(1), "a")] = "12345";
    const auto opened
        = sandbox::Engine::open(std::make_unique<MemoryStorage>(memory), 16, sandbox::Quirks::sound(), clock);
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().find("damaged"), std::string::npos) << opened.error();
}

#if !defined(__SANITIZE_THREAD__)
TEST(VectorStoreDamage, SixtyFourBytesAnywhereAreSaidOrHarmless)
{
    const TempFolder folder;
    const FakeClock clock;
    const auto vectors = clustered(300, 8, 5);
    const auto open = [&](const std::string& name) -> sandbox::Result<std::unique_ptr<sandbox::Engine>> {
        auto storage = sandbox::RocksStorage::open(folder.path() / name);
        if (!storage) {
            return tl::unexpected(storage.error());
        }
        return sandbox::Engine::open(std::move(*storage), 16, sandbox::Quirks::sound(), clock);
    };
    {
        const auto engine = open("whole");
        ASSERT_TRUE(engine);
        ASSERT_TRUE(answerOf(**engine, createOf("docs", 8)));
        std::vector<std::future<VectorResult>> answers;
        for (std::size_t i = 0; i < vectors.size(); ++i) {
            answers.push_back(begin(**engine, insertOf("docs", std::to_string(i), vectors[i])));
        }
        for (auto& answer : answers) {
            ASSERT_TRUE(answer.get());
        }
    }
    std::mt19937 random(5);
    int said = 0;
    int harmless = 0;
    for (int trial = 0; trial < 60; ++trial) {
        std::filesystem::remove_all(folder.path() / "damaged");
        std::filesystem::copy(folder.path() / "whole", folder.path() / "damaged");
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "damaged")) {
            if (entry.is_regular_file() && entry.file_size() > 0) {
                files.push_back(entry.path());
            }
        }
        std::ranges::sort(files); // a folder lists them in any order
        const auto& chosen = files[random() % files.size()];
        std::fstream file(chosen, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(random() % std::filesystem::file_size(chosen)));
        for (int i = 0; i < 64; ++i) {
            file.put(static_cast<char>(random()));
        }
        file.close();
        const auto engine = open("damaged");
        if (!engine) {
            ++said;
            continue;
        }
        const auto index = (*engine)->vectors().find("docs");
        ASSERT_NE(index.vectors, nullptr) << chosen;
        ASSERT_EQ(index.vectors->size(), vectors.size()) << chosen;
        for (const auto& match : index.vectors->search(vectors[0], vectors.size(), true)) {
            ASSERT_EQ(match.values, vectors[std::stoul(match.id)]) << chosen;
        }
        ++harmless;
    }
    EXPECT_GT(said, 0);
    EXPECT_GT(harmless, 0);
}
#endif

INSTANTIATE_TEST_SUITE_P(Disks, VectorStoreTest, disks(), diskName);

} // namespace
} // namespace norikv::tests
