// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/valuelayout.h"

#include <nlohmann/json.hpp>

#include <QElapsedTimer>

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

using namespace norikv;
using models::indentJson;
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

// Removes what stands between tokens and nothing else.
std::string minified(std::string_view json)
{
    std::string out;
    bool inString = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (!inString && (c == ' ' || c == '\n' || c == '\t' || c == '\r'))
            continue;
        out += c;
        if (inString && c == '\\')
            out += json[++i];
        else if (c == '"')
            inString = !inString;
    }
    return out;
}

std::string randomJson(std::mt19937& random, int depth)
{
    const auto pick = [&](int n) { return int(random() % unsigned(n)); };
    const auto space = [&] { return std::string(std::size_t(pick(3)), " \n\t\r"[pick(4)]); };
    static const char* const scalars[] = {"18446744073709551615", "-0", "0.1000", "1E+2", "true", "null",
        R"("a\"b\\")", R"("\u00e9 { [ , : ] }")", "\"é\"", R"("")"};
    if (depth == 0 || pick(3) == 0)
        return scalars[pick(10)];
    std::string out = pick(2) ? "{" : "[";
    const bool object = out == "{";
    for (int n = pick(5), i = 0; i < n; ++i) {
        if (i > 0)
            out += ",";
        out += space();
        if (object)
            out += "\"same\"" + space() + ":" + space(); // every name twice on purpose
        out += randomJson(random, depth - 1) + space();
    }
    return out + space() + (object ? "}" : "]");
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

TEST(IndentJson, TokensStayAsStored)
{
    const std::string json
        = R"({"n":18446744073709551615,"n":-0.0,"f":1.0e+05,"s":"a b\"\\ {,:[","u":"\u00e9","e":{},"a":[ ]})";
    const auto indented = indentJson(json);
    ASSERT_TRUE(indented);
    EXPECT_EQ(minified(*indented), minified(json));
    EXPECT_NE(indented->find("\n  \"n\": 18446744073709551615,\n  \"n\": -0.0,"), std::string::npos)
        << *indented;
    EXPECT_NE(indented->find("\"e\": {},"), std::string::npos);
    EXPECT_NE(indented->find("\"a\": []"), std::string::npos);
}

TEST(IndentJson, RandomDocumentsKeepTheirTokens)
{
    std::mt19937 random(11);
    int nested = 0;
    for (int i = 0; i < 3000; ++i) {
        const std::string json = "[" + randomJson(random, 6) + "]";
        ASSERT_TRUE(nlohmann::json::accept(json)) << json;
        const auto indented = indentJson(json);
        ASSERT_TRUE(indented) << json;
        ASSERT_EQ(minified(*indented), minified(json));
        ASSERT_TRUE(nlohmann::json::accept(*indented));
        nested += indented->find("    ") != std::string::npos;
    }
    EXPECT_GT(nested, 500);
}

TEST(IndentJson, RefusesWhatIsNone)
{
    for (const char* json : {"", "{", "}", "[}", "{]", "[1 2]", "{\"a\" 1}", "[1,]", "abc", "\"open", "[1]]",
             "{\"a\":1}}", "[01]", "{a:1}", "[\"\n\"]"})
        EXPECT_FALSE(indentJson(json)) << json;
    EXPECT_EQ(indentJson("5"), "5");
}

TEST(IndentJson, DeepNestingFallsBackAtOnce)
{
    const std::string brackets(MiB, '[');
    qint64 best = 1'000'000;
    for (int i = 0; i < 5; ++i) {
        QElapsedTimer since;
        since.start();
        EXPECT_FALSE(indentJson(brackets));
        best = std::min(best, since.elapsed());
    }
    EXPECT_LT(best, 50);
    const auto open = layoutJson(brackets);
    EXPECT_EQ(open.mode, ViewMode::Text);
    EXPECT_FALSE(open.remark.isEmpty());
    EXPECT_LE(longest(open), qsizetype(ValueLayout::MaxColumns));
    EXPECT_TRUE(indentJson(std::string(1000, '[') + std::string(1000, ']')));
    EXPECT_FALSE(indentJson(std::string(1001, '[') + std::string(1001, ']')));
}

// Deep and wide at once: indentation must not turn a megabyte into a gigabyte.
TEST(IndentJson, IndentationIsBounded)
{
    std::string json(900, '[');
    while (json.size() < MiB - 2000)
        json += "1,";
    json += "1" + std::string(900, ']');
    const auto indented = indentJson(json);
    if (indented) {
        EXPECT_LT(indented->size(), 32 * MiB);
        EXPECT_EQ(minified(*indented), json);
    }
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
    EXPECT_TRUE(models::looksLikeJson(" \n{"));
    EXPECT_TRUE(models::looksLikeJson("["));
    EXPECT_FALSE(models::looksLikeJson("12"));
    EXPECT_FALSE(models::looksLikeJson("  "));
}
