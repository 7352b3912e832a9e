// SPDX-License-Identifier: GPL-3.0-or-later
// The program: starts, refuses to start in one sentence, ends cleanly, loses nothing when killed.
#include "tests/sandbox/sandboxprocess.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <norikv/v1/norikv.grpc.pb.h>

#include <sys/mount.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

namespace norikv::tests {
namespace {

class SandboxProgram : public testing::Test {
protected:
    std::vector<std::string> arguments(const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> all{
            "--listen=127.0.0.1:0", "--http=127.0.0.1:0", "--data-dir=" + (folder / "data")};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    static std::unique_ptr<v1::Kv::Stub> connect(const SandboxProcess& process)
    {
        return v1::Kv::NewStub(grpc::CreateChannel(
            "127.0.0.1:" + std::to_string(process.ports().front().rpc), grpc::InsecureChannelCredentials()));
    }
    static bool put(v1::Kv::Stub& kv, const std::string& key, const std::string& value)
    {
        v1::PutRequest request;
        request.set_key(key);
        request.set_value(value);
        v1::PutResponse response;
        grpc::ClientContext context;
        return kv.Put(&context, request, &response).ok();
    }
    static std::string get(v1::Kv::Stub& kv, const std::string& key)
    {
        v1::GetRequest request;
        request.set_key(key);
        v1::GetResponse response;
        grpc::ClientContext context;
        const auto status = kv.Get(&context, request, &response);
        return status.ok() ? response.value() : "error: " + status.error_message();
    }
    static void expectRefusal(SandboxProcess& process, const std::string& words)
    {
        EXPECT_FALSE(process.ready());
        EXPECT_GT(process.wait(), 0) << "an exit code, not a signal";
        EXPECT_NE(process.errors().find(words), std::string::npos) << process.errors();
        EXPECT_EQ(std::count(process.errors().begin(), process.errors().end(), '\n'), 1) << process.errors();
    }

    TempFolder folder;
    const std::string binary = NORIKV_SANDBOX_BINARY;
};

TEST_F(SandboxProgram, KillLosesNothingThatWasAcknowledged)
{
    constexpr int writers = 10;
    constexpr int each = 500;
    {
        SandboxProcess process(binary, arguments());
        ASSERT_TRUE(process.ready());
        const auto kv = connect(process);
        std::vector<std::jthread> threads;
        std::atomic<int> acknowledged = 0;
        for (int writer = 0; writer < writers; ++writer) {
            threads.emplace_back([&, writer] {
                for (int i = 0; i < each; ++i) {
                    const auto key = std::to_string(writer) + ':' + std::to_string(i);
                    acknowledged += put(*kv, key, "value of " + key) ? 1 : 0;
                }
            });
        }
        threads.clear();
        ASSERT_EQ(acknowledged, writers * each);
        process.signal(SIGKILL);
        EXPECT_EQ(process.wait(), -SIGKILL);
    }
    SandboxProcess process(binary, arguments());
    ASSERT_TRUE(process.ready());
    const auto kv = connect(process);
    for (int writer = 0; writer < writers; ++writer) {
        for (int i = 0; i < each; ++i) {
            const auto key = std::to_string(writer) + ':' + std::to_string(i);
            ASSERT_EQ(get(*kv, key), "value of " + key);
        }
    }
}

TEST_F(SandboxProgram, KilledInMidWriteItStartsAgain)
{
    std::atomic<int> acknowledged = 0;
    for (int round = 0; round < 10; ++round) {
        SandboxProcess process(binary, arguments());
        ASSERT_TRUE(process.ready()) << "round " << round;
        const auto kv = connect(process);
        for (int i = 0; i < acknowledged; ++i) {
            ASSERT_EQ(get(*kv, "k" + std::to_string(i)), "v");
        }
        const int target = acknowledged + 50;
        std::jthread writer([&] {
            while (put(*kv, "k" + std::to_string(acknowledged), "v")) {
                ++acknowledged;
            }
        });
        while (acknowledged < target) {
            std::this_thread::yield();
        }
        process.signal(SIGKILL);
    }
}

/// The values of one vector; different for every number.
std::vector<float> valuesOf(int number)
{
    return {static_cast<float>(number), 1.0F, static_cast<float>(-number)};
}

class VectorsOfProgram {
public:
    explicit VectorsOfProgram(const SandboxProcess& process)
        : m_stub(v1::Vector::NewStub(grpc::CreateChannel(
            "127.0.0.1:" + std::to_string(process.ports().front().rpc), grpc::InsecureChannelCredentials())))
    {
    }
    bool create()
    {
        v1::CreateVectorIndexRequest request;
        request.set_namespace_("docs");
        request.set_dimensions(3);
        request.set_distance(v1::DISTANCE_FUNCTION_EUCLIDEAN);
        v1::CreateVectorIndexResponse response;
        grpc::ClientContext context;
        return m_stub->CreateIndex(&context, request, &response).ok() && response.created();
    }
    bool insert(int number)
    {
        v1::VectorInsertRequest request;
        request.set_namespace_("docs");
        request.set_id(std::to_string(number));
        const auto values = valuesOf(number);
        request.mutable_vector()->Add(values.begin(), values.end());
        v1::VectorInsertResponse response;
        grpc::ClientContext context;
        return m_stub->Insert(&context, request, &response).ok();
    }
    std::string nearest(int number)
    {
        v1::VectorSearchRequest request;
        request.set_namespace_("docs");
        const auto values = valuesOf(number);
        request.mutable_query()->Add(values.begin(), values.end());
        request.set_k(1);
        v1::VectorSearchResponse response;
        grpc::ClientContext context;
        const auto status = m_stub->Search(&context, request, &response);
        return status.ok() && response.matches_size() == 1 ? response.matches(0).id()
                                                           : "error: " + status.error_message();
    }
    std::vector<float> get(int number)
    {
        v1::VectorGetRequest request;
        request.set_namespace_("docs");
        request.set_id(std::to_string(number));
        v1::VectorGetResponse response;
        grpc::ClientContext context;
        return m_stub->Get(&context, request, &response).ok()
            ? std::vector<float>(response.vector().begin(), response.vector().end())
            : std::vector<float>();
    }

private:
    std::unique_ptr<v1::Vector::Stub> m_stub;
};

TEST_F(SandboxProgram, KillLosesNoVectorThatWasAcknowledged)
{
    constexpr int writers = 32;
    std::vector<std::vector<int>> acknowledged(writers);
    {
        SandboxProcess process(binary, arguments());
        ASSERT_TRUE(process.ready());
        VectorsOfProgram vectors(process);
        ASSERT_TRUE(vectors.create());
        std::atomic<int> written = 0;
        std::vector<std::jthread> threads;
        for (int writer = 0; writer < writers; ++writer) {
            threads.emplace_back([&, writer] { // in the midst of writing, and of making the graph
                for (int number = writer; vectors.insert(number); number += writers) {
                    acknowledged[static_cast<std::size_t>(writer)].push_back(number);
                    ++written;
                }
            });
        }
        while (written < 1200) {
            std::this_thread::yield();
        }
        process.signal(SIGKILL);
        EXPECT_EQ(process.wait(), -SIGKILL);
    }
    SandboxProcess process(binary, arguments());
    ASSERT_TRUE(process.ready());
    VectorsOfProgram vectors(process);
    EXPECT_FALSE(vectors.create()) << "the same index is there";
    for (const auto& numbers : acknowledged) {
        for (const int number : numbers) {
            ASSERT_EQ(vectors.get(number), valuesOf(number));
        }
        EXPECT_EQ(vectors.nearest(numbers.back()), std::to_string(numbers.back()));
    }
}

TEST_F(SandboxProgram, ADamagedStoreOfVectorsIsOneSentence)
{
    {
        SandboxProcess process(binary, arguments());
        ASSERT_TRUE(process.ready());
        VectorsOfProgram vectors(process);
        ASSERT_TRUE(vectors.create());
        for (int number = 0; number < 100; ++number) {
            ASSERT_TRUE(vectors.insert(number));
        }
        process.signal(SIGTERM);
        ASSERT_EQ(process.wait(), 0);
    }
    int damaged = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "data")) {
        if (entry.path().extension() == ".sst") {
            std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(static_cast<std::streamoff>(entry.file_size() / 3));
            file << std::string(64, 'X');
            ++damaged;
        }
    }
    ASSERT_GT(damaged, 0);
    SandboxProcess process(binary, arguments());
    expectRefusal(process, "orruption"); // RocksDB's own word, in our sentence
}

TEST_F(SandboxProgram, TermAndInterruptEndItCleanly)
{
    for (const int number : {SIGTERM, SIGINT}) {
        SandboxProcess process(binary, arguments({"--nodes=3", "--port-file=" + (folder / "ports")}));
        ASSERT_TRUE(process.ready());
        EXPECT_EQ(process.ports().size(), 3U);
        EXPECT_TRUE(std::filesystem::exists(folder / "ports"));
        process.signal(number);
        EXPECT_EQ(process.wait(), 0);
        EXPECT_EQ(process.errors(), "");
        EXPECT_FALSE(std::filesystem::exists(folder / "ports"));
    }
}

TEST_F(SandboxProgram, StartsFromYamlAndEnvironment)
{
    std::ofstream(folder / "norikv.yaml")
        << "node_id: fromyaml\nrpc_addr: 127.0.0.1:0\nhttp_addr: 127.0.0.1:0\n";
    SandboxProcess process(binary, {folder / "norikv.yaml"}, {"NORIKV_DATA_DIR=" + (folder / "data")});
    EXPECT_TRUE(process.ready());
    EXPECT_TRUE(std::filesystem::exists(folder / "data/sandbox.json"));
}

TEST_F(SandboxProgram, ABusyPortIsOneSentence)
{
    const SandboxProcess first(binary, arguments());
    ASSERT_TRUE(first.ready());
    SandboxProcess second(binary,
        {"--listen=127.0.0.1:" + std::to_string(first.ports().front().rpc), "--http=127.0.0.1:0",
            "--data-dir=" + (folder / "other")});
    expectRefusal(second, "is already in use");
}

TEST_F(SandboxProgram, ALockedFolderIsOneSentence)
{
    const SandboxProcess first(binary, arguments());
    ASSERT_TRUE(first.ready());
    SandboxProcess second(binary, arguments());
    expectRefusal(second, "is in use by another sandbox");
}

TEST_F(SandboxProgram, AFileInPlaceOfTheFolderIsOneSentence)
{
    std::ofstream(folder / "data") << "not a folder";
    SandboxProcess process(binary, arguments());
    expectRefusal(process, "is not a folder that can be written");
}

TEST_F(SandboxProgram, AFolderThatCannotBeWrittenIsOneSentence)
{
    std::filesystem::create_directories(folder / "data");
    std::filesystem::permissions(folder / "data", std::filesystem::perms::owner_read);
    if (std::ofstream(folder / "data/probe").is_open()) {
        GTEST_SKIP() << "this user may write everywhere";
    }
    SandboxProcess process(binary, {"--listen=127.0.0.1:0", "--data-dir=" + (folder / "data/inner")});
    expectRefusal(process, "cannot be written");
}

TEST_F(SandboxProgram, ADamagedStoreIsOneSentence)
{
    {
        SandboxProcess process(binary, arguments());
        ASSERT_TRUE(process.ready());
        const auto kv = connect(process);
        for (int i = 0; i < 100; ++i) {
            ASSERT_TRUE(put(*kv, "k" + std::to_string(i), std::string(100, 'v')));
        }
        process.signal(SIGTERM);
        ASSERT_EQ(process.wait(), 0);
    }
    int damaged = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "data")) {
        if (entry.path().filename().string().starts_with("MANIFEST") || entry.path().extension() == ".sst") {
            std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(static_cast<std::streamoff>(entry.file_size() / 2));
            file << std::string(std::min<std::size_t>(64, entry.file_size() / 2), 'X');
            ++damaged;
        }
    }
    ASSERT_GT(damaged, 0);
    SandboxProcess process(binary, arguments());
    expectRefusal(process, "damaged");
}

