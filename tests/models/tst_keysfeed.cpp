// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/keylistmodel.h"
#include "models/keysfeed.h"
#include "models/keytreemodel.h"
#include "models/scansource.h"
#include "tests/models/feedfixture.h"
#include "tests/models/keyfixture.h"

#include <gmock/gmock.h>

#include <atomic>
#include <random>

using namespace norikv;
using namespace norikv::models;
using namespace std::chrono_literals;
using client::Bytes;
using test::FakeStore;
using test::keysOf;
using test::spin;
using test::waitFor;
using testing::ElementsAre;

namespace {

/// A store whose scans can be broken off after some batches, and that forgets its history on request.
struct BrittleStore : test::LedStore {
    using LedStore::LedStore;
    std::atomic<int> batchesLeft{-1}; ///< before a scan is cut, once; -1 = never
    std::atomic<bool> forgetful = false; ///< the next watch says Gone
    std::atomic<int> scans = 0;
    std::vector<Bytes> startedAfter;

    client::Result<void> scan(
        client::Call& call, const client::ScanRequest& request, const ScanSink& sink) override
    {
        ++scans;
        startedAfter.push_back(request.startAfter);
        bool cut = false;
        const auto end = LedStore::scan(call, request, [&](client::ScanBatch batch) {
            if (batchesLeft == 0) {
                cut = true;
                batchesLeft = -1;
                return false;
            }
            if (batchesLeft > 0)
                --batchesLeft;
            return sink(std::move(batch));
        });
        if (cut)
            return client::fail(client::ErrorKind::Unreachable, "the connection was lost");
        return end;
    }
    client::Result<void> watch(
        client::Call& call, const client::WatchRequest& request, const WatchSink& sink) override
    {
        if (forgetful.exchange(false))
            return client::fail(client::ErrorKind::Gone, "Revision 1 is gone; oldest is 9");
        return LedStore::watch(call, request, sink);
    }
};

struct Bench {
    test::FakeClock clock;
    BrittleStore store{clock};
    Dispatcher dispatcher{2};
    std::unique_ptr<KeysFeed> feed;
    std::vector<FeedState> states;

