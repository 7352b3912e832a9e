// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions as the window gets them: the book alone, its model, and the feed over a store in memory.
#include "models/sessionfeed.h"

#include "tests/models/feedfixture.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include <gtest/gtest.h>

#include <random>

using namespace norikv;
using namespace std::chrono_literals;
using client::Bytes;
using models::FeedState;
using models::SessionBook;
using models::SessionFeed;
using models::SessionModel;
using test::Bench;
using test::FakeClock;
using test::FakeStore;
using test::waitFor;

namespace {

constexpr EpochMs T = FakeClock::StartMs;

Bytes record(EpochMs last, const std::string& user = "u1", const std::string& roles = R"(["user"])")
{
    return R"({"userId":")" + user + R"(","email":"a@x","roles":)" + roles + R"(,"createdAt":)"
        + std::to_string(T - 5000) + R"(,"lastAccessedAt":)" + std::to_string(last) + "}";
}

/// A book with a clock of its own, and the model that shows what it publishes.
struct Book {
    std::shared_ptr<SessionBook::Queue> queue = std::make_shared<SessionBook::Queue>();
    SessionBook book;
    SessionModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    EpochMs now = T;
    std::vector<std::string> rules; ///< of findings told so far
    models::SessionStrip strip;

    explicit Book(client::Profile profile = {})
        : book(std::move(profile), queue)
    {
    }
    models::FollowStatus status() const { return {client::Coverage::Complete, true, now, 0}; }
    void put(const Bytes& id, const Bytes& value, std::optional<EpochMs> expiresAt)
    {
        client::Entry entry;
        entry.key = client::sessionKey(id);
        entry.value = value;
        entry.version = client::Version{0, ++m_index};
        entry.expiresAtMs = expiresAt;
        entry.provenance = client::TtlProvenance::Server;
        book.put(entry, status());
    }
    void gone(const Bytes& id) { book.gone(client::sessionKey(id), SessionBook::Gone::Deleted, status()); }
    void show()
    {
        book.publish(status());
        for (auto& chunk : queue->take()) {
            for (const auto& piece : chunk) {
                model.setNow(now);
                model.show(piece->view);
                strip = piece->strip;
                for (const auto& finding : piece->findings)
                    rules.push_back(finding.rule + " " + finding.subject);
            }
        }
    }
    std::vector<std::string> ids() const
    {
        std::vector<std::string> out;
        for (int row = 0; row < model.rowCount(); ++row)
            out.push_back(*client::sessionOf(model.record(row).key));
        return out;
    }

private:
    std::uint64_t m_index = 0;
};

TEST(SessionBook, DrawsAnotherTimeToLiveWithoutWriting)
{
    Book t;
    t.put("a", record(T - 60'000), T + 1'000'000);
    t.put("b", record(T - 600'000), T + 1'000'000);
    t.show();
    EXPECT_EQ(t.strip.alive.at(0), 2);
    EXPECT_FALSE(t.strip.whatIfMs);
    t.book.setWhatIf(300'000); // five minutes from when each was last seen
    t.show();
    EXPECT_EQ(t.strip.goneThen, 1);
    EXPECT_EQ(t.strip.alive.at(0), 1);
    models::SessionFilter within;
    within.minute = 3;
    t.book.setFilter(within);
    t.show();
    EXPECT_TRUE(t.ids().empty()) << "it would end in exactly four minutes";
    t.now += 5000;
    t.show();
    EXPECT_EQ(t.ids(), (std::vector<std::string>{"a"})) << "the cells of the strip filter by what it shows";
}

TEST(SessionBook, UsersWithManySessionsStandOut)
{
    Book t;
    for (int i = 0; i < 6; ++i)
        t.put("many" + std::to_string(i), record(T, "cara"), T + 500'000);
    t.put("few", record(T, "bob"), T + 500'000);
    t.show();
    EXPECT_EQ(t.strip.crowdedUsers, 1);
    models::SessionFilter crowded;
    crowded.onlyCrowded = true;
    t.book.setFilter(crowded);
    t.show();
    EXPECT_EQ(t.ids().size(), 6U);
}

TEST(SessionBook, TheNextToEndComesFirstAndFiltersNarrow)
{
    Book t;
    t.put("c", record(T, "cara", R"(["user","admin"])"), T + 200'000);
    t.put("a", record(T, "ann"), T + 30'000);
    t.put("b", record(T, "bob"), {});
    t.show();
    EXPECT_EQ(t.ids(), (std::vector<std::string>{"a", "c", "b"})) << "never comes last";
    EXPECT_EQ(t.strip.withoutExpiry, 1);
    ASSERT_EQ(t.strip.roles, (std::vector<std::string>{"user", "admin"}));
    EXPECT_EQ(t.strip.counts[0][0], 1);
    EXPECT_EQ(t.strip.counts[1][3], 1);
    EXPECT_EQ(t.strip.alive[0], 3);
    EXPECT_EQ(t.strip.alive[1], 2);
    models::SessionFilter filter;
    filter.text = "cara";
    t.book.setFilter(filter);
    t.show();
    EXPECT_EQ(t.ids(), (std::vector<std::string>{"c"}));
    EXPECT_EQ(t.model.all(), 3U);
    filter = {};
    filter.role = "user";
    filter.minute = 0;
    t.book.setFilter(filter);
    t.show();
    EXPECT_EQ(t.ids(), (std::vector<std::string>{"a"}));
    t.book.setFilter({});
    t.book.setOrder(models::SessionOrder::User);
    t.show();
    EXPECT_EQ(t.ids(), (std::vector<std::string>{"a", "b", "c"}));
}

TEST(SessionBook, TimeAloneMakesASessionImmortalAndItIsToldAfterFiveSeconds)
{
    Book t;
    t.put("a", record(T), T + 10'000);
    t.show();
    t.now = T + 11'000;
    t.show();
    EXPECT_TRUE(t.model.record(0).wrong.empty()) << "clocks may differ by two seconds";
    t.now = T + 13'000;
    t.show();
    EXPECT_EQ(t.model.record(0).wrong, "S1");
    EXPECT_TRUE(t.rules.empty());
    t.now = T + 19'000;
    t.show();
    EXPECT_EQ(t.rules, (std::vector<std::string>{"S1 a"}));
    t.gone("a");
    t.show();
    EXPECT_EQ(t.model.rowCount(), 0);
}

TEST(SessionBook, OlderBytesRevokedRolesAndUndoneLogOutsAreToldAtOnce)
{
    Book t;
    t.put("old", record(T), T + 60'000);
    t.put("old", record(T + 1000), T + 60'000);
    t.gone("old");
    t.put("old", record(T), T + 60'000);
    t.put("role", record(T, "u", R"(["user","admin"])"), T + 60'000);
    t.put("role", record(T + 1, "u"), T + 60'000);
    t.put("role", record(T + 2, "u", R"(["user","admin"])"), T + 60'000);
    t.put("out", record(T), T + 60'000);
    t.book.destroyedHere(client::sessionKey("out"), T);
    t.put("out", record(T + 5), T + 60'000);
    t.put("fine", record(T), T + 60'000);
    t.put("fine", record(T + 9), T + 60'000);
    t.show();
    EXPECT_EQ(t.rules, (std::vector<std::string>{"S2 old", "S6 out", "S3 role"}));
    t.now += 60'000;
    t.show();
    EXPECT_EQ(t.rules.size(), 3U) << "what happened once is told once";
}

TEST(SessionBook, AListWithoutASessionDropsItAndAFlushIsSeen)
{
    Book t;
    t.put("a", record(T), T + 60'000);
    t.put("b", record(T), T + 60'000);
    t.show();
    t.put("b", record(T), {});
    t.book.listed([](std::string_view key) { return key == "session:b"; }, t.status());
    t.show();
    EXPECT_EQ(t.ids(), (std::vector<std::string>{"b"}));
    EXPECT_EQ(t.model.record(0).wrong, "S5");
}

TEST(SessionBook, WhatIsShownEqualsAPlainSortedListThroughThousandsOfChanges)
{
    std::mt19937 random(11);
    Book t;
    std::map<std::string, EpochMs> plain;
    for (int round = 0; round < 400; ++round) {
        for (int i = 0; i < 25; ++i) {
            const std::string id = "s" + std::to_string(random() % 900);
            if (random() % 4 == 0) {
                t.gone(id);
                plain.erase(id);
            } else {
                const EpochMs end = T + 3'600'000 + static_cast<EpochMs>(random() % 500) * 1000;
                t.put(id, record(T), end);
                plain[id] = end;
            }
        }
        QPersistentModelIndex watched;
        std::string watchedId;
        if (t.model.rowCount() > 0) {
            watched
                = t.model.index(static_cast<int>(random() % static_cast<unsigned>(t.model.rowCount())), 0);
            watchedId = *client::sessionOf(t.model.record(watched.row()).key);
        }
        t.show();
        std::vector<std::pair<EpochMs, std::string>> expected;
        for (const auto& [id, end] : plain)
            expected.emplace_back(end, id);
        std::ranges::sort(expected);
        ASSERT_EQ(t.model.rowCount(), static_cast<int>(expected.size()));
        for (std::size_t row = 0; row < expected.size(); ++row)
            ASSERT_EQ(*client::sessionOf(t.model.record(static_cast<int>(row)).key), expected[row].second);
        if (!watchedId.empty() && plain.contains(watchedId)) {
            ASSERT_TRUE(watched.isValid());
            ASSERT_EQ(*client::sessionOf(t.model.record(watched.row()).key), watchedId);
        } else if (!watchedId.empty()) {
            ASSERT_FALSE(watched.isValid());
        }
    }
}

TEST(SessionTexts, HaveAtMostTwoUnitsAndSayWhatIsNotKnown)
{
    EXPECT_EQ(models::countdownText(-5), QStringLiteral("0 s"));
    EXPECT_EQ(models::countdownText(59'999), QStringLiteral("59 s"));
    EXPECT_EQ(models::countdownText(245'000), QStringLiteral("4 min 05 s"));
    EXPECT_EQ(models::countdownText(3'840'000), QStringLiteral("1 h 04 min"));
    EXPECT_EQ(models::countdownText(90'000'000), QStringLiteral("1 d 01 h"));
    client::Expiry expiry;
    EXPECT_EQ(models::endText(expiry, T), QStringLiteral("not known"));
    expiry.serverSaysNever = true;
    EXPECT_EQ(models::endText(expiry, T), QStringLiteral("never"));
    expiry = {T + 61'000, client::TtlProvenance::PatternDefault, false, false};
    EXPECT_EQ(models::endText(expiry, T), QStringLiteral("≈ 1 min 01 s"));
    EXPECT_EQ(models::endText(expiry, T + 63'000), QStringLiteral("2 s over"));
}

struct Feed : Bench {
    std::unique_ptr<SessionFeed> feed;
    std::vector<client::Finding> findings;
    std::vector<models::Outcome> outcomes;

    ~Feed() { feed.reset(); }
    void start()
    {
        store.idle = [this] {
            clock.advance(100ms);
            std::this_thread::sleep_for(1ms); // a watch is idle at the pace of its server
        };
        open();
        feed = std::make_unique<SessionFeed>(*dispatcher, *connection, clock, nullptr);
        QObject::connect(feed.get(), &SessionFeed::found, feed.get(),
            [this](const client::Finding& finding) { findings.push_back(finding); });
        QObject::connect(feed.get(), &SessionFeed::acted, feed.get(),
            [this](const models::Outcome& outcome) { outcomes.push_back(outcome); });
        ASSERT_TRUE(waitFor([this] { return feed->state() == FeedState::Ready; }));
    }
    bool acted(std::size_t count)
    {
        return waitFor([&] { return outcomes.size() >= count; });
    }
};

TEST(SessionFeed, LookingWritesNothingAndActionsDoWhatTheySay)
{
    Feed t;
    t.store.plant("session:a", record(T), 600'000);
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->all() == 1; }));
    ASSERT_TRUE(t.feed->selectedRow().has_value());
    t.feed->validate("session:a");
    ASSERT_TRUE(t.acted(1));
    t.feed->probe("session:a");
    ASSERT_TRUE(t.acted(2));
    EXPECT_EQ(t.store.count(FakeStore::Op::Put), 0U);
    t.feed->touch("session:a");
    ASSERT_TRUE(t.acted(3));
    EXPECT_TRUE(t.outcomes.back().ok) << t.outcomes.back().text.toStdString();
    t.feed->setRoles("session:a", {"user", "premium"});
    ASSERT_TRUE(t.acted(4));
    EXPECT_NE(t.store.value("session:a")->find("premium"), std::string::npos);
    t.feed->create(QStringLiteral("u2"), QStringLiteral("b@x"), {"user"});
    ASSERT_TRUE(t.acted(5));
    EXPECT_TRUE(waitFor([&] { return t.feed->all() == 2; }));
}

TEST(SessionFeed, ALateReadAfterALogOutIsFound)
{
    Feed t;
    t.store.plant("session:a", record(T), 600'000);
    t.start();
    t.feed->destroy("session:a");
    ASSERT_TRUE(t.acted(1));
    ASSERT_TRUE(waitFor([&] { return t.feed->all() == 0; }));
    t.store.plant("session:a", record(T + 7), 600'000);
    EXPECT_TRUE(waitFor([&] {
        return std::ranges::any_of(
            t.findings, [](const auto& f) { return f.rule == "S6" && f.subject == "a"; });
    }));
}

TEST(SessionFeed, RevokesAllOfOneUserAfterSayingWhich)
{
    Feed t;
    t.store.plant("session:a", record(T, "eve"), 600'000);
    t.store.plant("session:b", record(T, "eve"), 600'000);
    t.store.plant("session:c", record(T, "bob"), 600'000);
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->all() == 3; }));
    QSignalSpy planned(t.feed.get(), &SessionFeed::revokePlanned);
    t.feed->planRevoke(QStringLiteral("eve"));
    ASSERT_TRUE(waitFor([&] { return planned.size() == 1; }));
    EXPECT_EQ(t.store.count(FakeStore::Op::Remove), 0U) << "a plan writes nothing";
    t.feed->revoke(QStringLiteral("eve"), {"session:a", "session:b"});
    ASSERT_TRUE(t.acted(1));
    EXPECT_FALSE(t.store.value("session:a"));
    EXPECT_FALSE(t.store.value("session:b"));
    EXPECT_TRUE(t.store.value("session:c"));
}

TEST(SessionFeed, ARevokeThatStopsHalfwayStillKnowsWhatItDestroyed)
{
    Feed t;
    t.store.plant("session:a", record(T, "eve"), 600'000);
    t.store.plant("session:b", record(T, "eve"), 600'000);
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->all() == 2; }));
    t.store.before = [&t](const FakeStore::Seen& seen) {
        if (seen.op == FakeStore::Op::Remove && seen.key == "session:b")
            t.store.script(FakeStore::Op::Remove, FakeStore::Fault::Server);
    };
    t.feed->revoke(QStringLiteral("eve"), {"session:a", "session:b"});
    ASSERT_TRUE(t.acted(1));
    EXPECT_FALSE(t.outcomes.back().ok);
    EXPECT_TRUE(waitFor([&] { return t.feed->all() == 1; }));
    t.store.plant("session:a", record(T + 7, "eve"), 600'000);
    EXPECT_TRUE(waitFor([&] {
        return std::ranges::any_of(
            t.findings, [](const auto& f) { return f.rule == "S6" && f.subject == "a"; });
    }));
}

TEST(SessionFeed, AnUnknownOutcomeCanBeChecked)
{
    Feed t;
    t.store.plant("session:a", record(T), 600'000);
    t.start();
    t.store.script(FakeStore::Op::Put, FakeStore::Fault::UnknownAfterApply);
    t.feed->touch("session:a");
    ASSERT_TRUE(t.acted(1));
    EXPECT_TRUE(t.outcomes.back().unknown);
    ASSERT_TRUE(t.outcomes.back().canCheck);
    t.feed->check();
    ASSERT_TRUE(t.acted(2));
    EXPECT_TRUE(t.outcomes.back().ok);
}

TEST(SessionFeed, ProbesWhatIsShownAndCountsTheImmortal)
{
    Bench t;
    t.profile.ttls["session:"] = 60'000;
    t.store.plant("session:old", record(T - 600'000)); // no expiry: it is still there
    t.store.plant("session:new", record(T), 60'000);
    t.store.idle = [] { std::this_thread::sleep_for(1ms); };
    t.open();
    std::vector<models::Outcome> outcomes;
    SessionFeed feed(*t.dispatcher, *t.connection, t.clock, nullptr);
    QObject::connect(&feed, &SessionFeed::acted, &feed,
        [&](const models::Outcome& outcome) { outcomes.push_back(outcome); });
    ASSERT_TRUE(waitFor([&] { return feed.model().rowCount() == 2; }));
    feed.probeShown();
    ASSERT_TRUE(waitFor([&] { return !outcomes.empty(); }));
    EXPECT_TRUE(outcomes.back().text.startsWith(QStringLiteral("1 of them")))
        << outcomes.back().text.toStdString();
    EXPECT_EQ(t.store.count(FakeStore::Op::Put), 0U);
}

} // namespace
