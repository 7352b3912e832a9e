// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/feedfixture.h"
#include "tests/support/matchers.h"
#include "tests/support/scratchfolder.h"

#include "models/bulkfeed.h"

#include <QSignalSpy>

using namespace norikv;
using client::BulkAction;
using client::BulkRequest;
using client::BulkState;
using models::BulkFailuresModel;
using models::BulkFeed;
using models::BulkKeysModel;
using test::Bench;
using test::FakeStore;
using test::waitFor;
using State = BulkFeed::State;
using Op = FakeStore::Op;

namespace {

struct BulkBench : Bench {
    test::ScratchFolder folder;
    std::unique_ptr<BulkFeed> feed;

    ~BulkBench() { feed.reset(); }
    void start(bool ours = true)
    {
        open();
        models::BulkPlace place;
        place.undoFolder = QString::fromStdString(folder.file("undo"));
        place.ourSandbox = ours;
        feed = std::make_unique<BulkFeed>(*dispatcher, *connection, clock, place);
    }
    BulkRequest request(int n, BulkAction action = BulkAction::Delete)
    {
        BulkRequest out;
        out.action = action;
        for (int i = 0; i < n; ++i) {
            out.keys.push_back("k:" + std::to_string(i));
            store.plant(out.keys.back(), "value " + std::to_string(i));
        }
        return out;
    }
    void plan(BulkRequest what)
    {
        feed->plan(std::move(what));
        ASSERT_TRUE(waitFor([&] { return feed->state() == State::Planned; }));
    }
    void runToEnd(std::optional<double> rate = {})
    {
        feed->start(rate);
        ASSERT_TRUE(waitFor([&] { return feed->state() == State::Ended; }));
    }
};

} // namespace

TEST(BulkFeed, DryRunThenJobThenUndo)
{
    BulkBench bench;
    bench.start();
    const auto what = bench.request(250);
    const auto before = bench.store.contents();
    bench.plan(what);
    EXPECT_EQ(bench.feed->plan().count, 250U);
    EXPECT_TRUE(bench.feed->needsTyping());
    EXPECT_EQ(bench.feed->keys().rowCount(), 250);
    EXPECT_EQ(bench.feed->keys().index(3, BulkKeysModel::Key).data().toString(), "k:3");
    EXPECT_EQ(bench.feed->keys().index(3, BulkKeysModel::Size).data().toString(), "7 B");
    EXPECT_EQ(bench.store.count(Op::Remove), 0U);
    bench.runToEnd();
    EXPECT_EQ(bench.feed->progress().done, 250U);
    EXPECT_EQ(bench.feed->progress().state, BulkState::Finished);
    EXPECT_TRUE(bench.store.contents().empty());
    bench.feed->undoAll();
    ASSERT_TRUE(waitFor([&] { return bench.feed->state() == State::Ended; }));
    EXPECT_EQ(bench.feed->progress().done, 250U);
    ASSERT_EQ(bench.store.contents().size(), before.size());
    for (const auto& [key, entry] : before)
        EXPECT_EQ(bench.store.value(key), entry.value);
}

TEST(BulkFeed, AHundredKeysNeedNoTyping)
{
    BulkBench bench;
    bench.start();
    bench.plan(bench.request(100));
    EXPECT_FALSE(bench.feed->needsTyping());
}

TEST(BulkFeed, ReadOnlyIsRefusedBelow)
{
    BulkBench bench;
    bench.profile.guard = client::GuardMode::ReadOnly;
    bench.start();
    bench.plan(bench.request(10));
    EXPECT_FALSE(bench.feed->writesAllowed());
    bench.runToEnd(); // as if a window forgot to ask
    EXPECT_TRUE(bench.feed->problem().contains(QStringLiteral("read-only")))
        << bench.feed->problem().toStdString();
    EXPECT_EQ(bench.store.count(Op::Put) + bench.store.count(Op::Remove), 0U);
}

