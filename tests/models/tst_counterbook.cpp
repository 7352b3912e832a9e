// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/counterbook.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

using namespace norikv;
using client::Finding;
using client::Severity;
using models::CounterBook;
using models::CounterState;

namespace {

constexpr EpochMs Now = 1'700'000'000'000;
constexpr std::int64_t Largest = std::numeric_limits<std::int64_t>::max();

void put(CounterBook& book, const client::Bytes& key, const client::Bytes& value)
{
    book.apply({key, value, client::Version{0, 1}}, Now);
}

void erase(CounterBook& book, const client::Bytes& key) { book.apply({key, std::nullopt, {}}, Now); }

std::vector<std::string> rules(const std::vector<Finding>& findings)
{
    std::vector<std::string> out;
    for (const auto& f : findings)
        out.push_back(f.rule + "/" + std::string(name(f.severity)) + "/" + f.subject + "/" + f.key);
    return out;
}

using ::testing::ElementsAre;
using ::testing::IsEmpty;

} // namespace

TEST(CounterBook, FindsBasicAndShardedCounters)
{
    CounterBook book;
    put(book, "page:views", "12");
    put(book, "api:shard:0", "5");
    put(book, "api:shard:3", "7");
    put(book, "words", "hello");
    put(book, "session:1", "5");
    ASSERT_EQ(book.counters().size(), 2U);
    const CounterState* basic = book.find("page:views");
    ASSERT_TRUE(basic);
    EXPECT_FALSE(basic->sharded);
    EXPECT_FALSE(basic->opened) << "an integer under any key is only a possible counter";
    EXPECT_EQ(basic->total, 12);
    const CounterState* sharded = book.find("api");
    ASSERT_TRUE(sharded);
    EXPECT_TRUE(sharded->sharded);
    EXPECT_TRUE(sharded->opened);
    EXPECT_EQ(sharded->total, 12);
    EXPECT_EQ(sharded->shardCount(), 4U) << "highest index + 1";
    EXPECT_THAT(sharded->values(), ElementsAre(5, 0, 0, 7));
    EXPECT_EQ(sharded->hidden(), 0) << "nothing is hidden where nothing is declared";
}

TEST(CounterBook, DeclaredShardsShowWhatIsHidden)
{
    CounterBook book;
    for (int i = 0; i < 6; ++i)
        put(book, client::shardKey("api", std::uint32_t(i)), "10");
    EXPECT_THAT(book.takeFindings(Now), IsEmpty()) << "C4 is silent without a declared number";
    book.declare("api", 4);
    EXPECT_EQ(book.find("api")->shardCount(), 4U);
    EXPECT_EQ(book.find("api")->hidden(), 20);
    EXPECT_EQ(book.find("api")->total, 60);
    EXPECT_THAT(rules(book.takeFindings(Now)), ElementsAre("C4/certain/api/api:shard:4"));
    EXPECT_THAT(book.takeFindings(Now), IsEmpty()) << "told once, until it changes";
    book.declare("api", 8);
    EXPECT_EQ(book.find("api")->hidden(), 0);
    EXPECT_EQ(book.find("api")->values().size(), 8U);
    EXPECT_THAT(book.takeFindings(Now), IsEmpty());
}

TEST(CounterBook, JudgesOnlyOpenedCounters)
{
    CounterBook book;
    put(book, "n", "5");
    put(book, "n", "3");
    put(book, "n", "abc");
    EXPECT_THAT(book.takeFindings(Now), IsEmpty()) << "a possible counter is never judged";
    EXPECT_TRUE(book.find("n")->partial);
    book.declare("n", std::nullopt);
    EXPECT_THAT(rules(book.takeFindings(Now)), ElementsAre("C1/certain/n/n"));
}

TEST(CounterBook, FallIsC2)
{
    CounterBook book;
    book.declare("n", std::nullopt);
    put(book, "n", "5");
    put(book, "n", "3");
    const auto found = book.takeFindings(Now);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].rule, "C2");
    EXPECT_EQ(found[0].firstSeenMs, Now);
    EXPECT_NE(found[0].evidence.find("from 5 to 3"), std::string::npos);
    put(book, "api:shard:1", "9");
    put(book, "api:shard:1", "8");
    EXPECT_THAT(rules(book.takeFindings(Now)), ElementsAre("C2/certain/api/api:shard:1"));
}

