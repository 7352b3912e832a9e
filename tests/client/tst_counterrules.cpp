// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/audit/counterrules.h"

#include "client/patterns/counter.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <limits>

namespace norikv::client {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

CounterReading basic(const Bytes& value)
{
    CounterReading reading;
    reading.name = "api";
    reading.readMs = 1000;
    reading.keys.push_back({.key = "api", .value = value, .version = Version{0, 1}});
    return reading;
}

CounterReading sharded(const std::vector<std::pair<std::uint32_t, Bytes>>& shards,
    std::optional<std::uint32_t> declared = std::nullopt)
{
    CounterReading reading;
    reading.name = "views";
    reading.sharded = true;
    reading.declaredShards = declared;
    reading.readMs = 1000;
    for (const auto& [index, value] : shards)
        reading.keys.push_back({.key = shardKey("views", index), .value = value, .version = Version{0, 1}});
    return reading;
}

TEST(RuleC1, isSilentAboutIntegers)
{
    for (const char* value : {"0", "-5", "007", "9007199254740991", "-9007199254740991"})
        EXPECT_THAT(checkC1(basic(value)), IsEmpty()) << value;
    EXPECT_THAT(checkC1(sharded({{0, "1"}, {1, "2"}})), IsEmpty());
}

TEST(RuleC1, findsWhatIsNoIntegerWithItsText)
{
    for (const char* value : {"abc", "1.5", "{}", "9223372036854775808", "1 "}) {
        const auto found = checkC1(basic(value));
        ASSERT_THAT(found, SizeIs(1)) << value;
        EXPECT_EQ(found[0].rule, "C1");
        EXPECT_EQ(found[0].severity, Severity::Certain);
        EXPECT_EQ(found[0].subject, "api");
        EXPECT_EQ(found[0].firstSeenMs, 1000);
        EXPECT_THAT(found[0].evidence, HasSubstr("\"" + std::string(value) + "\""));
        EXPECT_THAT(found[0].evidence, Not(HasSubstr("JavaScript")));
    }
}

TEST(RuleC1, knowsAJavaScriptOverflow)
{
    for (const char* value : {"1e+21", "-1e+21", "1.2345e+300", "NaN", "Infinity", "-Infinity"}) {
        const auto found = checkC1(basic(value));
        ASSERT_THAT(found, SizeIs(1)) << value;
        EXPECT_EQ(found[0].severity, Severity::Certain);
        EXPECT_THAT(found[0].evidence, HasSubstr("a JavaScript client overflowed this counter"));
    }
    for (const char* value : {"1e21", "e+21", "some+e+1", "nan"})
        EXPECT_THAT(checkC1(basic(value))[0].evidence, Not(HasSubstr("JavaScript"))) << value;
}

TEST(RuleC1, informsAboutWhatJavaScriptCannotCountExactly)
{
    for (const char* value : {"9007199254740992", "9223372036854775807", "-9007199254740992"}) {
        const auto found = checkC1(basic(value));
        ASSERT_THAT(found, SizeIs(1)) << value;
        EXPECT_EQ(found[0].severity, Severity::Info);
        EXPECT_THAT(found[0].evidence, AllOf(HasSubstr(value), HasSubstr("2^53 - 1")));
    }
}

TEST(RuleC1, saysThatAValueIsEmptyAndCutsALongOne)
{
    EXPECT_THAT(checkC1(basic(""))[0].evidence, HasSubstr("is empty"));
    const auto found = checkC1(basic(Bytes(5000, 'x')));
    EXPECT_THAT(found[0].evidence, HasSubstr("5000 bytes"));
    EXPECT_LT(found[0].evidence.size(), 300U);
    EXPECT_THAT(checkC1(basic("\x1b]0;\x07"))[0].evidence, HasSubstr("\\x1b"));
}

TEST(RuleC1, namesTheShardAsEvidence)
{
    const auto found = checkC1(sharded({{0, "1"}, {3, "NaN"}, {4, "x"}}));
    ASSERT_THAT(found, SizeIs(2));
    EXPECT_EQ(found[0].subject, "views");
    EXPECT_EQ(found[0].key, "views:shard:3");
    EXPECT_EQ(found[1].key, "views:shard:4");
}

TEST(RuleC2, findsAFallWithBothFigures)
{
    const auto found = checkC2("api", 2908, 0, 0, 77);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->rule, "C2");
    EXPECT_EQ(found->severity, Severity::Certain);
    EXPECT_THAT(found->evidence, AllOf(HasSubstr("2908"), HasSubstr(" 0")));
    EXPECT_EQ(found->firstSeenMs, 77);
}

