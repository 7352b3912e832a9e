// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decode/json.h"

#include "tests/support/matchers.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace norikv::client {
namespace {

using norikv::test::failsWith;
using norikv::test::succeeds;
using testing::HasSubstr;

constexpr std::size_t MiB = 1024 * 1024;

std::string randomJson(std::mt19937& random, int depth)
{
    const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    const auto space = [&] {
        return std::string(static_cast<std::size_t>(pick(3)), " \n\t\r"[static_cast<std::size_t>(pick(4))]);
    };
    static const char* const scalars[] = {"18446744073709551615", "-0", "0.1000", "1E+2", "true", "null",
        R"("a\"b\\")", R"("\u00e9 { [ , : ] }")", "\"é\"", R"("")"};
    if (depth == 0 || pick(3) == 0)
        return scalars[pick(10)];
    const bool object = pick(2) != 0;
    std::string out = object ? "{" : "[";
    for (int n = pick(5), i = 0; i < n; ++i) {
        out += (i > 0 ? "," : "") + space();
        if (object)
            out += "\"same\"" + space() + ":" + space(); // every name twice on purpose
        out += randomJson(random, depth - 1) + space();
    }
    return out + space() + (object ? "}" : "]");
}

TEST(Json, tokensStayAsStored)
{
    const std::string json
        = R"({"n":18446744073709551615,"n":-0.0,"f":1.0e+05,"s":"a b\"\\ {,:[","u":"\u00e9","e":{},"a":[ ]})";
    const auto pretty = prettyJson(json);
    ASSERT_THAT(pretty, succeeds());
    EXPECT_THAT(*pretty, HasSubstr("\n  \"n\": 18446744073709551615,\n  \"n\": -0.0,"));
    EXPECT_THAT(*pretty, HasSubstr("\"e\": {},"));
    EXPECT_THAT(*pretty, HasSubstr("\"a\": []"));
    EXPECT_EQ(minifyJson(*pretty),
        R"({"n":18446744073709551615,"n":-0.0,"f":1.0e+05,"s":"a b\"\\ {,:[","u":"\u00e9","e":{},"a":[]})");
    EXPECT_EQ(prettyJson("5"), "5");
}

TEST(Json, randomDocumentsComeBackByteForByte)
{
    std::mt19937 random(11);
    int nested = 0;
    for (int i = 0; i < 3000; ++i) {
        const std::string json = "[" + randomJson(random, 6) + "]";
        ASSERT_TRUE(nlohmann::json::accept(json)) << json;
        const auto small = minifyJson(json);
        ASSERT_THAT(small, succeeds()) << json;
        const auto pretty = prettyJson(json);
        ASSERT_THAT(pretty, succeeds());
        ASSERT_EQ(minifyJson(*pretty), *small);
        ASSERT_TRUE(nlohmann::json::accept(*pretty));
        ASSERT_EQ(prettyJson(*small), *pretty);
        ASSERT_THAT(parseJson(json), succeeds());
        nested += pretty->find("    ") != std::string::npos;
    }
    EXPECT_GT(nested, 500);
}

TEST(Json, refusesWhatIsNoneAndSaysWhere)
{
    struct Row {
        std::string json;
        std::string says;
    };
    const Row rows[] = {{"", "ends in the middle"}, {"{", "ends in the middle"}, {"}", "expected a value"},
        {"[}", "expected a value"}, {"{]", "a name"}, {"[1 2]", ", or ]"}, {R"({"a" 1})", "expected :"},
        {"[1,]", "expected a value"}, {"abc", "expected a value"}, {"\"open", "without its end"},
        {"[1]]", "something follows"}, {R"({"a":1}})", "something follows"}, {"[01]", ", or ]"},
        {"{a:1}", "a name"}, {"[\"\n\"]", "control character"}, {R"(["\x"])", "escape"},
        {R"(["\u12g4"])", "four hexadecimal"}, {"[1.]", "expected a value"}, {"[-]", "expected a value"},
        {"[1e]", "expected a value"}, {"[\"\xff\"]", "not UTF-8"}, {"[NaN]", "expected a value"}};
    for (const auto& row : rows) {
        EXPECT_FALSE(nlohmann::json::accept(row.json)) << row.json;
        for (const auto& result : {prettyJson(row.json), minifyJson(row.json)}) {
            ASSERT_THAT(result, failsWith(ErrorKind::BadData)) << row.json;
            EXPECT_THAT(result.error().message, HasSubstr(row.says)) << row.json;
            EXPECT_THAT(result.error().message, HasSubstr("(byte "));
        }
        EXPECT_THAT(parseJson(row.json), failsWith(ErrorKind::BadData)) << row.json;
    }
    EXPECT_THAT(prettyJson("[1, x]").error().message, HasSubstr("(byte 4)"));
}

TEST(Json, agreesWithAnotherParserAboutDamage)
{
    std::mt19937 random(5);
    // No exponents: what a number is worth is not our question.
    const std::string alphabet = "{}[],:\"\\ 01.-+tfnu\x01\xc3";
    for (int i = 0; i < 10'000; ++i) {
        std::string json = randomJson(random, 3);
        for (auto n = random() % 3; n-- > 0 && !json.empty();)
            json[random() % json.size()] = alphabet[random() % alphabet.size()];
        ASSERT_EQ(checkJson(json).has_value(), nlohmann::json::accept(json)) << printable(json);
    }
}

