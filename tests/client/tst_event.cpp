// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/bankaccount.h"
#include "client/patterns/event.h"
#include "client/patterns/eventstream.h"
#include "client/patterns/reducer.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakesleeper.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace norikv::client {
namespace {

using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeSleeper;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Fault = FakeStore::Fault;
using Op = FakeStore::Op;

const EventStreamId Account{EventLayout::Document, "account-123"};
const EventStreamId GoStream{EventLayout::Stream, "cart"};
const EventStreamId JavaStream{EventLayout::Sequence, "invoice"};

std::string shape(std::string_view key, std::string_view value = {})
{
    const auto parsed = parseEventKey(key, value);
    if (!parsed)
        return "none";
    return parsed->stream.prefix() + (parsed->number ? " event " + std::to_string(*parsed->number) : " meta");
}

TEST(EventKeys, areReadInEveryLayout)
{
    EXPECT_EQ(shape("events:account-123:7"), "events:account-123: event 7");
    EXPECT_EQ(shape("events:meta:account-123", R"({"version":7})"), "events:account-123: meta");
    EXPECT_EQ(shape("events:a:b:7"), "events:a:b: event 7");
    EXPECT_EQ(shape("stream:cart:event:12"), "stream:cart:event: event 12");
    EXPECT_EQ(shape("stream:cart:meta", "12"), "stream:cart:event: meta");
    EXPECT_EQ(shape("event:invoice:0000000042"), "event:invoice: event 42");
    for (const char* other :
        {"event:sequence", "events:", "events:meta:", "events:a:", "events:a:x", "events::1", "events:a:007",
            "events:a:18446744073709551616", "stream:cart:event:", "stream::event:1", "stream:cart:1",
            "stream:meta", "event:invoice:42", "event:invoice:00000000042", "session:a:1", ""})
        EXPECT_EQ(shape(other), "none") << other;
    EXPECT_EQ(shape("events:a:18446744073709551615"), "events:a: event 18446744073709551615");
}

TEST(EventKeys, areWrittenAsTheyAreRead)
{
    for (const auto& stream : {Account, GoStream, JavaStream}) {
        const auto event = parseEventKey(stream.eventKey(42), {});
        ASSERT_TRUE(event);
        EXPECT_EQ(event->stream, stream);
        EXPECT_EQ(event->number, 42U);
        if (!stream.hasMeta())
            continue;
        const auto meta = parseEventKey(stream.metaKey(), {});
        ASSERT_TRUE(meta);
        EXPECT_EQ(meta->stream, stream);
        EXPECT_FALSE(meta->number);
    }
}

// The key says "meta of 3"; only the value tells that an aggregate is called meta.
TEST(EventKeys, ofAnAggregateCalledMetaAreToldByTheValue)
{
    EXPECT_EQ(shape("events:meta:3", R"({"version":9})"), "events:3: meta");
    EXPECT_EQ(shape("events:meta:3", R"({"id":"x","aggregateId":"meta","type":"T","data":{},"version":3})"),
        "events:meta: event 3");
    EXPECT_EQ(shape("events:meta:meta", R"({"version":3})"), "events:meta: meta");
    EXPECT_EQ(shape("events:meta:a:3", R"({"version":3})"), "events:a:3: meta");
}

TEST(EventRecords, areReadInEveryDialectWithTheirDataAsStored)
{
    const auto ts = parseEvent(Account, 2,
        R"({"id":"e2","aggregateId":"account-123","type":"MoneyDeposited","data":{"amount":1e2, "x":[]},"timestamp":1700000000123,"version":2,"metadata":{"by":"u1"}})");
    EXPECT_TRUE(ts.readable);
    EXPECT_EQ(ts.dialect, Dialect::TypeScript);
    EXPECT_EQ(ts.id, "e2");
    EXPECT_EQ(ts.type, "MoneyDeposited");
    EXPECT_EQ(ts.data, R"({"amount":1e2, "x":[]})") << "byte for byte";
    EXPECT_EQ(ts.metadata, R"({"by":"u1"})");
    EXPECT_EQ(ts.timeMs(), 1700000000123);
    EXPECT_EQ(ts.namedAggregate, "account-123");
    EXPECT_EQ(ts.namedNumber, 2);
    EXPECT_THAT(ts.complaints, IsEmpty());
    EXPECT_EQ(ts.key(), "events:account-123:2");

    const auto python = parseEvent(Account, 1,
        R"({"id": "e1", "aggregate_id": "account-123", "type": "AccountOpened", "data": {}, "timestamp": 1700000000000, "version": 1})");
    EXPECT_EQ(python.dialect, Dialect::Python);
    EXPECT_EQ(python.namedAggregate, "account-123");
    EXPECT_THAT(python.complaints, IsEmpty());

    const auto go = parseEvent(GoStream, 3,
        R"({"type":"ItemAdded","data":{"sku":"A"},"timestamp":"2023-11-14T22:13:20.5Z","version":3})");
    EXPECT_EQ(go.dialect, Dialect::Go);
    EXPECT_EQ(go.id, "");
    EXPECT_EQ(go.timeMs(), 1700000000500);
    EXPECT_THAT(go.complaints, IsEmpty()) << "Go's events have no id";

    const auto java = parseEvent(
        JavaStream, 42, R"({"sequence":42,"aggregateId":"invoice","eventType":"Issued","payload":{"n":1}})");
    EXPECT_EQ(java.dialect, Dialect::Java);
    EXPECT_EQ(java.type, "Issued");
    EXPECT_EQ(java.data, R"({"n":1})");
    EXPECT_EQ(java.namedNumber, 42);
    EXPECT_THAT(java.complaints, IsEmpty());
}

TEST(EventRecords, oddOnesAreReadAsFarAsTheyGo)
{
    const auto broken = parseEvent(Account, 1, "{\"id\":");
    EXPECT_FALSE(broken.readable);
    EXPECT_THAT(broken.complaints, ElementsAre(HasSubstr("cannot be read")));
    EXPECT_EQ(broken.valueSize, 6U);
    const auto bare = parseEvent(Account, 1, "{}");
    EXPECT_TRUE(bare.readable);
    EXPECT_EQ(bare.complaints.size(), 3U) << "no type, no timestamp, no id";
    const std::string large(MaxValueBytes - 64, 'x');
    const auto big = parseEvent(
        Account, 1, R"({"id":"e","type":"T","timestamp":1700000000000,"data":")" + large + "\"}");
    EXPECT_EQ(big.data.size(), large.size() + 2);
    EXPECT_FALSE(parseEvent(Account, 1, std::string(MaxValueBytes, '[')).readable);
    EXPECT_FALSE(parseEvent(Account, 1, {}).readable);
}

