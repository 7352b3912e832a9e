// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bytes.h"
#include "client/limits.h"

#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <random>
#include <regex>
#include <set>

namespace norikv::client {
namespace {

using norikv::test::failsWith;
using norikv::test::succeeds;
using testing::HasSubstr;

TEST(Bytes, showValidTextAsItIs)
{
    for (const std::string text : {"", "user:123", "Hello 世界", "🌍🚀", "été", "a b"})
        EXPECT_EQ(printable(text), text);
}

TEST(Bytes, showABackslashTwice)
{
    EXPECT_EQ(printable("a\\b"), "a\\\\b");
    EXPECT_EQ(printable("\\x41"), "\\\\x41");
}

TEST(Bytes, showControlCharactersAsHex)
{
    EXPECT_EQ(printable(std::string("\0", 1)), "\\x00");
    EXPECT_EQ(printable("a\nb\tc\x7f"), "a\\x0ab\\x09c\\x7f");
    EXPECT_EQ(printable("\x1b[31m"), "\\x1b[31m");
    EXPECT_EQ(printable("\xc2\x85"), "\\xc2\\x85") << "C1 control";
}

TEST(Bytes, showCharactersThatChangeHowOthersReadAsHex)
{
    struct Row {
        const char* what;
        std::string bytes;
    };
    const Row rows[] = {
        {"right-to-left override", "\xe2\x80\xae"},
        {"left-to-right isolate", "\xe2\x81\xa6"},
        {"pop isolate", "\xe2\x81\xa9"},
        {"zero width space", "\xe2\x80\x8b"},
        {"zero width joiner", "\xe2\x80\x8d"},
        {"right-to-left mark", "\xe2\x80\x8f"},
        {"Arabic letter mark", "\xd8\x9c"},
        {"line separator", "\xe2\x80\xa8"},
        {"word joiner", "\xe2\x81\xa0"},
        {"byte order mark", "\xef\xbb\xbf"},
    };
    for (const Row& row : rows) {
        const std::string shown = printable("a" + row.bytes + "b");
        EXPECT_EQ(shown.find(row.bytes), std::string::npos) << row.what;
        EXPECT_THAT(shown, HasSubstr("\\x")) << row.what;
        EXPECT_EQ(fromPrintable(shown), "a" + row.bytes + "b") << row.what;
    }
}

TEST(Bytes, showInvalidUtf8ByteByByte)
{
    EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
    EXPECT_EQ(printable("ok\xc3"), "ok\\xc3") << "cut off";
    EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
    EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "surrogate";
    EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond Unicode";
    EXPECT_EQ(printable("\xe4\xb8\xe4\xb8\x96"), "\\xe4\\xb8世") << "valid text right after a broken one";
}

TEST(Bytes, knowWellFormedUtf8)
{
    for (const std::string good : {"", "a", "é", "世界", "🌍", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf"})
        EXPECT_TRUE(isUtf8(good)) << printable(good);
    for (const std::string bad : {"\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80",
             "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xc3("})
        EXPECT_FALSE(isUtf8(bad)) << printable(bad);
}

TEST(Bytes, comeBackFromTheirPrintedFormWhateverTheyAre)
{
    std::mt19937 random{20240601};
    std::uniform_int_distribution<int> byte(0, 255);
    std::uniform_int_distribution<std::size_t> length(0, 40);
    for (int round = 0; round < 5000; ++round) {
        Bytes bytes(length(random), '\0');
        for (char& c : bytes)
            c = static_cast<char>(round % 2 == 0 ? byte(random) : byte(random) & 0x7F);
        const std::string shown = printable(bytes);
        ASSERT_TRUE(isUtf8(shown));
        ASSERT_EQ(fromPrintable(shown), bytes) << shown;
    }
}

TEST(Bytes, refuseAMalformedEscape)
{
    for (const char* text : {"\\", "a\\", "\\x", "\\x4", "\\xg0", "\\x0g", "\\n", "\\X41", "\\u0041"})
        EXPECT_EQ(fromPrintable(text), std::nullopt) << text;
    EXPECT_EQ(fromPrintable("\\x41\\x6A\\\\"), "Aj\\") << "upper and lower case digits";
}

TEST(Bytes, randomUuidsAreVersion4AndNeverTheSame)
{
    const std::regex shape("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    std::set<std::string> seen;
    for (int i = 0; i < 2000; ++i) {
        const std::string id = randomUuid();
        EXPECT_TRUE(std::regex_match(id, shape)) << id;
        EXPECT_TRUE(seen.insert(id).second) << id;
    }
}

TEST(Bytes, overTheLimitsAreRefusedBeforeSendingWithSizeAndLimit)
{
    EXPECT_THAT(checkSizes(Bytes(1024, 'k'), 1'048'576), succeeds());
    const auto key = checkSizes(Bytes(1025, 'k'), 0);
    ASSERT_THAT(key, failsWith(ErrorKind::TooLarge));
    EXPECT_THAT(key.error().message, testing::AllOf(HasSubstr("1025"), HasSubstr("1024"), HasSubstr("key")));
    const auto value = checkSizes("k", 1'048'577);
    ASSERT_THAT(value, failsWith(ErrorKind::TooLarge));
    EXPECT_THAT(value.error().message,
        testing::AllOf(HasSubstr("1048577"), HasSubstr("1048576"), HasSubstr("value")));
}

} // namespace
} // namespace norikv::client
