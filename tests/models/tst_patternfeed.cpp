// SPDX-License-Identifier: GPL-3.0-or-later
// What every pattern's feed has from its base and its follower, on the smallest feed there can be.
#include "tests/models/notefeed.h"

#include <gtest/gtest.h>

using namespace norikv;
using models::FeedState;
using test::FakeStore;
using test::NoteBench;
using test::waitFor;

namespace {

TEST(PatternFeed, ListsThenFollowsWhatItsPrefixHolds)
{
    NoteBench t;
    t.store.plant("note:a", "1");
    t.store.plant("other", "9");
    t.start();
    EXPECT_EQ(t.feed->state(), FeedState::Loading);
    ASSERT_TRUE(t.hears("listed note:a"));
    ASSERT_TRUE(waitFor([&] { return t.feed->state() == FeedState::Ready; }));
    EXPECT_EQ(t.feed->coverage(), client::Coverage::Complete);
    EXPECT_TRUE(waitFor([&] { return t.feed->live(); }));
    t.store.plant("note:b", "2");
    EXPECT_TRUE(t.hears("put note:b=2"));
    t.store.erase("note:a");
    EXPECT_TRUE(t.hears("gone note:a"));
    for (const auto& word : t.feed->words)
        EXPECT_EQ(word.find("other"), std::string::npos) << word;
}

TEST(PatternFeed, ALostStreamIsSaidAndListedAnew)
{
    NoteBench t;
    t.store.plant("note:a", "1");
    t.store.plant("note:b", "2");
    t.start();
    ASSERT_TRUE(waitFor([&] { return t.feed->state() == FeedState::Ready && t.feed->live(); }));
    EXPECT_TRUE(t.feed->watching());
    t.store.cut();
    ASSERT_TRUE(waitFor([&] { return t.feed->state() == FeedState::Failed; }));
    EXPECT_FALSE(t.feed->watching()) << "what it told before may be over";
    EXPECT_EQ(t.feed->error().kind, client::ErrorKind::Unreachable);
    t.store.erase("note:b");
    t.feed->words.clear();
    t.store.mend();
    ASSERT_TRUE(t.hears("listed note:a")) << "a row that is not listed any more is gone";
    EXPECT_TRUE(waitFor([&] { return t.feed->state() == FeedState::Ready; }));
}

TEST(PatternFeed, WhilePausedItStandsStillAndThenShowsTheNewest)
{
    NoteBench t;
    t.start();
    ASSERT_TRUE(t.hears("listed"));
    t.feed->setPaused(true);
    const auto before = t.feed->words;
    t.store.plant("note:a", "1");
    t.store.plant("note:a", "2");
    t.store.plant("note:b", "3");
    test::spin(400);
    EXPECT_EQ(t.feed->words, before);
    t.feed->setPaused(false);
    ASSERT_TRUE(t.hears("put note:b=3"));
    EXPECT_EQ(t.feed->words.size(), before.size() + 1) << "what was between is history";
    t.store.plant("note:c", "4");
    EXPECT_TRUE(t.hears("put note:c=4"));
}

TEST(PatternFeed, WhereNothingIsListedKnownNamedAndMetKeysAreAskedFor)
{
    NoteBench t;
    t.store.offersExplore = false;
    for (const char* key : {"note:named", "note:catalogue", "note:met", "note:nobody"})
        t.store.plant(key, "1");
    t.start([](const auto& visit, const std::stop_token&) {
        models::KnownKey known;
        known.key = "note:catalogue";
        visit(known);
    });
    ASSERT_TRUE(t.hears("put note:named=1"));
    EXPECT_TRUE(t.hears("put note:catalogue=1"));
    EXPECT_TRUE(waitFor([&] { return t.feed->coverage() == client::Coverage::KnownKeys; }));
    EXPECT_FALSE(t.feed->live());
    t.feed->learn({"note:met", "other"});
    EXPECT_TRUE(t.hears("put note:met=1"));
    EXPECT_FALSE(t.feed->heard("put note:nobody=1"));
    t.store.plant("note:met", "2");
    t.feed->refresh();
    EXPECT_TRUE(t.hears("put note:met=2"));
}

TEST(PatternFeed, AnActionEndsInWords)
{
    NoteBench t;
    t.start();
    t.feed->write("note:a", "1");
    ASSERT_TRUE(t.acted(1));
    EXPECT_TRUE(t.outcomes[0].ok);
    EXPECT_EQ(t.outcomes[0].text, QStringLiteral("It is written."));
    t.store.script(FakeStore::Op::Put, FakeStore::Fault::Server);
    t.feed->write("note:a", "2");
    ASSERT_TRUE(t.acted(2));
    EXPECT_FALSE(t.outcomes[1].ok);
    EXPECT_FALSE(t.outcomes[1].text.isEmpty());
    EXPECT_FALSE(t.outcomes[1].canCheck) << "it is known that nothing was written";
    t.feed->check();
    test::spin(20);
    EXPECT_EQ(t.outcomes.size(), 2U);
}

TEST(PatternFeed, AnUnknownOutcomeCanBeCheckedOnce)
{
    NoteBench t;
    t.start();
    t.store.script(FakeStore::Op::Put, FakeStore::Fault::UnknownAfterApply);
    t.feed->write("note:a", "1");
    ASSERT_TRUE(t.acted(1));
    EXPECT_TRUE(t.outcomes[0].unknown);
    EXPECT_TRUE(t.outcomes[0].canCheck);
    t.feed->check();
    ASSERT_TRUE(t.acted(2));
    EXPECT_EQ(t.outcomes[1].text, QStringLiteral("It is there."));
    t.feed->check();
    test::spin(20);
    EXPECT_EQ(t.outcomes.size(), 2U);
}

TEST(PatternFeed, WhatTheGuardAsksIsDoneOnceAPersonAgrees)
{
    NoteBench t;
    t.profile.guard = client::GuardMode::Confirm;
    t.start();
    t.feed->write("note:a", "1");
    ASSERT_TRUE(t.acted(1));
    EXPECT_TRUE(t.outcomes[0].needsConsent);
    EXPECT_FALSE(t.store.value("note:a"));
    t.feed->repeatWithConsent();
    ASSERT_TRUE(t.acted(2));
    EXPECT_TRUE(t.outcomes[1].ok);
    EXPECT_EQ(t.store.value("note:a"), "1");
    t.feed->write("note:a", "2");
    ASSERT_TRUE(t.acted(3));
    EXPECT_TRUE(t.outcomes[2].needsConsent) << "a word once given does not hold for the next write";
    EXPECT_EQ(t.store.value("note:a"), "1");
}

} // namespace
