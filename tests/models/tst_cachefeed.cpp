// SPDX-License-Identifier: GPL-3.0-or-later
// The cache panel's feed over a store in memory.
#include "models/cachefeed.h"

#include "tests/models/feedfixture.h"

#include <QAbstractItemModelTester>

#include <gtest/gtest.h>

using namespace norikv;
using namespace std::chrono_literals;
using models::CacheFeed;
using models::CacheModel;
using test::Bench;
using test::FakeStore;
using test::waitFor;

namespace {

struct Feed : Bench {
    std::unique_ptr<CacheFeed> feed;
    std::vector<models::Outcome> outcomes;
    std::vector<std::string> rules;

    ~Feed() { feed.reset(); }
    void start()
    {
        open();
        feed = std::make_unique<CacheFeed>(*dispatcher, *connection, clock, nullptr);
        QObject::connect(feed.get(), &CacheFeed::acted, feed.get(),
            [this](const models::Outcome& outcome) { outcomes.push_back(outcome); });
        QObject::connect(feed.get(), &CacheFeed::found, feed.get(),
            [this](const client::Finding& finding) { rules.push_back(finding.rule); });
    }
    bool acted(std::size_t count)
    {
        return waitFor([&] { return outcomes.size() >= count; });
    }
};

TEST(CacheFeed, ReadsWritesAndForgetsThroughTheCache)
{
    Feed t;
    t.store.plant("user:1", "Ann");
    t.start();
    EXPECT_EQ(t.feed->state(), models::FeedState::Ready);
    t.feed->get("user:1");
    ASSERT_TRUE(t.acted(1));
    EXPECT_TRUE(t.outcomes.back().text.startsWith(QStringLiteral("Miss")))
        << t.outcomes.back().text.toStdString();
    t.feed->get("user:1");
    ASSERT_TRUE(t.acted(2));
    EXPECT_TRUE(t.outcomes.back().text.startsWith(QStringLiteral("Hit")))
        << t.outcomes.back().text.toStdString();
    t.feed->put("user:1", "Bob");
    ASSERT_TRUE(t.acted(3));
    EXPECT_EQ(t.store.value("user:1"), "Bob");
    t.feed->invalidate("user:1");
    t.feed->remove("user:1");
    ASSERT_TRUE(t.acted(5));
    EXPECT_FALSE(t.store.value("user:1"));
    t.feed->get("user:1");
    ASSERT_TRUE(t.acted(6));
    EXPECT_TRUE(t.outcomes.back().text.contains(QStringLiteral("no key")))
        << t.outcomes.back().text.toStdString();
}

TEST(CacheFeed, ComparesWithTheServerAndFindsAStaleAnswer)
{
    Feed t;
    t.store.plant("user:1", "old");
    t.start();
    QAbstractItemModelTester tester(&t.feed->model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
    t.feed->get("user:1");
    const auto state = [&] {
        return t.feed->model().rowCount() == 1 ? t.feed->model().index(0, CacheModel::State).data().toString()
                                               : QString();
    };
    ASSERT_TRUE(waitFor([&] { return state() == QStringLiteral("as on the server"); }));
    t.store.plant("user:1", "new");
    ASSERT_TRUE(waitFor([&] { return state() == QStringLiteral("stale"); }));
    EXPECT_TRUE(t.rules.empty()) << "nobody was served";
    t.feed->get("user:1");
    ASSERT_TRUE(waitFor([&] { return !t.rules.empty(); }));
    EXPECT_EQ(t.rules.front(), "K1");
    EXPECT_TRUE(waitFor([&] { return t.feed->stats().staleHits == 1; }));
}

TEST(CacheFeed, SaysWhyItFailedAndChecksAnUnknownOutcome)
{
    Feed t;
    t.start();
    t.store.script(FakeStore::Op::Put, FakeStore::Fault::UnknownBeforeApply);
    t.feed->put("k", "v");
    ASSERT_TRUE(t.acted(1));
    EXPECT_TRUE(t.outcomes.back().unknown);
    ASSERT_TRUE(t.outcomes.back().canCheck);
    t.feed->check();
    ASSERT_TRUE(t.acted(2));
    EXPECT_TRUE(t.outcomes.back().text.contains(QStringLiteral("no key")))
        << t.outcomes.back().text.toStdString();
}

TEST(CacheFeed, AShopKeepsItBusyAndAStampedeIsTold)
{
    Feed t;
    client::Call call;
    std::mt19937_64 random(1);
    client::demo::Products products;
    ASSERT_TRUE(products.seed(t.store, call, random, t.clock.nowMs()));
    t.start();
    t.feed->startShop();
    ASSERT_TRUE(waitFor([&] { return t.feed->stats().hits > 3 && !t.feed->seconds().empty(); }));
    EXPECT_TRUE(waitFor([&] { return !t.feed->curve().empty(); }));
    std::optional<client::demo::StampedeResult> result;
    QObject::connect(t.feed.get(), &CacheFeed::stampeded, t.feed.get(),
        [&](const client::demo::StampedeResult& told) { result = told; });
    t.feed->stampede("product:1", 8);
    ASSERT_TRUE(waitFor([&] { return result.has_value(); }));
    EXPECT_EQ(result->together.readers, 8);
    t.feed->stampede("nothing", 8);
    ASSERT_TRUE(t.acted(1));
    EXPECT_FALSE(t.outcomes.back().ok);
}

} // namespace
