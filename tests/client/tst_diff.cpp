// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decode/diff.h"
#include "client/decode/json.h"
#include "client/decode/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace norikv::client {
namespace {

using What = LineDiff::What;
using enum MergeSide;

LineDiff diffOf(std::string_view before, std::string_view after, std::size_t most = 1500)
{
    return diffLines(splitLines(before), splitLines(after), most);
}

/// Walks the runs; what they say must be true and must make `after` of `before`.
void expectTrue(const LineDiff& diff, std::string_view before, std::string_view after)
{
    const auto old = splitLines(before);
    const auto now = splitLines(after);
    std::size_t b = 0;
    std::size_t a = 0;
    for (const auto& run : diff.runs) {
        ASSERT_EQ(run.before, b);
        ASSERT_EQ(run.after, a);
        ASSERT_GT(run.count, 0U);
        for (std::size_t i = 0; run.what == What::Same && i < run.count; ++i)
            ASSERT_EQ(old.at(b + i), now.at(a + i));
        b += run.what == What::Added ? 0 : run.count;
        a += run.what == What::Removed ? 0 : run.count;
    }
    EXPECT_EQ(b, old.size());
    EXPECT_EQ(a, now.size());
}

std::size_t longestCommon(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b)
{
    std::vector<std::size_t> row(b.size() + 1, 0);
    for (const auto& line : a) {
        std::size_t corner = 0;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = line == b[j - 1] ? corner + 1 : std::max(row[j], row[j - 1]);
            corner = above;
        }
    }
    return row.back();
}

std::string randomText(std::mt19937& random, int lines)
{
    std::string out;
    for (auto n = random() % static_cast<unsigned>(lines); n-- > 0;)
        out += std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
    if (random() % 3 == 0)
        out += "end";
    return out;
}

TEST(LineDiff, keepsWhatBothHave)
{
    const std::string before = "one\ntwo\nthree\nfour\n";
    const std::string after = "one\n2\nthree\nfour\nfive\n";
    const auto diff = diffOf(before, after);
    const std::vector<LineDiff::Run> expected{{What::Same, 0, 0, 1}, {What::Removed, 1, 1, 1},
        {What::Added, 2, 1, 1}, {What::Same, 2, 2, 2}, {What::Added, 4, 4, 1}};
    EXPECT_EQ(diff.runs, expected);
    EXPECT_EQ(diff.added, 2U);
    EXPECT_EQ(diff.removed, 1U);
    EXPECT_TRUE(diffOf(before, before).identical());
    EXPECT_TRUE(diffOf("", "").identical());
    EXPECT_EQ(diffOf("", "a\n").added, 1U);
    EXPECT_EQ(diffOf("a", "a\n").removed, 1U) << "a missing line feed is a difference";
}

TEST(LineDiff, linesJoinToTheText)
{
    for (const std::string text : {"", "\n", "a", "a\n", "a\nb", "\n\n"}) {
        std::string joined;
        for (const auto line : splitLines(text))
            joined += line;
        EXPECT_EQ(joined, text);
    }
}

TEST(LineDiff, isShortestOnRandomTexts)
{
    std::mt19937 random(9);
    for (int i = 0; i < 2000; ++i) {
        const auto before = randomText(random, 30);
        const auto after = randomText(random, 30);
        const auto diff = diffOf(before, after);
        ASSERT_FALSE(diff.coarse);
        ASSERT_NO_FATAL_FAILURE(expectTrue(diff, before, after));
        const auto old = splitLines(before);
        const auto now = splitLines(after);
        const auto same = longestCommon(old, now);
        ASSERT_EQ(diff.removed, old.size() - same) << before << "->\n" << after;
        ASSERT_EQ(diff.added, now.size() - same);
    }
}

TEST(LineDiff, muchWorkMakesItCoarseAndStillTrue)
{
    std::mt19937 random(6);
    std::string before = "head\n";
    std::string after = "head\n";
    for (int i = 0; i < 100'000; ++i) {
        before += std::to_string(random() % 5000) + "\n";
        after += std::to_string(random() % 5000) + "\n";
    }
    before += "tail";
    after += "tail";
    const auto since = std::chrono::steady_clock::now();
    const auto diff = diffOf(before, after);
    EXPECT_LT(std::chrono::steady_clock::now() - since, std::chrono::seconds(2));
    EXPECT_TRUE(diff.coarse);
    expectTrue(diff, before, after);
    EXPECT_EQ(diff.runs.front().count, 1U) << "what both begin with is found all the same";
    std::stop_source stop;
    stop.request_stop();
    EXPECT_TRUE(diffLines(splitLines("a\n"), splitLines("b\n"), 1500, stop.get_token()).coarse);
}

TEST(Merge, takesWhatOneSideChanged)
{
    const std::string base = "1\n2\n3\n4\n5\n";
    const auto merge = merge3(base, "1\nmine\n3\n4\n5\n", "1\n2\n3\n4\ntheirs\nmore\n");
    EXPECT_FALSE(merge.byField);
    EXPECT_TRUE(merge.conflicts.empty());
    EXPECT_EQ(merge.fromMine, 1U);
    EXPECT_EQ(merge.fromTheirs, 1U);
    EXPECT_EQ(merge.result({}), "1\nmine\n3\n4\ntheirs\nmore\n");
}