TEST(EventMetas, keepWhatTheyDoNotKnow)
{
    EXPECT_EQ(parseEventMeta(Account, R"({"version":7})"), 7U);
    EXPECT_EQ(parseEventMeta(GoStream, "7"), 7U);
    EXPECT_THAT(parseEventMeta(Account, R"({"version":-1})"), failsWith(ErrorKind::BadData));
    EXPECT_THAT(parseEventMeta(Account, "7"), failsWith(ErrorKind::BadData));
    EXPECT_THAT(parseEventMeta(GoStream, "7x"), failsWith(ErrorKind::BadData));
    EXPECT_EQ(
        *eventMetaJson(Account, R"({"version": 7, "snapshot": 4})", 8), R"({"version": 8, "snapshot": 4})");
    EXPECT_EQ(*eventMetaJson(Account, {}, 1), R"({"version":1})");
    EXPECT_EQ(*eventMetaJson(GoStream, "7", 8), "8");
}

class EventStreams : public testing::Test {
protected:
    FakeClock clock;
    FakeStore store{clock};
    FakeSleeper sleeper{clock};
    Call call;

    EventStream::Options options()
    {
        EventStream::Options options;
        options.loop.sleep = sleeper.sleeper();
        options.newId = [this] { return "id-" + std::to_string(++m_ids); };
        return options;
    }
    EventStream stream(const EventStreamId& id = Account) { return {store, clock, id, options()}; }
    std::string plant(const EventStreamId& id, std::uint64_t number, const std::string& type,
        const std::string& data = "{}")
    {
        const auto value
            = eventJson(id, number, {"other-" + std::to_string(number), type, data, clock.nowMs()});
        store.plant(id.eventKey(number), *value);
        return *value;
    }

private:
    int m_ids = 0;
};

