// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decode/msgpack.h"

#include "tests/support/matchers.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace norikv::client {
namespace {

using namespace std::string_literals;
using norikv::test::failsWith;
using norikv::test::succeeds;
using testing::HasSubstr;

constexpr std::size_t MiB = 1024 * 1024;

TEST(Msgpack, everyTypeHasItsWord)
{
    struct Row {
        Bytes bytes;
        std::string text;
    };
    const Row rows[] = {{"\x05", "5"}, {"\xff", "-1"}, {"\xc0", "null"}, {"\xc2", "false"}, {"\xc3", "true"},
        {"\xcc\xff", "255"}, {"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615"},
        {"\xd0\x80", "-128"}, {"\xd1\x80\x00"s, "-32768"},
        {"\xd3\x80\0\0\0\0\0\0\0"s, "-9223372036854775808"}, {"\xca\x3f\xc0\0\0"s, "1.5"},
        {"\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a", "0.1"},
        {"\xa3"
         "a\"b",
            R"("a\"b")"},
        {"\xd9\x02\xc3\xa9", "\"é\""}, {"\xa1\xff", R"("\xff")"}, {"\xc4\x03\x0a\x0b\x0c", "bin(3) 0a 0b 0c"},
        {"\xc4\x00"s, "bin(0)"}, {"\xd5\x05\x01\x02", "ext(5, 2) 01 02"},
        {"\xc7\x03\xfe\x01\x02\x03", "ext(-2, 3) 01 02 03"},
        {"\xd6\xff\0\0\0\0"s, "timestamp(1970-01-01T00:00:00Z)"},
        {"\xd7\xff\x77\x35\x94\x00\x65\x53\xf1\x00"s, "timestamp(2023-11-14T22:13:20.5Z)"},
        {"\xc7\x0c\xff\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"s, "timestamp(1969-12-31T23:59:59Z)"},
        {"\xd6\x07\0\0\0\0"s, "ext(7, 4) 00 00 00 00"}, {"\x90", "[]"}, {"\x80", "{}"}};
    for (const auto& row : rows) {
        const auto text = msgpackToText(row.bytes);
        ASSERT_THAT(text, succeeds()) << row.text;
        EXPECT_EQ(*text, row.text);
    }
}

TEST(Msgpack, nestsLikeJson)
{
    EXPECT_EQ(msgpackToText("\x83\xa1"
                            "a\x92\x01\x90\xa1"
                            "b\x80\x02\xc0"),
        "{\n  \"a\": [\n    1,\n    []\n  ],\n  \"b\": {},\n  2: null\n}");
}

TEST(Msgpack, readsWhatAnotherLibraryWrites)
{
    const auto json = nlohmann::json::parse(
        R"({"n":[0,-1,127,128,-33,65536,-70000,4294967296,1.25,null,true],"s":"text","deep":{"er":[[[]],{}]}})");
    const auto packed = nlohmann::json::to_msgpack(json);
    const auto text = msgpackToText(Bytes(packed.begin(), packed.end()));
    ASSERT_THAT(text, succeeds());
    EXPECT_EQ(nlohmann::json::parse(*text), json) << *text;
}

TEST(Msgpack, saysWhatIsWrongAndWhere)
{
    const std::pair<Bytes, std::string> rows[]
        = {{"", "ends in the middle"}, {"\x92\x01", "ends in the middle"},
            {"\xa5"
             "abc",
                "ends in the middle"},
            {"\xc1", "never uses"}, {"\x01\x02", "1 bytes follow"},
            {"\xdd\xff\xff\xff\xff", "ends in the middle"},
            {"\xc6\xff\xff\xff\xff"
             "x",
                "ends in the middle"}};
    for (const auto& [bytes, says] : rows) {
        const auto text = msgpackToText(bytes);
        ASSERT_THAT(text, failsWith(ErrorKind::BadData)) << says;
        EXPECT_THAT(text.error().message, HasSubstr(says));
        EXPECT_THAT(text.error().message, HasSubstr("(byte "));
    }
}

TEST(Msgpack, aMegabyteOfNestingIsAnAnswer)
{
    for (const char c : {'\x91', '\x81'}) {
        const auto text = msgpackToText(Bytes(MiB, c));
        EXPECT_THAT(text, failsWith(ErrorKind::TooLarge));
        EXPECT_THAT(text.error().message, HasSubstr("1000 levels"));
    }
    MsgpackLimits deep;
    deep.depth = MiB;
    deep.bytes = 4 * MiB;
    EXPECT_FALSE(msgpackToText(Bytes(MiB, '\x91'), deep)) << "depth costs no stack";
    EXPECT_THAT(msgpackToText(Bytes(999, '\x91') + '\x01'), succeeds());
}

TEST(Msgpack, textIsBounded)
{
    // 900 levels deep, then wide: every item costs its indentation.
    Bytes value(900, '\x91');
    value += "\xdd\x00\x01\x00\x00"s + Bytes(65536, '\x01');
    EXPECT_THAT(msgpackToText(value), failsWith(ErrorKind::TooLarge));
}

TEST(Msgpack, isOnlyGuessedForWholeContainers)
{
    EXPECT_TRUE(isMessagePack("\x81\xa1"
                              "a\x01"));
    EXPECT_TRUE(isMessagePack("\x92\x01\x02"));
    for (const Bytes& bytes : {Bytes(), Bytes("\x05"), Bytes("\xc0"), Bytes("\x80"), Bytes("\x92\x01"),
             Bytes("\x92\x01\x02\x03"), Bytes("{\"a\":1}")})
        EXPECT_FALSE(isMessagePack(bytes)) << printable(bytes);
}

TEST(Msgpack, survivesRandomAndTruncatedBytes)
{
    std::mt19937 random(2);
    int read = 0;
    for (int i = 0; i < 10'000; ++i) {
        Bytes value(1, static_cast<char>(0x80 + random() % 0x60));
        for (auto n = random() % 64; n-- > 0;)
            value += static_cast<char>(random() % 3 ? random() % 0x70 : random());
        read += msgpackToText(value).has_value();
        isMessagePack(value);
    }
    EXPECT_GT(read, 10);
    const Bytes whole = "\x82\xa1"
                        "a\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a\xa1"
                        "b\xc7\x03\x05xyz";
    ASSERT_THAT(msgpackToText(whole), succeeds());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_THAT(msgpackToText(whole.substr(0, size)), failsWith(ErrorKind::BadData)) << size;
}

} // namespace
} // namespace norikv::client