    explicit Bench(int keys = 0)
    {
        for (int i = 0; i < keys; ++i)
            store.plant("key:" + std::to_string(10'000 + i), "v");
    }
    void start()
    {
        std::vector<std::unique_ptr<KeySource>> sources;
        sources.push_back(std::make_unique<ScanSource>(store));
        feed = std::make_unique<KeysFeed>(dispatcher, clock, std::move(sources));
        QObject::connect(
            feed.get(), &KeysFeed::stateChanged, feed.get(), [this] { states.push_back(feed->state()); });
    }
    bool ready()
    {
        return waitFor([this] { return feed->state() == FeedState::Ready; });
    }
    std::vector<std::string> shown() const { return keysOf(feed->store(), feed->view().rows()); }
    std::vector<std::string> stored() const
    {
        std::vector<std::string> keys;
        for (const auto& [key, entry] : store.contents())
            keys.push_back(key);
        return keys;
    }
    bool equal()
    {
        return waitFor([this] { return shown() == stored(); });
    }
};

KeyFilter containing(const char* text)
{
    KeyFilter filter;
    filter.text = QString::fromLatin1(text);
    return filter;
}

/// Tells what a test says, when it says so.
struct ScriptedSource : KeySource {
    std::function<client::Result<void>(const KeyNewsSink&, const std::stop_token&)> script;
    client::Result<void> start(const KeyNewsSink& sink, const std::stop_token& stop) override
    {
        return script(sink, stop);
    }
};

} // namespace

TEST(KeysFeed, ListsEveryKeyWithCoverage)
{
    Bench b(5000);
    b.start();
    EXPECT_EQ(b.feed->state(), FeedState::Loading);
    EXPECT_EQ(b.feed->coverage(), client::Coverage::None);
    ASSERT_TRUE(b.ready());
    EXPECT_EQ(b.feed->coverage(), client::Coverage::Complete);
    EXPECT_TRUE(b.feed->live());
    EXPECT_EQ(b.shown(), b.stored());
    EXPECT_EQ(b.feed->loaded(), 5000u);
    EXPECT_GE(b.feed->store().row(0).size, 1u);
}

TEST(KeysFeed, AnEmptyServerIsAnEmptyList)
{
    Bench b;
    b.start();
    ASSERT_TRUE(b.ready());
    EXPECT_EQ(b.feed->known(), 0u);
    EXPECT_EQ(b.feed->coverage(), client::Coverage::Complete);
}

TEST(KeysFeed, KeysAppearChangeAndVanishInPlace)
{
    Bench b(100);
    b.start();
    ASSERT_TRUE(b.ready());
    KeyListModel model(b.feed->view());
    const test::ModelWatch watch(&model);
    const QPersistentModelIndex mine(model.indexOf("key:10050"));
    b.store.plant("key:10020x", "new");
    b.store.erase("key:10010");
    b.store.plant("key:10050", "longer value");
    ASSERT_TRUE(b.equal());
    ASSERT_TRUE(waitFor([&] { return b.feed->store().valueSize(*b.feed->store().find("key:10050")) == 12; }));
    EXPECT_EQ(mine.row(), 50);
    EXPECT_EQ(mine.data(models::KeyRole).toByteArray(), "key:10050");
}

TEST(KeysFeed, FilterAndOrderHoldWhileKeysCome)
{
    Bench b(300);
    b.start();
    ASSERT_TRUE(b.ready());
    b.feed->setFilter(containing("key:100"));
    ASSERT_TRUE(waitFor([&] { return b.feed->view().size() == 100; }));
    b.feed->setOrder({KeyOrder::By::Key, true});
    ASSERT_TRUE(waitFor([&] { return b.shown().front() == "key:10099"; }));
    b.store.plant("key:10050x", "v");
    b.store.plant("other", "v");
    b.store.erase("key:10099");
    ASSERT_TRUE(waitFor([&] { return b.feed->known() == 301 && b.shown().front() == "key:10098"; }));
    EXPECT_EQ(b.feed->view().size(), 100u);
    b.feed->setOrder({});
    b.feed->setFilter({});
    ASSERT_TRUE(b.equal());
}

TEST(KeysFeed, AFilterSetBeforeTheFirstRowHolds)
{
    Bench b(20'000);
    b.start();
    b.feed->setFilter(containing("77"));
    ASSERT_TRUE(b.ready());
    std::vector<std::string> wanted;
    for (const auto& key : b.stored()) {
        if (key.find("77") != std::string::npos)
            wanted.push_back(key);
    }
    ASSERT_TRUE(waitFor([&] { return b.shown() == wanted; }));
}

TEST(KeysFeed, ABadPatternChangesNothing)
{
    Bench b(10);
    b.start();
    ASSERT_TRUE(b.ready());
    QString said;
    QObject::connect(b.feed.get(), &KeysFeed::rejected, [&](const QString& message, int) { said = message; });
    KeyFilter bad = containing("(");
    bad.mode = KeyFilter::Mode::Regex;
    b.feed->setFilter(bad);
    EXPECT_FALSE(said.isEmpty());
    EXPECT_EQ(b.feed->view().size(), 10u);
    EXPECT_TRUE(b.feed->filter().empty());
}

TEST(KeysFeed, WhilePausedChangesWait)
{
    Bench b(10);
    b.start();
    ASSERT_TRUE(b.ready());
    b.feed->setPaused(true);
    for (int i = 0; i < 5; ++i)
        b.store.plant("new", std::string(std::size_t(i + 1), 'v'));
    b.store.erase("key:10000");
    ASSERT_TRUE(waitFor([&] { return b.feed->waiting() == 2; }));
    spin(250);
    EXPECT_EQ(b.feed->view().size(), 10u);
    EXPECT_TRUE(b.feed->store().find("key:10000"));
    b.feed->setPaused(false);
    ASSERT_TRUE(b.equal());
    EXPECT_EQ(b.feed->store().valueSize(*b.feed->store().find("new")), 5u);
}

TEST(KeysFeed, GoesOnAfterTheLastKeyWhenLostInMidList)
{
    Bench b(12'000);
    b.store.batchesLeft = 9; // beyond the first full chunk
    b.start();
    ASSERT_TRUE(b.ready());
    EXPECT_EQ(b.shown(), b.stored());
    EXPECT_EQ(b.store.scans, 2);
    EXPECT_EQ(b.feed->resumedAfter(), "key:19215");
    EXPECT_EQ(b.store.startedAfter.back(), "key:19215");
    EXPECT_THAT(b.states, testing::Contains(FeedState::Failed));
    EXPECT_FALSE(b.feed->stale());
    b.store.plant("key:10000x", "v");
    EXPECT_TRUE(b.equal());
}

TEST(KeysFeed, WhatIsShownStaysAndIsGreyWhileTheServerIsAway)
{
    Bench b(50);
    b.start();
    ASSERT_TRUE(b.ready());
    KeyListModel model(b.feed->view());
    b.store.always(FakeStore::Op::Watch, FakeStore::Fault::Unreachable);
    b.store.cut();
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == FeedState::Failed; }));
    EXPECT_TRUE(b.feed->stale());
    EXPECT_EQ(model.rowCount(), 50);
    EXPECT_TRUE(model.index(7, 0).data(StaleRole).toBool());
    EXPECT_EQ(b.feed->error().kind, client::ErrorKind::Unreachable);
    b.store.plant("key:10000x", "while away");
    b.store.mend();
    ASSERT_TRUE(b.ready());
    ASSERT_TRUE(b.equal());
    EXPECT_FALSE(model.index(7, 0).data(StaleRole).toBool());
    EXPECT_EQ(b.store.scans, 1) << "the changes go on where they were lost";
}

TEST(KeysFeed, ScansAgainWhenTheRevisionIsGone)
{
    Bench b(100);
    b.start();
    ASSERT_TRUE(b.ready());
    KeyListModel model(b.feed->view());
    const test::ModelWatch watch(&model);
    const QPersistentModelIndex mine(model.indexOf("key:10050"));
    b.store.forgetful = true;
    b.store.cut();
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == FeedState::Failed; }));
    b.store.erase("key:10001");
    b.store.erase("key:10099");
    b.store.plant("key:10002", "another length");
    b.store.plant("zzz", "v");
    b.store.mend();
    ASSERT_TRUE(b.ready());
    ASSERT_TRUE(b.equal());
    EXPECT_EQ(b.store.scans, 2);
    EXPECT_EQ(mine.row(), 49);
    ASSERT_TRUE(waitFor([&] { return b.feed->store().valueSize(*b.feed->store().find("key:10002")) == 14; }));
    EXPECT_EQ(b.feed->store().flags(*b.feed->store().find("key:10050")) & StaleFlag, 0);
}

