// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/serverclock.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"

#include <gtest/gtest.h>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using test::FakeStore;

class ServerClockTest : public testing::Test {
protected:
    ServerClockTest() { theirs.jumpWall(-3min); }

    Entry read(const Bytes& key)
    {
        auto entry = store.get(call, key, Consistency::Strong);
        EXPECT_TRUE(entry);
        return *entry;
    }
    bool complete(Entry& entry)
    {
        Entry* const one = &entry;
        return completeExpiries(store, call, server, {&one, 1});
    }

    test::FakeClock ours;
    test::FakeClock theirs;
    FakeStore node{theirs};
    ServerClock server{ours};
    TimeHearingStore store{node, server};
    Call call;
};

TEST_F(ServerClockTest, OnlyWhatTheServerToldIsJudgedByItsClock)
{
    EXPECT_EQ(server.offset(), std::nullopt);
    EXPECT_EQ(server.nowMs(TtlProvenance::Server), ours.nowMs()) << "nothing better is known yet";
    server.heard(0); // not told
    EXPECT_EQ(server.offset(), std::nullopt);
    server.heard(theirs.nowMs());
    EXPECT_EQ(server.offset(), -3min);
    EXPECT_EQ(server.nowMs(TtlProvenance::Server), theirs.nowMs());
    for (const auto other : {TtlProvenance::SetHere, TtlProvenance::FromValue, TtlProvenance::PatternDefault,
             TtlProvenance::Unknown})
        EXPECT_EQ(server.nowMs(other), ours.nowMs());
    ours.advance(10s);
    theirs.advance(10s);
    EXPECT_EQ(server.nowMs(TtlProvenance::Server), theirs.nowMs());
}

TEST_F(ServerClockTest, ScanWatchAndStatEachTellTheTime)
{
    node.idle = [] {};
    ASSERT_TRUE(store.scan(call, {}, [](const auto&) { return true; }));
    EXPECT_EQ(server.offset(), -3min);
    theirs.jumpWall(1min);
    ASSERT_TRUE(store.watch(call, {}, [](const auto&) { return false; }));
    EXPECT_EQ(server.offset(), -2min);
    theirs.jumpWall(1min);
    ASSERT_TRUE(store.stat(call, {}));
    EXPECT_EQ(server.offset(), -1min);
    ASSERT_TRUE(store.get(call, "k", Consistency::Strong)); // tells no time
    EXPECT_EQ(server.offset(), -1min);
}

TEST_F(ServerClockTest, StatSaysWhatAGetLeavesOpen)
{
    node.plant("never", "v");
    Entry entry = read("never");
    EXPECT_EQ(entry.provenance, TtlProvenance::Unknown);
    EXPECT_TRUE(complete(entry));
    EXPECT_EQ(entry.provenance, TtlProvenance::Server);
    EXPECT_EQ(entry.expiresAtMs, std::nullopt);
    EXPECT_EQ(entry.value, "v");
    EXPECT_EQ(server.offset(), -3min);
    node.forget();
    EXPECT_TRUE(complete(entry));
    EXPECT_EQ(node.count(FakeStore::Op::Stat), 0U) << "all is known";

    Quirks quirks;
    quirks.emptyMeta = true;
    node.setQuirksDirectly(quirks);
    node.plant("hour", "v", 3'600'000);
    entry = read("hour");
    EXPECT_TRUE(complete(entry));
    EXPECT_EQ(entry.expiresAtMs, node.contents().at("hour").expiresAtMs);
}

TEST_F(ServerClockTest, WhatIsGoneOrChangedMeanwhileStaysAsItWasRead)
{
    node.plant("k", "v");
    Entry entry = read("k");
    node.plant("k", "w", 5000);
    EXPECT_TRUE(complete(entry));
    EXPECT_EQ(entry.provenance, TtlProvenance::Unknown);
    EXPECT_EQ(entry.expiresAtMs, std::nullopt);
    Entry missing = read("missing");
    EXPECT_TRUE(complete(missing));
    EXPECT_FALSE(missing.exists());
}

TEST_F(ServerClockTest, TellsAServerWithoutStatFromOneThatIsAway)
{
    node.plant("k", "v");
    Entry entry = read("k");
    node.script(FakeStore::Op::Stat, FakeStore::Fault::Unreachable);
    EXPECT_TRUE(complete(entry)) << "may be asked again";
    node.offersExplore = false;
    EXPECT_FALSE(complete(entry));
    EXPECT_EQ(entry.provenance, TtlProvenance::Unknown);
}

} // namespace
} // namespace norikv::client
