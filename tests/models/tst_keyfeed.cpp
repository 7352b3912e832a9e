// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decode/decode.h"
#include "client/placement.h"
#include "models/keyfeed.h"
#include "tests/models/feedfixture.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace norikv;
using namespace std::chrono_literals;
using models::KeyFeed;
using models::TtlChoice;
using models::ViewMode;
using test::Bench;
using test::FakeStore;
using test::spin;
using test::waitFor;
using Op = FakeStore::Op;
using State = KeyFeed::State;

namespace {

struct KeyBench : Bench {
    std::unique_ptr<KeyFeed> feed;
    std::vector<KeyFeed::Saved> saved;
    int laidOut = 0;

    void start()
    {
        open();
        feed = std::make_unique<KeyFeed>(*dispatcher, *connection, clock);
        QObject::connect(
            feed.get(), &KeyFeed::saved, feed.get(), [this](const KeyFeed::Saved& s) { saved.push_back(s); });
        QObject::connect(feed.get(), &KeyFeed::laidOut, feed.get(), [this] { ++laidOut; });
    }
    [[nodiscard]] bool show(const client::Bytes& key, State state = State::Ready)
    {
        feed->open(key);
        return reaches(state);
    }
    [[nodiscard]] bool reaches(State state)
    {
        return waitFor([&] { return feed->state() == state; });
    }
    [[nodiscard]] bool told(std::size_t n)
    {
        return waitFor([&] { return saved.size() == n; });
    }
};

TtlChoice newTtl(std::chrono::milliseconds ttl)
{
    TtlChoice choice;
    choice.kind = TtlChoice::Kind::New;
    choice.ttl = ttl;
    return choice;
}

TtlChoice noTtl()
{
    TtlChoice choice;
    choice.kind = TtlChoice::Kind::None;
    return choice;
}

} // namespace