TEST_F(EventStreams, appendInTheDocumentsShape)
{
    auto events = stream();
    const auto first = events.append(call, "AccountOpened", "{}");
    ASSERT_THAT(first, succeeds());
    EXPECT_EQ(first->number, 1U);
    EXPECT_EQ(store.value("events:account-123:1"),
        R"({"id":"id-1","aggregateId":"account-123","type":"AccountOpened","data":{},"timestamp":1700000000000,"version":1})");
    EXPECT_EQ(store.value("events:meta:account-123"), R"({"version":1})");
    ASSERT_THAT(events.append(call, "MoneyDeposited", R"({"amount":100})"), succeeds());
    EXPECT_EQ(store.value("events:meta:account-123"), R"({"version":2})");
    EXPECT_THAT(events.append(call, "", "{}"), failsWith(ErrorKind::InvalidRequest));
    EXPECT_THAT(events.append(call, "T", "{broken"), failsWith(ErrorKind::InvalidRequest));
    EXPECT_EQ(events.version(call), 2U);
}

TEST_F(EventStreams, appendToAGoStreamInItsShapeAndToNoJavaStream)
{
    auto events = stream(GoStream);
    ASSERT_THAT(events.append(call, "ItemAdded", R"({"sku":"A"})"), succeeds());
    EXPECT_EQ(store.value("stream:cart:event:1"),
        R"({"type":"ItemAdded","data":{"sku":"A"},"timestamp":"2023-11-14T22:13:20Z","version":1})");
    EXPECT_EQ(store.value("stream:cart:meta"), "1");
    EXPECT_THAT(stream(JavaStream).append(call, "T", "{}"), failsWith(ErrorKind::Unsupported));
}

// A writer died between its event and the meta: its event stays, and ours comes behind it.
TEST_F(EventStreams, anAppendGivesAnothersEventItsMetaFirst)
{
    ASSERT_THAT(stream().append(call, "AccountOpened", "{}"), succeeds());
    const auto orphan = plant(Account, 2, "MoneyDeposited", R"({"amount":5})");
    const auto ours = stream().append(call, "MoneyDeposited", R"({"amount":7})");
    ASSERT_THAT(ours, succeeds());
    EXPECT_EQ(ours->number, 3U);
    EXPECT_EQ(store.value("events:account-123:2"), orphan);
    EXPECT_EQ(store.value("events:meta:account-123"), R"({"version":3})");
}

TEST_F(EventStreams, anAppendThatWasDecidedOnAnOlderStateIsRefused)
{
    ASSERT_THAT(stream().append(call, "AccountOpened", "{}", 0), succeeds());
    EXPECT_THAT(stream().append(call, "AccountOpened", "{}", 0), failsWith(ErrorKind::Contended));
    plant(Account, 2, "MoneyDeposited");
    EXPECT_THAT(stream().append(call, "MoneyDeposited", "{}", 1), failsWith(ErrorKind::Contended));
    EXPECT_EQ(store.value("events:meta:account-123"), R"({"version":2})") << "the other's event has its meta";
    EXPECT_FALSE(store.value("events:account-123:3"));
}

// The document's own appender writes over what is there; whoever was overwritten is told.
TEST_F(EventStreams, aLossIsTold)
{
    store.before = [this](const FakeStore::Seen& seen) {
        if (seen.op == Op::Put && seen.key == "events:meta:account-123")
            plant(Account, 1, "AccountOpened");
    };
    const auto lost = stream().append(call, "AccountOpened", "{}");
    ASSERT_THAT(lost, failsWith(ErrorKind::Conflict));
    EXPECT_THAT(lost.error().message, HasSubstr("overwritten by another appender"));
}

