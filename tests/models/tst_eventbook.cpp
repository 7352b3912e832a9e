// SPDX-License-Identifier: GPL-3.0-or-later
// Event streams as the window gets them: the book with its models, and export.
#include "models/eventexport.h"
#include "models/eventmodel.h"

#include "tests/models/waiting.h"
#include "tests/support/fakeclock.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <random>

using namespace norikv;
using client::Bytes;
using client::EventLayout;
using client::EventStreamId;
using models::EventBook;
using models::EventFilter;
using models::EventFormat;
using models::EventModel;
using models::EventOrder;
using models::EventSide;
using models::EventStreamModel;
using testing::HasSubstr;

namespace {

constexpr EpochMs T = test::FakeClock::StartMs;
const EventStreamId A{EventLayout::Document, "a"};

Bytes value(const EventStreamId& stream, std::uint64_t number, const std::string& type = "T",
    const std::string& data = "{}", EpochMs at = T)
{
    return *client::eventJson(
        stream, number, {stream.aggregate + "-" + std::to_string(number), type, data, at});
}

client::EventPtr record(const EventStreamId& stream, std::uint64_t number, const Bytes& value)
{
    return std::make_shared<const client::EventRecord>(client::parseEvent(stream, number, value));
}

/// A book with a clock of its own, and the models that show what it publishes.
struct Book {
    std::shared_ptr<EventBook::Queue> queue = std::make_shared<EventBook::Queue>();
    EventBook book{queue};
    EventStreamModel streams;
    EventModel events;
    QAbstractItemModelTester streamsTester{&streams, QAbstractItemModelTester::FailureReportingMode::Fatal};
    QAbstractItemModelTester eventsTester{&events, QAbstractItemModelTester::FailureReportingMode::Fatal};
    EpochMs now = T;
    client::Coverage coverage = client::Coverage::Complete;
    std::shared_ptr<const models::EventPiece> last;
    std::vector<std::string> rules; ///< of findings told so far

