// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/jsonrecord.h"

#include "client/patterns/rfc3339.h"
#include "client/patterns/ttl.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <random>

namespace norikv::client {
namespace {

using norikv::test::succeeds;

constexpr MemberNames Name{"userName", "user_name", "UserName", ""};
constexpr MemberNames Count{"count", "count", "Count", ""};
constexpr MemberNames When{"createdAt", "created_at", "CreatedAt", ""};
constexpr std::array known{Name, Count, When};

TEST(JsonRecord, readsTypesAndComplainsOfWrongOnes)
{
    auto record = JsonRecord::read(R"({"userName":"a\"b","count":5.0,"createdAt":1700000000000})");
    ASSERT_THAT(record, succeeds());
    EXPECT_EQ(record->text(Name), "a\"b");
    EXPECT_EQ(record->whole(Count), 5);
    EXPECT_EQ(record->time(When)->ms, 1700000000000);
    EXPECT_TRUE(record->complaints().empty());
    auto odd = JsonRecord::read(R"({"userName":[],"count":1e21,"createdAt":true})");
    ASSERT_THAT(odd, succeeds());
    EXPECT_FALSE(odd->text(Name));
    EXPECT_FALSE(odd->whole(Count));
    EXPECT_FALSE(odd->time(When));
    EXPECT_EQ(odd->complaints().size(), 3U);
    auto none = JsonRecord::read(R"({"userName":null})");
    EXPECT_FALSE(none->text(Name));
    EXPECT_FALSE(none->whole(Count));
    EXPECT_TRUE(none->complaints().empty()) << "absent and null are no fault";
}

TEST(JsonRecord, tellsTheDialectByTheNames)
{
    EXPECT_EQ(JsonRecord::read(R"({"userName":1})")->dialect(known), Dialect::TypeScript);
    EXPECT_EQ(JsonRecord::read(R"({"user_name":1})")->dialect(known), Dialect::Python);
    EXPECT_EQ(JsonRecord::read(R"({"UserName":1})")->dialect(known), Dialect::Go);
    EXPECT_EQ(JsonRecord::read(R"({"count": 1})")->dialect(known), Dialect::Python) << "by its blanks";
    EXPECT_EQ(JsonRecord::read(R"({"count":Infinity})")->dialect(known), Dialect::Python)
        << "no JSON, but Python's";
}

TEST(JsonRecord, editsChangeNothingElse)
{
    const std::string stored = "{ \"x\":[1, {\"count\":2}],\"count\":1,\"count\":3 ,\"z\":1.0E+2}";
    const auto record = JsonRecord::read(stored);
    ASSERT_THAT(record, succeeds());
    RecordEdit edit(*record, Dialect::TypeScript);
    edit.set(Count, "9");
    edit.set(Name, edit.text("n"));
    EXPECT_EQ(
        edit.result(), "{ \"x\":[1, {\"count\":2}],\"count\":9,\"count\":9 ,\"z\":1.0E+2,\"userName\":\"n\"}")
        << "each duplicate, and nothing inside other members";
    EXPECT_EQ(record->unknown(known), (std::vector<std::string>{"x", "z"}));
}

TEST(JsonRecord, refusesWhatIsNoObject)
{
    for (const char* bad : {"", " ", "[1]", "null", "{\"a\":}", "{\"a\":1", "{\"a\":1}}"})
        EXPECT_FALSE(JsonRecord::read(bad)) << bad;
    EXPECT_FALSE(JsonRecord::read("{\"a\":\"\xff\"}")) << "not UTF-8";
}

TEST(JsonRecord, survivesAnythingThatLooksLikeARecord)
{
    std::mt19937 random(7);
    const std::string seed
        = R"({"userName":"a","count":12,"createdAt":1700000000000,"roles":["x",{"y":[]}]})";
    for (int i = 0; i < 20'000; ++i) {
        std::string text = seed;
        for (int n = 0; n < 3; ++n)
            text[random() % text.size()] = static_cast<char>(random());
        auto record = JsonRecord::read(text);
        if (!record)
            continue;
        (void)record->text(Name);
        (void)record->whole(Count);
        (void)record->time(When);
        RecordEdit edit(*record, record->dialect(known));
        edit.set(Count, "1");
        EXPECT_THAT(JsonRecord::read(edit.result()), succeeds()) << text;
    }
}

TEST(Rfc3339, isWrittenAsGoWritesItAndReadBack)
{
    EXPECT_EQ(formatRfc3339(1700000000000), "2023-11-14T22:13:20Z");
    EXPECT_EQ(formatRfc3339(1700000000120), "2023-11-14T22:13:20.12Z");
    for (const EpochMs at : {EpochMs(0), EpochMs(-1), EpochMs(951'782'400'001), EpochMs(253'402'300'799'999)})
        EXPECT_EQ(parseRfc3339(formatRfc3339(at)), at);
}

TEST(Expiry, theBestWordCounts)
{
    Entry entry;
    entry.key = "session:a";
    entry.version = Version{0, 1};
    ExpiryClues clues{
        .setHereMs = {}, .writtenMs = 1000, .valueSaysMs = {}, .declaredTtlMs = {}, .patternTtlMs = 50};
    auto expiry = expiryOf(entry, clues);
    EXPECT_EQ(expiry.atMs, 1050);
    EXPECT_FALSE(expiry.known);
    clues.declaredTtlMs = 70;
    EXPECT_EQ(expiryOf(entry, clues).atMs, 1070);
    EXPECT_TRUE(expiryOf(entry, clues).known);
    clues.valueSaysMs = 1500;
    EXPECT_EQ(expiryOf(entry, clues).atMs, 1500);
    clues.setHereMs = 1600;
    EXPECT_EQ(expiryOf(entry, clues).from, TtlProvenance::SetHere);
    entry.provenance = TtlProvenance::Server;
    EXPECT_TRUE(expiryOf(entry, clues).serverSaysNever);
    entry.expiresAtMs = 9000;
    expiry = expiryOf(entry, clues);
    EXPECT_EQ(expiry.atMs, 9000);
    EXPECT_FALSE(expiry.serverSaysNever);
    EXPECT_FALSE(expiry.overdue(11'000)) << "clocks may differ by two seconds";
    EXPECT_TRUE(expiry.overdue(11'001));
    // A time to live near 2^64 is no expiry.
    clues = {.setHereMs = {},
        .writtenMs = 1000,
        .valueSaysMs = {},
        .declaredTtlMs = ~std::uint64_t(0),
        .patternTtlMs = {}};
    EXPECT_FALSE(expiryOf(Entry{}, clues).atMs);
}

TEST(Expiry, theLongestDeclaredPrefixCounts)
{
    Profile profile;
    profile.ttls = {{"leader:", 10'000}, {"leader:reports", 4'000}};
    EXPECT_EQ(declaredTtl(profile, "leader:reports"), 4'000U);
    EXPECT_EQ(declaredTtl(profile, "leader:x"), 10'000U);
    EXPECT_FALSE(declaredTtl(profile, "session:x"));
}

} // namespace
} // namespace norikv::client
