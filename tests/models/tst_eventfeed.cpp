// SPDX-License-Identifier: GPL-3.0-or-later
// The events feed over a store in memory.
#include "models/eventfeed.h"

#include "tests/models/feedfixture.h"
#include "tests/support/scratchfolder.h"

#include <QFile>
#include <QSignalSpy>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace norikv;
using namespace std::chrono_literals;
using client::Bytes;
using client::EventLayout;
using client::EventStreamId;
using models::EventFeed;
using models::EventSide;
using models::FeedState;
using test::Bench;
using test::FakeClock;
using test::FakeStore;
using test::waitFor;

namespace {

constexpr EpochMs T = FakeClock::StartMs;
const EventStreamId Account{EventLayout::Document, "account-1"};

struct Feed : Bench {
    std::unique_ptr<EventFeed> feed;
    std::vector<models::Outcome> outcomes;

    ~Feed() { feed.reset(); }
    void plant(const EventStreamId& stream, std::uint64_t number, const std::string& type,
        const std::string& data = "{}")
    {
        store.plant(stream.eventKey(number),
            *client::eventJson(stream, number,
                {"id-" + std::to_string(number), type, data, T + static_cast<EpochMs>(number) * 4000}));
    }
    void account(const EventStreamId& stream = Account)
    {
        plant(stream, 1, "AccountOpened");
        plant(stream, 2, "MoneyDeposited", R"({"amount":100})");
        plant(stream, 3, "MoneyWithdrawn", R"({"amount":30})");
        store.plant(stream.metaKey(), R"({"version":3})");
    }
    void start()
    {
        store.idle = [this] {
            clock.advance(300ms);
            std::this_thread::sleep_for(1ms); // a watch is idle at the pace of its server
        };
        open();
        feed = std::make_unique<EventFeed>(*dispatcher, *connection, clock, nullptr);
        QObject::connect(feed.get(), &EventFeed::acted, feed.get(),
            [this](const models::Outcome& outcome) { outcomes.push_back(outcome); });
    }
    EventFeed::Opened& main() { return feed->opened(); }
    bool ready()
    {
        return waitFor([this] { return feed->state() == FeedState::Ready && feed->events() > 0; });
    }
    bool holds(std::size_t events)
    {
        return waitFor(
            [&] { return main().all->size() == events && main().replay.moment().position == events; });
    }
    const models::Outcome& outcome()
    {
        EXPECT_TRUE(waitFor([this] { return !outcomes.empty(); }));
        static const models::Outcome none;
        return outcomes.empty() ? none : outcomes.back();
    }
};

nlohmann::json state(const client::FoldMoment& moment)
{
    return nlohmann::json::parse(moment.state, nullptr, false);
}

TEST(EventFeed, OpensAStreamByWhateverNamesIt)
{
    Feed t;
    t.account();
    t.plant({EventLayout::Stream, "cart"}, 1, "ItemAdded");
    t.store.plant("stream:cart:meta", "1");
    t.start();
    ASSERT_TRUE(t.ready());
    for (const char* subject :
        {"account-1", "events:account-1:", "events:meta:account-1", "events:account-1:2"}) {
        t.feed->open(EventSide::Main, {EventLayout::Stream, "cart"});
        t.feed->select(subject);
        ASSERT_TRUE(waitFor([&] { return t.main().stream == Account; })) << subject;
        ASSERT_TRUE(t.holds(3)) << subject;
        EXPECT_EQ(t.main().events.rowCount(), 3);
        EXPECT_TRUE(t.main().row);
        EXPECT_FALSE(t.main().loading);
    }
    ASSERT_TRUE(waitFor([&] { return t.feed->selectedEvent() != nullptr; }));
    EXPECT_EQ(t.feed->selectedEvent()->type, "MoneyDeposited");
    t.feed->select("cart");
    ASSERT_TRUE(waitFor([&] { return t.main().stream && t.main().stream->layout == EventLayout::Stream; }));
    EXPECT_FALSE(t.feed->selectedEvent());
}

TEST(EventFeed, FollowsTheOpenedStreamAndStandsStillWhilePaused)
{
    Feed t;
    t.account();
    t.start();
    ASSERT_TRUE(t.ready());
    t.feed->select("account-1");
    ASSERT_TRUE(t.holds(3));
    EXPECT_EQ(state(t.main().replay.moment())["balance"], 70);
    EXPECT_TRUE(t.main().replay.following());
    t.feed->deposit("account-1", 5);
    ASSERT_TRUE(t.holds(4)) << "a live event is folded on";
    EXPECT_EQ(state(t.main().replay.moment())["balance"], 75);
    t.feed->setPaused(true);
    t.feed->deposit("account-1", 5);
    ASSERT_TRUE(waitFor([&] { return t.feed->newWhilePaused() == 1; }));
    EXPECT_EQ(t.main().all->size(), 4U);
    t.feed->setPaused(false);
    ASSERT_TRUE(t.holds(5));
    EXPECT_EQ(t.feed->newWhilePaused(), 0U);
}

TEST(EventFeed, HearsOfEveryLayoutAndOfNothingElse)
{
    Feed t;
    t.account();
    t.start();
    ASSERT_TRUE(t.ready());
    t.plant({EventLayout::Stream, "cart"}, 1, "ItemAdded");
    ASSERT_TRUE(waitFor([&] { return t.feed->events() == 4; }));
    t.store.plant("event:invoice:0000000001", R"({"sequence":1})");
    ASSERT_TRUE(waitFor([&] { return t.feed->events() == 5; }));
    t.store.cut();
    ASSERT_TRUE(waitFor([&] { return t.feed->state() == FeedState::Failed; }));
    t.store.mend();
    t.plant({EventLayout::Stream, "cart"}, 2, "ItemAdded");
    ASSERT_TRUE(waitFor([&] { return t.feed->events() == 6; })) << "whichever of its watches was cut";
    for (const auto& seen : t.store.seen()) {
        if (seen.op == FakeStore::Op::Watch) {
            EXPECT_FALSE(seen.key.empty()) << "a whole store is not watched for some events";
        }
    }
}

TEST(EventFeed, TheBankAnswersInTheDocumentsWords)
{
    Feed t;
    t.account();
    t.start();
    ASSERT_TRUE(t.ready());
    t.feed->withdraw("account-1", 500);
    EXPECT_FALSE(t.outcome().ok);
    EXPECT_TRUE(t.outcome().text.contains(QStringLiteral("Insufficient funds")))
        << t.outcome().text.toStdString();
    t.outcomes.clear();
    t.feed->openAccount("account-1");
    EXPECT_TRUE(t.outcome().text.contains(QStringLiteral("Account already open")));
    t.outcomes.clear();
    t.feed->openAccount("account-2");
    EXPECT_TRUE(t.outcome().ok) << t.outcome().text.toStdString();
    EXPECT_EQ(t.store.value("events:meta:account-2"), R"({"version":1})");
}

TEST(EventFeed, AppendsAndSaysWhatBecameOfADoubt)
{
    Feed t;
    t.account();
    t.start();
    ASSERT_TRUE(t.ready());
    t.feed->append(Account, QStringLiteral("Noted"), R"({"by":"me"})");
    EXPECT_TRUE(t.outcome().ok);
    EXPECT_TRUE(t.outcome().text.contains(QStringLiteral("event 4 of account-1")));
    t.outcomes.clear();
    t.feed->append(Account, QStringLiteral("Noted"), "{broken");
    EXPECT_FALSE(t.outcome().ok);
    t.outcomes.clear();
    t.store.script(FakeStore::Op::Put, FakeStore::Fault::UnknownBeforeApply);
    t.feed->append(Account, QStringLiteral("Noted"), R"({"by":"you"})");
    EXPECT_TRUE(t.outcome().unknown);
    EXPECT_TRUE(t.outcome().canCheck);
    t.outcomes.clear();
    t.feed->check();
    EXPECT_TRUE(t.outcome().text.contains(QStringLiteral("was not appended")))
        << t.outcome().text.toStdString();
}

TEST(EventFeed, OpensWithoutAListToo)
{
    Feed t;
    t.store.offersExplore = false;
    t.account();
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->state() == FeedState::Ready; }));
    EXPECT_EQ(t.feed->coverage(), client::Coverage::KnownKeys);
    t.feed->select("events:meta:account-1");
    ASSERT_TRUE(t.holds(3));
    EXPECT_EQ(state(t.main().replay.moment())["balance"], 70);
    ASSERT_TRUE(waitFor([&] { return t.main().row && t.main().row->events == 3; }));
    EXPECT_EQ(t.main().row->wrong, "");
}