TEST(Json, lenientTakesWhatPythonAndJavaScriptWrite)
{
    JsonLimits limits;
    limits.lenient = true;
    EXPECT_EQ(minifyJson("[NaN, Infinity, -Infinity]", limits), "[NaN,Infinity,-Infinity]");
    EXPECT_FALSE(minifyJson("[NaNa]", limits));
}

TEST(Json, deepNestingIsAnAnswer)
{
    const std::string brackets(MiB, '[');
    const auto pretty = prettyJson(brackets);
    ASSERT_THAT(pretty, failsWith(ErrorKind::TooLarge));
    EXPECT_THAT(pretty.error().message, HasSubstr("nested deeper than 1000 levels"));
    EXPECT_THAT(parseJson(brackets), failsWith(ErrorKind::TooLarge));
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_THAT(prettyJson(nested(1000)), succeeds());
    EXPECT_THAT(prettyJson(nested(1001)), failsWith(ErrorKind::TooLarge));
    EXPECT_THAT(prettyJson(nested(10'000)), failsWith(ErrorKind::TooLarge));
    JsonLimits deep;
    deep.depth = MiB;
    EXPECT_EQ(minifyJson(nested(MiB / 2), deep), nested(MiB / 2)) << "depth costs no stack";
    const auto tree = parseJson(nested(MiB / 2), deep);
    ASSERT_THAT(tree, succeeds());
    EXPECT_EQ(tree->nodes.size(), MiB / 2);
}

// Deep and wide at once: indentation must not turn a megabyte into a gigabyte.
TEST(Json, indentationIsBounded)
{
    std::string json(900, '[');
    while (json.size() < MiB - 2000)
        json += "1,";
    json += "1" + std::string(900, ']');
    EXPECT_THAT(prettyJson(json), failsWith(ErrorKind::TooLarge));
    EXPECT_EQ(minifyJson(json), json);
}

TEST(JsonTree, knowsParentsChildrenAndSpans)
{
    const std::string json = R"( {"a": [1, {"b c": null}], "s": "x\"y", "a": true, "e": {}} )";
    const auto tree = parseJson(json);
    ASSERT_THAT(tree, succeeds());
    const auto& root = tree->nodes[0];
    EXPECT_EQ(root.kind, JsonKind::Object);
    EXPECT_EQ(root.parent, JsonNode::None);
    ASSERT_EQ(root.children, 4U);
    EXPECT_EQ(root.value.of(json), json.substr(1, json.size() - 2));
    const auto list = tree->child(0, 0);
    EXPECT_EQ(tree->nodes[list].key.of(json), "\"a\"");
    EXPECT_EQ(tree->nodes[list].value.of(json), R"([1, {"b c": null}])");
    ASSERT_EQ(tree->nodes[list].children, 2U);
    EXPECT_EQ(tree->nodes[tree->child(list, 0)].value.of(json), "1");
    const auto inner = tree->child(tree->child(list, 1), 0);
    EXPECT_EQ(tree->nodes[inner].kind, JsonKind::Null);
    EXPECT_EQ(jsonPath(*tree, json, inner), R"(a[1]["b c"])");
    EXPECT_EQ(jsonPath(*tree, json, 0), "$");
    EXPECT_EQ(tree->nodes[tree->child(0, 1)].value.of(json), R"("x\"y")");
    EXPECT_EQ(tree->find(json, 0, "\"a\""), tree->child(0, 2)) << "the last of two";
    EXPECT_EQ(tree->find(json, 0, "\"z\""), JsonNode::None);
    for (std::uint32_t node = 1; node < tree->nodes.size(); ++node)
        EXPECT_EQ(tree->child(tree->nodes[node].parent, tree->nodes[node].row), node);
}

TEST(JsonTree, aMegabyteOfOnesIsFlat)
{
    std::string json = "[1";
    while (json.size() < MiB - 3)
        json += ",1";
    json += "]";
    const auto tree = parseJson(json);
    ASSERT_THAT(tree, succeeds());
    EXPECT_EQ(tree->nodes[0].children, tree->nodes.size() - 1);
    EXPECT_EQ(tree->nodes[tree->child(0, 100'000)].row, 100'000U);
}

TEST(Json, quotesText)
{
    EXPECT_EQ(quoteJson("a\"b\\c\n\t\x01é"), R"("a\"b\\c\n\t\u0001é")");
    EXPECT_EQ(quoteJson("\xff"), R"("\ufffd")");
    EXPECT_TRUE(nlohmann::json::accept(quoteJson(std::string("\0\x7f\x1f", 3))));
}

TEST(Json, looksAtTheFirstCharacterOnly)
{
    EXPECT_TRUE(looksLikeJson(" \n{"));
    EXPECT_TRUE(looksLikeJson("["));
    EXPECT_FALSE(looksLikeJson("12"));
    EXPECT_FALSE(looksLikeJson("  "));
}

} // namespace
} // namespace norikv::client
