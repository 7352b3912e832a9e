// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decode/decode.h"

#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <random>

namespace norikv::client {
namespace {

using namespace std::string_view_literals;
using norikv::test::failsWith;
using norikv::test::succeeds;
using testing::HasSubstr;
using enum Wrapping;

constexpr std::size_t MiB = 1024 * 1024;
const Bytes json = R"({"user":"ada","roles":["admin"],"balance":18446744073709551615})";

Bytes wrapped(std::vector<WrapStep> chain, std::string_view bytes)
{
    const auto out = encode(chain, bytes);
    EXPECT_THAT(out, succeeds());
    return out.value_or(Bytes());
}

TEST(Decode, findsEveryLayerAndPutsItBack)
{
    const std::vector<std::vector<WrapStep>> chains
        = {{}, {{Gzip}}, {{Zlib}}, {{Zstd}}, {{Base64}}, {{Base64}, {Gzip}}, {{Base64, true, false}, {Zstd}},
            {{Zstd}, {Gzip}}, {{Base64}, {Zlib}, {Base64}, {Gzip}}};
    for (const auto& chain : chains) {
        const auto value = wrapped(chain, json);
        const auto decoded = decode(value);
        EXPECT_EQ(decoded.bytes, json);
        EXPECT_EQ(decoded.form, ValueForm::Json);
        EXPECT_FALSE(decoded.problem);
        ASSERT_EQ(decoded.chain.size(), chain.size());
        for (std::size_t i = 0; i < chain.size(); ++i)
            EXPECT_EQ(decoded.chain[i].wrapping, chain[i].wrapping);
        const auto again = encode(decoded.chain, "other");
        ASSERT_THAT(again, succeeds());
        DecodeWish wish;
        wish.chain = decoded.chain;
        EXPECT_EQ(decode(*again, wish).bytes, "other");
    }
}

TEST(Decode, base64KeepsItsFlavour)
{
    const Bytes bytes = "\xfb\xff\xfe\xfa{}~~ and some more text";
    for (const bool urlSafe : {false, true}) {
        for (const bool padded : {false, true}) {
            for (std::size_t cut = 0; cut < 3; ++cut) {
                const auto inner = bytes.substr(0, bytes.size() - cut);
                const auto value = *wrap({Base64, urlSafe, padded}, inner);
                WrapStep step{Base64};
                ASSERT_EQ(unwrap(step, value), inner);
                EXPECT_EQ(*wrap(step, inner), value) << value;
            }
        }
    }
    WrapStep step{Base64};
    EXPECT_EQ(unwrap(step, "aGVs\r\nbG8=\n"), "hello");
    for (const auto* bad : {"", "a", "aGVsbG8==", "=aaa", "a=aa", "aGV*", "a+b_", "aGVs=", "aGVsb==="})
        EXPECT_THAT(unwrap(step, bad), failsWith(ErrorKind::BadData)) << bad;
}

TEST(Decode, wordsAndNumbersAreNotTakenForBase64)
{
    for (const auto* text :
        {"HelloWorldHelloWorld", "1234567890123456", "api:requests", "aGVsbG8=", // too short
            "d41d8cd98f00b204e9800998ecf8427e", "AAAAAAAAAAAAAAAAAAAA", "0123456789abcdef0123456789abcdef",
            "configuration", "Lorem/ipsum/dolor/sit/amet"}) {
        const auto decoded = decode(text);
        EXPECT_TRUE(decoded.chain.empty()) << text;
        EXPECT_EQ(decoded.bytes, text);
        EXPECT_EQ(decoded.form, ValueForm::Text);
    }
    // 10,000 random identifiers: none means anything.
    std::mt19937 random(3);
    const std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < 10'000; ++i) {
        std::string word(20 + 4 * (random() % 8), ' ');
        for (char& c : word)
            c = letters[random() % letters.size()];
        EXPECT_TRUE(decode(word).chain.empty()) << word;
    }
    EXPECT_EQ(decode("VGhlIHF1aWNrIGJyb3duIGZveA==").bytes, "The quick brown fox");
}

TEST(Decode, bombsStopAtTheCap)
{
    const Bytes zeros(MostUnwrapped, '\0');
    for (const auto wrapping : {Gzip, Zlib, Zstd}) {
        WrapStep step{wrapping};
        const auto atTheCap = *wrap(step, zeros);
        EXPECT_LT(atTheCap.size(), MiB);
        const auto taken = unwrap(step, atTheCap);
        ASSERT_THAT(taken, succeeds());
        EXPECT_EQ(taken->size(), MostUnwrapped);
        EXPECT_THAT(unwrap(step, atTheCap, MostUnwrapped - 1), failsWith(ErrorKind::TooLarge));
    }
    const auto half = *wrap({Gzip}, zeros);
    const auto decoded = decode(half + half); // two members: 128 MiB
    ASSERT_TRUE(decoded.problem);
    EXPECT_EQ(decoded.problem->kind, ErrorKind::TooLarge);
    EXPECT_THAT(decoded.problem->message, HasSubstr("more than 64 MB"));
    EXPECT_EQ(decoded.bytes, half + half);
    EXPECT_TRUE(decoded.chain.empty());
}

TEST(Decode, endsWhenStopped)
{
    const auto value = *wrap({Zstd}, Bytes(8 * MiB, 'x'));
    std::stop_source stop;
    stop.request_stop();
    const auto decoded = decode(value, {}, stop.get_token());
    ASSERT_TRUE(decoded.problem);
    EXPECT_EQ(decoded.problem->kind, ErrorKind::Cancelled);
}

TEST(Decode, saysWhyALayerStaysOn)
{
    const auto whole = *wrap({Gzip}, json);
    for (const auto wrapping : {Gzip, Zstd}) {
        const auto value = *wrap({wrapping}, json);
        const auto cut = decode(value.substr(0, value.size() / 2));
        ASSERT_TRUE(cut.problem) << name(wrapping);
        EXPECT_THAT(cut.problem->message, HasSubstr(std::string(name(wrapping))));
        EXPECT_THAT(cut.problem->message, HasSubstr("ends in the middle"));
        EXPECT_TRUE(cut.chain.empty());
    }
    EXPECT_TRUE(decode(whole + "tail").problem) << "writing back would lose the tail";
    auto damaged = whole;
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
    EXPECT_TRUE(decode(damaged).problem);
    EXPECT_FALSE(decode("x\x9c is a word").problem) << "two letters are no announcement";
}

TEST(Decode, aPersonDecidesAboutChainAndForm)
{
    const auto value = wrapped({{Base64}, {Gzip}}, json);
    DecodeWish raw;
    raw.chain.emplace();
    EXPECT_EQ(decode(value, raw).bytes, value);
    EXPECT_EQ(decode(value, raw).form, ValueForm::Text);
    DecodeWish outer;
    outer.chain = {WrapStep{Base64}};
    EXPECT_EQ(decode(value, outer).form, ValueForm::Binary);
    DecodeWish wrong;
    wrong.chain = {WrapStep{Zstd}};
    EXPECT_TRUE(decode(value, wrong).problem);
    DecodeWish text;
    text.form = ValueForm::Text;
    EXPECT_EQ(decode(value, text).form, ValueForm::Text);
    EXPECT_EQ(decode(value, text).bytes, json);
    DecodeWish word; // a person may insist on what is never guessed
    word.chain = {WrapStep{Base64}};
    EXPECT_EQ(decode("aGVsbG8=", word).bytes, "hello");
}

TEST(Decode, formsByTheirBytes)
{
    struct Row {
        Bytes bytes;
        ValueForm form;
        const char* image = "";
    };
    const Row rows[] = {{"", ValueForm::Text}, {"12", ValueForm::Text}, {"{\"a\":NaN}", ValueForm::Json},
        {"{broken", ValueForm::Text}, {"ctrl\x01 in a longer text", ValueForm::Text},
        {"<svg xmlns='http://www.w3.org/2000/svg'/>", ValueForm::Text},
        {"\x81\xa1"
         "a\x01",
            ValueForm::MessagePack},
        {"\x08\x96\x01\x12\x03"
         "abc",
            ValueForm::Protobuf},
        {Bytes("\0\0\0\0", 4), ValueForm::Binary}, {"\xff\xfe\x00x", ValueForm::Binary},
        {Bytes("\x89PNG\r\n\x1a\n\0", 9), ValueForm::Image, "png"},
        {"\xff\xd8\xff\xe0", ValueForm::Image, "jpeg"}, {"GIF89a..", ValueForm::Image, "gif"},
        {"BMW is a car, not a picture of one", ValueForm::Text},
        {Bytes("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0\1\0\0\0", 26), ValueForm::Image, "bmp"}};
    for (const auto& row : rows) {
        const auto decoded = decode(row.bytes);
        EXPECT_EQ(name(decoded.form), name(row.form)) << printable(row.bytes);
        EXPECT_EQ(decoded.imageType, row.image) << printable(row.bytes);
    }
}

TEST(Decode, survivesRandomBytes)
{
    std::mt19937 random(1);
    const std::string_view heads[]
        = {"\x1f\x8b\x08"sv, "\x28\xb5\x2f\xfd"sv, "x\x9c"sv, ""sv, "\x93"sv, "{\""sv};
    for (int i = 0; i < 10'000; ++i) {
        Bytes value(heads[random() % std::size(heads)]);
        for (auto n = random() % 200; n-- > 0;)
            value += static_cast<char>(random());
        const auto decoded = decode(value);
        if (decoded.chain.empty()) {
            ASSERT_EQ(decoded.bytes, value);
        }
    }
    // Damage anywhere in a good value: refused or read, never a crash.
    for (const auto wrapping : {Gzip, Zlib, Zstd}) {
        const auto good = *wrap({wrapping}, Bytes(5000, 'a') + json);
        for (int i = 0; i < 1000; ++i) {
            auto value = good.substr(0, random() % (good.size() + 1));
            if (!value.empty())
                value[random() % value.size()] = static_cast<char>(random());
            decode(value);
        }
    }
}

TEST(Decode, aMegabyteOfAnythingIsQuick)
{
    for (const char c : {'a', '[', '\x92', '\x0a', '\n', '\0', '\xff'}) {
        const auto since = std::chrono::steady_clock::now();
        decode(Bytes(MiB, c));
        EXPECT_LT(std::chrono::steady_clock::now() - since, std::chrono::milliseconds(500)) << int(c);
    }
}

} // namespace
} // namespace norikv::client