TEST(CounterBook, OurOwnDecrementIsNoFinding)
{
    CounterBook book;
    book.declare("n", std::nullopt);
    put(book, "n", "5");
    book.expectDecrement("n", 2);
    put(book, "n", "7");
    put(book, "n", "5");
    EXPECT_THAT(book.takeFindings(Now), IsEmpty());
    put(book, "n", "4");
    EXPECT_EQ(book.takeFindings(Now).size(), 1U) << "it covers as much as it was, no more";
}

// Two clicks before the first change was seen.
TEST(CounterBook, SeveralOwnDecrementsEachCount)
{
    CounterBook book;
    book.declare("n", std::nullopt);
    put(book, "n", "5");
    book.expectDecrement("n", 1);
    book.expectDecrement("n", 1);
    put(book, "n", "4");
    put(book, "n", "3");
    EXPECT_THAT(book.takeFindings(Now), IsEmpty());
    put(book, "n", "2");
    EXPECT_EQ(book.takeFindings(Now).size(), 1U);
}

TEST(CounterBook, DeletedAndBackIsNoFall)
{
    CounterBook book;
    book.declare("n", std::nullopt);
    put(book, "n", "50");
    erase(book, "n");
    ASSERT_TRUE(book.find("n")) << "a declared counter stays";
    EXPECT_TRUE(book.find("n")->cells.empty());
    EXPECT_EQ(book.find("n")->total, 0);
    put(book, "n", "1");
    EXPECT_THAT(book.takeFindings(Now), IsEmpty());
    put(book, "loose", "3");
    erase(book, "loose");
    EXPECT_FALSE(book.find("loose")) << "a possible counter goes with its key";
    erase(book, "never:seen");
    EXPECT_EQ(book.counters().size(), 1U);
}

TEST(CounterBook, KeepOnlyWhatTheScanSaw)
{
    CounterBook book;
    put(book, "a", "1");
    put(book, "b", "2");
    put(book, "w:shard:0", "1");
    put(book, "w:shard:1", "2");
    book.declare("kept", std::nullopt);
    put(book, "kept", "9");
    book.keepOnly({"b", "w:shard:1"});
    EXPECT_FALSE(book.find("a"));
    EXPECT_EQ(book.find("b")->total, 2);
    EXPECT_EQ(book.find("w")->total, 2);
    EXPECT_EQ(book.find("w")->cells.size(), 1U);
    EXPECT_TRUE(book.find("kept")->cells.empty());
}

TEST(CounterBook, OddTexts)
{
    CounterBook book;
    const char* const names[] = {"huge", "negative", "empty", "word", "nan", "spaced", "large"};
    for (const char* name : names)
        book.declare(name, std::nullopt);
    put(book, "huge", "1" + std::string(30, '0'));
    put(book, "negative", "-42");
    put(book, "empty", "");
    put(book, "word", "abc");
    put(book, "nan", "NaN");
    put(book, "spaced", " 5");
    put(book, "large", "9007199254740993");
    EXPECT_EQ(book.find("negative")->total, -42);
    EXPECT_FALSE(book.find("negative")->partial);
    EXPECT_TRUE(book.find("huge")->partial);
    const auto found = book.takeFindings(Now);
    EXPECT_THAT(rules(found),
        ElementsAre("C1/certain/empty/empty", "C1/certain/huge/huge", "C1/info/large/large",
            "C1/certain/nan/nan", "C1/certain/spaced/spaced", "C1/certain/word/word"));
    EXPECT_NE(found[3].evidence.find("JavaScript"), std::string::npos);
}

TEST(CounterBook, SumsBeyond64BitsStaySane)
{
    CounterBook book;
    const std::string most = std::to_string(Largest);
    book.declare("w", 1);
    put(book, "w:shard:0", most);
    put(book, "w:shard:1", most);
    put(book, "w:shard:2", most);
    EXPECT_EQ(book.find("w")->total, Largest);
    EXPECT_EQ(book.find("w")->hidden(), Largest);
    book.sample(1, 0.1, "w", 0);
    const std::string least = std::to_string(std::numeric_limits<std::int64_t>::min());
    book.expectDecrement("w", Largest);
    book.expectDecrement("w", Largest);
    for (const char* key : {"w:shard:0", "w:shard:1", "w:shard:2"})
        put(book, key, least);
    EXPECT_EQ(book.find("w")->total, std::numeric_limits<std::int64_t>::min());
    book.sample(2, 1, "w", 0);
    EXPECT_GE(book.find("w")->rate1.perSecond(), 0);
    (void)book.takeFindings(Now);
}

TEST(CounterBook, HugeShardIndexMakesNoHugeList)
{
    CounterBook book;
    put(book, "w:shard:999999999", "1");
    EXPECT_LE(book.find("w")->values().size(), 4096U);
    EXPECT_EQ(book.find("w")->total, 1);
}

