// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bulk/bulkjob.h"
#include "client/bulk/bulkplan.h"
#include "client/bulk/exportkeys.h"
#include "client/bulk/undoreader.h"
#include "client/guardedstore.h"
#include "client/placement.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakesleeper.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"
#include "tests/support/scratchfolder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using test::failsWith;
using test::FakeStore;
using test::readFile;
using test::succeeds;
using test::writeFile;
using testing::HasSubstr;
using Op = FakeStore::Op;

class BulkTest : public testing::Test {
protected:
    BulkOptions options()
    {
        BulkOptions out;
        out.ourSandbox = true;
        out.workers = 1;
        out.consent = true;
        out.undoFile = folder.file("undo-" + std::to_string(++m_files) + ".ndjson");
        return out;
    }
    std::vector<Bytes> plantMany(int n, std::uint64_t ttlMs = 0)
    {
        std::vector<Bytes> keys;
        for (int i = 0; i < n; ++i) {
            keys.push_back("k:" + std::to_string(i));
            wire.plant(keys.back(), "value \xff " + std::to_string(i), ttlMs);
        }
        return keys;
    }
    BulkRequest request(BulkAction action, std::vector<Bytes> keys)
    {
        BulkRequest out;
        out.action = action;
        out.keys = std::move(keys);
        return out;
    }
    BulkProgress run(const BulkRequest& what, const BulkOptions& how)
    {
        BulkJob job(wire, serverClock, what, how, sleeper.sleeper());
        const auto end = job.run();
        EXPECT_THAT(end, succeeds());
        failures = job.failures();
        return job.progress();
    }
    /// Keys, values and expiries, without versions.
    std::map<Bytes, std::pair<Bytes, std::optional<EpochMs>>> contents() const
    {
        std::map<Bytes, std::pair<Bytes, std::optional<EpochMs>>> out;
        for (const auto& [key, entry] : wire.contents())
            out[key] = {entry.value, entry.expiresAtMs};
        return out;
    }
    BulkProgress undo(const std::string& file, OnExisting existing = OnExisting::Skip)
    {
        BulkRequest back;
        back.action = BulkAction::Undo;
        back.file = file;
        back.existing = existing;
        return run(back, options());
    }

    test::ScratchFolder folder;
    test::FakeClock clock;
    test::FakeSleeper sleeper{clock};
    ServerClock serverClock{clock};
    FakeStore wire{clock};
    std::vector<BulkFailure> failures;

private:
    int m_files = 0;
};

TEST_F(BulkTest, DeletesAndUndoesToTheSameBytesAndExpiries)
{
    auto keys = plantMany(300, 3'600'000);
    wire.plant("k:0", "no expiry");
    const auto before = contents();
    keys.push_back("never there");
    const auto end = run(request(BulkAction::Delete, keys), options());
    EXPECT_EQ(end.state, BulkState::Finished);
    EXPECT_EQ(end.done, 300U);
    EXPECT_EQ(end.skipped, 1U);
    EXPECT_EQ(end.undoLines, 300U);
    EXPECT_TRUE(wire.contents().empty());
    for (const auto& seen : wire.seen())
        EXPECT_TRUE(seen.idempotencyKey.empty());

    const auto back = undo(end.undoFile);
    EXPECT_EQ(back.done, 300U);
    EXPECT_EQ(back.failed, 0U);
    EXPECT_EQ(contents(), before);
    // and the undo of the undo
    EXPECT_EQ(undo(back.undoFile).done, 300U);
    EXPECT_TRUE(wire.contents().empty());
}