TEST(Merge, conflictsAreValuesToChooseFrom)
{
    const auto merge = merge3("1\n2\n3\n", "1\nmine\n3\nx\n", "1\ntheirs\n3\n");
    ASSERT_EQ(merge.conflicts.size(), 1U);
    EXPECT_EQ(merge.conflicts[0].base, "2\n");
    EXPECT_EQ(merge.conflicts[0].mine, "mine\n");
    EXPECT_EQ(merge.conflicts[0].theirs, "theirs\n");
    EXPECT_EQ(merge.conflicts[0].where, "line 2");
    EXPECT_EQ(merge.result(std::vector{Mine}), "1\nmine\n3\nx\n");
    EXPECT_EQ(merge.result(std::vector{Theirs}), "1\ntheirs\n3\nx\n");
    EXPECT_EQ(merge.result({}), "1\ntheirs\n3\nx\n");
}

TEST(Merge, holdsItsLawsOnRandomTexts)
{
    std::mt19937 random(8);
    for (int i = 0; i < 2000; ++i) {
        const auto base = randomText(random, 15);
        const auto mine = randomText(random, 15);
        const auto theirs = randomText(random, 15);
        ASSERT_EQ(merge3(base, mine, base).result({}), mine);
        ASSERT_EQ(merge3(base, base, theirs).result({}), theirs);
        ASSERT_EQ(merge3(base, mine, mine).result({}), mine);
        ASSERT_TRUE(merge3(base, mine, mine).conflicts.empty());
        const auto both = merge3(base, mine, theirs);
        ASSERT_EQ(both.conflicts.size(), merge3(base, theirs, mine).conflicts.size());
        if (both.conflicts.empty()) {
            ASSERT_EQ(both.result({}), merge3(base, theirs, mine).result({}));
        }
    }
}

TEST(JsonMerge, mergesFieldsAndKeepsTheUnknown)
{
    const auto merge = merge3(R"({"a":1,"b":2,"in":{"x":1,"y":1},"gone":0})",
        R"({"a":10,"b":2,"in":{"x":5,"y":1},"mine":[1]})",
        R"({"new":18446744073709551615,"a":1,"b":20,"in":{"x":1,"y":6},"gone":0})");
    EXPECT_TRUE(merge.byField);
    EXPECT_TRUE(merge.conflicts.empty());
    EXPECT_EQ(
        merge.result({}), R"({"new":18446744073709551615,"a":10,"b":20,"in":{"x":5,"y":6},"mine":[1]})");
    EXPECT_EQ(merge.fromMine, 4U);
    EXPECT_EQ(merge.fromTheirs, 3U);
}

TEST(JsonMerge, conflictsHavePathsAndRawValues)
{
    const auto merge = merge3(R"({"a":{"n":1.0},"b":1})", R"({"a":{"n":2.50},"b":2})", R"({"a":{"n":3e0}})");
    ASSERT_EQ(merge.conflicts.size(), 2U);
    EXPECT_EQ(merge.conflicts[0].where, "a.n");
    EXPECT_EQ(merge.conflicts[0].mine, "2.50");
    EXPECT_EQ(merge.conflicts[0].theirs, "3e0");
    EXPECT_EQ(merge.conflicts[1].where, "b");
    EXPECT_EQ(merge.conflicts[1].base, "1");
    EXPECT_FALSE(merge.conflicts[1].theirs) << "they removed it";
    EXPECT_EQ(merge.result(std::vector{Mine, Mine}), R"({"a":{"n":2.50},"b":2})");
    EXPECT_EQ(merge.result(std::vector{Theirs, Theirs}), R"({"a":{"n":3e0}})");
    EXPECT_EQ(merge.result(std::vector{Theirs, Mine}), R"({"a":{"n":3e0},"b":2})");
}

TEST(JsonMerge, keepsTheShapeOfTheirs)
{
    const auto merge = merge3(R"({"a":1})", R"({"a":2})", "{\n  \"a\": 1,\n  \"b\": []\n}");
    EXPECT_EQ(merge.result({}), "{\n  \"a\": 2,\n  \"b\": []\n}");
}

TEST(JsonMerge, namesMetTwiceAreMergedByLine)
{
    EXPECT_FALSE(merge3(R"({"a":1,"a":2})", R"({"a":1,"a":3})", R"({"a":1})").byField);
    EXPECT_FALSE(merge3("[1]", "[2]", "[3]").byField);
    EXPECT_FALSE(merge3("{}", "{", "{}").byField);
    EXPECT_TRUE(merge3("{}", "{}", "{}").byField);
    EXPECT_EQ(merge3("{}", "{}", "{}").result({}), "{}");
}

TEST(JsonMerge, deepObjectsCostNoStack)
{
    std::string open;
    std::string close;
    for (int i = 0; i < 900; ++i) {
        open += "{\"a\":";
        close += "}";
    }
    const auto merge = merge3(open + "1" + close, open + "2" + close, open + "3" + close);
    ASSERT_EQ(merge.conflicts.size(), 1U);
    EXPECT_EQ(merge.result(std::vector{Mine}), open + "2" + close);
}

} // namespace
} // namespace norikv::client