TEST(RuleC2, isSilentWhenNothingFellOrWeTookItOurselves)
{
    EXPECT_FALSE(checkC2("api", 10, 10, 0, 0));
    EXPECT_FALSE(checkC2("api", 10, 11, 0, 0));
    EXPECT_FALSE(checkC2("api", 10, 7, 3, 0)) << "our own decrements";
    EXPECT_TRUE(checkC2("api", 10, 6, 3, 0)) << "one more than we took";
    EXPECT_TRUE(checkC2("api", -1, -2, 0, 0));
}

ClosedRun run(std::int64_t acknowledged, std::int64_t storedGain, std::int64_t unknown = 0)
{
    ClosedRun out;
    out.counter = "race:1";
    out.acknowledged = acknowledged;
    out.storedGain = storedGain;
    out.unknown = unknown;
    out.endedMs = 5;
    return out;
}

TEST(RuleC3, findsLostUpdatesWithTheFigures)
{
    const auto found = checkC3(run(1000, 997));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->rule, "C3");
    EXPECT_EQ(found->severity, Severity::Certain);
    EXPECT_THAT(found->evidence, AllOf(HasSubstr("1000"), HasSubstr("997"), HasSubstr("3 lost")));
    EXPECT_THAT(found->evidence, Not(HasSubstr("unknown")));
    EXPECT_THAT(checkC3(run(1000, 997, 4))->evidence, HasSubstr("4 more had an unknown outcome"));
}

TEST(RuleC3, isSilentWhenTheBooksBalance)
{
    EXPECT_FALSE(checkC3(run(1000, 1000)));
    EXPECT_FALSE(checkC3(run(1000, 1003, 5))) << "unknown outcomes may have been applied";
    EXPECT_FALSE(checkC3(run(0, 0)));
}

TEST(RuleC4, findsCountsBeyondTheDeclaredShards)
{
    const auto found = checkC4(sharded({{0, "5"}, {3, "6"}, {6, "412"}, {9, "8"}}, 4));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->rule, "C4");
    EXPECT_EQ(found->severity, Severity::Certain);
    EXPECT_EQ(found->subject, "views");
    EXPECT_EQ(found->key, "views:shard:6");
    EXPECT_THAT(
        found->evidence, AllOf(HasSubstr("2 shards lie"), HasSubstr("declared 4"), HasSubstr("hold 420")));
    EXPECT_THAT(checkC4(sharded({{4, "1"}}, 4))->evidence, HasSubstr("1 shard lies"));
}

TEST(RuleC4, isSilentWithoutADeclarationOrWithoutCounts)
{
    EXPECT_FALSE(checkC4(sharded({{0, "5"}, {99, "6"}})));
    EXPECT_FALSE(checkC4(sharded({{0, "5"}, {3, "6"}}, 4)));
    EXPECT_FALSE(checkC4(sharded({{0, "5"}, {7, "0"}}, 4))) << "an empty shard hides nothing";
    EXPECT_FALSE(checkC4(sharded({{0, "5"}, {7, "x"}}, 4))) << "that is C1's";
    EXPECT_FALSE(checkC4(basic("5")));
}

TEST(RuleC4, survivesHiddenCountsThatLeave64Bits)
{
    const auto most = std::to_string(std::numeric_limits<std::int64_t>::max());
    EXPECT_TRUE(checkC4(sharded({{7, most}, {8, most}}, 4)));
}

TEST(RuleC5, informsAboutContentionWithAdvice)
{
    ClosedRun hot = run(100, 100);
    hot.tries = 200;
    hot.conflicts = 100;
    hot.rate = 100;
    hot.windowSeconds = 0.01;
    const auto found = checkC5(hot);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->rule, "C5");
    EXPECT_EQ(found->severity, Severity::Info);
    EXPECT_THAT(
        found->evidence, AllOf(HasSubstr("100 of 200"), HasSubstr("50 %"), HasSubstr("About 20 shards")));
    hot.shards = 20;
    EXPECT_THAT(checkC5(hot)->evidence, Not(HasSubstr("About"))) << "no advice to do what was done";
}

TEST(RuleC5, isSilentAtTwentyPercentAndWithFewTries)
{
    ClosedRun mild = run(1, 1);
    mild.tries = 100;
    mild.conflicts = 20;
    EXPECT_FALSE(checkC5(mild));
    mild.conflicts = 21;
    EXPECT_TRUE(checkC5(mild));
    mild.tries = 49;
    EXPECT_FALSE(checkC5(mild));
    EXPECT_FALSE(checkC5(run(0, 0)));
}

TEST(Rules, haveTitlesForPeople)
{
    for (const char* rule : {"C1", "C2", "C3", "C4", "C5"})
        EXPECT_FALSE(ruleTitle(rule).empty()) << rule;
    EXPECT_TRUE(ruleTitle("Z9").empty());
    EXPECT_EQ(name(Severity::Certain), "certain");
    EXPECT_EQ(name(Severity::Suspect), "suspect");
    EXPECT_EQ(name(Severity::Info), "info");
}

} // namespace
} // namespace norikv::client