TEST_F(SandboxProgram, AListOfFilesThatWasCutShortIsOneSentence)
{
    {
        SandboxProcess process(binary, arguments());
        ASSERT_TRUE(process.ready());
        ASSERT_TRUE(put(*connect(process), "k", "v"));
        process.signal(SIGTERM);
        ASSERT_EQ(process.wait(), 0);
    }
    for (const auto& entry : std::filesystem::directory_iterator(folder / "data")) {
        if (entry.path().filename().string().starts_with("MANIFEST")) {
            std::filesystem::resize_file(entry.path(), 60); // what is left is a valid, older list
        }
    }
    SandboxProcess process(binary, arguments());
    expectRefusal(process, "damaged");
}

/// Writes until one is refused; how many were acknowledged.
template <class Put> int fill(Put&& put)
{
    int written = 0;
    while (written < 500 && put("k" + std::to_string(written))) {
        ++written;
    }
    return written;
}

TEST_F(SandboxProgram, AFullDiskFailsWritesUntilThereIsSpace)
{
    const std::string mountPoint = folder / "small";
    std::filesystem::create_directories(mountPoint);
    if (::mount("tmpfs", mountPoint.c_str(), "tmpfs", 0, "size=8m") != 0) {
        GTEST_SKIP() << "this user may not mount a small disk";
    }
    const std::shared_ptr<void> unmount(nullptr, [&](void*) { ::umount2(mountPoint.c_str(), MNT_DETACH); });
    std::ofstream(mountPoint + "/ballast") << std::string(4'000'000, 'b');
    const std::string value(50'000, 'v');
    int written = 0;
    const std::vector<std::string> onSmallDisk{
        "--listen=127.0.0.1:0", "--http=127.0.0.1:0", "--data-dir=" + mountPoint + "/data"};
    {
        SandboxProcess process(binary, onSmallDisk);
        ASSERT_TRUE(process.ready());
        const auto kv = connect(process);
        written = fill([&](const std::string& key) { return put(*kv, key, value); });
        EXPECT_GT(written, 0);
        EXPECT_LT(written, 500) << "it was full";
        EXPECT_FALSE(put(*kv, "again", value));
        EXPECT_EQ(get(*kv, "k0"), value) << "reads go on";
        std::filesystem::remove(mountPoint + "/ballast");
        EXPECT_TRUE(put(*kv, "after", "v")) << "there is space again";
        process.signal(SIGTERM);
        EXPECT_EQ(process.wait(), 0) << process.errors();
    }
    SandboxProcess process(binary, onSmallDisk);
    ASSERT_TRUE(process.ready());
    const auto kv = connect(process);
    for (int i = 0; i < written; ++i) {
        EXPECT_EQ(get(*kv, "k" + std::to_string(i)), value);
    }
    EXPECT_EQ(get(*kv, "after"), "v");
}

TEST_F(SandboxProgram, ADiskThatRefusesWritesCostsNothingAcknowledged)
{
    const std::string value(100'000, 'v');
    int written = 0;
    {
        SandboxProcess process(binary, arguments());
        ASSERT_TRUE(process.ready());
        const auto kv = connect(process);
        const rlimit limited{1'000'000, RLIM_INFINITY}; // of one file: a way to fail that needs no rights
        ASSERT_EQ(::prlimit(process.pid(), RLIMIT_FSIZE, &limited, nullptr), 0);
        written = fill([&](const std::string& key) { return put(*kv, key, value); });
        EXPECT_LT(written, 500) << "the limit was met";
        EXPECT_FALSE(put(*kv, "again", value));
        EXPECT_EQ(get(*kv, "k0"), value) << "reads go on";
        process.signal(SIGTERM);
        EXPECT_EQ(process.wait(), 0) << process.errors();
    }
    SandboxProcess process(binary, arguments());
    ASSERT_TRUE(process.ready());
    const auto kv = connect(process);
    for (int i = 0; i < written; ++i) {
        EXPECT_EQ(get(*kv, "k" + std::to_string(i)), value);
    }
    EXPECT_TRUE(put(*kv, "after", "v"));
}

TEST_F(SandboxProgram, AWrongFlagIsOneSentence)
{
    SandboxProcess process(binary, arguments({"--nope"}));
    expectRefusal(process, "--nope");
}

} // namespace
} // namespace norikv::tests