TEST_F(EventStreams, givingUpHasTheDocumentsWords)
{
    // Whenever ours comes, another's is there already.
    store.before = [this](const FakeStore::Seen& seen) {
        const auto key = parseEventKey(seen.key, {});
        if (seen.op == Op::Get && key && key->number && !store.value(seen.key))
            plant(Account, *key->number, "Rival");
    };
    const auto event = stream().append(call, "AccountOpened", "{}");
    ASSERT_THAT(event, failsWith(ErrorKind::Contended));
    EXPECT_EQ(event.error().message, "Failed to append event after retries");
    EXPECT_EQ(store.value("events:meta:account-123"), R"({"version":10})")
        << "ten attempts, as in the document";
    EXPECT_FALSE(store.value("events:account-123:11"));
}

TEST_F(EventStreams, anUnknownOutcomeIsReadAgain)
{
    store.script(Op::Put, Fault::UnknownAfterApply);
    const auto applied = stream().append(call, "AccountOpened", "{}");
    ASSERT_THAT(applied, succeeds()) << "the event can be read: it was appended";
    EXPECT_EQ(store.value("events:meta:account-123"), R"({"version":1})");

    store.script(Op::Put, Fault::UnknownBeforeApply);
    AppendDoubt doubt;
    EXPECT_THAT(
        stream().append(call, "MoneyDeposited", "{}", {}, &doubt), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_EQ(doubt.key, "events:account-123:2");
    const auto nothing = stream().check(call, doubt);
    ASSERT_THAT(nothing, succeeds());
    EXPECT_THAT(*nothing, HasSubstr("was not appended"));
    store.plant(doubt.key, doubt.value);
    const auto arrived = stream().check(call, doubt);
    ASSERT_THAT(arrived, succeeds());
    EXPECT_THAT(*arrived, HasSubstr("It was appended"));
    EXPECT_EQ(store.value("events:meta:account-123"), R"({"version":2})");
    store.plant(doubt.key, "{}");
    EXPECT_THAT(*stream().check(call, doubt), HasSubstr("Another event"));
}

TEST_F(EventStreams, aMetaWhoseOutcomeIsUnknownIsMovedAgain)
{
    ASSERT_THAT(stream().append(call, "AccountOpened", "{}"), succeeds());
    bool once = false;
    store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == Op::Put && seen.key == "events:meta:account-123" && !std::exchange(once, true))
            store.script(Op::Put, Fault::UnknownBeforeApply);
    };
    ASSERT_THAT(stream().append(call, "MoneyDeposited", "{}"), succeeds());
    EXPECT_TRUE(once);
    EXPECT_EQ(store.value("events:meta:account-123"), R"({"version":2})");
}

TEST_F(EventStreams, areReadWithAndWithoutAList)
{
    for (int i = 0; i < 3; ++i)
        ASSERT_THAT(stream().append(call, "T", R"({"n":)" + std::to_string(i) + "}"), succeeds());
    plant({EventLayout::Document, "account-123:x"}, 1, "Other");
    store.erase("events:account-123:2");
    for (const bool list : {true, false}) {
        store.offersExplore = list;
        const auto events = stream().events(call);
        ASSERT_THAT(events, succeeds());
        ASSERT_EQ(events->size(), 2U) << "one missing event does not hide the others";
        EXPECT_EQ((*events)[0]->number, 1U);
        EXPECT_EQ((*events)[1]->number, 3U);
        const auto later = stream().eventsAfter(call, 1);
        ASSERT_THAT(later, succeeds());
        EXPECT_EQ(later->size(), 1U);
    }
    EXPECT_THAT(stream().readRange(call, 1, EventStream::MostRead + 1, [](EventList) { return true; }),
        failsWith(ErrorKind::InvalidRequest));
}

TEST_F(EventStreams, aMillionMissingVersionsCostNoLoopWhereTheServerLists)
{
    ASSERT_THAT(stream().append(call, "T", "{}"), succeeds());
    plant(Account, 1'000'000, "T");
    store.plant("events:meta:account-123", R"({"version":900719925474})");
    store.forget();
    const auto events = stream().events(call);
    ASSERT_THAT(events, succeeds());
    EXPECT_EQ(events->size(), 2U);
    EXPECT_EQ(store.seen().size(), 1U) << "one scan";
}

