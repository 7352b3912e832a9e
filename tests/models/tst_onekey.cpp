// SPDX-License-Identifier: GPL-3.0-or-later
// Work on single keys beside the inspector: made anew, noted, looked for.
#include "models/keycreation.h"
#include "models/keynotes.h"
#include "models/probefeed.h"

#include "client/placement.h"
#include "tests/models/feedfixture.h"
#include "tests/support/scratchfolder.h"

#include <QSignalSpy>

#include <gtest/gtest.h>

namespace norikv::models {
namespace {

using namespace std::chrono_literals;
using test::Bench;
using test::waitFor;
using Op = test::FakeStore::Op;

struct CreationBench : Bench {
    std::unique_ptr<KeyCreation> creation;
    std::vector<KeyCreation::Made> made;
    std::vector<KeyCreation::Source> sources;

    void start()
    {
        open();
        creation = std::make_unique<KeyCreation>(*dispatcher, *connection, clock);
        QObject::connect(creation.get(), &KeyCreation::made, creation.get(),
            [this](const KeyCreation::Made& m) { made.push_back(m); });
        QObject::connect(creation.get(), &KeyCreation::sourceRead, creation.get(),
            [this](const KeyCreation::Source& s) { sources.push_back(s); });
    }
    [[nodiscard]] bool create(const client::Bytes& key, const client::Bytes& value,
        std::chrono::milliseconds ttl = 0ms, bool consent = false)
    {
        made.clear();
        creation->create(key, value, ttl, consent);
        return waitFor([this] { return made.size() == 1; });
    }
};

TEST(KeyCreation, MakesAKeyOnceAndNeverOverAnother)
{
    CreationBench b;
    b.store.plant("there", "theirs");
    b.start();
    ASSERT_TRUE(b.create("new", "value", 5s));
    EXPECT_TRUE(b.made[0].ok);
    EXPECT_EQ(b.store.value("new"), "value");
    ASSERT_TRUE(b.create("there", "ours"));
    EXPECT_FALSE(b.made[0].ok);
    EXPECT_TRUE(b.made[0].exists);
    EXPECT_TRUE(b.made[0].text.contains(QStringLiteral("there exists already: version")))
        << b.made[0].text.toStdString();
    EXPECT_EQ(b.store.value("there"), "theirs");
    ASSERT_TRUE(b.create("there", "theirs"));
    EXPECT_TRUE(b.made[0].exists) << "the same bytes are no new key either";
    b.clock.advance(6s);
    EXPECT_EQ(b.store.value("new"), std::nullopt) << "it had a time to live";
}

TEST(KeyCreation, AsksWhereTheGuardAsksAndIsRefusedWhereItRefuses)
{
    CreationBench b;
    b.profile.guard = client::GuardMode::Confirm;
    b.start();
    ASSERT_TRUE(b.create("new", "value"));
    EXPECT_TRUE(b.made[0].needsConsent);
    EXPECT_EQ(b.store.value("new"), std::nullopt);
    ASSERT_TRUE(b.create("new", "value", 0ms, true));
    EXPECT_TRUE(b.made[0].ok);
    b.connection->setGuardMode(client::GuardMode::ReadOnly);
    ASSERT_TRUE(b.create("other", "value", 0ms, true));
    EXPECT_FALSE(b.made[0].ok || b.made[0].needsConsent || b.made[0].exists);
    EXPECT_EQ(b.store.value("other"), std::nullopt);
}

TEST(KeyCreation, ReadsWhatACopyStartsFrom)
{
    CreationBench b;
    const client::Bytes bytes("\0\xff\r\n", 4);
    b.store.plant("short", bytes, 60'000);
    b.start();
    b.creation->read("short");
    ASSERT_TRUE(waitFor([&] { return b.sources.size() == 1; }));
    EXPECT_EQ(b.sources[0].entry.value, bytes);
    EXPECT_TRUE(b.sources[0].problem.isEmpty());
    b.creation->read("nothing");
    ASSERT_TRUE(waitFor([&] { return b.sources.size() == 2; }));
    EXPECT_EQ(b.sources[1].problem, QStringLiteral("nothing is gone."));
}

struct CatalogueBench : Bench {
    test::ScratchFolder folder;
    std::unique_ptr<Catalogue> catalogue;

    void start()
    {
        open();
        catalogue
            = std::make_unique<Catalogue>(Catalogue::Where{folder.file("catalogue"), "bench", 1024}, clock);
    }
    ~CatalogueBench()
    {
        dispatcher.reset(); // its workers read the catalogue
    }
};

TEST(KeyNotes, AreKeptByKeyAndTakenAway)
{
    CatalogueBench b;
    b.start();
    KeyNotes notes(*b.dispatcher, *b.catalogue);
    notes.show("a");
    notes.set("a", QStringLiteral("  mine  "));
    EXPECT_EQ(notes.note(), QStringLiteral("mine"));
    notes.set("b", QStringLiteral("of another key"));
    EXPECT_EQ(notes.note(), QStringLiteral("mine"));
    notes.show("b");
    EXPECT_EQ(notes.note(), QStringLiteral("of another key")) << "also while it is being written";
    notes.show("c");
    EXPECT_EQ(notes.note(), QString());
    const auto stored = [&](const client::Bytes& key) {
        const auto found = b.catalogue->find(key);
        return found && *found ? (*found)->note : std::string("-");
    };
    ASSERT_TRUE(waitFor([&] { return stored("a") == "mine" && stored("b") == "of another key"; }));
    KeyNotes later(*b.dispatcher, *b.catalogue);
    QSignalSpy changed(&later, &KeyNotes::changed);
    later.show("b");
    ASSERT_TRUE(waitFor([&] { return later.note() == QStringLiteral("of another key"); }));
    later.set("b", QString());
    ASSERT_TRUE(waitFor([&] { return stored("b") != "of another key"; }));
    EXPECT_GE(changed.count(), 3);
}

struct ProbeBench : CatalogueBench {
    std::unique_ptr<ProbeFeed> feed;

    void know(int n)
    {
        std::vector<client::Bytes> keys;
        for (int i = 0; i < n; ++i)
            keys.push_back("k:" + std::to_string(i));
        ASSERT_TRUE(catalogue->add(keys));
        feed = std::make_unique<ProbeFeed>(*dispatcher, *connection, clock, *catalogue);
    }
    ~ProbeBench() { feed.reset(); }
};

TEST(ProbeFeed, TellsTheCostBeforeAnythingIsRead)
{
    ProbeBench b;
    b.store.plant("k:1", "v");
    b.start();
    b.know(40);
    b.feed->plan();
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == ProbeFeed::State::Planned; }));
    EXPECT_EQ(b.feed->cost().keys.size(), 40U);
    EXPECT_GT(b.feed->cost().cold.size(), 16U);
    EXPECT_TRUE(b.feed->cost().needsConsent);
    EXPECT_EQ(b.feed->duration(), 1s);
    EXPECT_EQ(b.store.count(Op::Get) + b.store.count(Op::GetMany), 0U);
    b.feed->plan("k:3");
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == ProbeFeed::State::Planned; }));
    EXPECT_EQ(b.feed->cost().keys.size(), 11U) << "k:3 and k:30 to k:39";
}

