// SPDX-License-Identifier: GPL-3.0-or-later
// Elections: what is one, and that they stay on disk whatever happens to the file.
#include "models/electionhistory.h"

#include "tests/models/waiting.h"
#include "tests/support/fakeclock.h"
#include "tests/support/scratchfolder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

using namespace norikv;
using namespace std::chrono_literals;
using client::LeaderChange;
using models::Election;
using models::ElectionHistory;
using models::LeaderLedger;
using test::waitFor;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

std::vector<Election> take(LeaderLedger& ledger, std::vector<LeaderChange> changes, EpochMs at)
{
    std::vector<Election> out;
    ledger.take(changes, at, out);
    ledger.settle(at, out);
    return out;
}

TEST(LeaderLedger, AHandOverIsOneElection)
{
    LeaderLedger ledger;
    EXPECT_THAT(take(ledger, {{5, "", "a"}}, 1000), ElementsAre(Election{1000, 5, "", "a"}));
    EXPECT_THAT(take(ledger, {{5, "a", ""}}, 2000), IsEmpty());
    EXPECT_TRUE(ledger.waiting());
    EXPECT_THAT(take(ledger, {{5, "", "b"}}, 2100), ElementsAre(Election{2100, 5, "a", "b"}));
    EXPECT_FALSE(ledger.waiting());
}

TEST(LeaderLedger, AShardWithoutLeaderIsSaidWithTheMomentItBegan)
{
    LeaderLedger ledger;
    take(ledger, {{5, "", "a"}}, 1000);
    take(ledger, {{5, "a", ""}}, 2000);
    EXPECT_THAT(take(ledger, {}, 3900), IsEmpty());
    EXPECT_THAT(take(ledger, {}, 4000), ElementsAre(Election{2000, 5, "a", ""}));
    EXPECT_THAT(take(ledger, {{5, "", "a"}}, 9000), ElementsAre(Election{9000, 5, "", "a"}));
}

TEST(LeaderLedger, WhatOneNodeLostAtOneMomentStaysTogether)
{
    LeaderLedger ledger({{1, "a"}, {2, "b"}, {3, "a"}, {4, "b"}});
    take(ledger, {{2, "b", ""}, {4, "b", ""}}, 1000);
    take(ledger, {{1, "a", ""}, {3, "a", ""}}, 1001);
    EXPECT_THAT(take(ledger, {}, 9000),
        ElementsAre(Election{1000, 2, "b", ""}, Election{1000, 4, "b", ""}, Election{1001, 1, "a", ""},
            Election{1001, 3, "a", ""}));
}

TEST(LeaderLedger, ANodeThatIsMetAgainWithItsShardsIsNoElection)
{
    LeaderLedger ledger({{5, "a"}, {6, "b"}});
    EXPECT_THAT(take(ledger, {{5, "", "a"}, {6, "", "b"}}, 1000), IsEmpty()) << "as it was written down";
    take(ledger, {{5, "a", ""}}, 2000);
    EXPECT_THAT(take(ledger, {{5, "", "a"}}, 2500), IsEmpty()) << "a short loss of the connection";
}

TEST(LeaderLedger, AClockThatIsSetBackKeepsNothingWaiting)
{
    LeaderLedger ledger({{5, "a"}});
    take(ledger, {{5, "a", ""}}, 500'000);
    EXPECT_THAT(take(ledger, {}, 1000), SizeIs(1));
}

/// One history in a folder of its own.
class HistoryTest : public testing::Test {
protected:
    test::FakeClock clock;
    test::ScratchFolder folder;
    const std::string path = folder.file("data/elections/shop.sqlite");
    std::vector<QString> notices;
    std::mutex mutex;
    std::unique_ptr<ElectionHistory> history;

    void open()
    {
        history.reset();
        history = std::make_unique<ElectionHistory>(path, clock);
        history->listen({}, [this](const QString& text) {
            const std::scoped_lock lock(mutex);
            notices.push_back(text);
        });
    }
    void took(std::vector<LeaderChange> changes) { history->took(changes); }
    bool holds(std::uint64_t lines)
    {
        return waitFor([&] { return history->count().value_or(0) == lines; });
    }
    std::size_t said()
    {
        const std::scoped_lock lock(mutex);
        return notices.size();
    }
};

TEST_F(HistoryTest, StaysOnDiskAndGoesOnAfterARestart)
{
    open();
    took({{5, "", "a"}, {6, "", "b"}});
    ASSERT_TRUE(holds(2));
    clock.advance(1s);
    took({{5, "a", "b"}});
    ASSERT_TRUE(holds(3));
    const auto newest = history->newest(10);
    ASSERT_TRUE(newest);
    ASSERT_THAT(*newest, SizeIs(4)) << "the beginning of the watch is a line too";
    EXPECT_EQ(newest->front().after, "b");
    EXPECT_EQ(newest->front().atMs, clock.nowMs());
    EXPECT_EQ(newest->back().shard, std::nullopt);
    ASSERT_THAT(*history->newest(10, 6), SizeIs(1));
    open();
    took({{5, "", "b"}, {6, "", "b"}, {7, "", "a"}});
    ASSERT_TRUE(holds(4)) << "only shard 7 is news";
    EXPECT_EQ(history->newest(1)->front().shard, 7U);
    EXPECT_EQ(std::filesystem::status(path).permissions(),
        std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_EQ(said(), 0U);
}

TEST_F(HistoryTest, ClosingWritesWhatWaits)
{
    open();
    std::vector<LeaderChange> many;
    for (std::uint32_t shard = 0; shard < 1000; ++shard)
        many.push_back({shard, "", "a"});
    took(many);
    open();
    EXPECT_TRUE(holds(1000));
}

TEST_F(HistoryTest, ADamagedOneIsSetAsideAndANewOneBegun)
{
    open();
    took({{5, "", "a"}});
    ASSERT_TRUE(holds(1));
    history.reset();
    for (const char* damage : {"rubbish that is no database at all", "SQLite format 3"}) {
        std::filesystem::remove(path + "-wal");
        std::filesystem::remove(path + "-shm");
        test::writeFile(path, damage);
        const auto before = said();
        open();
        took({{9, "", "b"}});
        ASSERT_TRUE(holds(1));
        EXPECT_EQ(history->newest(1)->front().shard, 9U);
        ASSERT_EQ(said(), before + 1);
        history.reset();
    }
    int aside = 0;
    for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(path).parent_path()))
        aside += file.path().filename().string().find(".corrupt-") != std::string::npos ? 1 : 0;
    EXPECT_EQ(aside, 2);
}

TEST_F(HistoryTest, SomebodyElsesDatabaseIsNotOurs)
{
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    test::writeFile(path, "");
    {
        auto other = models::SqlDatabase::open(path, false);
        ASSERT_TRUE(other);
        ASSERT_TRUE(other->run("CREATE TABLE letters (text TEXT); INSERT INTO letters VALUES ('mine')"));
    }
    open();
    took({{9, "", "b"}});
    ASSERT_TRUE(holds(1));
    EXPECT_EQ(said(), 1U);
}

TEST_F(HistoryTest, WhereNothingCanBeWrittenItSaysSoOnceAndGoesOn)
{
    test::writeFile(folder.file("data"), "a file where the folder should be");
    open();
    took({{9, "", "b"}});
    ASSERT_TRUE(waitFor([&] { return said() == 1; }));
    std::filesystem::remove(folder.file("data"));
    EXPECT_TRUE(holds(1)) << "what waited is written once it can be";
    EXPECT_EQ(said(), 1U);
}

} // namespace
