// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/journal/journalingstore.h"
#include "client/journal/undo.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"
#include "tests/support/scratchfolder.h"

#include <gtest/gtest.h>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using test::failsWith;
using test::FakeStore;
using test::succeeds;
using What = UndoReport::What;

class UndoTest : public testing::Test {
protected:
    JournalEntry last()
    {
        const auto entry = journal.find(journal.take().entries.back().id);
        EXPECT_THAT(entry, succeeds());
        return *entry;
    }
    Result<UndoReport> undo(const JournalEntry& entry, bool force = false)
    {
        return undoWrite(store, call, serverClock, entry, {force});
    }
    JournalEntry put(const Bytes& value, std::uint64_t ttlMs = 0)
    {
        (void)store.put(call, {.key = "k", .value = value, .ttlMs = ttlMs});
        return last();
    }

    test::ScratchFolder folder;
    test::FakeClock clock;
    FakeStore wire{clock};
    Journal journal{folder.file("j"), clock};
    ServerClock serverClock{clock};
    JournalingStore store{wire, journal, serverClock, 1024};
    Call call;
};

TEST_F(UndoTest, PutsTheOldValueBackWithTheTimeItHasLeft)
{
    wire.plant("k", "old", 60'000);
    const EpochMs expiry = clock.nowMs() + 60'000;
    const auto written = put("new");
    clock.advance(20s);
    const auto report = undo(written);
    ASSERT_THAT(report, succeeds());
    EXPECT_EQ(report->what, What::Restored);
    EXPECT_EQ(report->ttlMs, 40'000U);
    EXPECT_EQ(report->found.value, "new");
    EXPECT_EQ(report->verified->value, "old");
    EXPECT_EQ(wire.value("k"), "old");
    EXPECT_EQ(wire.contents().at("k").expiresAtMs, expiry);
    for (const auto& seen : wire.seen()) {
        EXPECT_TRUE(seen.idempotencyKey.empty());
    }
    EXPECT_EQ(last().undoes, written.id);
    EXPECT_EQ(call.undoes, 0U);
}

TEST_F(UndoTest, RemovesWhatDidNotExistAndRecreatesWhatWasDeleted)
{
    const auto created = put("new");
    auto report = undo(created);
    ASSERT_THAT(report, succeeds());
    EXPECT_EQ(report->what, What::Removed);
    EXPECT_EQ(wire.value("k"), std::nullopt);

    wire.plant("k", "old");
    ASSERT_TRUE(store.remove(call, {.key = "k"}));
    report = undo(last());
    ASSERT_THAT(report, succeeds());
    EXPECT_EQ(report->what, What::Restored);
    EXPECT_EQ(wire.value("k"), "old");
}

TEST_F(UndoTest, RefusesWhenSomethingElseIsThereUnlessForced)
{
    wire.plant("k", "old");
    const auto written = put("new");
    wire.plant("k", "theirs");
    wire.forget();
    auto report = undo(written);
    ASSERT_THAT(report, succeeds());
    EXPECT_EQ(report->what, What::ChangedSince);
    EXPECT_EQ(report->found.value, "theirs");
    EXPECT_EQ(report->before.value, "old");
    EXPECT_EQ(wire.count(FakeStore::Op::Put), 0U);
    EXPECT_EQ(wire.value("k"), "theirs");

    report = undo(written, true);
    ASSERT_THAT(report, succeeds());
    EXPECT_EQ(report->what, What::Restored);
    EXPECT_EQ(wire.value("k"), "old");
}

TEST_F(UndoTest, ComparesBytesAndNotVersions)
{
    wire.plant("k", "old");
    const auto written = put("new");
    wire.plant("k", "new"); // another version, the same bytes: as after a restart of NoriKV
    const auto report = undo(written);
    ASSERT_THAT(report, succeeds());
    EXPECT_EQ(report->what, What::Restored);
}

// A plain Get is silent about a key without expiry: only Stat tells it from one whose expiry nobody tells.
TEST_F(UndoTest, TakesBackAChangeOfTheExpiryAloneWhereStatTellsIt)
{
    for (const bool getTells : {true, false}) {
        for (const std::uint64_t ttlMs : {0U, 60'000U}) {
            Quirks quirks;
            quirks.emptyMeta = !getTells;
            wire.setQuirksDirectly(quirks);
            wire.plant("k", "same", ttlMs);
            const auto before = wire.contents().at("k").expiresAtMs;
            const auto report = undo(put("same", 5000));
            ASSERT_THAT(report, succeeds());
            EXPECT_EQ(report->what, What::Restored);
            EXPECT_FALSE(report->ttlUnknown);
            EXPECT_EQ(wire.contents().at("k").expiresAtMs, before);
        }
    }
}

TEST_F(UndoTest, AsksStatAlsoForAValueThatTheCallerHasRead)
{
    wire.plant("k", "same");
    const auto read = wire.get(call, "k", Consistency::Strong);
    {
        const KnownBefore known(call, *read);
        ASSERT_TRUE(store.put(call, {.key = "k", .value = "same", .ttlMs = 5000}));
    }
    ASSERT_THAT(undo(last()), succeeds());
    EXPECT_EQ(wire.contents().at("k").expiresAtMs, std::nullopt);
}

// Making a key immortal is no undo of a shorter life.
TEST_F(UndoTest, RefusesToTakeBackAnExpiryThatNobodyTold)
{
    wire.offersExplore = false;
    wire.plant("k", "same", 60'000);
    const auto written = put("same", 5000);
    const auto expiry = wire.contents().at("k").expiresAtMs;
    wire.forget();
    const auto report = undo(written);
    ASSERT_THAT(report, failsWith(ErrorKind::InvalidRequest));
    EXPECT_THAT(report.error().message, testing::HasSubstr("how long it lived before is not known"));
    EXPECT_EQ(wire.count(FakeStore::Op::Put), 0U);
    EXPECT_EQ(wire.contents().at("k").expiresAtMs, expiry);
}

TEST_F(UndoTest, AsksAServerWithoutStatOnlyOnce)
{
    wire.offersExplore = false;
    wire.plant("k", "v");
    put("1");
    put("2");
    EXPECT_EQ(wire.count(FakeStore::Op::Stat), 1U);
}

// Five minutes ahead of the server, our clock would call every key that lives shorter expired.
TEST_F(UndoTest, AnExpiryToldByTheServerIsJudgedByTheServersClock)
{
    test::FakeClock theirs;
    theirs.jumpWall(-5min);
    FakeStore behind(theirs);
    JournalingStore over(behind, journal, serverClock, 1024);
    TimeHearingStore hearing(over, serverClock);
    behind.plant("k", "old", 60'000);
    const auto expiry = behind.contents().at("k").expiresAtMs;
    ASSERT_TRUE(hearing.put(call, {.key = "k", .value = "new"}));
    const auto report = undoWrite(hearing, call, serverClock, last());
    ASSERT_THAT(report, succeeds());
    EXPECT_FALSE(report->expired);
    EXPECT_EQ(report->what, What::Restored);
    EXPECT_EQ(behind.contents().at("k").expiresAtMs, expiry);
    EXPECT_EQ(serverClock.offset(), -5min) << "asked for, because nothing had told it";
}

TEST_F(UndoTest, SaysThatAnExpiryIsNotKnown)
{
    wire.offersExplore = false;
    wire.plant("k", "old", 60'000);
    const auto report = undo(put("new"));
    ASSERT_THAT(report, succeeds());
    EXPECT_TRUE(report->ttlUnknown);
    EXPECT_EQ(report->ttlMs, 0U);
}

TEST_F(UndoTest, RemovesWhatWouldHaveExpiredByNow)
{
    wire.plant("k", "old", 1000);
    const auto written = put("new");
    clock.advance(2s);
    const auto report = undo(written);
    ASSERT_THAT(report, succeeds());
    EXPECT_TRUE(report->expired);
    EXPECT_EQ(report->what, What::Removed);
    EXPECT_EQ(wire.value("k"), std::nullopt);
}

TEST_F(UndoTest, LooksWhatBecameOfAnUnknownWrite)
{
    wire.plant("k", "old");
    wire.script(FakeStore::Op::Put, FakeStore::Fault::UnknownBeforeApply);
    auto report = undo(put("new"));
    ASSERT_THAT(report, succeeds());
    EXPECT_EQ(report->what, What::AlreadyBack);

    wire.script(FakeStore::Op::Put, FakeStore::Fault::UnknownAfterApply);
    report = undo(put("new"));
    ASSERT_THAT(report, succeeds());
    EXPECT_EQ(report->what, What::Restored);
}

TEST_F(UndoTest, NeverClaimsWhatItDidNotSee)
{
    wire.plant("k", "old");
    const auto written = put("new");
    wire.script(FakeStore::Op::Put, FakeStore::Fault::UnknownBeforeApply);
    auto report = undo(written);
    ASSERT_THAT(report, succeeds());
    EXPECT_EQ(report->what, What::Unknown);
    EXPECT_TRUE(report->answerLost);

    wire.script(FakeStore::Op::Put, FakeStore::Fault::UnknownAfterApply);
    report = undo(written);
    ASSERT_THAT(report, succeeds());
    EXPECT_EQ(report->what, What::Restored);
    EXPECT_TRUE(report->answerLost);
}

TEST_F(UndoTest, AWriterInBetweenIsSeen)
{
    wire.plant("k", "old");
    const auto written = put("new");
    wire.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == FakeStore::Op::Put && seen.value == "old")
            wire.plant("k", "theirs");
    };
    auto report = undo(written);
    ASSERT_THAT(report, succeeds());
    EXPECT_EQ(report->what, What::ChangedSince);
    EXPECT_EQ(report->found.value, "theirs");

    wire.before = nullptr;
    wire.plant("k", "new");
    int reads = 0;
    wire.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == FakeStore::Op::Get && ++reads == 2)
            wire.plant("k", "theirs");
    };
    report = undo(written);
    ASSERT_THAT(report, succeeds());
    EXPECT_EQ(report->what, What::Overtaken);
}

TEST_F(UndoTest, AnErrorMeansThatNothingWasWritten)
{
    wire.plant("k", "old");
    const auto written = put("new");
    wire.script(FakeStore::Op::Get, FakeStore::Fault::Unreachable);
    EXPECT_THAT(undo(written), failsWith(ErrorKind::Unreachable));
    wire.script(FakeStore::Op::Put, FakeStore::Fault::Invalid);
    EXPECT_THAT(undo(written), failsWith(ErrorKind::InvalidRequest));
    EXPECT_EQ(wire.value("k"), "new");
    JournalEntry failed = written;
    failed.status = WriteStatus::Failed;
    EXPECT_THAT(undo(failed), failsWith(ErrorKind::InvalidRequest));
}

} // namespace
} // namespace norikv::client
