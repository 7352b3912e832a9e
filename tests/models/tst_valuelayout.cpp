// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/valuelayout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

using namespace norikv;
using models::layoutHex;
using models::layoutJson;
using models::layoutText;
using models::layoutValue;
using models::ValueLayout;
using models::ViewMode;

namespace {

constexpr std::size_t MiB = 1024 * 1024;

qsizetype longest(const ValueLayout& layout)
{
    qsizetype most = 0;
    for (const QString& line : layout.lines)
        most = std::max(most, line.size());
    return most;
}

QString joined(const ValueLayout& layout)
{
    QString all;
    for (const QString& line : layout.lines)
        all += line;
    return all;
}

} // namespace

TEST(LayoutText, OneMegabyteInOneLine)
{
    const std::string value(MiB, 'a');
    const auto layout = layoutText(value);
    EXPECT_EQ(layout.lines.size(), (MiB + 159) / 160);
    EXPECT_LE(longest(layout), qsizetype(ValueLayout::MaxColumns));
    EXPECT_EQ(joined(layout).toStdString(), value);
    EXPECT_TRUE(layout.remark.isEmpty());
}

TEST(LayoutText, RandomBytesNeverGrowLongLines)
{
    std::mt19937 random(7);
    std::string value(MiB, '\0');
    for (char& c : value)
        c = char(random());
    const auto layout = layoutText(value);
    EXPECT_LE(longest(layout), qsizetype(ValueLayout::MaxColumns));
    EXPECT_FALSE(layout.remark.isEmpty()) << "said that it is no text";
    for (const QString& line : layout.lines) {
        for (const QChar c : line)
            ASSERT_NE(c.category(), QChar::Other_Control) << "control characters are escaped, not shown";
    }
}

TEST(LayoutText, HiddenCharactersTabsAndBreaks)
{
    const auto layout = layoutText("a\tb\r\n\x01 \xE2\x80\xAE\n");
    ASSERT_EQ(layout.lines.size(), 3U);
    EXPECT_EQ(layout.lines[0], QStringLiteral("a    b\\x0d"));
    EXPECT_FALSE(layout.lines[1].contains(QChar(0x202E))) << "text direction must not be changed by data";
    EXPECT_TRUE(layout.lines[1].startsWith(QStringLiteral("\\x01 \\xe2")));
    EXPECT_TRUE(layout.lines[2].isEmpty());
    EXPECT_EQ(layoutText("").lines.size(), 1U);
    EXPECT_LE(longest(layoutText(std::string(4000, '\t'))), qsizetype(ValueLayout::MaxColumns));
}

TEST(LayoutText, CharactersAreNotCut)
{
    // Every offset of a two, three and four byte character against the column limit.
    for (const std::string& character : {std::string("é"), std::string("€"), std::string("😀")}) {
        for (std::size_t before = 150; before < 165; ++before) {
            const std::string value = std::string(before, 'a') + character + std::string(200, 'b');
            const auto layout = layoutText(value);
            EXPECT_EQ(joined(layout).toStdString(), value) << before;
            EXPECT_TRUE(layout.remark.isEmpty());
        }
    }
    // Nothing but long characters, at every phase against every limit.
    for (const std::string& character : {std::string("é"), std::string("€"), std::string("😀")}) {
        for (std::size_t before = 0; before < 4; ++before) {
            std::string value(before, 'a');
            for (int i = 0; i < 300; ++i)
                value += character;
            EXPECT_EQ(joined(layoutText(value)).toStdString(), value) << before;
        }
    }
}

TEST(LayoutHex, OffsetsBytesAndCharacters)
{
    std::string value = "0123456789abcdef";
    value += std::string("\0\xff~ ", 4);
    const auto layout = layoutHex(value);
    ASSERT_EQ(layout.lines.size(), 2U);
    EXPECT_EQ(layout.lines[0],
        QStringLiteral("000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef"));
    EXPECT_EQ(
        layout.lines[1], QStringLiteral("000010  00 ff 7e 20                                       ..~ "));
    EXPECT_EQ(layout.lines[0].size() - 16, layout.lines[1].size() - 4);
    const auto large = layoutHex(std::string(MiB, 'x'));
    EXPECT_EQ(large.lines.size(), MiB / 16);
    EXPECT_TRUE(large.lines.back().startsWith(QStringLiteral("0ffff0  ")));
    EXPECT_TRUE(layoutHex("").lines.empty());
}

TEST(LayoutJson, DeepNestingFallsBackAtOnce)
{
    const std::string brackets(MiB, '[');
    const auto open = layoutJson(brackets);
    EXPECT_EQ(open.mode, ViewMode::Text);
    EXPECT_FALSE(open.remark.isEmpty());
    EXPECT_LE(longest(open), qsizetype(ValueLayout::MaxColumns));
}

// Deep and wide at once: indentation must not turn a megabyte into a gigabyte.
TEST(LayoutJson, IndentationIsBounded)
{
    std::string json(900, '[');
    while (json.size() < MiB - 2000)
        json += "1,";
    json += "1" + std::string(900, ']');
    const auto layout = layoutJson(json);
    EXPECT_LT(layout.lines.size(), MiB);
    EXPECT_FALSE(layout.lines.empty());
}

TEST(LayoutValue, FallsBackWithAWord)
{
    EXPECT_EQ(layoutValue("plain", ViewMode::Json).mode, ViewMode::Text);
    EXPECT_FALSE(layoutValue("plain", ViewMode::Json).remark.isEmpty());
    EXPECT_FALSE(layoutValue("{broken", ViewMode::Json).remark.isEmpty());
    EXPECT_EQ(layoutValue("{}", ViewMode::Json).mode, ViewMode::Json);
    EXPECT_EQ(layoutValue("{}", ViewMode::Hex).mode, ViewMode::Hex);
    EXPECT_EQ(layoutValue("{}", ViewMode::Text).mode, ViewMode::Text);
}