// A counter that was moved to shards: the old key is still there.
TEST(CounterBook, PlainKeyBesideItsShardsIsNoShard)
{
    for (const bool plainFirst : {true, false}) {
        CounterBook book;
        if (plainFirst)
            put(book, "page", "1000");
        put(book, "page:shard:0", "5");
        put(book, "page:shard:1", "6");
        if (!plainFirst)
            put(book, "page", "1000");
        ASSERT_TRUE(book.find("page"));
        EXPECT_TRUE(book.find("page")->sharded) << plainFirst;
        EXPECT_EQ(book.find("page")->total, 11) << plainFirst;
        EXPECT_EQ(book.find("page")->cells.size(), 2U) << plainFirst;
        put(book, "page", "3");
        EXPECT_EQ(book.find("page")->total, 11) << plainFirst;
        EXPECT_THAT(book.takeFindings(Now), IsEmpty()) << plainFirst;
        erase(book, "page");
        EXPECT_EQ(book.find("page")->total, 11) << plainFirst;
    }
}

TEST(CounterBook, TooManyCountersAreCapped)
{
    CounterBook book;
    for (int i = 0; i < 12'000; ++i)
        put(book, "n" + std::to_string(i), "1");
    EXPECT_EQ(book.counters().size(), 10'000U);
    put(book, "n5", "2");
    EXPECT_EQ(book.find("n5")->total, 2) << "known ones are followed on";
    book.declare("mine", std::nullopt);
    EXPECT_TRUE(book.find("mine")) << "what a person names is never refused";
}

TEST(CounterBook, RatesSamplesAndMarkers)
{
    CounterBook book;
    put(book, "n", "0");
    put(book, "quiet", "7");
    for (int i = 1; i <= 50; ++i) {
        put(book, "n", std::to_string(i * 20));
        book.sample(i * 0.1, 0.1, "n", 2);
    }
    const CounterState* n = book.find("n");
    EXPECT_NEAR(n->rate1.perSecond(), 200, 4);
    EXPECT_NEAR(n->rate60.perSecond(), 200, 6);
    EXPECT_EQ(n->series.window(5, 60).back().total, 1000);
    EXPECT_TRUE(book.find("quiet")->series.empty()) << "a counter at rest costs no history";
    put(book, "n", "10");
    book.sample(5.1, 0.1, "n", 0);
    ASSERT_EQ(n->markers.size(), 1U);
    EXPECT_GE(n->rate1.perSecond(), 0) << "a fall is no negative rate";
    for (int i = 0; i < 100; ++i)
        book.mark("n", i, QStringLiteral("m"));
    EXPECT_LE(n->markers.size(), 32U);
    book.mark("nobody", 0, QStringLiteral("m"));
    book.sampleGap(5.2);
    EXPECT_TRUE(std::isnan(n->series.last().total));
}

// A sample that takes no time must not swallow the growth.
TEST(CounterBook, GrowthBetweenTwoSamplesAtOnceIsKept)
{
    CounterBook book;
    put(book, "n", "0");
    book.sample(1, 0.1, "n", 0);
    put(book, "n", "10");
    book.sample(1, 0, "n", 0);
    book.sample(2, 1, "n", 0);
    // 0 over the first tenth, 10 over the second.
    EXPECT_GT(book.find("n")->rate60.perSecond(), 8.0);
}

TEST(CounterBook, HistoriesAreGivenBack)
{
    CounterBook book;
    double t = 0;
    for (int round = 0; round < 400; ++round) {
        const client::Bytes key = "n" + std::to_string(round);
        put(book, key, "1");
        book.sample(t += 0.1, 0.1, {}, 0);
        put(book, key, "2");
        book.sample(t += 0.1, 0.1, {}, 0);
        erase(book, key);
    }
    put(book, "last", "1");
    book.sample(t += 0.1, 0.1, {}, 0);
    put(book, "last", "2");
    book.sample(t += 0.1, 0.1, {}, 0);
    EXPECT_FALSE(book.find("last")->series.empty()) << "counters long gone still hold every history";
}

TEST(CounterBook, AHundredThousandOddShardsAreFewFindings)
{
    CounterBook book;
    book.declare("n", 100'000);
    for (int i = 0; i < 100'000; ++i)
        put(book, "n:shard:" + std::to_string(i), "x");
    const auto findings = book.takeFindings(1);
    ASSERT_EQ(findings.size(), 100U);
    EXPECT_NE(findings.back().evidence.find("99900 more shards"), std::string::npos)
        << findings.back().evidence;
}