TEST(KeyFeed, OpensReadsAndLaysOut)
{
    KeyBench b;
    b.store.plant("k", R"({"a":1})", 60'000);
    b.start();
    EXPECT_EQ(b.feed->state(), State::Empty);
    b.feed->open("k");
    EXPECT_EQ(b.feed->state(), State::Loading);
    ASSERT_TRUE(b.reaches(State::Ready));
    EXPECT_EQ(b.feed->entry().value, R"({"a":1})");
    EXPECT_EQ(b.feed->remaining(), 60s);
    b.clock.advance(20s);
    EXPECT_EQ(b.feed->remaining(), 40s) << "the countdown is the clock's";
    b.clock.advance(200s);
    EXPECT_EQ(b.feed->remaining(), 0s) << "never negative";
    EXPECT_EQ(b.feed->shard(), shardOf("k", 1024));
    ASSERT_TRUE(waitFor([&] { return b.laidOut > 0; }));
    EXPECT_EQ(b.feed->mode(), ViewMode::Json) << "the value decides";
    EXPECT_EQ(b.feed->view().lines.size(), 3U);
    EXPECT_EQ(b.store.count(Op::Put), 0U);
}

TEST(KeyFeed, ModeFollowsTheValueUntilAPersonChooses)
{
    KeyBench b;
    b.store.plant("json", "{}");
    b.store.plant("text", "hello");
    b.store.plant("bytes", "\xff\x01");
    b.start();
    const auto mode = [&](ViewMode wanted) {
        return waitFor([&] { return b.feed->presenter().now().decoded && b.feed->mode() == wanted; });
    };
    ASSERT_TRUE(b.show("text"));
    EXPECT_TRUE(mode(ViewMode::Text));
    ASSERT_TRUE(b.show("bytes"));
    EXPECT_TRUE(mode(ViewMode::Hex));
    b.feed->setMode(ViewMode::Text);
    b.feed->refresh();
    spin(20);
    EXPECT_EQ(b.feed->mode(), ViewMode::Text) << "a refresh keeps the choice";
    ASSERT_TRUE(b.show("json"));
    EXPECT_TRUE(mode(ViewMode::Json)) << "another key decides for itself";
}

TEST(KeyFeed, MissingIsNotEmpty)
{
    KeyBench b;
    b.store.plant("empty", "");
    b.start();
    ASSERT_TRUE(b.show("nothing", State::Missing));
    EXPECT_FALSE(b.feed->entry().exists());
    ASSERT_TRUE(b.show("empty"));
    EXPECT_TRUE(b.feed->entry().exists());
}

TEST(KeyFeed, FailedSaysWhyAndRecovers)
{
    KeyBench b;
    b.store.plant("k", "v");
    b.store.script(Op::Get, FakeStore::Fault::Server, 1);
    b.start();
    ASSERT_TRUE(b.show("k", State::Failed));
    EXPECT_TRUE(b.feed->error().what.contains(QStringLiteral("k")));
    b.feed->refresh();
    ASSERT_TRUE(b.reaches(State::Ready));
}

TEST(KeyFeed, OnlyTheLastOpenedKeyIsShown)
{
    KeyBench b;
    for (int i = 0; i < 20; ++i)
        b.store.plant("k" + std::to_string(i), std::to_string(i));
    b.start();
    for (int i = 0; i < 20; ++i)
        b.feed->open("k" + std::to_string(i));
    ASSERT_TRUE(b.reaches(State::Ready));
    spin(30);
    EXPECT_EQ(b.feed->entry().key, "k19");
    EXPECT_EQ(b.feed->entry().value, "19");
}

TEST(KeyFeed, SavesByCompareAndSet)
{
    KeyBench b;
    b.store.plant("k", "old");
    b.start();
    ASSERT_TRUE(b.show("k"));
    b.feed->save("new", noTtl());
    ASSERT_TRUE(b.told(1));
    EXPECT_TRUE(b.saved[0].ok);
    EXPECT_EQ(b.store.value("k"), "new");
    EXPECT_EQ(b.feed->entry().value, "new");
    ASSERT_EQ(b.store.count(Op::Put), 1U);
    for (const auto& seen : b.store.seen())
        EXPECT_TRUE(seen.op != Op::Put || seen.cas);
}

TEST(KeyFeed, ConflictChangesNothing)
{
    KeyBench b;
    b.store.plant("k", "old");
    b.start();
    ASSERT_TRUE(b.show("k"));
    b.store.plant("k", "theirs");
    b.feed->save("mine", noTtl());
    ASSERT_TRUE(b.told(1));
    EXPECT_FALSE(b.saved[0].ok);
    EXPECT_TRUE(b.saved[0].conflict);
    EXPECT_EQ(b.store.value("k"), "theirs");
    b.store.erase("k");
    b.feed->save("mine", noTtl());
    ASSERT_TRUE(b.told(2));
    EXPECT_TRUE(b.saved[1].conflict) << "deleted meanwhile: not brought back";
    EXPECT_FALSE(b.store.value("k"));
}

TEST(KeyFeed, TtlKeepNoneNew)
{
    KeyBench b;
    b.store.plant("k", "v", 60'000);
    b.start();
    ASSERT_TRUE(b.show("k"));
    b.clock.advance(10s);
    b.feed->save("v1", {});
    ASSERT_TRUE(b.told(1));
    EXPECT_EQ(b.store.contents().at("k").expiresAtMs, b.clock.nowMs() + 50'000) << "kept to the moment";
    b.feed->save("v2", newTtl(5s));
    ASSERT_TRUE(b.told(2));
    EXPECT_EQ(b.store.contents().at("k").expiresAtMs, b.clock.nowMs() + 5'000);
    b.feed->save("v3", noTtl());
    ASSERT_TRUE(b.told(3));
    EXPECT_FALSE(b.store.contents().at("k").expiresAtMs);
    EXPECT_FALSE(b.feed->remaining());
}

TEST(KeyFeed, UnknownExpiryIsSaidNotGuessed)
{
    KeyBench b;
    client::Quirks quirks;
    quirks.emptyMeta = true;
    b.store.setQuirksDirectly(quirks);
    b.store.offersExplore = false;
    b.store.plant("k", "v", 60'000);
    b.start();
    ASSERT_TRUE(b.show("k"));
    EXPECT_EQ(b.feed->entry().provenance, client::TtlProvenance::Unknown);
    EXPECT_FALSE(b.feed->remaining());
}

TEST(KeyFeed, CreatesOnlyWhatIsStillMissing)
{
    KeyBench b;
    b.start();
    ASSERT_TRUE(b.show("k", State::Missing));
    b.feed->save("mine", newTtl(9s));
    ASSERT_TRUE(b.told(1));
    EXPECT_TRUE(b.saved[0].ok);
    EXPECT_EQ(b.store.value("k"), "mine");
    EXPECT_EQ(b.store.contents().at("k").expiresAtMs, b.clock.nowMs() + 9'000);
    EXPECT_EQ(b.feed->state(), State::Ready);
    ASSERT_TRUE(b.show("other", State::Missing));
    b.store.plant("other", "theirs");
    b.feed->save("mine", noTtl());
    ASSERT_TRUE(b.told(2));
    EXPECT_TRUE(b.saved[1].conflict);
    EXPECT_EQ(b.store.value("other"), "theirs");
}

TEST(KeyFeed, Deletes)
{
    KeyBench b;
    b.store.plant("k", "v");
    b.start();
    ASSERT_TRUE(b.show("k"));
    b.feed->remove();
    ASSERT_TRUE(b.told(1));
    EXPECT_TRUE(b.saved[0].ok);
    EXPECT_TRUE(b.saved[0].deleted);
    EXPECT_EQ(b.feed->state(), State::Missing);
    EXPECT_FALSE(b.store.value("k"));
}

TEST(KeyFeed, ConfirmAndReadOnly)
{
    KeyBench b;
    b.profile.guard = client::GuardMode::Confirm;
    b.store.plant("k", "v");
    b.start();
    ASSERT_TRUE(b.show("k"));
    b.feed->save("w", noTtl());
    ASSERT_TRUE(b.told(1));
    EXPECT_TRUE(b.saved[0].needsConsent);
    EXPECT_EQ(b.store.value("k"), "v");
    b.feed->save("w", noTtl(), true);
    ASSERT_TRUE(b.told(2));
    EXPECT_EQ(b.store.value("k"), "w");
    b.connection->setGuardMode(client::GuardMode::ReadOnly);
    b.feed->remove(true);
    ASSERT_TRUE(b.told(3));
    EXPECT_FALSE(b.saved[2].ok);
    EXPECT_FALSE(b.saved[2].needsConsent);
    EXPECT_EQ(b.store.value("k"), "w");
}

TEST(KeyFeed, UnknownOutcomeIsNoSuccess)
{
    KeyBench b;
    b.store.plant("k", "v");
    b.start();
    ASSERT_TRUE(b.show("k"));
    b.store.script(Op::Put, FakeStore::Fault::UnknownAfterApply);
    b.feed->save("w", noTtl());
    ASSERT_TRUE(b.told(1));
    EXPECT_FALSE(b.saved[0].ok);
    EXPECT_FALSE(b.saved[0].conflict);
    EXPECT_TRUE(b.saved[0].text.startsWith(QStringLiteral("Not known whether")));
}

// The write was acknowledged; that the look afterwards fails changes nothing about it.
TEST(KeyFeed, AcknowledgedWritesAreNeverCalledFailed)
{
    KeyBench b;
    b.store.plant("k", "v");
    b.start();
    ASSERT_TRUE(b.show("k"));
    b.store.always(Op::Get, FakeStore::Fault::Server);
    b.feed->save("w", noTtl());
    ASSERT_TRUE(b.told(1));
    EXPECT_EQ(b.store.value("k"), "w");
    EXPECT_TRUE(b.saved[0].ok) << b.saved[0].text.toStdString();
    b.store.calm();
    b.feed->refresh();
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == State::Ready && b.feed->entry().value == "w"; }));
    b.store.always(Op::Get, FakeStore::Fault::Server);
    b.feed->remove();
    ASSERT_TRUE(b.told(2));
    EXPECT_TRUE(b.saved[1].ok);
    EXPECT_FALSE(b.store.value("k"));
}

// A person presses Save and goes on to the next key at once: the save is neither lost nor silent.
TEST(KeyFeed, SaveUnderWaySurvivesOpeningAnotherKey)
{
    KeyBench b;
    b.store.plant("k", "v");
    b.store.plant("other", "o");
    b.start();
    ASSERT_TRUE(b.show("k"));
    b.feed->save("w", noTtl());
    b.feed->open("other");
    ASSERT_TRUE(waitFor([&] { return b.saved.size() == 1; }, 3000)) << "nothing was told about the save";
    EXPECT_TRUE(b.saved[0].ok);
    EXPECT_TRUE(b.saved[0].text.startsWith(QStringLiteral("k "))) << b.saved[0].text.toStdString();
    EXPECT_EQ(b.store.value("k"), "w");
    ASSERT_TRUE(b.reaches(State::Ready));
    spin(30);
    EXPECT_EQ(b.feed->entry().key, "other");
    EXPECT_EQ(b.feed->entry().value, "o");
}

TEST(KeyFeed, ChangesOfOthersWaitWhileAnEditIsUnderWay)
{
    KeyBench b;
    b.store.plant("k", "v");
    b.start();
    ASSERT_TRUE(b.show("k"));
    b.feed->setFollowing(true);
    b.feed->hold(true);
    b.store.plant("k", "theirs");
    ASSERT_TRUE(waitFor([&] { return b.feed->moved(); }));
    EXPECT_EQ(b.feed->entry().value, "v") << "not swapped under an edit";
    EXPECT_EQ(b.feed->newer()->value, "theirs");
    b.feed->refresh(); // a person presses F5
    spin(30);
    EXPECT_EQ(b.feed->entry().value, "v") << "not by reading again either";
    b.store.always(Op::Get, FakeStore::Fault::Server);
    b.feed->refresh();
    spin(30);
    EXPECT_EQ(b.feed->state(), State::Ready) << "an edit outlives a server that fails";
    b.store.calm();
    b.feed->hold(false);
    EXPECT_EQ(b.feed->entry().value, "theirs");
    EXPECT_FALSE(b.feed->moved());
    bool background = false;
    for (const auto& seen : b.store.seen())
        background |= seen.op == Op::Get && seen.background;
    EXPECT_TRUE(background) << "following belongs to the background";
}

TEST(KeyFeed, WithoutAnEditChangesOfOthersAreShown)
{
    for (const bool explore : {true, false}) {
        KeyBench b;
        b.store.offersExplore = explore;
        b.store.plant("k", "v");
        b.start();
        ASSERT_TRUE(b.show("k"));
        b.feed->setFollowing(true);
        b.store.plant("k", "theirs");
        ASSERT_TRUE(waitFor([&] { return b.feed->entry().value == "theirs"; })) << explore;
        b.store.erase("k");
        ASSERT_TRUE(b.reaches(State::Missing));
        EXPECT_EQ(b.feed->live(), explore);
        EXPECT_EQ(b.feed->following(), true);
        b.feed->setFollowing(false);
        EXPECT_FALSE(b.feed->following());
    }
}

// The store's own stream tells; polling stops once it speaks.
TEST(KeyFeed, WatchReplacesPolling)
{
    KeyBench b;
    b.store.idle = [] { std::this_thread::sleep_for(5ms); };
    b.store.plant("k", "v");
    b.store.plant("k2", "v");
    b.start();
    ASSERT_TRUE(b.show("k"));
    b.feed->setFollowing(true);
    ASSERT_TRUE(waitFor([&] { return b.feed->live(); }));
    spin(50);
    const auto reads = b.store.count(Op::Get);
    b.store.plant("k2", "another key that begins alike");
    spin(100);
    EXPECT_EQ(b.store.count(Op::Get), reads) << "nothing changed: nothing is asked";
    b.store.plant("k", "new");
    ASSERT_TRUE(waitFor([&] { return b.feed->entry().value == "new"; }, 1000)) << "well before the next poll";
}

// Countdowns follow the server's clock where it told both the expiry and its time.
TEST(KeyFeed, CountdownsFollowTheServersClock)
{
    test::FakeClock ours; // before the bench, whose connection uses it to its end
    ours.jumpWall(5min);
    KeyBench b;
    b.store.idle = [] { std::this_thread::sleep_for(5ms); };
    b.store.plant("k", "v", 60'000);
    b.dispatcher = std::make_unique<models::Dispatcher>(4);
    b.connection = client::Connection::over(b.store, b.profile, ours, b.trace);
    KeyFeed feed(*b.dispatcher, *b.connection, ours);
    feed.open("k");
    ASSERT_TRUE(waitFor([&] { return feed.state() == State::Ready; }));
    EXPECT_EQ(feed.clockOffset(), -5min) << "before anything is watched";
    EXPECT_EQ(feed.remaining(), 60s);
    const auto expiry = b.store.contents().at("k").expiresAtMs;
    feed.save("w", {});
    ASSERT_TRUE(waitFor([&] { return b.store.value("k") == "w"; }));
    EXPECT_EQ(b.store.contents().at("k").expiresAtMs, expiry) << "kept, not cut to nothing";

    b.clock.jumpWall(1min); // the server's
    b.store.plant("k", "v", 60'000);
    feed.setFollowing(true);
    EXPECT_TRUE(waitFor([&] { return feed.clockOffset() == -4min && feed.remaining() == 60s; }));
}

TEST(KeyFeed, WhatWasSetHereStaysKnown)
{
    KeyBench b;
    client::Quirks quirks;
    quirks.emptyMeta = true;
    b.store.setQuirksDirectly(quirks);
    b.store.offersExplore = false;
    b.store.plant("k", "v");
    b.start();
    ASSERT_TRUE(b.show("k"));
    EXPECT_EQ(b.feed->entry().provenance, client::TtlProvenance::Unknown);
    b.feed->save("w", newTtl(60s));
    ASSERT_TRUE(b.told(1));
    EXPECT_EQ(b.feed->entry().provenance, client::TtlProvenance::SetHere);
    EXPECT_EQ(b.feed->remaining(), 60s);
    b.feed->refresh();
    spin(50);
    EXPECT_EQ(b.feed->entry().provenance, client::TtlProvenance::SetHere) << "the same version still";
    b.store.plant("k", "theirs");
    b.feed->refresh();
    ASSERT_TRUE(waitFor([&] { return b.feed->entry().value == "theirs"; }));
    EXPECT_EQ(b.feed->entry().provenance, client::TtlProvenance::Unknown) << "theirs may have another";
}

TEST(KeyFeed, VersionsSeenAreKept)
{
    KeyBench b;
    b.store.plant("k", "one");
    b.store.plant("other", "o");
    b.start();
    ASSERT_TRUE(b.show("k"));
    b.clock.advance(5s);
    b.feed->save("two", noTtl());
    ASSERT_TRUE(b.told(1));
    ASSERT_TRUE(b.show("other"));
    EXPECT_EQ(b.feed->history().rowCount(), 1);
    ASSERT_TRUE(b.show("k"));
    const auto& versions = b.feed->history().versions();
    ASSERT_EQ(versions.size(), 2U);
    EXPECT_EQ(versions[0].entry.value, "two");
    EXPECT_EQ(versions[0].who, models::SeenVersion::Who::SavedHere);
    EXPECT_EQ(versions[1].entry.value, "one");
    EXPECT_EQ(versions[0].atMs - versions[1].atMs, 5000);
    b.feed->remove();
    ASSERT_TRUE(b.told(2));
    EXPECT_EQ(versions[0].who, models::SeenVersion::Who::DeletedHere);
}

TEST(KeyHistory, IsBoundedByVersionsAndBytes)
{
    models::KeyHistory history;
    const test::ModelWatch watch(&history);
    history.show("k");
    client::Entry entry;
    for (std::uint64_t i = 1; i <= 200; ++i) {
        entry.version = client::Version{0, i};
        entry.value = std::to_string(i);
        history.note("k", entry, EpochMs(i), models::SeenVersion::Who::Watched);
        history.note("k", entry, EpochMs(i), models::SeenVersion::Who::ReadHere);
    }
    EXPECT_EQ(history.rowCount(), int(models::KeyHistory::MostVersions)) << "the same again is not news";
    EXPECT_EQ(history.versions().front().entry.value, "200");
    entry.value = std::string(1024 * 1024, 'x');
    for (std::uint64_t i = 201; i <= 240; ++i) {
        entry.version = client::Version{0, i};
        history.note(i % 2 ? "k" : "other", entry, EpochMs(i), models::SeenVersion::Who::Watched);
        EXPECT_LE(history.bytes(), models::KeyHistory::MostBytes);
    }
    history.show("other");
    history.show("k");
    EXPECT_GT(history.rowCount(), 0);
    EXPECT_EQ(history.data(history.index(0, 1), Qt::DisplayRole).toString(), QStringLiteral("239"));
}

TEST(KeyFeed, ADraftGoesBackIntoItsLayers)
{
    using enum client::Wrapping;
    KeyBench b;
    const std::vector<client::WrapStep> chain{{Base64}, {Gzip}};
    b.store.plant("k", *client::encode(chain, R"({"a":1,"b":[1,2]})"));
    b.start();
    ASSERT_TRUE(b.show("k"));
    ASSERT_TRUE(waitFor([&] { return b.laidOut > 0; }));
    const auto draft = b.feed->presenter().now().draft;
    EXPECT_EQ(draft.chain, chain);
    EXPECT_TRUE(draft.compactJson);
    auto text = draft.text;
    EXPECT_NE(text.find("\n  \"a\": 1"), std::string::npos) << "shown indented";
    text.replace(text.find("1"), 1, "10");
    b.feed->saveDraft(draft, text, noTtl());
    ASSERT_TRUE(b.told(1));
    EXPECT_TRUE(b.saved[0].ok);
    const auto stored = client::decode(*b.store.value("k"));
    EXPECT_EQ(stored.chain, chain);
    EXPECT_EQ(stored.bytes, R"({"a":10,"b":[1,2]})") << "and stored compact";
    const auto before = *b.store.value("k");
    b.feed->saveDraft(draft, "{broken", noTtl());
    ASSERT_TRUE(b.told(2));
    EXPECT_TRUE(b.saved[1].badJson);
    EXPECT_EQ(b.store.value("k"), before);
    b.feed->saveDraft(draft, "{broken", noTtl(), true);
    ASSERT_TRUE(b.told(3));
    EXPECT_EQ(client::decode(*b.store.value("k")).bytes, "{broken");
}

TEST(ValuePresenter, ChoicesHoldForAPrefix)
{
    KeyBench b;
    b.store.plant("a:1", "aGVsbG8gd29ybGQsIGhlbGxv");
    b.store.plant("a:2", "d29ybGQsIGhlbGxvIHdvcmxk");
    b.store.plant("b:1", "aGVsbG8gd29ybGQsIGhlbGxv");
    b.start();
    auto& presenter = b.feed->presenter();
    const auto layers = [&](const char* key, std::size_t n) {
        return b.show(key)
            && waitFor([&] { return presenter.now().decoded && presenter.now().decoded->chain.size() == n; });
    };
    ASSERT_TRUE(layers("a:1", 1));
    EXPECT_EQ(presenter.now().decoded->bytes, "hello world, hello");
    presenter.setChain(std::vector<client::WrapStep>());
    EXPECT_TRUE(presenter.chosen());
    ASSERT_TRUE(layers("a:2", 0)) << "the same prefix";
    ASSERT_TRUE(layers("b:1", 1)) << "another one";
    ASSERT_TRUE(layers("a:1", 0));
    presenter.setAutomatic();
    ASSERT_TRUE(waitFor([&] { return presenter.now().decoded->chain.size() == 1; }));
}

// Quitting must not take back what was asked for: the answer is waited for, up to the write's own deadline.
TEST(KeyFeed, ASaveRunsToItsEndAlsoWhenTheFeedGoes)
{
    for (const bool fresh : {true, false}) {
        KeyBench b;
        std::mutex mutex;
        std::condition_variable wake;
        bool saving = false, gone = false;
        std::atomic<bool> held = false;
        // Held on the way: a fresh key in the look before it is created, a known one in its first try.
        b.store.before = [&](const FakeStore::Seen& seen) {
            std::unique_lock lock(mutex);
            if (!saving || seen.op != (fresh ? Op::Get : Op::Put))
                return;
            held = true;
            wake.wait_for(lock, 10s, [&] { return gone; });
        };
        if (!fresh)
            b.store.plant("k", "old");
        b.start();
        ASSERT_TRUE(b.show("k", fresh ? State::Missing : State::Ready));
        if (!fresh)
            b.store.script(Op::Put, FakeStore::Fault::NotLeader); // and sent again
        {
            const std::scoped_lock lock(mutex);
            saving = true;
        }
        b.feed->save("mine", noTtl());
        EXPECT_TRUE(b.feed->writing());
        ASSERT_TRUE(waitFor([&] { return held.load(); }));
        b.feed.reset();
        {
            const std::scoped_lock lock(mutex);
            gone = true;
        }
        wake.notify_all();
        b.dispatcher.reset(); // as at the end of the program
        EXPECT_EQ(b.store.value("k"), "mine");
    }
}

TEST(KeyFeed, EndsWhileReadingAndSaving)
{
    for (int round = 0; round < 50; ++round) {
        KeyBench b;
        b.store.plant("k", std::string(100'000, '['));
        b.start();
        b.feed->open("k");
        if (round % 2)
            spin(round % 7);
        b.feed->save("w", noTtl());
        b.feed->setMode(ViewMode::Hex);
        if (round % 3 == 0)
            spin(1);
        const auto told = b.saved.size();
        b.feed.reset();
        QCoreApplication::processEvents();
        EXPECT_EQ(b.saved.size(), told);
    }
}
