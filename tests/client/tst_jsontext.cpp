// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/jsontext.h"

#include "client/patterns/rfc3339.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace norikv::client {
namespace {

using norikv::test::failsWith;
using norikv::test::succeeds;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(JsonText, readsWhatStrictReadersRefuse)
{
    const auto text = readJson(R"({"a": Infinity, "b": [-Infinity, NaN], "c": "Infinity \" NaN"})");
    ASSERT_THAT(text, succeeds());
    EXPECT_EQ(text->strict, R"({"a": null, "b": [null, null], "c": "Infinity \" NaN"})");
    EXPECT_THAT(text->literals, ElementsAre("Infinity", "-Infinity", "NaN"));
    EXPECT_FALSE(text->wasStrict());
}

TEST(JsonText, leavesJsonAsItIs)
{
    for (const char* json : {"{}", " [1, 2] ", "null", R"({"a":"\u0061\\"})"}) {
        const auto text = readJson(json);
        ASSERT_THAT(text, succeeds()) << json;
        EXPECT_EQ(text->strict, json);
        EXPECT_TRUE(text->wasStrict());
    }
}

TEST(JsonText, refusesEverythingElse)
{
    for (const char* text : {"", "{", "{]", "abc", R"({"a":Infinit})", R"({"a":"Infinity)", "{'a':1}", "\xff",
             R"({"a":1,})", "nullInfinity"})
        EXPECT_THAT(readJson(text), failsWith(ErrorKind::BadData)) << text;
    EXPECT_THAT(readJson(std::string(1 << 20, '[')), failsWith(ErrorKind::BadData));
    EXPECT_THAT(readJson(std::string(200'000, '[') + std::string(200'000, ']')), succeeds());
}

TEST(JsonText, findsTheMembersOfAnObject)
{
    const std::string text = R"( { "a" : 1 , "\u0062":{"x":[1,"}"]},"a":"t\"w" , "d":[ ] } )";
    const auto members = jsonMembers(text);
    ASSERT_EQ(members.size(), 4U);
    const auto value
        = [&](std::size_t i) { return text.substr(members[i].begin, members[i].end - members[i].begin); };
    EXPECT_EQ(members[0].name, "a");
    EXPECT_EQ(value(0), "1");
    EXPECT_EQ(members[1].name, "b");
    EXPECT_EQ(value(1), R"({"x":[1,"}"]})");
    EXPECT_EQ(members[2].name, "a");
    EXPECT_EQ(value(2), R"("t\"w")");
    EXPECT_EQ(value(3), "[ ]");
    EXPECT_EQ(jsonMembers(text, members[1].begin).front().name, "x");
    EXPECT_THAT(jsonMembers("[1]"), IsEmpty());
    EXPECT_THAT(jsonMembers("{}"), IsEmpty());
    EXPECT_THAT(jsonMembers(""), IsEmpty());
}

TEST(JsonText, changesNothingButWhatIsAsked)
{
    const std::string text = "{\"a\": 1.50,\n \"keep\" : [ 1e0 ],\"b\":\"x\"\n}";
    JsonEdit edit(text);
    EXPECT_EQ(edit.result(), text);
    const auto members = jsonMembers(text);
    edit.append(0, "c", "3", false);
    edit.replace(members[2], "\"longer\"");
    edit.replace(members[0], "2");
    edit.append(0, "d", "4", true);
    EXPECT_EQ(edit.result(), "{\"a\": 2,\n \"keep\" : [ 1e0 ],\"b\":\"longer\",\"c\":3, \"d\": 4\n}");
}

TEST(JsonText, fillsAnEmptyObject)
{
    JsonEdit edit(" { } ");
    edit.append(0, "a\"", "1", false);
    edit.append(0, "b", "2", false);
    EXPECT_EQ(edit.result(), R"( {"a\"":1,"b":2 } )");
}

TEST(JsonText, quotesForBothKindsOfWriters)
{
    EXPECT_EQ(jsonQuoted("a\"\n\xc3\xa9"), "\"a\\\"\\n\xc3\xa9\"");
    EXPECT_EQ(jsonQuoted("\xc3\xa9", true), R"("\u00e9")");
}

TEST(Rfc3339, readsTheTimesOfGo)
{
    EXPECT_EQ(parseRfc3339("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(parseRfc3339("2024-05-01T12:30:00.123456789Z"), 1714566600123);
    EXPECT_EQ(parseRfc3339("2024-05-01T14:30:00.5+02:00"), 1714566600500);
    EXPECT_EQ(parseRfc3339("2024-05-01T07:00:00-05:30"), 1714566600000);
    EXPECT_EQ(parseRfc3339("0001-01-01T00:00:00Z"), -62135596800000) << "Go's zero time";
}

TEST(Rfc3339, refusesEverythingElse)
{
    for (const char* text : {"", "2024", "2024-13-01T00:00:00Z", "2023-02-29T00:00:00Z",
             "2024-05-01T24:00:00Z", "2024-05-01T12:30:00", "2024-05-01T12:30:00.Z", "2024-05-01T12:30:00Zx",
             "2024-05-01T12:30Z", "x024-05-01T12:30:00Z", "2024-05-01T12:30:00+2:00"})
        EXPECT_EQ(parseRfc3339(text), std::nullopt) << text;
}

} // namespace
} // namespace norikv::client
