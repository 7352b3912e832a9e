// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/base64.h"
#include "client/bulk/ndjson.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <random>

namespace norikv::client {
namespace {

using test::failsWith;
using testing::HasSubstr;

Bytes randomBytes(std::mt19937& random, std::size_t most)
{
    Bytes out(std::uniform_int_distribution<std::size_t>(0, most)(random), '\0');
    for (char& c : out)
        c = static_cast<char>(random() & 0xFF);
    return out;
}

TEST(Base64, comesBackWhateverTheBytes)
{
    std::mt19937 random{7};
    for (int i = 0; i < 2000; ++i) {
        const Bytes bytes = randomBytes(random, 40);
        EXPECT_EQ(fromBase64(base64(bytes)), bytes);
    }
    EXPECT_EQ(base64("Man"), "TWFu");
    EXPECT_EQ(base64("Ma"), "TWE=");
    EXPECT_EQ(base64("M"), "TQ==");
}

TEST(Base64, refusesWhatIsNot)
{
    for (const char* text : {"A", "AB", "ABC", "A===", "AB=C", "AB C", "AB\n=", "====", "Zm9v!mFy"})
        EXPECT_EQ(fromBase64(text), std::nullopt) << text;
    EXPECT_EQ(fromBase64(""), Bytes());
}

TEST(Ndjson, hasTheMembersInTheirOrder)
{
    Entry entry;
    entry.key = "session:1";
    entry.value = "{\"a\":1}";
    entry.version = Version{0, 42};
    entry.expiresAtMs = 1700000000000;
    entry.provenance = TtlProvenance::SetHere;
    EXPECT_EQ(toNdjson(entry, 309),
        R"({"key":"session:1","value":"{\"a\":1}","version":{"term":0,"index":42},)"
        R"("expires_at_ms":1700000000000,"ttl_provenance":"set here","shard":309})");
}

TEST(Ndjson, writesBytesThatAreNoTextAsBase64)
{
    Entry entry;
    entry.key = "k\xff";
    entry.value = std::string("\0\x80", 2);
    entry.version = Version{0, 1};
    const std::string line = toNdjson(entry);
    EXPECT_THAT(line, HasSubstr(R"("key_b64":"a/8=","value_b64":"AIA=")"));
}

TEST(Ndjson, comesBackWhateverTheBytes)
{
    std::mt19937 random{11};
    for (int i = 0; i < 2000; ++i) {
        NdjsonRecord record;
        record.entry.key = "k" + randomBytes(random, 30);
        record.entry.value = randomBytes(random, 60);
        record.hasValue = true;
        record.entry.version = Version{random() % 3, random()};
        if (random() % 2 == 0)
            record.entry.expiresAtMs = static_cast<EpochMs>(random()) + 1;
        record.entry.provenance = static_cast<TtlProvenance>(random() % 5);
        record.shard = static_cast<std::uint32_t>(random() % 1024);
        if (random() % 2 == 0)
            record.left = random() % 2 == 0 ? LeftBehind{true, 0} : LeftBehind{false, random()};
        const std::string line = toNdjson(record);
        EXPECT_EQ(line.find('\n'), std::string::npos);
        const auto back = parseNdjson(line);
        ASSERT_THAT(back, test::succeeds()) << line;
        EXPECT_EQ(back->entry.key, record.entry.key);
        EXPECT_EQ(back->entry.value, record.entry.value);
        EXPECT_EQ(back->entry.version, record.entry.version);
        EXPECT_EQ(back->entry.expiresAtMs, record.entry.expiresAtMs);
        EXPECT_EQ(back->entry.provenance, record.entry.provenance);
        EXPECT_EQ(back->shard, record.shard);
        EXPECT_EQ(back->left, record.left);
    }
}

TEST(Ndjson, tellsMissingFromEmpty)
{
    Entry missing;
    missing.key = "gone";
    EXPECT_EQ(toNdjson(missing, 5), R"({"key":"gone","shard":5})");
    const auto back = parseNdjson(R"({"key":"gone","shard":5})");
    ASSERT_TRUE(back);
    EXPECT_FALSE(back->hasValue);
    EXPECT_FALSE(back->entry.exists());
    Entry empty = missing;
    empty.version = Version{0, 1};
    const auto there = parseNdjson(toNdjson(empty));
    ASSERT_TRUE(there);
    EXPECT_TRUE(there->hasValue);
    EXPECT_TRUE(there->entry.exists());
}

TEST(Ndjson, saysWhichMemberIsWrong)
{
    const std::pair<const char*, const char*> table[] = {
        {"", "not JSON"},
        {"{\"key\":\"a\"", "not JSON"},
        {"[1]", "not an object"},
        {"{}", "no \"key\""},
        {R"({"key":""})", "empty"},
        {R"({"key":1})", "\"key\" is not a string"},
        {R"({"key":"a","key_b64":"YQ=="})", "both"},
        {R"({"key_b64":"?"})", "\"key_b64\" is not base64"},
        {R"({"key":"a","value":[]})", "\"value\" is not a string"},
        {R"({"key":"a","expires_at_ms":-1})", "expires_at_ms"},
        {R"({"key":"a","expires_at_ms":18446744073709551615})", "too large"},
        {R"({"key":"a","version":3})", "version"},
        {R"({"key":"a","after":"xxh64:zz"})", "after"},
    };
    for (const auto& [line, words] : table) {
        const auto parsed = parseNdjson(line);
        ASSERT_THAT(parsed, failsWith(ErrorKind::BadData)) << line;
        EXPECT_THAT(parsed.error().message, HasSubstr(words)) << line;
    }
    const auto longKey = parseNdjson("{\"key\":\"" + std::string(1025, 'k') + "\"}");
    ASSERT_FALSE(longKey);
    EXPECT_THAT(longKey.error().message, HasSubstr("1025 bytes"));
    EXPECT_FALSE(parseNdjson(R"({"key":"a","value":")" + std::string(MaxValueBytes + 1, 'v') + "\"}"));
}

TEST(Ndjson, survivesAMillionBrackets)
{
    EXPECT_FALSE(parseNdjson(std::string(1'000'000, '[')));
    EXPECT_FALSE(parseNdjson("{\"key\":" + std::string(500'000, '[') + std::string(500'000, ']') + "}"));
}

} // namespace
} // namespace norikv::client