TEST(EventFeed, SaysWhyAStreamCannotBeOpened)
{
    Feed t;
    t.account();
    t.start();
    ASSERT_TRUE(t.ready());
    t.store.always(FakeStore::Op::Scan, FakeStore::Fault::Server);
    t.feed->select("account-1");
    ASSERT_TRUE(waitFor([&] { return t.main().error.has_value(); }));
    EXPECT_FALSE(t.main().loading);
    t.store.calm();
    t.feed->select("account-1");
    ASSERT_TRUE(t.holds(3)) << "and again opens it";
    EXPECT_FALSE(t.main().error);
}

TEST(EventFeed, ComparesTwoStreams)
{
    Feed t;
    t.account();
    const EventStreamId other{EventLayout::Document, "account-2"};
    t.account(other);
    t.plant(other, 4, "MoneyDeposited", R"({"amount":1})");
    t.store.plant(other.metaKey(), R"({"version":4})");
    t.start();
    ASSERT_TRUE(t.ready());
    t.feed->open(EventSide::Main, Account);
    t.feed->open(EventSide::Beside, other);
    auto& beside = t.feed->opened(EventSide::Beside);
    ASSERT_TRUE(t.holds(3));
    ASSERT_TRUE(waitFor([&] { return beside.replay.moment().position == 4; }));
    const auto changes = client::textChanges(t.main().replay.moment().state, beside.replay.moment().state);
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[1], (client::StateChange{"/balance", "70", "71"}));
    t.feed->closeBeside();
    EXPECT_FALSE(beside.stream);
    EXPECT_EQ(beside.replay.count(), 0U);
}