TEST(KeysFeed, AListIsNewerThanChangesThatStillWait)
{
    Bench b(20);
    b.start();
    ASSERT_TRUE(b.ready());
    b.feed->setPaused(true);
    b.store.plant("ghost", "v");
    b.store.erase("key:10003");
    ASSERT_TRUE(waitFor([&] { return b.feed->waiting() == 2; }));
    b.store.forgetful = true;
    b.store.cut();
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == FeedState::Failed; }));
    b.store.erase("ghost");
    b.store.plant("key:10003", "back");
    b.store.mend();
    ASSERT_TRUE(b.ready());
    b.feed->setPaused(false);
    ASSERT_TRUE(waitFor([&] { return b.feed->waiting() == 0; }));
    EXPECT_EQ(b.shown(), b.stored());
}

TEST(KeysFeed, RefreshConfirmsInPlace)
{
    Bench b(9000);
    b.start();
    ASSERT_TRUE(b.ready());
    KeyListModel model(b.feed->view());
    int layouts = 0;
    QObject::connect(&model, &QAbstractItemModel::layoutChanged, [&] { ++layouts; });
    QObject::connect(&model, &QAbstractItemModel::modelReset, [&] { ++layouts; });
    b.feed->refresh();
    EXPECT_EQ(b.feed->state(), FeedState::Loading);
    EXPECT_EQ(model.rowCount(), 9000);
    ASSERT_TRUE(b.ready());
    EXPECT_EQ(b.shown(), b.stored());
    EXPECT_EQ(layouts, 0);
    b.store.plant("after", "v");
    EXPECT_TRUE(b.equal());
}