TEST_F(EventStreams, theBankAccountHasTheDocumentsRulesAndWords)
{
    BankAccount account(store, clock, "account-123", options());
    const auto refusal = [](const auto& result) { return result ? std::string() : result.error().message; };
    EXPECT_EQ(refusal(account.deposit(call, 1)), bank::NotOpen);
    EXPECT_EQ(refusal(account.withdraw(call, 1)), "Account not open");
    ASSERT_THAT(account.open(call), succeeds());
    EXPECT_EQ(refusal(account.open(call)), "Account already open");
    ASSERT_THAT(account.deposit(call, 100), succeeds());
    EXPECT_EQ(refusal(account.withdraw(call, 100.5)), "Insufficient funds");
    ASSERT_THAT(account.withdraw(call, 30), succeeds());
    const auto state = account.load(call);
    ASSERT_THAT(state, succeeds());
    EXPECT_EQ(state->balance, 70);
    EXPECT_EQ(state->version, 3U);
    const auto later = stream().eventsAfter(call, 1);
    ASSERT_THAT(later, succeeds());
    ASSERT_EQ(later->size(), 2U);
    EXPECT_EQ((*later)[0]->type, "MoneyDeposited");
    EXPECT_EQ((*later)[1]->data, R"({"amount":30})");
    EXPECT_EQ(refusal(account.deposit(call, -1)), "the amount must be a number above zero");
}

// Two withdrawals at once, each of which alone would pass.
TEST_F(EventStreams, aDecisionThatCameTooLateIsTakenAnew)
{
    BankAccount account(store, clock, "account-123", options());
    ASSERT_THAT(account.open(call), succeeds());
    ASSERT_THAT(account.deposit(call, 100), succeeds());
    bool once = false;
    store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op != Op::Get || seen.key != Account.eventKey(3) || std::exchange(once, true))
            return;
        plant(Account, 3, "MoneyWithdrawn", R"({"amount":80})");
        store.plant("events:meta:account-123", R"({"version":3})");
    };
    const auto late = account.withdraw(call, 70);
    ASSERT_THAT(late, failsWith(ErrorKind::InvalidRequest));
    EXPECT_EQ(late.error().message, "Insufficient funds");
    EXPECT_EQ(account.load(call)->balance, 20);
}

// 10,000 appends by 8 appenders of ours on one aggregate.
TEST_F(EventStreams, concurrentAppendersLoseOverwriteAndRepeatNothing)
{
    constexpr int Appenders = 8;
    constexpr int Each = 1250;
    std::vector<std::vector<std::string>> acknowledged(Appenders);
    {
        std::vector<std::jthread> threads;
        for (int a = 0; a < Appenders; ++a) {
            threads.emplace_back([&, a] {
                Call own;
                EventStream::Options eager;
                eager.loop.policy = CasPolicy::impatient(100'000);
                EventStream events(store, clock, Account, eager);
                for (int i = 0; i < Each; ++i) {
                    const auto event = events.append(
                        own, "T", "{\"a\":" + std::to_string(a) + ",\"n\":" + std::to_string(i) + "}");
                    ASSERT_THAT(event, succeeds());
                    acknowledged[static_cast<std::size_t>(a)].push_back(event->id);
                }
            });
        }
    }
    const auto events = stream().events(call);
    ASSERT_THAT(events, succeeds());
    ASSERT_EQ(events->size(), static_cast<std::size_t>(Appenders * Each));
    std::set<std::string> stored;
    std::map<int, int> next;
    for (std::size_t i = 0; i < events->size(); ++i) {
        ASSERT_EQ((*events)[i]->number, i + 1) << "no gap";
        EXPECT_TRUE(stored.insert((*events)[i]->id).second) << "no event twice";
    }
    for (const auto& ids : acknowledged) {
        for (const std::string& id : ids)
            EXPECT_TRUE(stored.contains(id)) << "no append lost";
    }
    EXPECT_EQ(stream().version(call), events->size());
}

} // namespace
} // namespace norikv::client
