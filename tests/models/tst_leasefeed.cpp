// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/leasefeed.h"
#include "models/leasemodel.h"

#include "tests/models/feedfixture.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include <gtest/gtest.h>

using namespace norikv;
using namespace std::chrono_literals;
using models::FeedState;
using models::LeaseFeed;
using test::Bench;
using test::FakeStore;
using test::waitFor;

namespace {

struct Feed : Bench {
    std::unique_ptr<LeaseFeed> feed;
    std::vector<client::Finding> findings;
    std::chrono::milliseconds pace{
        300}; ///< of the clock, a millisecond; 1 where leases must last in real time
    std::vector<models::Outcome> outcomes;

    ~Feed() { feed.reset(); }
    void start()
    {
        store.idle = [this] {
            clock.advance(pace);
            std::this_thread::sleep_for(1ms); // a watch is idle at the pace of its server
        };
        open();
        feed = std::make_unique<LeaseFeed>(*dispatcher, *connection, clock, nullptr);
        QObject::connect(feed.get(), &LeaseFeed::found, feed.get(),
            [this](const client::Finding& finding) { findings.push_back(finding); });
        QObject::connect(feed.get(), &LeaseFeed::acted, feed.get(),
            [this](const models::Outcome& outcome) { outcomes.push_back(outcome); });
    }
    bool found(const std::string& rule, const client::Bytes& subject)
    {
        return waitFor([&] {
            return std::ranges::any_of(
                findings, [&](const client::Finding& f) { return f.rule == rule && f.subject == subject; });
        });
    }
};

TEST(LeaseFeed, FollowsLeasesAndFindsADeadOne)
{
    Feed t;
    t.store.plant("leader:billing", "a");
    t.store.plant("note", "x");
    t.start();
    EXPECT_EQ(t.feed->state(), FeedState::Loading);
    ASSERT_TRUE(waitFor([&] { return t.feed->find("leader:billing") != nullptr; }));
    EXPECT_EQ(t.feed->state(), FeedState::Ready);
    EXPECT_TRUE(t.feed->live());
    EXPECT_EQ(t.feed->sheet().leases.size(), 1U);
    EXPECT_EQ(t.feed->selected(), "leader:billing");
    EXPECT_TRUE(t.found("L3", "billing")) << "nobody renews it, and it does not expire";
}

TEST(LeaseFeed, FindsThemWhereKeysCannotBeListedOnceTheKeyIsMet)
{
    Feed t;
    t.store.offersExplore = false;
    t.store.plant("leader:billing", "a");
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->state() == FeedState::Ready; }));
    EXPECT_EQ(t.feed->coverage(), client::Coverage::KnownKeys);
    EXPECT_TRUE(t.feed->sheet().leases.empty());
    t.feed->learn({"leader:billing", "session:1"});
    ASSERT_TRUE(waitFor([&] { return t.feed->find("leader:billing") != nullptr; }));
    EXPECT_EQ(t.feed->sheet().leases.size(), 1U) << "other keys are not asked for";
}

TEST(LeaseFeed, ACandidateLeadsRenewsAndStepsDown)
{
    Feed t;
    t.pace = 1ms;
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->state() == FeedState::Ready; }));
    t.feed->campaign("billing", QStringLiteral("me"), 300ms);
    ASSERT_TRUE(waitFor([&] { return !t.outcomes.empty(); }));
    EXPECT_TRUE(t.outcomes.back().ok) << t.outcomes.back().text.toStdString();
    ASSERT_EQ(t.feed->candidates().size(), 1U);
    const auto puts = t.store.count(FakeStore::Op::Put);
    EXPECT_TRUE(waitFor([&] { return t.store.count(FakeStore::Op::Put) > puts + 1; }))
        << "it renews its lease";
    t.feed->stepDown("billing", QStringLiteral("me"));
    ASSERT_TRUE(waitFor([&] { return !t.store.value("leader:billing"); }));
    EXPECT_TRUE(waitFor([&] { return t.feed->candidates().empty(); }));
}

TEST(LeaseFeed, NeverOverwritesAnotherLeaderAndSaysWhenItLostTheLease)
{
    Feed t;
    t.pace = 1ms;
    t.store.plant("leader:billing", "other");
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->state() == FeedState::Ready; }));
    t.feed->campaign("billing", QStringLiteral("me"), 300ms);
    ASSERT_TRUE(waitFor([&] { return !t.outcomes.empty(); }));
    EXPECT_TRUE(t.outcomes.back().text.contains(QStringLiteral("other holds the lease")));
    EXPECT_TRUE(t.feed->candidates().empty());
    EXPECT_EQ(t.store.value("leader:billing"), "other");
    t.store.erase("leader:billing");
    t.feed->campaign("billing", QStringLiteral("me"), 300ms);
    ASSERT_TRUE(waitFor([&] { return t.feed->candidates().size() == 1; }));
    t.store.plant("leader:billing", "thief");
    ASSERT_TRUE(waitFor([&] { return t.feed->candidates().empty(); }));
    EXPECT_TRUE(t.outcomes.back().text.contains(QStringLiteral("lost the lease")));
    EXPECT_EQ(t.store.value("leader:billing"), "thief");
}

TEST(LeaseFeed, StandsStillWhilePaused)
{
    Feed t;
    t.store.plant("leader:a", "x");
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->find("leader:a") != nullptr; }));
    t.feed->setPaused(true);
    t.store.plant("leader:b", "y");
    EXPECT_FALSE(waitFor([&] { return t.feed->find("leader:b") != nullptr; }, 300));
    t.feed->setPaused(false);
    EXPECT_NE(t.feed->find("leader:b"), nullptr) << "what came meanwhile is shown at once";
}

TEST(LeaseModel, KeepsItsRowsThroughChanges)
{
    models::LeaseModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    const auto lease = [](const char* key, const char* holder, EpochMs at) {
        client::LeaseTrack track(key, 10'000);
        track.take({client::LeaseSample::Kind::Held, holder, client::Version{0, 4}, {}, at, true, false});
        return track;
    };
    model.refresh(
        models::leaseRows({lease("leader:a", "x", 1000), lease("leader:c", "y", 1000)}, 2500), 2500);
    const QPersistentModelIndex second = model.index(1, 0);
    model.refresh(
        models::leaseRows(
            {lease("leader:a", "x", 1000), lease("leader:b", "z", 1000), lease("leader:c", "y", 1000)}, 4000),
        4000);
    EXPECT_EQ(second.row(), 2);
    EXPECT_EQ(model.index(0, models::LeaseModel::Beat).data().toString(), QStringLiteral("3.0 s ago"));
    EXPECT_EQ(model.index(0, models::LeaseModel::Left).data().toString(), QStringLiteral("7.0 s"));
    EXPECT_EQ(model.index(0, models::LeaseModel::State).data().toString(), QStringLiteral("led"));
    model.refresh(models::leaseRows({lease("leader:a", "x", 1000)}, 20'000), 20'000);
    EXPECT_EQ(model.index(0, models::LeaseModel::Left).data().toString(), QStringLiteral("over 9.0 s"));
    EXPECT_TRUE(model.index(0, models::LeaseModel::State).data().toString().startsWith(QStringLiteral("L3")));
    EXPECT_EQ(model.rowOf("leader:a"), 0);
    EXPECT_EQ(model.rowOf("leader:b"), -1);
}

} // namespace