TEST(EventFeed, RacesAppendersAndExports)
{
    Feed t;
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->state() == FeedState::Ready; }));
    QSignalSpy raced(t.feed.get(), &EventFeed::raced);
    t.feed->race({"", 2, 6, true});
    EXPECT_TRUE(t.feed->racing());
    ASSERT_TRUE(waitFor([&] { return raced.size() == 1; }));
    const auto result = raced[0][0].value<client::demo::AppendRaceResult>();
    EXPECT_GT(result.lost, 0U);
    EXPECT_GT(result.overwrites, 0U);
    ASSERT_TRUE(waitFor([&] { return t.main().all->size() == result.stored; })) << "the race is opened";
    QSignalSpy exported(t.feed.get(), &EventFeed::exported);
    t.feed->exportText(EventSide::Main, models::EventFormat::Ndjson, {2, 3});
    ASSERT_TRUE(waitFor([&] { return exported.size() == 1; }));
    EXPECT_EQ(exported[0][1].toByteArray().count('\n'), 2);
    QSignalSpy written(t.feed.get(), &EventFeed::fileWritten);
    const test::ScratchFolder folder;
    const QString file = QString::fromStdString(folder.file("events.ndjson"));
    t.feed->exportFile(EventSide::Main, models::EventFormat::Ndjson, {2, 3}, file);
    ASSERT_TRUE(waitFor([&] { return written.size() == 1; }));
    EXPECT_TRUE(written[0][1].toString().isEmpty());
    QFile stored(file);
    ASSERT_TRUE(stored.open(QIODevice::ReadOnly));
    EXPECT_EQ(stored.readAll(), exported[0][1].toByteArray());
    t.feed->exportFile(
        EventSide::Main, models::EventFormat::Ndjson, {}, file + QStringLiteral("/under/a/file"));
    ASSERT_TRUE(waitFor([&] { return written.size() == 2; }));
    EXPECT_FALSE(written[1][1].toString().isEmpty());
}

TEST(EventFeed, OpeningAnotherStreamIsAboutNow)
{
    Feed t;
    t.account();
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->state() == FeedState::Ready; }));
    t.feed->setPaused(true);
    QSignalSpy live(t.feed.get(), &EventFeed::liveNeeded);
    t.feed->select("account-2");
    EXPECT_TRUE(waitFor([&] { return live.size() >= 1; })) << "of what was not open nothing was recorded";
}

} // namespace
