// SPDX-License-Identifier: GPL-3.0-or-later
// Expiry, history and what a restart keeps, with a clock moved by hand.
#include "tests/sandbox/enginefixture.h"

#include <future>
#include <limits>

namespace norikv::tests {
namespace {

using sandbox::Event;
using sandbox::Quirks;

class Expiry : public EngineFixture { };
class Watching : public EngineFixture { };
class Restart : public EngineFixture { };
INSTANTIATE_TEST_SUITE_P(Sandbox, Expiry, disks(), diskName);
INSTANTIATE_TEST_SUITE_P(Sandbox, Watching, disks(), diskName);
INSTANTIATE_TEST_SUITE_P(Sandbox, Restart, disks(), diskName);

TEST_P(Expiry, IsHiddenAtOnceAndRemovedInTheBackground)
{
    start();
    ASSERT_TRUE(submit(engine(), putOf("k", "v", 1000)));
    EXPECT_EQ(metaOf("k").expiresAtMs, clock.nowMs() + 1000);
    const auto before = engine().history().last();
    clock.advance(999);
    EXPECT_EQ(valueOf("k"), "v");
    clock.advance(1);
    EXPECT_EQ(valueOf("k"), "(missing)") << "lazily, at the read";
    engine().pokeClock();
    const auto seen = events(before, 1);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0]->kind, Event::Kind::Expire);
    EXPECT_EQ(seen[0]->key, "k");
}

TEST_P(Expiry, OverwritingReplacesIt)
{
    start();
    ASSERT_TRUE(submit(engine(), putOf("k", "1", 1000)));
    ASSERT_TRUE(submit(engine(), putOf("k", "2", 5000)));
    ASSERT_TRUE(submit(engine(), putOf("j", "1", 1000)));
    ASSERT_TRUE(submit(engine(), putOf("j", "2")));
    advance(2000);
    EXPECT_EQ(valueOf("k"), "2");
    EXPECT_EQ(valueOf("j"), "2");
    advance(1'000'000);
    EXPECT_EQ(valueOf("k"), "(missing)");
    EXPECT_EQ(valueOf("j"), "2");
}

TEST_P(Expiry, ThatOverflowsIsNone)
{
    start();
    ASSERT_TRUE(submit(engine(), putOf("k", "v", std::numeric_limits<std::uint64_t>::max())));
    EXPECT_EQ(metaOf("k").expiresAtMs, sandbox::noExpiry);
}

TEST_P(Expiry, AnExpiredKeyIsMissingForCas)
{
    start();
    ASSERT_TRUE(submit(engine(), putOf("k", "v", 1000)));
    auto write = putOf("k", "w");
    write.ifMatch = sandbox::Version{0, metaOf("k").index};
    clock.advance(1000);
    EXPECT_EQ(submit(engine(), write).error().text, "CAS failed: key does not exist");
}

TEST_P(Expiry, APutOverAnExpiredKeyTellsBoth)
{
    start();
    ASSERT_TRUE(submit(engine(), putOf("k", "v", 1000)));
    const auto before = engine().history().last();
    clock.advance(1000);
    ASSERT_TRUE(submit(engine(), putOf("k", "w")));
    const auto seen = events(before, 2);
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0]->kind, Event::Kind::Expire);
    EXPECT_EQ(seen[1]->kind, Event::Kind::Put);
    EXPECT_EQ(valueOf("k"), "w");
}

TEST_P(Expiry, ManyAtOnce)
{
    start();
    Answers answers;
    for (int i = 0; i < 3000; ++i) {
        auto write = putOf("k" + std::to_string(i), "v", 1000);
        write.done = answers.expect();
        engine().submit(std::move(write));
    }
    answers.wait();
    const auto before = engine().history().last();
    advance(1000);
    EXPECT_TRUE(eventually([&] { return engine().history().last() == before + 3000; }));
    EXPECT_FALSE(engine().scan("")->valid());
}

TEST_P(Expiry, FlushMakesKeysImmortal)
{
    start();
    ASSERT_TRUE(submit(engine(), putOf("lease:a", "v", 1000)));
    ASSERT_TRUE(submit(engine(), putOf("other", "v", 1000)));
    std::promise<std::uint64_t> dropped;
    engine().flushTtl("lease:", [&](const auto& result) { dropped.set_value(result.value_or(99)); });
    EXPECT_EQ(dropped.get_future().get(), 1U);
    advance(5000);
    EXPECT_EQ(valueOf("lease:a"), "v");
    EXPECT_EQ(valueOf("other"), "(missing)");
}

TEST_P(Expiry, TheOlderValueReturnsWhenAsked)
{
    Quirks quirks;
    quirks.oldValueReturns = true;
    start(quirks);
    ASSERT_TRUE(submit(engine(), putOf("k", "old")));
    ASSERT_TRUE(submit(engine(), putOf("k", "new", 1000)));
    EXPECT_EQ(valueOf("k"), "new");
    advance(1000);
    EXPECT_TRUE(eventually([&] { return valueOf("k") == "old"; }));
}