// A list that drops most of what is known is compared in many turns of the loop, between which the window
// lives.
TEST(KeysFeed, AListThatDropsManyKeysIsComparedInSlices)
{
    // Each look at the clock takes a millisecond of it, so a turn's budget is a few slices on every machine.
    struct TickingClock : Clock {
        EpochMs nowMs() const override { return test::FakeClock::StartMs; }
        Elapsed elapsed() const override { return std::chrono::milliseconds(++ticks); }
        mutable std::atomic<std::int64_t> ticks = 0;
    } clock;
    for (const bool between :
        {false, true}) { // dropped behind the last key listed, or between two of one chunk
        Bench b(40'000);
        std::vector<std::unique_ptr<KeySource>> sources;
        sources.push_back(std::make_unique<ScanSource>(b.store));
        b.feed = std::make_unique<KeysFeed>(b.dispatcher, clock, std::move(sources));
        ASSERT_TRUE(waitFor([&] { return b.feed->known() == 40'000; }));
        ASSERT_TRUE(b.ready());
        b.feed->setPaused(true); // so that what was compared is seen waiting
        b.store.forgetful = true; // else the watch would tell each
        b.store.cut();
        ASSERT_TRUE(waitFor([&] { return b.feed->state() == FeedState::Failed; }));
        for (int i = 1; i < (between ? 39'999 : 40'000); ++i)
            b.store.erase("key:" + std::to_string(10'000 + i));
        std::size_t before = 0, most = 0;
        QTimer beat;
        QObject::connect(&beat, &QTimer::timeout, [&] {
            most = std::max(most, b.feed->waiting() - std::min(before, b.feed->waiting()));
            before = b.feed->waiting();
        });
        beat.start(0);
        b.store.mend();
        ASSERT_TRUE(waitFor([&] { return b.feed->state() == FeedState::Ready; }));
        beat.stop();
        EXPECT_EQ(b.feed->waiting(), between ? 39'998U : 39'999U);
        EXPECT_LE(most, 12'000U) << "compared in one turn";
        b.feed->setPaused(false);
        EXPECT_TRUE(b.equal());
    }
}

TEST(KeysFeed, FavouritesAreMarkedWheneverTheyAppear)
{
    Bench b(20);
    b.start();
    b.feed->setFavourites({"key:10003", "later"});
    ASSERT_TRUE(b.ready());
    KeyFilter filter;
    filter.onlyFavourites = true;
    b.feed->setFilter(filter);
    ASSERT_TRUE(waitFor([&] { return b.shown() == std::vector<std::string>{"key:10003"}; }));
    b.store.plant("later", "v");
    ASSERT_TRUE(waitFor([&] { return b.feed->view().size() == 2; }));
    std::vector<std::pair<Bytes, bool>> told;
    QObject::connect(b.feed.get(), &KeysFeed::favouriteChanged,
        [&](const Bytes& key, bool on) { told.emplace_back(key, on); });
    b.feed->setFavourite("key:10003", false);
    b.feed->setFavourite("key:10004", true);
    ASSERT_TRUE(waitFor([&] { return b.shown() == std::vector<std::string>{"key:10004", "later"}; }));
    EXPECT_THAT(told, ElementsAre(std::pair(Bytes("key:10003"), false), std::pair(Bytes("key:10004"), true)));
    // A change of the key keeps its mark.
    b.store.plant("later", "longer");
    ASSERT_TRUE(waitFor([&] { return b.feed->store().valueSize(*b.feed->store().find("later")) == 6; }));
    EXPECT_EQ(b.feed->view().size(), 2u);
}

TEST(KeysFeed, AServerThatCannotListHandsOverToTheNextSource)
{
    Bench b(3);
    b.store.offersExplore = false;
    auto known = std::make_unique<ScriptedSource>();
    known->script = [](const KeyNewsSink& sink, const std::stop_token& stop) -> client::Result<void> {
        KeyNews begins;
        begins.kind = KeyNews::Kind::Begins;
        sink(std::move(begins));
        KeyNews rows;
        rows.kind = KeyNews::Kind::Rows;
        rows.rows = test::chunkOf({"k1", "k2"});
        sink(std::move(rows));
        KeyNews ends;
        ends.kind = KeyNews::Kind::Ends;
        ends.coverage = client::Coverage::KnownKeys;
        ends.status = "from the catalogue";
        sink(std::move(ends));
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        never.wait(lock, stop, [] { return false; });
        return {};
    };
    std::vector<std::unique_ptr<KeySource>> sources;
    sources.push_back(std::make_unique<ScanSource>(b.store));
    sources.push_back(std::move(known));
    b.feed = std::make_unique<KeysFeed>(b.dispatcher, b.clock, std::move(sources));
    ASSERT_TRUE(b.ready());
    EXPECT_EQ(b.feed->coverage(), client::Coverage::KnownKeys);
    EXPECT_EQ(b.feed->status(), QStringLiteral("from the catalogue"));
    EXPECT_THAT(b.shown(), ElementsAre("k1", "k2"));
}

TEST(KeysFeed, WithoutAnySourceItSaysSo)
{
    Bench b;
    b.store.offersExplore = false;
    b.start();
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == FeedState::Failed; }));
    EXPECT_EQ(b.feed->error().kind, client::ErrorKind::Unsupported);
    EXPECT_FALSE(b.feed->stale());
}

TEST(KeysFeed, LoadingStopsWhenAPersonSaysSo)
{
    Bench b;
    std::atomic<int> told = 0;
    auto endless = std::make_unique<ScriptedSource>();
    endless->script = [&](const KeyNewsSink& sink, const std::stop_token&) -> client::Result<void> {
        KeyNews begins;
        begins.kind = KeyNews::Kind::Begins;
        for (bool go = sink(std::move(begins)); go;) {
            KeyNews rows;
            rows.kind = KeyNews::Kind::Rows;
            rows.rows = test::chunkOf({"k" + std::to_string(1'000'000 + told++)});
            go = sink(std::move(rows));
        }
        return {};
    };
    std::vector<std::unique_ptr<KeySource>> sources;
    sources.push_back(std::move(endless));
    b.feed = std::make_unique<KeysFeed>(b.dispatcher, b.clock, std::move(sources));
    ASSERT_TRUE(waitFor([&] { return b.feed->known() > 10; }));
    b.feed->cancel();
    EXPECT_EQ(b.feed->state(), FeedState::Ready);
    EXPECT_TRUE(b.feed->stopped());
    EXPECT_EQ(b.feed->coverage(), client::Coverage::Sampled);
    const auto kept = b.feed->known();
    spin(60);
    EXPECT_EQ(b.feed->known(), kept);
}

/// Many writers, filters that come and go, losses and refreshes: in the end the list is the server's.
TEST(KeysFeed, EndsAsTheServerWhateverHappenedOnTheWay)
{
    std::mt19937 random(42);
    Bench b(3000);
    b.start();
    KeyListModel model(b.feed->view());
    KeyTreeModel tree(b.feed->view());
    for (int round = 0; round < 40; ++round) {
        for (int i = 0; i < 250; ++i) {
            const std::string key = "key:" + std::to_string(10'000 + random() % 6000);
            if (random() % 3 == 0)
                b.store.erase(key);
            else
                b.store.plant(key, std::string(1 + random() % 20, 'v'));
        }
        switch (random() % 6) {
        case 0:
            b.feed->setFilter(containing(random() % 2 == 0 ? "1" : "55"));
            break;
        case 1:
            b.feed->setOrder({KeyOrder::By::Version, true});
            break;
        case 2:
            b.feed->refresh();
            break;
        case 3:
            b.store.cut();
            b.store.mend();
            break;
        case 4:
            b.store.forgetful = true;
            b.store.cut();
            b.store.mend();
            break;
        default:
            b.feed->setPaused(round % 2 == 0);
            break;
        }
        spin(20);
    }
    b.feed->setPaused(false);
    b.feed->setFilter({});
    b.feed->setOrder({});
    ASSERT_TRUE(b.equal());
    for (const auto& [key, entry] : b.store.contents()) {
        ASSERT_TRUE(waitFor([&, k = key, v = *entry.version] {
            return b.feed->store().version(*b.feed->store().find(k)) == v;
        })) << key;
    }
}
