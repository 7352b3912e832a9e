// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decode/protobufwire.h"

#include "norikv/v1/norikv.pb.h"
#include "tests/support/matchers.h"
#include "tests/support/slower.h"

#include <gtest/gtest.h>

#include <random>

namespace norikv::client {
namespace {

using namespace std::string_literals;
using norikv::test::failsWith;
using norikv::test::succeeds;
using testing::HasSubstr;

constexpr std::size_t MiB = 1024 * 1024;

std::string text(const Bytes& bytes)
{
    const auto out = protobufToText(bytes);
    EXPECT_THAT(out, succeeds()) << printable(bytes);
    return out.value_or("");
}

TEST(ProtobufWire, everyWireType)
{
    EXPECT_EQ(text("\x08\x96\x01"), "1: 150");
    EXPECT_EQ(text("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), "1: 18446744073709551615  (signed -1)");
    EXPECT_EQ(text("\x11\0\0\0\0\0\0\xf8\x3f"s), "2: fixed64 4609434218613702656  (double 1.5)");
    EXPECT_EQ(text("\x1d\0\0\xc0\x3f"s), "3: fixed32 1069547520  (float 1.5)");
    EXPECT_EQ(text("\x22\x03"
                   "a\"b"),
        R"(4: "a\"b")");
    EXPECT_EQ(text("\x22\x00"s), R"(4: "")");
    EXPECT_EQ(text("\x2b\x08\x01\x2c"), "5 group {\n  1: 1\n}");
    EXPECT_EQ(text(""), "");
}

TEST(ProtobufWire, messagesPackedNumbersAndBytesAreGuessed)
{
    EXPECT_EQ(text("\x0a\x05\x08\x96\x01\x12\x00\x10\x07"s), "1 {\n  1: 150\n  2: \"\"\n}\n2: 7");
    EXPECT_EQ(text("\x22\x03\x03\x8e\x02"), "4: bytes(3) 03 8e 02\n  packed: 3, 270");
    EXPECT_EQ(text("\x22\x02\xff\xff"), "4: bytes(2) ff ff");
    const auto many = text("\x22\x64"s + Bytes(100, '\x00'));
    EXPECT_THAT(many, HasSubstr("… 100 in all"));
}

TEST(ProtobufWire, readsAMessageOfOurOwn)
{
    ::norikv::v1::PutRequest put;
    put.set_key("session:1");
    put.set_value("\xff\xfe");
    put.set_ttl_ms(60'000);
    put.mutable_if_match()->set_index(7);
    const auto out = text(put.SerializeAsString());
    EXPECT_THAT(out, HasSubstr("\"session:1\""));
    EXPECT_THAT(out, HasSubstr("60000"));
    EXPECT_THAT(out, HasSubstr(": 7"));
    EXPECT_TRUE(looksLikeProtobuf(put.SerializeAsString()));
}

TEST(ProtobufWire, saysWhatIsWrongAndWhere)
{
    const std::pair<Bytes, std::string> rows[] = {{"\x08", "in the middle"},
        {"\x0a\x05"
         "abc",
            "in the middle"},
        {"\x00\x01"s, "field number"}, {"\x0f\x01", "wire type"}, {"\x2b\x08\x01", "group without its end"},
        {"\x2c", "was not begun"}, {"\x2b\x34", "was not begun"},
        {"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "in the middle"},
        {"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "in the middle"}};
    for (const auto& [bytes, says] : rows) {
        const auto out = protobufToText(bytes);
        ASSERT_THAT(out, failsWith(ErrorKind::BadData)) << says;
        EXPECT_THAT(out.error().message, HasSubstr(says));
        EXPECT_THAT(out.error().message, HasSubstr("(byte "));
    }
}

TEST(ProtobufWire, aMegabyteOfNestingIsAnAnswer)
{
    EXPECT_THAT(protobufToText(Bytes(MiB, '\x0b')), failsWith(ErrorKind::TooLarge)) << "groups";
    // Messages in messages: each level is a tag and a length around the one before. Grown from the inside.
    Bytes tail(1, '\x08');
    tail += '\x01';
    std::vector<Bytes> heads;
    std::size_t size = tail.size();
    while (size < MiB) {
        Bytes head(1, '\x0a');
        for (std::size_t rest = size;; rest >>= 7) {
            head += static_cast<char>((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0));
            if (rest <= 0x7F)
                break;
        }
        size += head.size();
        heads.push_back(std::move(head));
    }
    Bytes nested;
    for (auto head = heads.rbegin(); head != heads.rend(); ++head)
        nested += *head;
    nested += tail;
    const auto since = std::chrono::steady_clock::now();
    const auto out = protobufToText(nested);
    EXPECT_LT(std::chrono::steady_clock::now() - since, std::chrono::seconds(2 * test::Slower));
    ASSERT_THAT(out, succeeds());
    EXPECT_THAT(*out, HasSubstr("bytes(")) << "deeper levels are bytes";
}

TEST(ProtobufWire, survivesRandomAndTruncatedBytes)
{
    std::mt19937 random(4);
    int read = 0;
    for (int i = 0; i < 10'000; ++i) {
        Bytes value;
        for (auto n = random() % 40; n-- > 0;)
            value += static_cast<char>(random() % 2 ? random() % 0x30 : random());
        read += protobufToText(value).has_value();
        looksLikeProtobuf(value);
    }
    EXPECT_GT(read, 100);
    const Bytes whole = "\x08\x96\x01\x1d\0\0\xc0\x3f\x22\x03"
                        "abc"s;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const bool between = size == 0 || size == 3 || size == 8 || size == whole.size();
        EXPECT_EQ(protobufToText(whole.substr(0, size)).has_value(), between) << size;
    }
}

} // namespace
} // namespace norikv::client
