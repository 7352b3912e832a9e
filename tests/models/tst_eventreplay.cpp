// SPDX-License-Identifier: GPL-3.0-or-later
// Time travel over a list of events.
#include "models/eventreplay.h"

#include "tests/models/feedfixture.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

using namespace norikv;
using client::EventLayout;
using client::EventStreamId;
using client::StateCondition;
using models::EventReplay;
using test::Bench;
using test::FakeClock;
using test::waitFor;

namespace {

constexpr EpochMs T = FakeClock::StartMs;
const EventStreamId Account{EventLayout::Document, "account-1"};

nlohmann::json state(const client::FoldMoment& moment)
{
    return nlohmann::json::parse(moment.state, nullptr, false);
}

/// A replay over a list that a test makes.
struct Replay : Bench {
    std::unique_ptr<EventReplay> replay;
    std::shared_ptr<client::EventList> events = std::make_shared<client::EventList>();
    QStringList stops;

    Replay()
    {
        open();
        replay = std::make_unique<EventReplay>(*dispatcher);
        QObject::connect(
            replay.get(), &EventReplay::stopped, replay.get(), [this](const QString& why) { stops << why; });
    }
    ~Replay() { replay.reset(); }
    void add(const std::string& type, const std::string& data = "{}")
    {
        auto next = std::make_shared<client::EventList>(*events);
        const std::uint64_t number = next->size() + 1;
        next->push_back(std::make_shared<const client::EventRecord>(
            client::parseEvent(Account, number, *client::eventJson(Account, number, {"id", type, data, T}))));
        events = next;
    }
    void bank()
    {
        add("AccountOpened");
        add("MoneyDeposited", R"({"amount":10})");
        add("MoneyWithdrawn", R"({"amount":25})");
        add("MoneyDeposited", R"({"amount":40})");
    }
    void show() { replay->setEvents(Account, events); }
    bool at(std::size_t position)
    {
        return waitFor([&] {
            return !replay->folding() && replay->moment().position == position
                && replay->position() == position;
        });
    }
    int balance() { return state(replay->moment())["balance"].get<int>(); }
};

TEST(EventReplay, ShowsTheStateAtEveryPositionWithWhatChanged)
{
    Replay t;
    t.bank();
    t.show();
    ASSERT_TRUE(t.at(4));
    EXPECT_EQ(t.replay->reducer()->name(), "bank") << "chosen by the types";
    EXPECT_EQ(t.balance(), 25);
    EXPECT_EQ(t.replay->problems().at(3), "Insufficient funds");
    t.replay->step(-1);
    ASSERT_TRUE(t.at(3));
    EXPECT_EQ(t.balance(), -15);
    ASSERT_EQ(t.replay->moment().changes.size(), 1U);
    EXPECT_EQ(t.replay->moment().changes[0], (client::StateChange{"/balance", "10", "-15"}));
    EXPECT_EQ(t.replay->moment().problem, "Insufficient funds");
    t.replay->step(-99);
    ASSERT_TRUE(t.at(0));
    EXPECT_FALSE(t.replay->eventAt(0));
    t.replay->setPosition(99);
    ASSERT_TRUE(t.at(4));
    EXPECT_TRUE(t.replay->following());
    EXPECT_EQ(t.replay->positionOf(3), 3U);
    t.replay->setReducer(client::makeReducer(client::ReducerKind::Counter));
    ASSERT_TRUE(
        waitFor([&] { return !t.replay->folding() && state(t.replay->moment()).contains("events"); }));
    EXPECT_EQ(state(t.replay->moment())["events"], 4);
}

TEST(EventReplay, FollowsTheEndAndStaysElsewhere)
{
    Replay t;
    t.bank();
    t.show();
    ASSERT_TRUE(t.at(4));
    t.add("MoneyDeposited", R"({"amount":1})");
    t.show();
    ASSERT_TRUE(t.at(5));
    t.replay->setPosition(2);
    t.add("MoneyDeposited", R"({"amount":1})");
    t.show();
    ASSERT_TRUE(t.at(2));
    EXPECT_EQ(t.replay->count(), 6U);
    t.add("Renamed");
    t.show();
    ASSERT_TRUE(waitFor([&] { return t.replay->reducer() && t.replay->reducer()->name() == "merge"; }))
        << "no bank account any more";
    t.replay->setEvents({EventLayout::Document, "other"}, std::make_shared<client::EventList>());
    EXPECT_EQ(t.replay->position(), 0U);
    EXPECT_TRUE(t.replay->following());
}

TEST(EventReplay, PlaysStopsAndJumpsWhereAConditionBeginsToHold)
{
    Replay t;
    t.bank();
    t.show();
    ASSERT_TRUE(t.at(4));
    t.replay->setSpeed(100);
    EXPECT_EQ(t.replay->speed(), 32);
    t.replay->setStopWhen(*StateCondition::parse("balance < 0"));
    t.replay->play();
    EXPECT_TRUE(t.replay->playing());
    ASSERT_TRUE(waitFor([&] { return !t.stops.isEmpty(); }));
    EXPECT_TRUE(t.at(3));
    EXPECT_FALSE(t.replay->playing());
    EXPECT_EQ(t.stops.back(), QStringLiteral("balance < 0 holds from event 3 on"));
    t.replay->setStopWhen({});
    t.replay->play();
    ASSERT_TRUE(waitFor([&] { return t.stops.size() == 2; }));
    EXPECT_TRUE(t.at(4)) << "to the newest";
    t.replay->setPosition(0);
    t.replay->jumpTo(*StateCondition::parse("isOpen = true"));
    ASSERT_TRUE(t.at(1));
    t.replay->jumpTo(*StateCondition::parse("balance > 1000"));
    ASSERT_TRUE(waitFor([&] { return t.stops.back().contains(QStringLiteral("does not begin to hold")); }));
    EXPECT_EQ(t.replay->position(), 1U);
}

TEST(EventReplay, TellsWhatWouldBeWithoutAnEvent)
{
    Replay t;
    t.bank();
    t.show();
    t.replay->setLeftOut(2);
    ASSERT_TRUE(waitFor([&] { return t.replay->otherwise().has_value(); }));
    EXPECT_EQ(state(*t.replay->otherwise())["balance"], 50);
    EXPECT_EQ(t.balance(), 25);
    t.replay->setPosition(2);
    ASSERT_TRUE(t.at(2));
    EXPECT_EQ(t.replay->otherwise()->state, t.replay->moment().state) << "before it nothing is different";
    t.replay->setPosition(3);
    ASSERT_TRUE(t.at(3));
    EXPECT_EQ(state(*t.replay->otherwise())["balance"], 10);
    t.replay->setLeftOut(1);
    ASSERT_TRUE(waitFor([&] { return state(*t.replay->otherwise())["balance"] == -25; }))
        << "of another event";
    t.replay->setLeftOut({});
    EXPECT_FALSE(t.replay->otherwise());
    t.replay->setLeftOut(99);
    EXPECT_FALSE(t.replay->leftOut());
}

// Whoever drags gets the newest position, not every one in between, and never a wrong one.
TEST(EventReplay, DraggingEndsWhereTheSliderStands)
{
    Replay t;
    auto many = std::make_shared<client::EventList>();
    for (std::uint64_t n = 1; n <= 5000; ++n)
        many->push_back(std::make_shared<const client::EventRecord>(client::parseEvent(Account, n,
            R"({"id":"x","type":"T","data":{"n":)" + std::to_string(n)
                + R"(},"timestamp":1700000000000,"version":)" + std::to_string(n) + "}")));
    t.events = many;
    t.show();
    std::mt19937 random(3);
    int folds = 0;
    QObject::connect(t.replay.get(), &EventReplay::folded, t.replay.get(), [&] {
        ++folds;
        const auto& moment = t.replay->moment();
        if (moment.position > 0) {
            EXPECT_EQ(state(moment)["n"], moment.position);
        }
    });
    for (int i = 0; i < 2000; ++i) {
        t.replay->setPosition(random() % 5001);
        if (i % 50 == 0)
            QCoreApplication::processEvents();
    }
    t.replay->setPosition(1234);
    ASSERT_TRUE(t.at(1234));
    EXPECT_EQ(state(t.replay->moment())["n"], 1234);
    EXPECT_LT(folds, 500);
    int looked = 0;
    t.replay->look(
        77, [&](const client::Result<client::FoldMoment>& moment) { looked = state(*moment)["n"]; });
    EXPECT_TRUE(waitFor([&] { return looked == 77; }));
}

/// A script that does not end well.
class Failing final : public client::Reducer {
public:
    std::string_view name() const override { return "script"; }
    client::FoldState start(std::string_view) const override { return {}; }
    client::Result<void> fold(client::FoldState&, std::span<const client::EventPtr> events,
        const client::ProblemSink&, const std::stop_token&) const override
    {
        if (events.empty())
            return {};
        return client::fail(client::ErrorKind::BadData, "the script threw");
    }
};

TEST(EventReplay, SaysWhyThereIsNoState)
{
    Replay t;
    t.bank();
    t.show();
    ASSERT_TRUE(t.at(4));
    t.replay->setReducer(std::make_shared<Failing>());
    ASSERT_TRUE(waitFor([&] { return t.replay->error().has_value(); }));
    EXPECT_EQ(t.replay->error()->message, "the script threw");
    EXPECT_EQ(t.replay->moment().state, "");
    t.replay->setReducer(nullptr);
    ASSERT_TRUE(t.at(4));
    EXPECT_FALSE(t.replay->error());
    EXPECT_TRUE(t.replay->choosesReducer());
}

} // namespace