TEST(BulkFeed, FailuresAreListedWithReasons)
{
    BulkBench bench;
    bench.start();
    bench.store.script(Op::Remove, FakeStore::Fault::Invalid, 2);
    bench.store.script(Op::Remove, FakeStore::Fault::UnknownAfterApply);
    const test::ModelWatch watch(&bench.feed->failures());
    bench.plan(bench.request(20));
    bench.runToEnd();
    ASSERT_EQ(bench.feed->failures().rowCount(), 3);
    QStringList outcomes;
    for (int row = 0; row < 3; ++row)
        outcomes << bench.feed->failures().index(row, BulkFailuresModel::Outcome).data().toString();
    EXPECT_EQ(outcomes.count(QStringLiteral("unknown")), 1);
    EXPECT_EQ(bench.feed->progress().unknown, 1U);
}

TEST(BulkFeed, PauseGoOnAndStop)
{
    BulkBench bench;
    bench.start(false);
    EXPECT_EQ(bench.feed->usualRate(), 200);
    bench.plan(bench.request(50));
    std::atomic<int> removed{0};
    std::atomic<bool> hold{true};
    bench.store.before = [&](const FakeStore::Seen& seen) {
        if (seen.op != Op::Remove)
            return;
        ++removed;
        while (hold)
            std::this_thread::yield();
    };
    bench.feed->start(0);
    ASSERT_TRUE(waitFor([&] { return removed > 0; }));
    bench.feed->pause();
    EXPECT_EQ(bench.feed->progress().state, BulkState::Paused);
    hold = false;
    test::spin(50);
    EXPECT_EQ(bench.feed->state(), State::Running);
    EXPECT_LT(bench.feed->progress().done, 50U);
    bench.feed->resume();
    ASSERT_TRUE(waitFor([&] { return bench.feed->state() == State::Ended; }));
    EXPECT_EQ(bench.feed->progress().done, 50U);

    bench.plan(bench.request(500));
    removed = 0;
    hold = true;
    bench.feed->start(0);
    ASSERT_TRUE(waitFor([&] { return removed > 0; }));
    bench.feed->cancel();
    hold = false;
    ASSERT_TRUE(waitFor([&] { return bench.feed->state() == State::Ended; }));
    EXPECT_EQ(bench.feed->progress().state, BulkState::Cancelled);
    EXPECT_GT(bench.store.contents().size(), 0U);
}

TEST(BulkFeed, AFeedThatGoesEndsItsJob)
{
    BulkBench bench;
    bench.start();
    bench.plan(bench.request(2000));
    bench.feed->start(100);
    ASSERT_TRUE(waitFor([&] { return bench.store.count(Op::Remove) > 0; }));
    bench.feed.reset();
    bench.dispatcher.reset(); // joins: would hang if the job went on
    EXPECT_GT(bench.store.contents().size(), 1000U);
}

TEST(BulkFeed, AFileThatIsNotThereIsSaid)
{
    BulkBench bench;
    bench.start();
    BulkRequest what;
    what.action = BulkAction::Import;
    what.file = bench.folder.file("none");
    bench.feed->plan(what);
    ASSERT_TRUE(waitFor([&] { return bench.feed->state() == State::Failed; }));
    EXPECT_TRUE(bench.feed->problem().contains(QStringLiteral("there is no file")));
}

TEST(BulkFeed, ChoicesMayChangeUntilTheStart)
{
    BulkBench bench;
    bench.start();
    bench.store.plant("a", "theirs");
    test::writeFile(bench.folder.file("in"), "{\"key\":\"a\",\"value\":\"ours\"}\nnonsense\n");
    BulkRequest what;
    what.action = BulkAction::Import;
    what.file = bench.folder.file("in");
    bench.plan(what);
    EXPECT_EQ(bench.feed->plan().broken, 1U);
    bench.feed->setChoices(client::OnExisting::Overwrite, client::OnExpired::Skip, true);
    bench.runToEnd();
    EXPECT_EQ(bench.store.value("a"), "ours");
    EXPECT_EQ(bench.feed->progress().total, 2U);
}