    models::FollowStatus status() const { return {coverage, true, now, 0}; }
    void put(const Bytes& key, const Bytes& value)
    {
        client::Entry entry;
        entry.key = key;
        entry.value = value;
        entry.version = client::Version{0, 1};
        book.put(entry, status());
    }
    void event(const EventStreamId& stream, std::uint64_t number, const std::string& type = "T",
        const std::string& data = {})
    {
        put(stream.eventKey(number),
            value(stream, number, type, data.empty() ? "{\"n\":" + std::to_string(number) + "}" : data,
                T + static_cast<EpochMs>(number) * 3000));
    }
    void meta(const EventStreamId& stream, std::uint64_t version)
    {
        put(stream.metaKey(), *client::eventMetaJson(stream, {}, version));
    }
    void stream(const EventStreamId& stream, std::uint64_t newest)
    {
        for (std::uint64_t n = 1; n <= newest; ++n)
            event(stream, n);
        meta(stream, newest);
    }
    void listed()
    {
        book.listed([](std::string_view) { return true; }, status());
    }
    void show()
    {
        book.publish(status());
        for (auto& chunk : queue->take()) {
            for (const auto& piece : chunk) {
                last = piece;
                streams.setNow(now);
                streams.show(piece->streams);
                events.show(piece->opened[0].shown);
                for (const auto& finding : piece->findings)
                    rules.push_back(finding.rule + " " + finding.subject);
            }
        }
    }
    void pass(EpochMs ms)
    {
        now += ms;
        show();
    }
    std::vector<std::string> names() const
    {
        std::vector<std::string> out;
        for (int row = 0; row < streams.rowCount(); ++row)
            out.push_back(streams.record(row).key);
        return out;
    }
    QString cell(int row, int column) const { return streams.index(row, column).data().toString(); }
    const std::vector<models::EventTypeCount>& types() const { return *last->types; }
};

using Names = std::vector<std::string>;

TEST(EventBook, ShowsOneRowForEachStreamOfEveryLayout)
{
    Book t;
    t.stream(A, 3);
    t.stream({EventLayout::Stream, "a"}, 2);
    t.put("event:inv:0000000007", R"({"sequence":7,"eventType":"Issued"})");
    t.put("events:meta:empty", R"({"version":0})");
    t.put("stream:something:else", "x");
    t.listed();
    t.show();
    EXPECT_EQ(t.names(), (Names{"event:inv:", "events:a:", "events:empty:", "stream:a:event:"}));
    EXPECT_EQ(t.last->events, 6U);
    EXPECT_EQ(t.last->wrong, 0U);
    EXPECT_EQ(t.cell(1, EventStreamModel::Events), QStringLiteral("3"));
    EXPECT_EQ(t.cell(1, EventStreamModel::LastType), QStringLiteral("T"));
    EXPECT_EQ(t.cell(1, EventStreamModel::State), QStringLiteral("in order"));
    EXPECT_EQ(t.cell(2, EventStreamModel::State), QStringLiteral("no events"));
    const auto& row = t.streams.record(1);
    ASSERT_EQ(row.points->size(), 3U);
    EXPECT_EQ(row.points->back(), (models::EventPoint{3, T + 9000, row.types.at(0)}));
    EXPECT_EQ(t.types()[0].name, "T");
    EXPECT_EQ(t.types()[0].count, 5U);
    EXPECT_EQ(t.types()[0].example, R"({"n":2})");
}

TEST(EventBook, AnAppendUnderWayIsNotWrongAndDamageIs)
{
    Book t;
    t.stream(A, 2);
    t.listed();
    t.show();
    t.event(A, 3);
    t.pass(250);
    EXPECT_EQ(t.streams.record(0).wrong, "") << "its meta is on its way";
    EXPECT_EQ(t.streams.record(0).events, 3U);
    t.pass(5000);
    EXPECT_EQ(t.streams.record(0).wrong, "E2") << "nobody wrote its meta";
    EXPECT_EQ(t.cell(0, EventStreamModel::State), QStringLiteral("E2 event nobody reads"));
    EXPECT_EQ(t.last->wrong, 1U);
    EXPECT_THAT(t.rules, testing::Contains("E2 a"));
    t.meta(A, 3);
    t.pass(250);
    EXPECT_EQ(t.streams.record(0).wrong, "");
    t.book.gone(A.eventKey(2), EventBook::Gone::Deleted, t.status());
    t.pass(250);
    t.pass(5000);
    EXPECT_EQ(t.streams.record(0).wrong, "E1");
    EXPECT_EQ(models::gapsText(t.streams.record(0).gaps), QStringLiteral("2"));
}

TEST(EventBook, TellsARewrittenEventAndAMetaThatFell)
{
    Book t;
    t.stream(A, 3);
    t.listed();
    t.show();
    t.event(A, 2, "T", R"({"other":1})");
    t.meta(A, 1);
    for (int i = 0; i < 12; ++i)
        t.pass(1000);
    EXPECT_THAT(t.rules, testing::IsSupersetOf({"E4 a", "E7 a"}));
    EXPECT_THAT(t.rules, testing::Not(testing::Contains("E2 a"))) << "one damage, one finding";
    EXPECT_EQ(t.streams.record(0).worst, client::Severity::Certain);
}

TEST(EventBook, AGapOfAMillionIsOneRangeAndManyEventsAreDrawnAsTheNewest)
{
    Book t;
    for (std::uint64_t n = 1; n <= 6000; ++n)
        t.event(A, n);
    t.event(A, 1'000'000'000'000);
    t.meta(A, 2'000'000'000'000);
    t.listed();
    t.show();
    const auto& row = t.streams.record(0);
    ASSERT_EQ(row.gaps.size(), 2U);
    EXPECT_EQ(row.gaps[0].first, 6001U);
    EXPECT_EQ(row.events, 6001U);
    EXPECT_EQ(row.points->size(), models::EventStreamRow::LanePoints);
    EXPECT_EQ(row.points->back().number, 1'000'000'000'000U);
    EXPECT_THAT(models::gapsText(row.gaps).toStdString(), HasSubstr("6001–999999999999"));
}

TEST(EventBook, KeepsWholeEventsOfOpenedStreamsAlone)
{
    Book t;
    t.stream(A, 3);
    t.stream({EventLayout::Document, "b"}, 2);
    t.listed();
    t.show();
    EXPECT_EQ(t.events.rowCount(), 0);
    t.book.open(EventSide::Main, A);
    t.event(A, 4, "New");
    t.book.take(EventSide::Main, A,
        {record(A, 2, value(A, 2)), record(A, 1, value(A, 1)), record(A, 4, value(A, 4, "Stale")),
            record(A, 9, value(A, 9))});
    t.show();
    EXPECT_TRUE(t.last->opened[0].all->empty()) << "not folded before all of it was read";
    t.book.take(EventSide::Main, {EventLayout::Document, "b"}, {record(A, 3, value(A, 3))});
    t.book.take(EventSide::Main, A, {record(A, 3, value(A, 3))});
    t.book.opened(EventSide::Main, A);
    t.show();
    ASSERT_EQ(t.events.rowCount(), 4) << "and not the one that was deleted since";
    EXPECT_EQ(t.events.record(3).event->type, "New") << "what was told is newer than what was read";
    const auto before = t.last->opened[0].all;
    ASSERT_EQ(before->size(), 4U);
    t.show();
    EXPECT_EQ(t.last->opened[0].all, before) << "nothing came: the same list";
    t.event(A, 5);
    t.show();
    EXPECT_EQ(t.last->opened[0].all->size(), 5U);
    EXPECT_EQ(t.events.rowOf(5), 4);
    EXPECT_EQ(t.events.rowOf(6), -1);
    t.book.gone(A.eventKey(5), EventBook::Gone::Deleted, t.status());
    t.show();
    EXPECT_EQ(t.events.rowCount(), 4);
    t.book.open(EventSide::Main, {EventLayout::Document, "b"});
    t.show();
    EXPECT_EQ(t.events.rowCount(), 0);
    t.book.open(EventSide::Beside, A);
    t.book.opened(EventSide::Beside, A);
    t.event(A, 5);
    t.show();
    EXPECT_EQ(t.last->opened[1].all->size(), 1U);
    t.book.close(EventSide::Beside);
    t.show();
    EXPECT_FALSE(t.last->opened[1].stream);
}

TEST(EventBook, MarksTheEventThatIsEvidence)
{
    Book t;
    t.stream(A, 2);
    t.put(A.eventKey(3), value(A, 7, "T", "{}", T + 9000));
    t.meta(A, 3);
    t.listed();
    t.book.open(EventSide::Main, A);
    t.book.take(EventSide::Main, A,
        {record(A, 1, value(A, 1)), record(A, 2, value(A, 2)), record(A, 3, value(A, 7))});
    t.book.opened(EventSide::Main, A);
    t.show();
    EXPECT_EQ(t.events.record(2).wrong, "E5");
    EXPECT_EQ(t.events.index(2, EventModel::State).data().toString(), QStringLiteral("E5 wrong envelope"));
    EXPECT_EQ(t.events.record(1).wrong, "");
    t.put(A.eventKey(3), value(A, 3, "T", "{}", T + 9000));
    t.show();
    t.pass(3000);
    EXPECT_EQ(t.events.record(2).wrong, "E4") << "put right, which is a rewriting too";
}

TEST(EventBook, FiltersAndSorts)
{
    Book t;
    t.stream(A, 2);
    t.stream({EventLayout::Document, "big"}, 5);
    t.event({EventLayout::Document, "big"}, 6, "Other");
    t.meta({EventLayout::Document, "big"}, 6);
    t.put("events:torn:2", value({EventLayout::Document, "torn"}, 2, "T", "{}", T + 90'000));
    t.meta({EventLayout::Document, "torn"}, 2);
    t.listed();
    t.book.open(EventSide::Main, {EventLayout::Document, "big"});
    t.show();
    t.pass(6000);
    EXPECT_EQ(t.names(), (Names{"events:torn:", "events:a:", "events:big:"}));
    t.book.setOrder(EventOrder::MostEvents);
    t.show();
    EXPECT_EQ(t.names(), (Names{"events:big:", "events:a:", "events:torn:"}));
    t.book.setOrder(EventOrder::Newest);
    t.show();
    EXPECT_EQ(t.names(), (Names{"events:torn:", "events:big:", "events:a:"}));
    t.book.setOrder(EventOrder::Aggregate);
    t.book.setFilter({.text = "i", .types = {}, .onlyWrong = false});
    t.show();
    EXPECT_EQ(t.names(), (Names{"events:big:"}));
    EXPECT_EQ(t.streams.all(), 3U);
    t.book.setFilter({.text = {}, .types = {}, .onlyWrong = true});
    t.show();
    EXPECT_EQ(t.names(), (Names{"events:torn:"}));
    // A type that is met only later.
    t.book.setFilter({.text = {}, .types = {"Late", "Other"}, .onlyWrong = false});
    t.show();
    EXPECT_EQ(t.names(), (Names{"events:big:"}));
    t.event(A, 3, "Late");
    t.meta(A, 3);
    t.show();
    EXPECT_EQ(t.names(), (Names{"events:a:", "events:big:"}));
}

TEST(EventBook, CountsTypesRightThroughRewritingsAndDeletions)
{
    Book t;
    std::mt19937 random(5);
    std::map<std::pair<std::string, std::uint64_t>, std::string> model;
    for (int i = 0; i < 4000; ++i) {
        const EventStreamId stream{EventLayout::Document, std::string(1, char('a' + random() % 3))};
        const std::uint64_t number = 1 + random() % 40;
        if (random() % 4 == 0) {
            t.book.gone(stream.eventKey(number), EventBook::Gone::Deleted, t.status());
            model.erase({stream.aggregate, number});
        } else {
            const std::string type = "T" + std::to_string(random() % 5);
            t.event(stream, number, type);
            model[{stream.aggregate, number}] = type;
        }
        if (i % 100 != 0)
            continue;
        t.show();
        EXPECT_EQ(t.last->events, model.size());
        std::map<std::string, std::uint64_t> counts;
        for (const auto& [key, type] : model)
            ++counts[type];
        for (const auto& type : t.types())
            EXPECT_EQ(type.count, counts[type.name]) << type.name;
    }
}

TEST(EventBook, ListedForgetsWhatIsNotThereAnyMore)
{
    Book t;
    t.stream(A, 3);
    t.stream({EventLayout::Document, "b"}, 2);
    t.listed();
    t.show();
    t.book.listed([](std::string_view key) { return key.starts_with("events:a:") || key == "events:meta:a"; },
        t.status());
    t.pass(6000);
    EXPECT_EQ(t.names(), (Names{"events:a:"}));
    EXPECT_EQ(t.streams.record(0).wrong, "");
}

TEST(EventBook, WithoutAListAMetaNamesWhatToAskFor)
{
    Book t;
    t.coverage = client::Coverage::KnownKeys;
    t.event(A, 2);
    EXPECT_EQ(t.book.alsoAsk(), (std::vector<Bytes>{"events:meta:a"}));
    t.meta(A, 2);
    EXPECT_EQ(t.book.alsoAsk(),
        (std::vector<Bytes>{"events:a:1", "events:a:2", "events:a:3", "events:a:4", "events:a:5"}));
    t.show();
    t.pass(6000);
    EXPECT_EQ(t.streams.record(0).wrong, "") << "event 1 was not asked for yet";
    t.book.gone(A.eventKey(1), EventBook::Gone::Missing, t.status());
    t.show();
    t.pass(6000);
    EXPECT_EQ(t.streams.record(0).wrong, "E1");
    t.meta({EventLayout::Document, "endless"}, 18'000'000'000'000'000'000U);
    t.put("events:meta:far", R"({"version":9000000000000})");
    EXPECT_LT(t.book.alsoAsk().size(), 10'000U);
}

TEST(EventBook, AnAggregateCalledMetaComesAndGoes)
{
    Book t;
    const EventStreamId meta{EventLayout::Document, "meta"};
    t.stream(meta, 2);
    t.listed();
    t.show();
    EXPECT_EQ(t.names(), (Names{"events:meta:"}));
    EXPECT_EQ(t.streams.record(0).wrong, "E8");
    t.book.gone("events:meta:2", EventBook::Gone::Deleted, t.status());
    t.show();
    EXPECT_EQ(t.streams.record(0).events, 1U);
}

TEST(EventExport, EveryFormatHoldsTheEvents)
{
    const client::EventList events{record(A, 1, value(A, 1, "Opened", "{ \"x\": [1,\n 2] }")),
        record(A, 2, value(A, 2, "=HYPERLINK(1)", R"({"note":"a;b,\"c\""})")), record(A, 3, "{broken")};
    const std::string lines = models::exportEvents(events, EventFormat::Ndjson);
    std::size_t from = 0;
    for (int i = 0; i < 3; ++i) {
        const auto end = lines.find('\n', from);
        ASSERT_NE(end, std::string::npos);
        const auto line = nlohmann::json::parse(lines.substr(from, end - from), nullptr, false);
        ASSERT_FALSE(line.is_discarded()) << i;
        EXPECT_EQ(line["number"], i + 1);
        from = end + 1;
    }
    EXPECT_EQ(from, lines.size());
    EXPECT_THAT(lines, HasSubstr(R"("data":{"x":[1,2]})"));

    const std::string csv = models::exportEvents(events, EventFormat::Csv);
    EXPECT_THAT(csv, HasSubstr("key,aggregate,number,id,type,timestamp,data,cells_escaped\r\n"));
    EXPECT_THAT(csv, HasSubstr(",'=HYPERLINK(1),"));

    const std::string mermaid = models::exportEvents(events, EventFormat::Mermaid);
    EXPECT_THAT(mermaid, testing::StartsWith("sequenceDiagram\n"));
    EXPECT_THAT(mermaid, HasSubstr("writer->>aggregate: 1 Opened"));
    EXPECT_EQ(mermaid.find(';'), mermaid.find("#58;") + 3) << "no separator but those of entities";

    const auto fixture
        = nlohmann::json::parse(models::exportEvents(events, EventFormat::Fixture), nullptr, false);
    ASSERT_FALSE(fixture.is_discarded());
    EXPECT_EQ(fixture["stream"], "events:a:");
    EXPECT_EQ(fixture["events"][0]["data"]["x"][1], 2);
    for (const auto format :
        {EventFormat::Ndjson, EventFormat::Csv, EventFormat::Mermaid, EventFormat::Fixture})
        EXPECT_FALSE(models::fileSuffix(format).empty() || models::exportEvents({}, format) == "x");
}

} // namespace