TEST_P(Watching, TellsEveryChangeInOrder)
{
    start();
    const auto before = engine().history().last();
    ASSERT_TRUE(submit(engine(), putOf("a", "1")));
    ASSERT_TRUE(submit(engine(), deleteOf("a")));
    ASSERT_TRUE(submit(engine(), deleteOf("a"))); // nothing there, nothing told
    ASSERT_TRUE(submit(engine(), putOf("b", "2")));
    const auto page = engine().history().after(before, "");
    ASSERT_EQ(page.events.size(), 3U);
    EXPECT_EQ(page.events[0]->kind, Event::Kind::Put);
    EXPECT_EQ(page.events[1]->kind, Event::Kind::Delete);
    EXPECT_EQ(page.events[2]->key, "b");
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(page.events[i]->revision, before + 1 + i);
    }
    EXPECT_EQ(engine().history().after(before, "b").events.size(), 1U);
    EXPECT_EQ(engine().history().after(before, "b").upTo, before + 3) << "others were looked at too";
}

TEST_P(Watching, AfterARestartOnlyTheFutureIsKnown)
{
    start();
    ASSERT_TRUE(submit(engine(), putOf("a", "1")));
    ASSERT_TRUE(submit(engine(), putOf("a", "2")));
    const auto last = engine().history().last();
    start();
    EXPECT_EQ(engine().history().last(), last);
    EXPECT_FALSE(engine().history().after(last, "").gone);
    EXPECT_TRUE(engine().history().after(last - 1, "").gone);
    EXPECT_EQ(engine().history().after(last - 1, "").oldest, last + 1);
    EXPECT_TRUE(engine().history().after(last + 1, "").gone) << "not of this store";
}

TEST_P(Restart, KeepsValuesVersionsAndExpiries)
{
    start();
    ASSERT_TRUE(submit(engine(), putOf("a", "1")));
    ASSERT_TRUE(submit(engine(), putOf("b", "2", 10'000)));
    const auto a = metaOf("a");
    const auto b = metaOf("b");
    start();
    EXPECT_EQ(metaOf("a"), a);
    EXPECT_EQ(metaOf("b"), b);
    advance(10'000);
    EXPECT_EQ(valueOf("b"), "(missing)");
    EXPECT_EQ(valueOf("a"), "1");
}

TEST_P(Restart, VersionsContinueInSoundMode)
{
    start({}, 1);
    EXPECT_EQ(submit(engine(), putOf("a", "1"))->index, 1U);
    EXPECT_EQ(submit(engine(), putOf("b", "1"))->index, 2U);
    start({}, 1);
    EXPECT_EQ(submit(engine(), putOf("a", "2"))->index, 3U);
}

TEST_P(Restart, FaithfulRenumbersAndPutsBeginAgainAtOne)
{
    start(Quirks::faithful(), 1);
    EXPECT_EQ(submit(engine(), putOf("a", "1"))->index, 1U);
    EXPECT_EQ(submit(engine(), putOf("b", "1"))->index, 2U);
    start(Quirks::faithful(), 1);
    EXPECT_EQ(metaOf("a").index, 3U) << "the same bytes under a larger number";
    EXPECT_EQ(metaOf("b").index, 4U);
    EXPECT_EQ(submit(engine(), putOf("c", "1"))->index, 1U) << "the log begins again";
    EXPECT_EQ(metaOf("c").index, 5U) << "the engine's counter does not";
}

TEST_P(Restart, FaithfulLosesExpiriesAndRaisesTheDead)
{
    start(Quirks::faithful());
    ASSERT_TRUE(submit(engine(), putOf("live", "1", 10'000)));
    ASSERT_TRUE(submit(engine(), putOf("dead", "1", 1000)));
    advance(1000);
    EXPECT_EQ(valueOf("dead"), "(missing)");
    start(Quirks::faithful());
    EXPECT_EQ(valueOf("dead"), "1");
    advance(100'000);
    EXPECT_EQ(valueOf("live"), "1");
    EXPECT_EQ(metaOf("live").expiresAtMs, sandbox::noExpiry);
}

TEST_P(Restart, RemembersIdempotencyKeys)
{
    start();
    auto write = putOf("k", "1");
    write.idempotencyKey = "id";
    const auto first = submit(engine(), write);
    ASSERT_TRUE(submit(engine(), putOf("k", "2")));
    start();
    const auto again = submit(engine(), write);
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, *first);
    EXPECT_EQ(valueOf("k"), "2") << "and nothing was written";
    clock.advance(sandbox::IdempotencyTable::keptMs);
    EXPECT_NE(*submit(engine(), write), *first) << "for a day";
}

TEST_P(Restart, AnotherNumberOfShardsNeverLowersAVersion)
{
    start({}, 1);
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(submit(engine(), putOf("k" + std::to_string(i), "1")));
    }
    start({}, 8);
    for (int i = 0; i < 20; ++i) {
        EXPECT_GT(submit(engine(), putOf("k" + std::to_string(i), "2"))->index, 20U);
    }
}

TEST_P(Restart, WhatWasAcknowledgedIsThere)
{
    start();
    Answers answers;
    for (int i = 0; i < 5000; ++i) {
        auto write = putOf("k" + std::to_string(i), std::to_string(i));
        write.done = answers.expect();
        engine().submit(std::move(write));
    }
    answers.wait();
    start();
    for (int i = 0; i < 5000; ++i) {
        ASSERT_EQ(valueOf("k" + std::to_string(i)), std::to_string(i));
    }
}

} // namespace
} // namespace norikv::tests
