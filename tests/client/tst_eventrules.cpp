// SPDX-License-Identifier: GPL-3.0-or-later
// E1-E9 over facts; over a store in tst_eventaudit.cpp.
#include "client/audit/eventrules.h"
#include "tests/support/fakeclock.h"

#include <gtest/gtest.h>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::FakeClock;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr EpochMs T = FakeClock::StartMs;
constexpr std::uint64_t Million = 1'000'000;

/// A stream that is put together by hand.
class Facts {
public:
    explicit Facts(EventLayout layout = EventLayout::Document, Bytes aggregate = "a")
        : m_stream{layout, std::move(aggregate)}
        , facts(m_stream)
    {
    }
    Facts& event(std::uint64_t number, const std::string& type = "T", std::string data = {}, EpochMs atMs = 0)
    {
        if (data.empty())
            data = "{\"n\":" + std::to_string(number) + "}";
        const NewEvent event{"id-" + std::to_string(++m_ids), type, data,
            atMs != 0 ? atMs : T + static_cast<EpochMs>(number) * 5000};
        return raw(number, *eventJson(m_stream, number, event));
    }
    Facts& raw(std::uint64_t number, const std::string& value, EpochMs nowMs = T)
    {
        facts.put(number, EventFacts::of(parseEvent(m_stream, number, value)), nowMs);
        return *this;
    }
    Facts& meta(std::uint64_t version)
    {
        facts.putMeta(*eventMetaJson(m_stream, {}, version), T);
        return *this;
    }
    Facts& upTo(std::uint64_t last)
    {
        for (std::uint64_t n = 1; n <= last; ++n)
            event(n);
        return meta(last);
    }
    std::vector<Finding> judge(bool complete = true, EpochMs nowMs = T + 10'000) const
    {
        return facts.judge(complete, nowMs);
    }
    std::vector<std::string> rules(bool complete = true, EpochMs nowMs = T + 10'000) const
    {
        std::vector<std::string> out;
        for (const Finding& finding : judge(complete, nowMs))
            out.push_back(finding.rule + " " + std::string(name(finding.severity)) + " " + finding.key);
        return out;
    }

private:
    EventStreamId m_stream;
    int m_ids = 0;

public:
    EventStreamFacts facts;
};

TEST(EventRules, healthyStreamsOfEveryLayoutAreFine)
{
    EXPECT_THAT(Facts().upTo(20).rules(), IsEmpty());
    EXPECT_THAT(Facts(EventLayout::Stream).upTo(20).rules(), IsEmpty());
    EXPECT_THAT(Facts().rules(), IsEmpty());
    Facts java(EventLayout::Sequence);
    java.raw(4, R"({"sequence":4,"aggregateId":"a","eventType":"X"})").raw(900, "free text");
    EXPECT_THAT(java.rules(), IsEmpty()) << "gaps are normal there, and values are laid down nowhere";
}

TEST(EventRules, E1EventsThatAreMissing)
{
    Facts facts;
    facts.event(1).event(2).event(5).event(7).meta(8);
    EXPECT_THAT(facts.rules(), ElementsAre("E1 certain events:meta:a"));
    EXPECT_THAT(facts.judge()[0].evidence, HasSubstr("Events 3-4, 6, 8 are missing"));
    EXPECT_THAT(facts.rules(false), IsEmpty()) << "what was not asked for is not known to be missing";
    facts.facts.missing(4);
    EXPECT_THAT(facts.rules(false), ElementsAre("E1 certain events:meta:a"));
    EXPECT_THAT(facts.judge(false)[0].evidence, HasSubstr("Event 4 is missing"));
}

TEST(EventRules, E1AMillionMissingVersionsAreOneRange)
{
    Facts facts;
    facts.event(1).event(Million).meta(1'000'000'000'000'000);
    const auto gaps = facts.facts.gaps(true);
    ASSERT_EQ(gaps.size(), 2U);
    EXPECT_EQ(gaps[0].last, Million - 1);
    EXPECT_EQ(gaps[1].first, Million + 1);
    EXPECT_THAT(facts.rules(), ElementsAre("E1 certain events:meta:a"));
}

TEST(EventRules, E2EventsBehindTheMeta)
{
    Facts facts;
    facts.upTo(3).event(4).event(5);
    EXPECT_THAT(facts.rules(), ElementsAre("E2 certain events:a:4"));
    EXPECT_THAT(facts.judge()[0].evidence, HasSubstr("2 events from 4 on"));
    Facts none;
    none.event(1).facts.metaMissing();
    EXPECT_THAT(none.rules(), ElementsAre("E2 certain events:a:1"));
    EXPECT_THAT(Facts().event(1).rules(), IsEmpty()) << "a meta that was not read yet";
}

TEST(EventRules, E3AnEventThatWasWrittenOverAndRepeated)
{
    Facts facts;
    facts.event(1)
        .event(2, "Deposit", "{\"amount\":5}", T + 10'000)
        .event(3, "Deposit", "{\"amount\":5}", T + 10'900);
    facts.meta(3);
    EXPECT_THAT(facts.rules(), ElementsAre("E3 suspect events:a:2"));
    EXPECT_THAT(facts.judge()[0].evidence, HasSubstr("900 ms apart"));
    Facts slow;
    slow.event(1, "D", "{\"x\":5}", T).event(2, "D", "{\"x\":5}", T + 2001).meta(2);
    EXPECT_THAT(slow.rules(), IsEmpty()) << "a person can do the same thing twice";
    Facts same;
    same.raw(1, *eventJson({EventLayout::Document, "a"}, 1, {"one", "D", "{}", T}));
    same.raw(2, *eventJson({EventLayout::Document, "a"}, 2, {"one", "D", "{}", T})).meta(2);
    EXPECT_THAT(same.rules(), IsEmpty()) << "one id is one append, however often it was written";
    Facts go(EventLayout::Stream);
    go.event(1, "D", "{\"x\":5}", T).event(2, "D", "{\"x\":5}", T + 1).meta(2);
    EXPECT_THAT(go.rules(), IsEmpty()) << "Go's events have no id to tell them apart";
}

TEST(EventRules, E3IsCertainAndNoE4WhereTheOverwritingWasSeen)
{
    Facts facts;
    facts.event(1).event(2, "Deposit", "{\"amount\":1}", T + 9000);
    facts.event(2, "Deposit", "{\"amount\":5}", T + 10'000); // over the first one's
    EXPECT_THAT(facts.rules(true, T + 100), IsEmpty()) << "the retry may be on its way";
    facts.event(3, "Deposit", "{\"amount\":5}", T + 10'040).meta(3);
    EXPECT_THAT(facts.rules(), ElementsAre("E3 certain events:a:2"));
}

TEST(EventRules, E4AnEventThatChanged)
{
    Facts facts;
    facts.upTo(5).event(3, "T", "{\"other\":true}");
    EXPECT_THAT(facts.rules(true, T + 1000), IsEmpty());
    EXPECT_FALSE(facts.facts.settled(T + 1000));
    EXPECT_THAT(facts.rules(), ElementsAre("E4 certain events:a:3"));
    EXPECT_TRUE(facts.facts.settled(T + 10'000));
    const std::string same = *eventJson({EventLayout::Document, "b"}, 1, {"i", "T", "{}", T});
    Facts twice(EventLayout::Document, "b");
    twice.raw(1, same).raw(1, same).meta(1);
    EXPECT_THAT(twice.rules(), IsEmpty()) << "the same bytes again are no change (a renumbered version)";
}

TEST(EventRules, E5AnEnvelopeOfAnotherKey)
{
    const std::string other = *eventJson({EventLayout::Document, "a"}, 7, {"i", "T", "{}", T});
    EXPECT_THAT(Facts().raw(1, other).meta(1).rules(), ElementsAre("E5 certain events:a:1"));
    const std::string stranger = *eventJson({EventLayout::Document, "b"}, 1, {"i", "T", "{}", T});
    EXPECT_THAT(Facts().raw(1, stranger).meta(1).judge()[0].evidence, HasSubstr("another aggregate"));
    EXPECT_THAT(Facts().raw(1, "{broken").meta(1).judge()[0].evidence, HasSubstr("no JSON object"));
    Facts meta;
    meta.event(1).facts.putMeta("what?", T);
    EXPECT_THAT(meta.rules(), ElementsAre("E5 certain events:meta:a"));
}

TEST(EventRules, E6AClockThatRunsBackwardsIsWorthKnowing)
{
    Facts facts;
    facts.event(1, "T", {}, T + 5000).event(2, "T", {}, T + 3800).meta(2);
    EXPECT_THAT(facts.rules(), ElementsAre("E6 info events:a:2"));
    EXPECT_THAT(facts.judge()[0].evidence, HasSubstr("1200 ms older than event 1"));
}

TEST(EventRules, E7AMetaThatWentBackwards)
{
    Facts facts;
    facts.upTo(5).meta(3);
    EXPECT_THAT(facts.rules(), ElementsAre("E7 certain events:meta:a"))
        << "and no orphans: one damage, one finding";
    facts.event(6);
    EXPECT_THAT(facts.rules(), ElementsAre("E2 certain events:a:6", "E7 certain events:meta:a"));
    Facts anew;
    anew.upTo(5);
    anew.facts.metaMissing();
    for (std::uint64_t n = 1; n <= 5; ++n)
        anew.facts.missing(n);
    anew.event(1).meta(1);
    EXPECT_THAT(anew.rules(), IsEmpty()) << "a stream that was deleted may begin anew";
}

TEST(EventRules, E8AnAggregateWhoseKeysCanBeTakenForAnothers)
{
    for (const char* id : {"meta", "a:b", "meta:x"}) {
        Facts facts(EventLayout::Document, id);
        facts.upTo(2);
        ASSERT_EQ(facts.judge().size(), 1U) << id;
        EXPECT_EQ(facts.judge()[0].rule, "E8");
        EXPECT_EQ(facts.judge()[0].severity, Severity::Suspect);
    }
}

TEST(EventRules, E9ABankAccountThatBreaksItsRules)
{
    const auto bank = [](std::initializer_list<std::pair<const char*, const char*>> events) {
        Facts facts;
        std::uint64_t number = 0;
        for (const auto& [type, data] : events)
            facts.event(++number, type, data);
        facts.meta(number);
        return facts;
    };
    EXPECT_THAT(bank({{"AccountOpened", "{}"}, {"MoneyDeposited", "{\"amount\":100}"},
                         {"MoneyWithdrawn", "{\"amount\":100}"}})
                    .rules(),
        IsEmpty());
    const auto overdrawn = bank({{"AccountOpened", "{}"}, {"MoneyDeposited", "{\"amount\":100}"},
        {"MoneyWithdrawn", "{\"amount\":100.5}"}});
    EXPECT_THAT(overdrawn.rules(), ElementsAre("E9 certain events:a:3"));
    EXPECT_THAT(overdrawn.judge()[0].evidence, HasSubstr("Insufficient funds, 100.5 of 100.0"));
    EXPECT_THAT(
        bank({{"MoneyDeposited", "{\"amount\":1}"}}).judge()[0].evidence, HasSubstr("Account not open"));
    EXPECT_THAT(bank({{"AccountOpened", "{}"}, {"AccountOpened", "{}"}}).judge()[0].evidence,
        HasSubstr("Account already open"));
    EXPECT_THAT(bank({{"AccountOpened", "{}"}, {"MoneyDeposited", "{\"amount\":\"1\"}"}}).judge()[0].evidence,
        HasSubstr("no number"));
    EXPECT_THAT(
        bank({{"AccountOpened", "{}"}, {"Renamed", "{}"}, {"MoneyWithdrawn", "{\"amount\":5}"}}).rules(),
        IsEmpty())
        << "no bank account";
    auto torn = bank({{"AccountOpened", "{}"}, {"MoneyDeposited", "{\"amount\":9}"},
        {"MoneyWithdrawn", "{\"amount\":9}"}});
    torn.facts.missing(2);
    EXPECT_THAT(torn.rules(), ElementsAre("E1 certain events:meta:a"))
        << "a gap makes the sums wrong; that is told";
}

TEST(EventRules, anAppendThatWasRepeatedIsNoOverdraftToo)
{
    Facts facts;
    facts.event(1, "AccountOpened", "{}").event(2, "MoneyDeposited", "{\"amount\":10}");
    facts.event(3, "MoneyWithdrawn", "{\"amount\":8}", T + 15'000);
    facts.event(4, "MoneyWithdrawn", "{\"amount\":8}", T + 15'100).meta(4);
    EXPECT_THAT(facts.rules(), ElementsAre("E3 suspect events:a:3"));
}

TEST(EventRules, twoHundredThousandEventsAreJudgedAtOnce)
{
    Facts facts;
    EventFacts each;
    each.readable = true;
    for (std::uint64_t n = 1; n <= 200'000; ++n) {
        each.valueHash = each.idHash = each.dataHash = n;
        each.timeMs = T + static_cast<EpochMs>(n);
        facts.facts.put(n, each, T);
    }
    facts.meta(200'000);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_THAT(facts.rules(), IsEmpty());
    EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
}

} // namespace
} // namespace norikv::client
