// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/placement.h"

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace norikv {
namespace {

const nlohmann::json& vectors()
{
    static const nlohmann::json all = [] {
        std::ifstream file(std::string(NORIKV_TEST_DATA) + "/hash-vectors.json");
        return nlohmann::json::parse(file);
    }();
    return all;
}

std::string fromHex(const std::string& hex)
{
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return out;
}

std::uint64_t hashOf(const nlohmann::json& row)
{
    return row.contains("hash") ? std::stoull(row["hash"].get<std::string>(), nullptr, 16)
                                : std::stoull(row["hash_dec"].get<std::string>());
}

// As NoriKV's SDKs do it: multiply first, then divide.
std::uint32_t sdkJump(std::uint64_t hash, std::uint32_t buckets)
{
    std::int64_t bucket = -1;
    std::int64_t next = 0;
    while (next < static_cast<std::int64_t>(buckets)) {
        bucket = next;
        hash = hash * 2862933555777941757ULL + 1;
        next = static_cast<std::int64_t>(
            static_cast<double>(bucket + 1) * 2147483648.0 / static_cast<double>((hash >> 33) + 1));
    }
    return static_cast<std::uint32_t>(bucket);
}

void checkKeys(const nlohmann::json& rows)
{
    for (const auto& row : rows) {
        const std::string key = fromHex(row["key_hex"]);
        SCOPED_TRACE(row["key_hex"].get<std::string>());
        EXPECT_EQ(key, row["key"].get<std::string>());
        EXPECT_EQ(keyHash(key), std::stoull(row["xxhash64"].get<std::string>(), nullptr, 16));
        EXPECT_EQ(keyHash(key), std::stoull(row["xxhash64_dec"].get<std::string>()));
        EXPECT_FALSE(row["shards"].empty());
        for (const auto& [buckets, shard] : row["shards"].items())
            EXPECT_EQ(shardOf(key, static_cast<std::uint32_t>(std::stoul(buckets))), shard) << buckets;
    }
}

TEST(Placement, agreesWithEveryKeyOfTheRepository)
{
    ASSERT_EQ(vectors()["vectors"].size(), 15U);
    checkKeys(vectors()["vectors"]);
}

TEST(Placement, agreesWithTheKeysOfTheSdkTests)
{
    ASSERT_EQ(vectors()["sdk_test_vectors"].size(), 8U);
    checkKeys(vectors()["sdk_test_vectors"]);
}

TEST(Placement, jumpsAsEveryRawHashSays)
{
    ASSERT_EQ(vectors()["jump_vectors"].size(), 7U);
    for (const auto& row : vectors()["jump_vectors"]) {
        SCOPED_TRACE(row["hash"].get<std::string>());
        EXPECT_EQ(std::stoull(row["hash_dec"].get<std::string>()), hashOf(row));
        for (const auto& [buckets, shard] : row["buckets"].items())
            EXPECT_EQ(jumpHash(hashOf(row), static_cast<std::uint32_t>(std::stoul(buckets))), shard);
    }
}

TEST(Placement, dividesBeforeItMultipliesAsTheServerDoes)
{
    ASSERT_EQ(vectors()["order_vectors"].size(), 5U);
    int apart = 0;
    for (const auto& row : vectors()["order_vectors"]) {
        const auto buckets = row["buckets"].get<std::uint32_t>();
        SCOPED_TRACE(hashOf(row));
        EXPECT_EQ(jumpHash(hashOf(row), buckets), row["server"]);
        EXPECT_EQ(sdkJump(hashOf(row), buckets), row["sdk"]) << "the SDK's order, for comparison";
        apart += row["server"] != row["sdk"] ? 1 : 0;
    }
    EXPECT_EQ(apart, 4) << "these rows alone tell the two orders apart";
}

TEST(Placement, keepsTheShardWhenTheNumberOfShardsGrowsOrMovesItToANewOne)
{
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const auto hash = i * 0x9E3779B97F4A7C15ULL;
        const auto before = jumpHash(hash, 64);
        const auto after = jumpHash(hash, 80);
        EXPECT_LT(before, 64U);
        EXPECT_TRUE(after == before || (after >= 64 && after < 80));
    }
}

TEST(Placement, hasOneShardForEverythingWhenThereIsOneShard)
{
    EXPECT_EQ(shardOf("", 1), 0U);
    EXPECT_EQ(shardOf("anything", 1), 0U);
}

} // namespace
} // namespace norikv