TEST_F(BulkTest, KeepsABatchOnTheDiskBeforeItIsTouched)
{
    const auto keys = plantMany(200);
    auto how = options();
    bool checked = false;
    wire.before = [&](const FakeStore::Seen& seen) {
        if (seen.op != Op::Remove)
            return;
        checked = true;
        ASSERT_THAT(readFile(how.undoFile), HasSubstr("\"key\":\"" + seen.key + "\""))
            << "touched before it was kept";
    };
    run(request(BulkAction::Delete, keys), how);
    EXPECT_TRUE(checked);
    struct stat info { };
    ASSERT_EQ(::stat(how.undoFile.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(BulkTest, AFullDiskStopsTheJobBeforeTheBatchThatDoesNotFit)
{
    const auto keys = plantMany(500);
    auto how = options();
    std::size_t left = 20'000;
    how.writer = [&left](int file, const void* data, std::size_t size) -> ssize_t {
        if (size > left) {
            errno = ENOSPC;
            return -1;
        }
        left -= size;
        return ::write(file, data, size);
    };
    BulkJob job(wire, serverClock, request(BulkAction::Delete, keys), how, sleeper.sleeper());
    const auto end = job.run();
    ASSERT_THAT(end, failsWith(ErrorKind::LocalFile));
    EXPECT_THAT(end.error().message, HasSubstr("nothing after that was touched"));
    const auto progress = job.progress();
    EXPECT_EQ(progress.state, BulkState::Stopped);
    EXPECT_EQ(progress.done, progress.undoLines);
    EXPECT_EQ(wire.contents().size(), 500 - progress.done);
    EXPECT_GT(progress.done, 0U);
    EXPECT_EQ(undo(progress.undoFile).done, progress.done);
    EXPECT_EQ(wire.contents().size(), 500U);
}

TEST_F(BulkTest, NeverWritesOverAnExistingUndoFile)
{
    const auto keys = plantMany(3);
    auto how = options();
    writeFile(how.undoFile, "somebody's file");
    BulkJob job(wire, serverClock, request(BulkAction::Delete, keys), how, sleeper.sleeper());
    EXPECT_THAT(job.run(), failsWith(ErrorKind::LocalFile));
    EXPECT_EQ(readFile(how.undoFile), "somebody's file");
    EXPECT_EQ(wire.contents().size(), 3U);
}

TEST_F(BulkTest, SetsTheExpiryAndKeepsTheValue)
{
    const auto keys = plantMany(20);
    const auto before = contents();
    auto what = request(BulkAction::SetTtl, keys);
    what.ttlMs = 60'000;
    const auto end = run(what, options());
    EXPECT_EQ(end.done, 20U);
    for (const auto& [key, value] : contents()) {
        EXPECT_EQ(value.first, before.at(key).first);
        EXPECT_EQ(value.second, clock.nowMs() + 60'000);
    }
    undo(end.undoFile);
    EXPECT_EQ(contents(), before);
}

// Undo must not make immortal what had a life that nobody tells.
TEST_F(BulkTest, WhereNobodyTellsTheExpiryTheUndoOfAnExpiryIsRefused)
{
    wire.offersExplore = false;
    const auto keys = plantMany(20, 3'600'000);
    auto what = request(BulkAction::SetTtl, keys);
    what.ttlMs = 60'000;
    const auto end = run(what, options());
    EXPECT_EQ(end.done, 20U);
    const auto after = contents();
    const auto back = undo(end.undoFile);
    EXPECT_EQ(back.done, 0U);
    EXPECT_EQ(back.failed, 20U);
    EXPECT_THAT(failures.at(0).reason, HasSubstr("how long it lived before is not known"));
    EXPECT_EQ(contents(), after);
}

TEST_F(BulkTest, WhereOnlyStatTellsTheExpiryItIsKeptAndCopied)
{
    Quirks quirks;
    quirks.emptyMeta = true;
    wire.setQuirksDirectly(quirks);
    auto what = request(BulkAction::SetTtl, plantMany(5, 3'600'000));
    what.ttlMs = 60'000;
    const auto before = contents();
    undo(run(what, options()).undoFile);
    EXPECT_EQ(contents(), before);
    what = request(BulkAction::Clone, {"k:1"});
    what.fromPrefix = "k:";
    what.toPrefix = "copy:";
    run(what, options());
    EXPECT_EQ(wire.contents().at("copy:1").expiresAtMs, before.at("k:1").second);
}

// Five minutes ahead of the server, our clock would call every key that lives shorter expired.
TEST_F(BulkTest, ExpiriesToldByTheServerAreJudgedByTheServersClock)
{
    test::FakeClock theirs;
    theirs.jumpWall(-5min);
    FakeStore behind(theirs);
    TimeHearingStore hearing(behind, serverClock);
    std::string lines;
    std::vector<Bytes> keys;
    for (int i = 0; i < 10; ++i) {
        keys.push_back("k:" + std::to_string(i));
        behind.plant(keys.back(), "v", 60'000);
        lines += toNdjson(behind.contents().at(keys.back())) + "\n";
    }
    const auto before = behind.contents();
    BulkJob away(hearing, serverClock, request(BulkAction::Delete, keys), options(), sleeper.sleeper());
    ASSERT_THAT(away.run(), succeeds());
    EXPECT_TRUE(behind.contents().empty());
    EXPECT_EQ(serverClock.offset(), -5min) << "asked for, because nothing had told it";

    BulkRequest back;
    back.action = BulkAction::Undo;
    back.file = away.progress().undoFile;
    BulkJob undone(hearing, serverClock, back, options(), sleeper.sleeper());
    ASSERT_THAT(undone.run(), succeeds());
    ASSERT_EQ(behind.contents().size(), 10U);
    for (const auto& [key, entry] : before)
        EXPECT_EQ(behind.contents().at(key).expiresAtMs, entry.expiresAtMs);

    writeFile(folder.file("in"), lines);
    BulkRequest in;
    in.action = BulkAction::Import;
    in.file = folder.file("in");
    Call call;
    const auto plan = planBulk(hearing, call, in, {}, 1024, serverClock);
    ASSERT_THAT(plan, succeeds());
    EXPECT_EQ(plan->expired, 0U);
    theirs.jumpWall(2min);
    ServerClock fresh(clock);
    TimeHearingStore again(behind, fresh);
    EXPECT_EQ(planBulk(again, call, in, {}, 1024, fresh)->expired, 10U) << "by its clock they are over now";
}

TEST_F(BulkTest, ClonesAPrefixAndLeavesWhatExists)
{
    plantMany(10, 60'000);
    wire.plant("copy:3", "theirs");
    auto what = request(BulkAction::Clone, {});
    for (int i = 0; i < 10; ++i)
        what.keys.push_back("k:" + std::to_string(i));
    what.fromPrefix = "k:";
    what.toPrefix = "copy:";
    const auto end = run(what, options());
    EXPECT_EQ(end.done, 9U);
    EXPECT_EQ(end.skipped, 1U);
    EXPECT_EQ(wire.value("copy:3"), "theirs");
    EXPECT_EQ(wire.value("copy:4"), wire.value("k:4"));
    EXPECT_EQ(wire.contents().at("copy:4").expiresAtMs, clock.nowMs() + 60'000);
    EXPECT_EQ(undo(end.undoFile).done, 9U);
    EXPECT_EQ(wire.contents().size(), 11U);
}

TEST_F(BulkTest, ATenantIsClonedWithItsMetadataInTheirOwnDialect)
{
    const Bytes python
        = R"({"id": "acme", "name": "Acme", "plan": "pro", "created_at": 1.5, "limits": {"max_keys": Infinity, "max_storage_mb": 10}, "extra": [1]})";
    wire.plant("tenant-meta:acme", python);
    wire.plant("tenant:acme:a", "1");
    wire.plant("tenant-meta:broken", "no JSON");
    auto what = request(BulkAction::Clone, {"tenant-meta:acme", "tenant:acme:a"});
    what.fromPrefix = "tenant:acme:";
    what.toPrefix = "tenant:copy:";
    what.fromTenant = "acme";
    what.toTenant = "copy";
    Call call;
    const auto plan = planBulk(wire, call, what, {}, 1024, serverClock);
    ASSERT_THAT(plan, succeeds());
    EXPECT_EQ(plan->count, 2U);
    EXPECT_EQ(plan->bytes, python.size() + 1) << "the dry run counts the metadata";
    const auto before = contents();
    const auto end = run(what, options());
    EXPECT_EQ(end.done, 2U);
    EXPECT_EQ(wire.value("tenant:copy:a"), "1");
    EXPECT_EQ(wire.value("tenant-meta:copy"),
        R"({"id": "copy", "name": "Acme", "plan": "pro", "created_at": 1.5, "limits": {"max_keys": null, "max_storage_mb": 10}, "extra": [1]})");
    undo(end.undoFile);
    EXPECT_EQ(contents(), before);

    what.keys = {"tenant-meta:broken"};
    what.fromTenant = "broken";
    EXPECT_EQ(run(what, options()).failed, 1U);
    EXPECT_THAT(failures.at(0).reason, HasSubstr("cannot be given another id"));
    what.fromTenant = "acme";
    EXPECT_THAT(planBulk(wire, call, what, {}, 1024, serverClock), failsWith(ErrorKind::InvalidRequest));
}

TEST_F(BulkTest, ImportsByChoice)
{
    wire.plant("there", "theirs");
    Call call;
    const auto now = wire.get(call, "there", Consistency::Strong);
    const std::string file = folder.file("in.ndjson");
    const auto line = [&](const Bytes& key, std::optional<Version> version, std::optional<EpochMs> expiry) {
        Entry entry;
        entry.key = key;
        entry.value = "ours";
        entry.version = version;
        entry.expiresAtMs = expiry;
        return toNdjson(NdjsonRecord{entry, true, {}, {}}) + "\n";
    };
    writeFile(file,
        line("new", {}, clock.nowMs() + 5000) + line("old", {}, clock.nowMs() - 1) + "{broken\n"
            + line("there", now->version, {}) + line("new", {}, {}) + "{\"key\":\"valueless\"}\n");
    BulkRequest what;
    what.action = BulkAction::Import;
    what.file = file;
    auto end = run(what, options());
    EXPECT_EQ(end.done, 1U);
    EXPECT_EQ(end.failed, 1U);
    EXPECT_EQ(end.skipped, 4U);
    ASSERT_EQ(failures.size(), 1U);
    EXPECT_EQ(failures[0].line, 3U);
    EXPECT_EQ(wire.contents().at("new").expiresAtMs, clock.nowMs() + 5000);
    EXPECT_EQ(wire.value("there"), "theirs");
    EXPECT_EQ(wire.value("old"), std::nullopt);

    what.existing = OnExisting::Overwrite;
    what.expired = OnExpired::WithoutExpiry;
    end = run(what, options());
    EXPECT_EQ(end.done, 4U) << "the second line of the same key comes after the first";
    EXPECT_EQ(wire.contents().at("new").expiresAtMs, std::nullopt);
    EXPECT_EQ(wire.value("there"), "ours");
    EXPECT_EQ(wire.value("old"), "ours");
}

// The undo file has a line for each: the last value is taken back before the first one is.
TEST_F(BulkTest, UndoOfAnImportThatNamesAKeyTwiceRestoresTheStateBefore)
{
    wire.plant("there", "theirs", 3'600'000);
    const auto before = contents();
    std::string lines;
    for (const char* value : {"first", "middle", "last"}) {
        for (const char* key : {"new", "there"})
            lines += R"({"key":")" + std::string(key) + R"(","value":")" + value + "\"}\n";
    }
    writeFile(folder.file("in"), lines);
    BulkRequest what;
    what.action = BulkAction::Import;
    what.file = folder.file("in");
    what.existing = OnExisting::Overwrite;
    const auto end = run(what, options());
    EXPECT_EQ(end.done, 6U);
    EXPECT_EQ(wire.value("new"), "last");
    const auto back = undo(end.undoFile);
    EXPECT_EQ(back.done, 6U);
    EXPECT_EQ(back.failed, 0U);
    EXPECT_EQ(contents(), before);
}

TEST_F(BulkTest, AnUndoFileIsReadFromItsEndWhateverItsLinesAre)
{
    const auto line = [](const std::string& key, std::size_t size) {
        return R"({"key":")" + key + R"(","value":")" + std::string(size, 'x') + "\"}";
    };
    const auto read = [&](const std::string& text) {
        writeFile(folder.file("u"), text);
        auto reader = UndoReader::open(folder.file("u"));
        EXPECT_TRUE(reader);
        std::vector<std::pair<std::uint64_t, Bytes>> out;
        while (auto row = *reader->next())
            out.emplace_back(row->line, row->record ? row->record->entry.key : row->record.error().message);
        return out;
    };
    using Rows = std::vector<std::pair<std::uint64_t, Bytes>>;
    EXPECT_EQ(read(""), Rows());
    EXPECT_EQ(read("\n\n"), Rows());
    EXPECT_EQ(read(line("a", 1)), (Rows{{1, "a"}})) << "also without its end";
    EXPECT_EQ(read(line("a", 1) + "\n\n" + line("b", 900'000) + "\n" + line("c", 2) + "\n"),
        (Rows{{4, "c"}, {3, "b"}, {1, "a"}}));
    EXPECT_EQ(read(line("a", 1) + "\nbroken\n" + line("c", 2)).at(1).first, 2U);
    const auto huge = read(line("a", 1) + "\n" + std::string(9'000'000, 'y') + "\n" + line("c", 2) + "\n");
    ASSERT_EQ(huge.size(), 3U);
    EXPECT_THAT(huge[1].second, HasSubstr("longer than any value"));
    EXPECT_EQ(huge[2].second, "a");
    // Lines that end where a piece of the file does.
    for (std::size_t size = 262'100; size < 262'150; ++size) {
        EXPECT_EQ(read(line("a", size) + "\n" + line("b", 262'144 - 23) + "\n"), (Rows{{2, "b"}, {1, "a"}}))
            << size;
    }
    EXPECT_THAT(UndoReader::open(folder.file("none")), failsWith(ErrorKind::NotFound));
}

TEST_F(BulkTest, OnlyIfUnchangedLeavesWhatMovedSinceTheExport)
{
    wire.plant("same", "old");
    wire.plant("moved", "old");
    std::string lines;
    for (const char* key : {"same", "moved"}) {
        Entry entry = wire.contents().at(key);
        entry.value = "edited";
        lines += toNdjson(entry) + "\n";
    }
    writeFile(folder.file("in"), lines);
    wire.plant("moved", "by others");
    BulkRequest what;
    what.action = BulkAction::Import;
    what.file = folder.file("in");
    what.existing = OnExisting::OnlyIfUnchanged;
    EXPECT_EQ(run(what, options()).done, 1U);
    EXPECT_EQ(wire.value("same"), "edited");
    EXPECT_EQ(wire.value("moved"), "by others");
}

TEST_F(BulkTest, UndoLeavesWhatOthersWroteSinceUnlessTold)
{
    const auto keys = plantMany(5);
    const auto before = contents();
    const auto end = run(request(BulkAction::Delete, keys), options());
    wire.plant("k:2", "theirs");
    auto back = undo(end.undoFile);
    EXPECT_EQ(back.done, 4U);
    EXPECT_EQ(back.failed, 1U);
    EXPECT_THAT(failures.at(0).reason, HasSubstr("something else"));
    EXPECT_EQ(wire.value("k:2"), "theirs");
    back = undo(end.undoFile, OnExisting::Overwrite);
    EXPECT_EQ(back.done, 1U);
    EXPECT_EQ(back.skipped, 4U);
    EXPECT_EQ(contents(), before);
}

TEST_F(BulkTest, KeepsTheThreeOutcomesApart)
{
    const auto keys = plantMany(10);
    wire.script(Op::Remove, FakeStore::Fault::UnknownAfterApply, 2);
    wire.script(Op::Remove, FakeStore::Fault::Invalid, 3);
    const auto end = run(request(BulkAction::Delete, keys), options());
    EXPECT_EQ(end.unknown, 2U);
    EXPECT_EQ(end.failed, 3U);
    EXPECT_EQ(end.done, 5U);
    ASSERT_EQ(failures.size(), 5U);
    EXPECT_EQ(failures[0].status, WriteStatus::Unknown);
    EXPECT_EQ(failures[4].status, WriteStatus::Failed);
    EXPECT_EQ(undo(end.undoFile).done, 7U) << "what was unknown turns out to be gone";
}

TEST_F(BulkTest, SomebodyElsesWriteInBetweenIsNotOverwritten)
{
    const auto keys = plantMany(3);
    wire.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == Op::Put && seen.key == "k:1")
            wire.plant("k:1", "theirs");
    };
    auto what = request(BulkAction::SetTtl, keys);
    what.ttlMs = 1000;
    const auto end = run(what, options());
    EXPECT_EQ(end.done, 2U);
    EXPECT_EQ(end.failed, 1U);
    EXPECT_EQ(wire.value("k:1"), "theirs");
    EXPECT_THAT(failures.at(0).reason, HasSubstr("between our read and our write"));
}

TEST_F(BulkTest, FailuresAreBounded)
{
    const auto keys = plantMany(1500);
    wire.always(Op::Remove, FakeStore::Fault::Invalid);
    const auto end = run(request(BulkAction::Delete, keys), options());
    EXPECT_EQ(end.failed, 1500U);
    EXPECT_EQ(failures.size(), BulkJob::FailuresKept);
}

TEST_F(BulkTest, ElsewhereTheRateIs200AndEachShardGetsOneReadFirst)
{
    const auto keys = plantMany(100);
    auto how = options();
    how.ourSandbox = false;
    std::set<std::uint32_t> read;
    wire.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == Op::Get)
            read.insert(shardOf(seen.key, 1024));
        if (seen.op == Op::Remove) {
            EXPECT_TRUE(read.contains(shardOf(seen.key, 1024)));
        }
    };
    const auto start = clock.elapsed();
    const auto end = run(request(BulkAction::Delete, keys), how);
    const double seconds = std::chrono::duration<double>(clock.elapsed() - start).count();
    EXPECT_NEAR(seconds, 99 / 200.0, 0.01);
    EXPECT_NEAR(end.perSecond, 200, 5);

    plantMany(100);
    how = options();
    how.ourSandbox = false;
    how.perSecond = 20;
    const auto again = clock.elapsed();
    run(request(BulkAction::Delete, keys), how);
    EXPECT_NEAR(std::chrono::duration<double>(clock.elapsed() - again).count(), 99 / 20.0, 0.05);

    plantMany(100);
    const auto ours = clock.elapsed();
    run(request(BulkAction::Delete, keys), options());
    EXPECT_EQ(clock.elapsed(), ours) << "our sandbox is not slowed down";
}

TEST_F(BulkTest, ASlowPaceProlongsNoLife)
{
    std::string lines;
    const EpochMs expiry = clock.nowMs() + 3'600'000;
    for (int i = 0; i < 60; ++i) {
        Entry entry;
        entry.key = "k:" + std::to_string(i);
        entry.expiresAtMs = expiry;
        lines += toNdjson(NdjsonRecord{entry, true, {}, {}}) + "\n";
    }
    writeFile(folder.file("in"), lines);
    BulkRequest what;
    what.action = BulkAction::Import;
    what.file = folder.file("in");
    auto how = options();
    how.perSecond = 1;
    EXPECT_EQ(run(what, how).done, 60U);
    for (const auto& [key, entry] : wire.contents())
        EXPECT_EQ(entry.expiresAtMs, expiry) << key;
}

TEST_F(BulkTest, ElsewhereAShardHasOneWriteInFlight)
{
    std::vector<Bytes> keys;
    FakeStore few(clock, 3);
    for (int i = 0; i < 400; ++i) {
        keys.push_back("k:" + std::to_string(i));
        few.plant(keys.back(), "v");
    }
    auto how = options();
    how.ourSandbox = false;
    how.perSecond = 0;
    how.workers = 8;
    how.totalShards = 3;
    std::mutex mutex;
    std::map<std::uint32_t, int> inFlight;
    int most = 0;
    few.before = [&](const FakeStore::Seen& seen) {
        if (seen.op != Op::Remove)
            return;
        const std::uint32_t shard = shardOf(seen.key, 3);
        {
            const std::scoped_lock lock(mutex);
            most = std::max(most, ++inFlight[shard]);
        }
        std::this_thread::yield();
        const std::scoped_lock lock(mutex);
        --inFlight[shard];
    };
    BulkJob job(few, serverClock, request(BulkAction::Delete, keys), how, sleeper.sleeper());
    ASSERT_THAT(job.run(), succeeds());
    EXPECT_EQ(most, 1);
    EXPECT_TRUE(few.contents().empty());
}

TEST_F(BulkTest, PausesResumesAndTellsTheTimeLeft)
{
    const auto keys = plantMany(100);
    auto how = options();
    how.perSecond = 10;
    BulkJob job(wire, serverClock, request(BulkAction::Delete, keys), how, sleeper.sleeper());
    std::optional<BulkProgress> seen;
    std::jthread resumer;
    std::atomic<int> removed{0};
    wire.before = [&](const FakeStore::Seen& call) {
        if (call.op != Op::Remove || ++removed != 50)
            return;
        seen = job.progress();
        job.pause();
        resumer = std::jthread([&] {
            const auto paused = job.progress();
            EXPECT_EQ(paused.state, BulkState::Paused);
            clock.advance(1h); // does not count
            job.resume();
        });
    };
    ASSERT_THAT(job.run(), succeeds());
    ASSERT_TRUE(seen);
    EXPECT_NEAR(seen->perSecond, 10, 0.5);
    ASSERT_TRUE(seen->left);
    EXPECT_NEAR(static_cast<double>(seen->left->count()), 5, 1);
    EXPECT_EQ(job.progress().done, 100U);
    EXPECT_LT(job.progress().ran, 20s);
    EXPECT_FALSE(job.progress().left);
}

TEST_F(BulkTest, CancelEndsItAndTheUndoFileBringsBackWhatWasDone)
{
    const auto keys = plantMany(500);
    const auto before = contents();
    auto how = options();
    BulkJob job(wire, serverClock, request(BulkAction::Delete, keys), how, sleeper.sleeper());
    std::atomic<int> removed{0};
    wire.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == Op::Remove && ++removed == 100)
            job.cancel();
    };
    const auto end = job.run();
    ASSERT_THAT(end, succeeds());
    EXPECT_EQ(end->state, BulkState::Cancelled);
    EXPECT_LE(end->done, 100U);
    EXPECT_EQ(removed, 100);
    undo(end->undoFile);
    EXPECT_EQ(contents(), before);
}

TEST_F(BulkTest, CancelWorksWithinATenthOfASecond)
{
    const auto keys = plantMany(50);
    const SystemClock real;
    for (const bool paused : {false, true}) {
        auto how = options();
        how.perSecond = 0.01; // a hundred seconds to wait
        const ServerClock realServer(real);
        BulkJob job(wire, realServer, request(BulkAction::Delete, keys), how);
        std::jthread runner([&] { (void)job.run(); });
        while (job.progress().undoLines == 0)
            std::this_thread::yield();
        if (paused)
            job.pause();
        const auto asked = real.elapsed();
        job.cancel();
        runner.join();
        EXPECT_LE(real.elapsed() - asked, 100ms);
    }
}

TEST_F(BulkTest, WaitsForAServerThatIsAway)
{
    const auto keys = plantMany(10);
    wire.always(Op::GetMany, FakeStore::Fault::Unreachable);
    BulkJob job(wire, serverClock, request(BulkAction::Delete, keys), options(), sleeper.sleeper());
    std::jthread runner([&] { (void)job.run(); });
    while (job.progress().problem.empty())
        std::this_thread::yield();
    EXPECT_EQ(job.progress().state, BulkState::Paused);
    wire.calm();
    job.resume();
    runner.join();
    EXPECT_EQ(job.progress().done, 10U);
    EXPECT_EQ(job.progress().failed, 0U);
}

TEST_F(BulkTest, ReadOnlyReachesNoKey)
{
    const auto keys = plantMany(300);
    GuardedStore guarded(wire, GuardMode::ReadOnly);
    writeFile(folder.file("in"), "{\"key\":\"new\",\"value\":\"v\"}\n");
    writeFile(
        folder.file("back"), "{\"key\":\"k:1\",\"value\":\"v\",\"version\":{\"term\":0,\"index\":1}}\n");
    for (const BulkAction action :
        {BulkAction::Delete, BulkAction::SetTtl, BulkAction::Clone, BulkAction::Import, BulkAction::Undo}) {
        auto what = request(action, keys);
        what.fromPrefix = "k:";
        what.toPrefix = "copy:";
        what.existing = OnExisting::Overwrite;
        what.file = folder.file(action == BulkAction::Import ? "in" : "back");
        if (action == BulkAction::Import || action == BulkAction::Undo)
            what.keys.clear();
        BulkJob job(guarded, serverClock, what, options(), sleeper.sleeper());
        EXPECT_THAT(job.run(), failsWith(ErrorKind::ReadOnly)) << name(action);
        EXPECT_EQ(job.progress().state, BulkState::Stopped);
        EXPECT_LE(job.progress().failed, 1U) << "it does not try a thousand times";
    }
    EXPECT_EQ(wire.count(Op::Put) + wire.count(Op::Remove), 0U);
    guarded.setMode(GuardMode::Confirm);
    auto how = options();
    how.consent = false;
    BulkJob job(guarded, serverClock, request(BulkAction::Delete, keys), how, sleeper.sleeper());
    EXPECT_THAT(job.run(), failsWith(ErrorKind::NeedsConsent));
    EXPECT_EQ(wire.count(Op::Remove), 0U);
}

TEST_F(BulkTest, TheJournalGetsOneLineAboutTheWhole)
{
    const auto keys = plantMany(5);
    Journal journal(folder.file("journal"), clock);
    auto how = options();
    how.journal = &journal;
    run(request(BulkAction::Delete, keys), how);
    const auto taken = journal.take();
    ASSERT_EQ(taken.entries.size(), 1U);
    EXPECT_EQ(taken.entries[0].kind, WriteKind::Bulk);
    EXPECT_EQ(taken.entries[0].file, how.undoFile);
    EXPECT_EQ(taken.entries[0].why, "delete 5 keys: 5 done, 0 failed, 0 unknown");
    EXPECT_EQ(journal.find(taken.entries[0].id)->file, how.undoFile);
}

TEST_F(BulkTest, ADryRunCountsAndWritesNothing)
{
    auto keys = plantMany(50);
    keys.push_back("missing");
    ClusterSnapshot cluster;
    cluster.open.insert(shardOf(keys[0], 1024));
    Call call;
    auto plan = planBulk(wire, call, request(BulkAction::Delete, keys), cluster, 1024, serverClock);
    ASSERT_THAT(plan, succeeds());
    EXPECT_EQ(plan->count, 51U);
    EXPECT_EQ(plan->missing, 1U);
    EXPECT_EQ(plan->sized, 50U);
    std::uint64_t bytes = 0;
    std::set<std::uint32_t> shards;
    for (const auto& [key, entry] : wire.contents())
        bytes += entry.value.size();
    for (const Bytes& key : keys)
        shards.insert(shardOf(key, 1024));
    EXPECT_EQ(plan->bytes, bytes);
    EXPECT_EQ(plan->shards, shards.size());
    EXPECT_EQ(plan->coldShards, shards.size() - 1);
    EXPECT_EQ(wire.count(Op::Put) + wire.count(Op::Remove), 0U);

    // Without Stat only what costs no shard is read.
    wire.offersExplore = false;
    wire.forget();
    plan = planBulk(wire, call, request(BulkAction::Delete, keys), cluster, 1024, serverClock);
    ASSERT_THAT(plan, succeeds());
    EXPECT_EQ(plan->sized, 1U);
    for (const auto& seen : wire.seen()) {
        if (seen.op == Op::Get) {
            EXPECT_EQ(seen.key, keys[0]);
        }
    }
}

TEST_F(BulkTest, ADryRunOfAFileTellsBrokenAndExpiredLines)
{
    writeFile(folder.file("in"),
        "{\"key\":\"a\",\"value\":\"12345\"}\nnonsense\n{\"key\":\"b\",\"value\":\"x\",\"expires_at_ms\":5}"
        "\n");
    BulkRequest what;
    what.action = BulkAction::Import;
    what.file = folder.file("in");
    Call call;
    const auto plan = planBulk(wire, call, what, {}, 1024, serverClock);
    ASSERT_THAT(plan, succeeds());
    EXPECT_EQ(plan->count, 2U);
    EXPECT_EQ(plan->bytes, 6U);
    EXPECT_EQ(plan->broken, 1U);
    EXPECT_EQ(plan->expired, 1U);
    ASSERT_EQ(plan->brokenLines.size(), 1U);
    EXPECT_EQ(plan->brokenLines[0].line, 2U);
    EXPECT_EQ(plan->brokenLines[0].text, "nonsense");
    EXPECT_EQ(plan->preview.size(), 2U);
    EXPECT_TRUE(wire.seen().empty());

    std::stop_source stop;
    stop.request_stop();
    call.stop = stop.get_token();
    EXPECT_THAT(planBulk(wire, call, what, {}, 1024, serverClock), failsWith(ErrorKind::Cancelled));
}

TEST_F(BulkTest, WhatIsExportedComesBackByImport)
{
    auto keys = plantMany(150, 60'000);
    wire.plant("k:0", "=no expiry");
    const auto before = contents();
    keys.push_back("missing");
    for (const bool csv : {false, true}) {
        ExportOptions how;
        how.file = folder.file("out");
        how.csv = csv;
        writeFile(how.file, "an older export");
        Call call;
        const auto report = exportKeys(wire, call, keys, how);
        ASSERT_THAT(report, succeeds());
        EXPECT_EQ(report->written, 150U);
        EXPECT_EQ(report->missing, 1U);
        run(request(BulkAction::Delete, keys), options());
        BulkRequest what;
        what.action = BulkAction::Import;
        what.file = how.file;
        EXPECT_EQ(run(what, options()).done, 150U);
        EXPECT_EQ(contents(), before);
        wire.always(Op::GetMany, FakeStore::Fault::Unreachable);
        writeFile(how.file, "an older export");
        EXPECT_THAT(exportKeys(wire, call, keys, how), failsWith(ErrorKind::Unreachable));
        EXPECT_EQ(readFile(how.file), "an older export");
        wire.calm();
    }
}

TEST_F(BulkTest, CloningToTheSamePrefixIsRefused)
{
    Call call;
    auto what = request(BulkAction::Clone, {"k:1"});
    what.fromPrefix = what.toPrefix = "k:";
    EXPECT_THAT(planBulk(wire, call, what, {}, 1024, serverClock), failsWith(ErrorKind::InvalidRequest));
    what.toPrefix = "x:";
    what.keys.push_back("other");
    EXPECT_THAT(planBulk(wire, call, what, {}, 1024, serverClock), failsWith(ErrorKind::InvalidRequest));
}

} // namespace
} // namespace norikv::client
