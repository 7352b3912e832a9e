// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/fold.h"

#include "tests/support/matchers.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace norikv::client {
namespace {

using norikv::test::failsWith;
using norikv::test::succeeds;
using testing::ElementsAre;
using testing::IsEmpty;

const EventStreamId Stream{EventLayout::Document, "acc"};

EventPtr event(std::uint64_t number, std::string type, std::string data)
{
    EventRecord record;
    record.stream = Stream;
    record.number = number;
    record.readable = true;
    record.type = std::move(type);
    record.data = std::move(data);
    return std::make_shared<const EventRecord>(std::move(record));
}
EventPtr amount(std::uint64_t number, bool in, const std::string& value)
{
    return event(number, in ? "MoneyDeposited" : "MoneyWithdrawn", "{\"amount\":" + value + "}");
}
/// The document's example: opened, +100, -30.
EventList example()
{
    return {event(1, "AccountOpened", "{}"), amount(2, true, "100"), amount(3, false, "30")};
}

Timeline timelineOf(const EventList& events, ReducerKind kind = ReducerKind::Bank)
{
    Timeline timeline(makeReducer(kind), "acc");
    EXPECT_THAT(timeline.extend(events), succeeds());
    return timeline;
}

std::string changes(const FoldMoment& moment)
{
    std::string out;
    for (const StateChange& change : moment.changes)
        out += (out.empty() ? "" : " ") + change.path + " " + change.before + "->" + change.after;
    return out;
}

/// Counts the events it folds.
class Counting final : public Reducer {
public:
    std::string_view name() const override { return "counting"; }
    FoldState start(std::string_view) const override { return {{"n", 0}}; }
    Result<void> fold(FoldState& state, std::span<const EventPtr> events, const ProblemSink&,
        const std::stop_token& stop) const override
    {
        if (stop.stop_requested())
            return fail(ErrorKind::Cancelled, "stopped here");
        if (failing)
            return fail(ErrorKind::BadData, "the script threw");
        folded += events.size();
        state["n"] = state["n"].get<int>() + static_cast<int>(events.size());
        if (padding > 0)
            state["padding"] = std::string(padding, 'x');
        return {};
    }
    mutable std::size_t folded = 0;
    std::size_t padding = 0;
    bool failing = false;
};

EventList many(std::size_t count)
{
    EventList out;
    for (std::size_t i = 1; i <= count; ++i)
        out.push_back(event(i, "T", "{\"n\":" + std::to_string(i) + "}"));
    return out;
}

TEST(Reducers, theBankAccountOfTheDocumentEndsAt70)
{
    auto timeline = timelineOf(example());
    EXPECT_EQ(timeline.at(3)->state, R"({"id":"acc","balance":70,"isOpen":true})");
    EXPECT_EQ(timeline.at(0)->state, R"({"id":"acc","balance":0,"isOpen":false})");
    EXPECT_EQ(changes(*timeline.at(1)), "/isOpen false->true");
    EXPECT_EQ(changes(*timeline.at(2)), "/balance 0->100");
    EXPECT_EQ(changes(*timeline.at(3)), "/balance 100->70");
    EXPECT_THAT(timeline.problems(), IsEmpty());
}

TEST(Reducers, theBankSaysWhatAnEventBreaksInTheDocumentsWords)
{
    auto timeline
        = timelineOf({amount(1, true, "5"), event(2, "AccountOpened", "{}"), event(3, "AccountOpened", "{}"),
            amount(4, false, "7.5"), amount(5, true, "\"9\""), event(6, "Renamed", "{}")});
    EXPECT_EQ(timeline.problems().at(1), "Account not open");
    EXPECT_FALSE(timeline.problems().contains(2));
    EXPECT_EQ(timeline.problems().at(3), "Account already open");
    EXPECT_EQ(timeline.problems().at(4), "Insufficient funds");
    EXPECT_EQ(timeline.problems().at(5), "the amount is no number");
    EXPECT_FALSE(timeline.problems().contains(6));
    EXPECT_EQ(timeline.at(6)->state, R"({"id":"acc","balance":-2.5,"isOpen":true})")
        << "what happened is applied";
    EXPECT_EQ(timeline.at(4)->problem, "Insufficient funds");
    EXPECT_EQ(timeline.at(6)->problem, "");
}

TEST(Reducers, theBankCountsBeyondWhatWholeNumbersHold)
{
    auto timeline = timelineOf({event(1, "AccountOpened", "{}"), amount(2, true, "9223372036854775807"),
        amount(3, true, "9223372036854775807")});
    const auto state = FoldState::parse(timeline.at(3)->state);
    EXPECT_DOUBLE_EQ(state["balance"].get<double>(), 2 * 9223372036854775807.0);
}

TEST(Reducers, mergeLaysDataOverData)
{
    auto timeline = timelineOf(
        {event(1, "Placed", R"({"customer":"c","lines":[1],"address":{"city":"A","street":"S"}})"),
            event(2, "Moved", R"({"address":{"city":"B"},"lines":[1,2]})"),
            event(3, "Forgotten", R"({"customer":null})"), event(4, "Noted", "7"), event(5, "Nothing", "")},
        ReducerKind::Merge);
    EXPECT_EQ(timeline.at(5)->state, R"({"lines":[1,2],"address":{"city":"B","street":"S"},"value":7})");
    EXPECT_EQ(changes(*timeline.at(2)), R"(/lines/1 ->2 /address/city "A"->"B")");
    EXPECT_EQ(changes(*timeline.at(3)), R"(/customer "c"->)");
}

TEST(Reducers, counterCountsTypes)
{
    auto timeline = timelineOf(example(), ReducerKind::Counter);
    EXPECT_EQ(timeline.at(3)->state,
        R"({"events":3,"types":{"AccountOpened":1,"MoneyDeposited":1,"MoneyWithdrawn":1}})");
}

TEST(Reducers, brokenAndDeepEventsAreProblemsAndNoCrash)
{
    EventRecord unreadable;
    unreadable.number = 1;
    std::string deep(900, '[');
    deep += std::string(900, ']');
    for (const auto kind : {ReducerKind::Bank, ReducerKind::Merge, ReducerKind::Counter}) {
        auto timeline
            = timelineOf({std::make_shared<const EventRecord>(unreadable), event(2, "MoneyDeposited", deep),
                             event(3, "MoneyDeposited", std::string("\"\xff\""))},
                kind);
        EXPECT_EQ(timeline.problems().at(1), "cannot be read");
        EXPECT_THAT(timeline.at(3), succeeds());
    }
}

TEST(Reducers, theFittingOneIsToldByTheTypes)
{
    EXPECT_EQ(fittingReducer(std::vector<std::string>{"AccountOpened", "MoneyDeposited"}), ReducerKind::Bank);
    EXPECT_EQ(fittingReducer(std::vector<std::string>{"AccountOpened", "Renamed"}), ReducerKind::Merge);
    EXPECT_EQ(fittingReducer({}), ReducerKind::Merge);
}

TEST(Timelines, jumpAnywhereInAtMost64Folds)
{
    const auto reducer = std::make_shared<Counting>();
    Timeline timeline(reducer, "acc");
    ASSERT_THAT(timeline.extend(many(10'000)), succeeds());
    std::mt19937 random(7);
    for (int i = 0; i < 500; ++i) {
        const std::size_t position = random() % 10'001;
        reducer->folded = 0;
        const auto moment = timeline.at(position);
        ASSERT_THAT(moment, succeeds());
        EXPECT_EQ(moment->state, "{\"n\":" + std::to_string(position) + "}");
        EXPECT_LE(reducer->folded, Timeline::SnapshotEvery) << position;
    }
    ASSERT_THAT(timeline.at(5000), succeeds());
    reducer->folded = 0;
    ASSERT_THAT(timeline.at(5001), succeeds());
    EXPECT_EQ(reducer->folded, 1U) << "one step is one fold";
}

TEST(Timelines, equalWhatIsFoldedInOneGo)
{
    std::mt19937 random(11);
    EventList events{event(1, "AccountOpened", "{}")};
    for (std::uint64_t n = 2; n <= 1000; ++n)
        events.push_back(amount(n, random() % 2 == 0, std::to_string(random() % 500)));
    const auto reducer = makeReducer(ReducerKind::Bank);
    Timeline timeline(reducer, "acc");
    // In pieces of every size, as a live stream comes.
    for (std::size_t from = 0; from < events.size();) {
        const std::size_t take = std::min<std::size_t>(1 + random() % 100, events.size() - from);
        const auto first = events.begin() + static_cast<std::ptrdiff_t>(from);
        ASSERT_THAT(timeline.extend(EventList(first, first + static_cast<std::ptrdiff_t>(take))), succeeds());
        from += take;
    }
    for (const std::size_t position : {1U, 63U, 64U, 65U, 500U, 999U, 1000U}) {
        FoldState state = reducer->start("acc");
        ASSERT_THAT(reducer->fold(
                        state, std::span(events).first(position), [](std::size_t, const std::string&) {}, {}),
            succeeds());
        EXPECT_EQ(timeline.at(position)->state, state.dump()) << position;
    }
}

TEST(Timelines, becomeAnotherListWithoutFoldingTheSharedPart)
{
    const auto reducer = std::make_shared<Counting>();
    Timeline timeline(reducer, "acc");
    EventList events = many(1000);
    ASSERT_THAT(timeline.become(events), succeeds());
    events.push_back(event(1001, "T", "{}"));
    reducer->folded = 0;
    ASSERT_THAT(timeline.become(events), succeeds());
    EXPECT_EQ(reducer->folded, 1U) << "a live event is one fold";
    events[990] = event(991, "T", R"({"other":1})");
    reducer->folded = 0;
    ASSERT_THAT(timeline.become(events), succeeds());
    EXPECT_LE(reducer->folded, 64U) << "a rewritten event is folded anew from the state kept before it";
    EXPECT_EQ(timeline.size(), 1001U);
    EXPECT_EQ(timeline.at(1001)->state, R"({"n":1001})");
    ASSERT_THAT(timeline.become(many(3)), succeeds());
    EXPECT_EQ(timeline.at(99)->state, R"({"n":3})") << "clamped";
}

TEST(Timelines, tellWhatWouldBeWithoutAnEvent)
{
    const auto without = withoutEvent(example(), 1);
    ASSERT_EQ(without.size(), 2U);
    auto timeline = timelineOf(without);
    EXPECT_EQ(timeline.at(2)->state, R"({"id":"acc","balance":-30,"isOpen":true})");
    EXPECT_EQ(timeline.at(2)->problem, "Insufficient funds");
    EXPECT_EQ(withoutEvent(example(), 9).size(), 3U);
}

TEST(Timelines, findWhereAConditionBeginsToHold)
{
    auto timeline = timelineOf({event(1, "AccountOpened", "{}"), amount(2, true, "10"),
        amount(3, false, "20"), amount(4, true, "50"), amount(5, false, "90")});
    const auto below = *StateCondition::parse("balance < 0");
    EXPECT_EQ(*timeline.firstWhere(below, 0), 3U);
    EXPECT_EQ(*timeline.firstWhere(below, 3), 5U) << "from where it holds: the next beginning";
    EXPECT_EQ(*timeline.firstWhere(below, 5), std::nullopt);
    EXPECT_EQ(*timeline.firstWhere(*StateCondition::parse("balance > 1000"), 0), std::nullopt);
    EXPECT_EQ(*timeline.firstWhere(*StateCondition::parse("isOpen = true"), 0), 1U);
}

TEST(Timelines, endWhenStoppedAndWhenTheReducerFails)
{
    const auto reducer = std::make_shared<Counting>();
    Timeline timeline(reducer, "acc");
    std::stop_source stop;
    stop.request_stop();
    EXPECT_THAT(timeline.extend(many(100), stop.get_token()), failsWith(ErrorKind::Cancelled));
    ASSERT_THAT(timeline.extend(many(100)), succeeds());
    reducer->failing = true;
    EXPECT_THAT(timeline.extend(many(100)), failsWith(ErrorKind::BadData));
    EXPECT_EQ(timeline.size(), 100U) << "what was folded stays";
    reducer->failing = false;
    EXPECT_EQ(timeline.at(100)->state, R"({"n":100})");
}

TEST(Timelines, keepFewerStatesWhenTheyAreLarge)
{
    const auto reducer = std::make_shared<Counting>();
    reducer->padding = 1024 * 1024;
    Timeline timeline(reducer, "acc");
    ASSERT_THAT(timeline.extend(many(100 * 64)), succeeds());
    EXPECT_EQ(timeline.stride(), 2 * Timeline::SnapshotEvery) << "64 MiB in all";
    reducer->folded = 0;
    EXPECT_THAT(timeline.at(191), succeeds());
    EXPECT_LE(reducer->folded, timeline.stride());
}

TEST(StateConditions, areReadAndSayWhatIsWrong)
{
    const FoldState state = {{"balance", -2.5}, {"isOpen", true}, {"name", "abc"},
        {"lines", {{{"sku", "A/B"}}}}, {"odd.name", 1}, {"a/b", 2}, {"none", nullptr}};
    const auto holds = [&](const char* text) {
        const auto condition = StateCondition::parse(text);
        EXPECT_THAT(condition, succeeds()) << text;
        return condition && condition->holds(state);
    };
    for (const char* yes :
        {"balance < 0", "balance<=-2.5", "balance = -2.5", "balance == -2.5", "balance != 3", "isOpen = true",
            "isOpen != false", "name = abc", "name = 'abc'", "name > abb", "lines.0.sku = \"A/B\"",
            "/lines/0/sku = A/B", "odd.name = 1", "/a~1b = 2", "missing != 1", "name != 5", "none = null"})
        EXPECT_TRUE(holds(yes)) << yes;
    for (const char* no : {"balance >= 0", "isOpen = false", "name = 5", "missing = 1", "missing < 1",
             "lines.1.sku = A", "lines.x = 1", "balance = '-2.5'", "lines = 1"})
        EXPECT_FALSE(holds(no)) << no;
    for (const char* broken : {"", "balance", "< 0", "balance <", "balance ! 3"})
        EXPECT_THAT(StateCondition::parse(broken), failsWith(ErrorKind::InvalidRequest)) << broken;
}

TEST(StateChanges, areCutAndOfTextsToo)
{
    EXPECT_THAT(textChanges(R"({"a":1})", R"({"a":2,"b":[]})"),
        ElementsAre(StateChange{"/a", "1", "2"}, StateChange{"/b", "", "[]"}));
    EXPECT_THAT(textChanges("{broken", "{}"), IsEmpty());
    FoldState large;
    for (int i = 0; i < 1000; ++i)
        large[std::to_string(i)] = i;
    EXPECT_EQ(stateChanges(FoldState::object(), large, 10).size(), 10U);
}

} // namespace
} // namespace norikv::client