TEST(ProbeFeed, ReadsWhatWasPlannedAndCountsWhatIsThere)
{
    ProbeBench b;
    b.store.plant("k:1", "v");
    b.store.plant("k:7", "v");
    b.start();
    b.know(10);
    b.feed->plan();
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == ProbeFeed::State::Planned; }));
    b.feed->start();
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == ProbeFeed::State::Ended; }));
    EXPECT_FALSE(b.feed->stopped());
    EXPECT_EQ(b.feed->progress().done, 10U);
    EXPECT_EQ(b.feed->progress().found, 2U);
    EXPECT_EQ(b.feed->progress().missing, 8U);
}

TEST(ProbeFeed, StopsWhereItIs)
{
    ProbeBench b;
    b.start();
    b.know(400);
    std::atomic<bool> hold{true};
    std::atomic<bool> reading{false};
    b.store.before = [&](const test::FakeStore::Seen& seen) {
        const bool read = seen.op == Op::Get || seen.op == Op::GetMany;
        reading = reading || read;
        while (read && hold)
            std::this_thread::yield();
    };
    b.feed->plan();
    ASSERT_TRUE(waitFor([&] { return b.feed->state() == ProbeFeed::State::Planned; }));
    b.feed->start();
    EXPECT_TRUE(waitFor([&] { return reading.load(); }));
    b.feed->stop();
    hold = false;
    EXPECT_EQ(b.feed->state(), ProbeFeed::State::Ended);
    EXPECT_TRUE(b.feed->stopped());
    EXPECT_LT(b.feed->progress().done, 400U);
}

} // namespace
} // namespace norikv::models
