// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/config.h"
#include "tests/sandbox/sandboxprocess.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace norikv::sandbox {
namespace {

using Environment = std::map<std::string, std::string>;

Result<CommandLine> parse(const std::vector<std::string>& arguments, const Environment& environment = {})
{
    return CommandLine::parse(arguments, [&](const char* name) -> const char* {
        const auto found = environment.find(name);
        return found == environment.end() ? nullptr : found->second.c_str();
    });
}

std::string yaml(const tests::TempFolder& folder, const std::string& text)
{
    const auto path = folder / "norikv-test.yaml";
    std::ofstream(path) << text;
    return path;
}

TEST(Config, Defaults)
{
    const auto line = parse({"--data-dir", "/d"});
    ASSERT_TRUE(line) << line.error();
    const auto& config = line->config;
    EXPECT_EQ(config.nodeId, "node0");
    EXPECT_EQ(config.rpcAddr, "127.0.0.1:7447");
    EXPECT_EQ(config.httpAddr, "127.0.0.1:8080");
    EXPECT_FALSE(config.httpAsked);
    EXPECT_EQ(config.totalShards, 1024U);
    EXPECT_TRUE(config.explore && config.vector && !config.faults);
    EXPECT_EQ(config.quirks, Quirks::sound());
}

TEST(Config, FlagsBeatYamlBeatsEnvironment)
{
    const tests::TempFolder folder;
    const auto file
        = yaml(folder, "node_id: fromyaml\nrpc_addr: 127.0.0.1:2\ncluster:\n  total_shards: 8\nunknown: 1\n");
    const Environment environment{
        {"NORIKV_NODE_ID", "fromenv"}, {"NORIKV_RPC_ADDR", "127.0.0.1:1"}, {"NORIKV_DATA_DIR", "/env"}};
    const auto line = parse({file, "--listen=127.0.0.1:3"}, environment);
    ASSERT_TRUE(line) << line.error();
    EXPECT_EQ(line->config.rpcAddr, "127.0.0.1:3");
    EXPECT_EQ(line->config.nodeId, "fromyaml");
    EXPECT_EQ(line->config.dataDir, "/env");
    EXPECT_EQ(line->config.totalShards, 8U);
}

TEST(Config, HttpIsAskedForByAnySource)
{
    EXPECT_TRUE(parse({"--data-dir=/d", "--http=127.0.0.1:1"})->config.httpAsked);
    EXPECT_TRUE(parse({"--data-dir=/d"}, {{"NORIKV_HTTP_ADDR", "127.0.0.1:1"}})->config.httpAsked);
    const tests::TempFolder folder;
    EXPECT_TRUE(parse({yaml(folder, "data_dir: /d\nhttp_addr: 127.0.0.1:1\n")})->config.httpAsked);
}

TEST(Config, AsShippedIsFaithfulWithoutOurServices)
{
    const auto config = parse({"--data-dir=/d", "--as-shipped"})->config;
    auto quirks = config.quirks;
    EXPECT_GE(quirks.commitDelayMs, 75U);
    quirks.commitDelayMs = 0;
    EXPECT_EQ(quirks, Quirks::faithful());
    EXPECT_FALSE(config.explore || config.vector);
}

TEST(Config, ErrorsNameTheInputAndTheRemedy)
{
    const tests::TempFolder folder;
    const auto file = yaml(folder, "cluster: {total_shards: many}\n");
    struct Case {
        std::vector<std::string> arguments;
        std::string input;
        std::string remedy;
    };
    for (const auto& [arguments, input, remedy] : std::vector<Case>{
             {{}, "data folder", "--data-dir"},
             {{"--data-dir=/d", "--listen", "0.0.0.0:1"}, "0.0.0.0:1", "--allow-remote"},
             {{"--data-dir=/d", "--http", "10.0.0.1:1"}, "10.0.0.1:1", "--allow-remote"},
             {{"--data-dir=/d", "--listen", "localhost:1"}, "localhost:1", "IP:PORT"},
             {{"--data-dir=/d", "--nodes", "x"}, "--nodes", "number"},
             {{"--data-dir=/d", "--nodes", "0"}, "nodes is 0", "1 to 64"},
             {{"--data-dir=/d", "--shards", "0"}, "shards is 0", "1 to"},
             {{"--data-dir=/d", "--quirks", "odd"}, "odd", "sound or faithful"},
             {{"--data-dir=/d", "--faults", "--allow-remote", "--listen", "0.0.0.0:1"}, "--faults",
                 "127.0.0.1"},
             {{"--data-dir"}, "--data-dir", "value"},
             {{"--nope"}, "--nope", "--help"},
             {{"/no/such.yaml"}, "/no/such.yaml", "path of a YAML"},
             {{"--listen=127.0.0.1:65535", "--nodes=3", "--data-dir=/d"}, "65535", "lower port"},
             {{file}, file, "cannot be read"},
         }) {
        const auto line = parse(arguments);
        ASSERT_FALSE(line) << input;
        EXPECT_NE(line.error().find(input), std::string::npos) << line.error();
        EXPECT_NE(line.error().find(remedy), std::string::npos) << line.error();
        EXPECT_EQ(line.error().find('\n'), std::string::npos) << line.error();
    }
}

TEST(Config, AnEmptySeedIsAnErrorAsInTheShippedServer)
{
    const auto line = parse({"--data-dir=/d"}, {{"NORIKV_SEED_NODES", ""}});
    ASSERT_FALSE(line);
    EXPECT_TRUE(parse({"--data-dir=/d"}, {{"NORIKV_SEED_NODES", "127.0.0.1:1,127.0.0.1:2"}}));
}

} // namespace
} // namespace norikv::sandbox
