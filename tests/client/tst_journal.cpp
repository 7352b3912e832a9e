// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/connection.h"
#include "client/demo/loadgenerator.h"
#include "client/journal/journal.h"
#include "client/journal/journalingstore.h"
#include "client/journal/journalline.h"
#include "client/journal/undo.h"
#include "client/patterns/counter.h"
#include "client/trace.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"
#include "tests/support/scratchfolder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <random>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace norikv::client {
namespace {

using test::failsWith;
using test::FakeStore;
using test::readFile;
using test::succeeds;
using test::writeFile;
using testing::HasSubstr;

class JournalTest : public testing::Test {
protected:
    std::string path() const { return folder.file("journal.ndjson"); }

    JournalEntry put(const Bytes& key, const Bytes& before, const Bytes& after)
    {
        JournalEntry entry;
        entry.kind = WriteKind::Put;
        entry.key = entry.before.key = entry.after.key = key;
        entry.before.value = before;
        entry.before.version = Version{0, 3};
        entry.after.value = after;
        entry.why = "keys";
        return entry;
    }

    std::vector<JournalEntry> loaded()
    {
        clock.advance(std::chrono::seconds(1)); // a later start counts on from a later time
        Journal again(path(), clock);
        EXPECT_THAT(again.load(), succeeds());
        auto taken = again.take();
        damaged = taken.damaged;
        return taken.entries;
    }

    /// The last word about each write.
    static std::vector<JournalEntry> merged(const Journal::Taken& taken)
    {
        std::map<std::uint64_t, JournalEntry> byId;
        for (const auto& entry : taken.entries)
            byId[entry.id] = entry;
        std::vector<JournalEntry> out;
        for (auto& [id, entry] : byId)
            out.push_back(entry);
        return out;
    }

    test::ScratchFolder folder;
    test::FakeClock clock;
    std::uint64_t damaged = 0;
};

TEST_F(JournalTest, KeepsIntentThenOutcomeAndReadsThemBack)
{
    Journal journal(path(), clock);
    const auto id = journal.begin(put("k\xff", "old", std::string("n\0w", 3)));
    ASSERT_THAT(id, succeeds());
    EXPECT_EQ(journal.take().entries.at(0).status, WriteStatus::Pending);
    journal.finish(*id, {WriteStatus::Ok, std::chrono::microseconds(1500), Version{0, 4}, {}});
    const auto all = loaded();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].id, *id);
    EXPECT_EQ(all[0].key, "k\xff");
    EXPECT_EQ(all[0].before.value, "old");
    EXPECT_EQ(all[0].before.version, (Version{0, 3}));
    EXPECT_EQ(all[0].after.value, std::string("n\0w", 3));
    EXPECT_EQ(all[0].after.version, (Version{0, 4}));
    EXPECT_EQ(all[0].status, WriteStatus::Ok);
    EXPECT_EQ(all[0].took, std::chrono::microseconds(1500));
    EXPECT_EQ(all[0].why, "keys");
    EXPECT_EQ(damaged, 0U);
}

TEST_F(JournalTest, AnIntentWithoutOutcomeIsUnknown)
{
    {
        Journal journal(path(), clock);
        ASSERT_TRUE(journal.begin(put("k", "old", "new")));
    }
    const auto all = loaded();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].status, WriteStatus::Unknown);
    EXPECT_THAT(all[0].problem, HasSubstr("ended before the answer"));
}

// Two windows keep one journal: no line of one may end inside a line of the other.
TEST_F(JournalTest, TwoWindowsWriteOneJournalAndEveryLineStaysWhole)
{
    constexpr int each = 100;
    JournalOptions options;
    options.writer = [](int file, const void* data, std::size_t size) {
        std::this_thread::yield(); // the other one's chance, in the middle of a line
        return ::write(file, data, std::min<std::size_t>(size, 40));
    };
    test::FakeClock later;
    later.advance(std::chrono::milliseconds(1)); // opened later, so it has other ids
    Journal one(path(), clock, options);
    Journal other(path(), later, options);
    {
        std::vector<std::jthread> windows;
        for (Journal* journal : {&one, &other})
            windows.emplace_back([&, journal] {
                for (int i = 0; i < each; ++i) {
                    const auto id
                        = journal->begin(put("key:" + std::to_string(i), "old", std::string(200, 'x')));
                    ASSERT_THAT(id, succeeds());
                    journal->finish(*id, {WriteStatus::Ok, {}, Version{0, 4}, {}});
                }
            });
    }
    const auto all = loaded();
    EXPECT_EQ(damaged, 0U);
    ASSERT_EQ(all.size(), 2U * each);
    for (const auto& entry : all)
        EXPECT_EQ(entry.status, WriteStatus::Ok);
}

TEST_F(JournalTest, IsForItsOwnerAloneAndFollowsNoLink)
{
    ::umask(0);
    Journal journal(folder.file("deep/er/journal.ndjson"), clock);
    ASSERT_TRUE(journal.begin(put("k", "", "v")));
    struct stat info { };
    ASSERT_EQ(::stat(journal.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
    ASSERT_EQ(::stat(folder.file("deep/er").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0700U);
    ::umask(022);

    writeFile(folder.file("victim"), "precious");
    ASSERT_EQ(::symlink(folder.file("victim").c_str(), path().c_str()), 0);
    Journal fooled(path(), clock);
    const auto refused = fooled.begin(put("k", "", "v"));
    ASSERT_THAT(refused, failsWith(ErrorKind::LocalFile));
    EXPECT_THAT(refused.error().message, HasSubstr("symbolic link"));
    EXPECT_EQ(readFile(folder.file("victim")), "precious");
}

TEST_F(JournalTest, AFullDiskRefusesTheWriteAndLosesNothing)
{
    for (const int error : {ENOSPC, EIO}) {
        for (std::size_t room = 0; room < 900; room += 37) {
            const std::string file
                = folder.file("full-" + std::to_string(error) + "-" + std::to_string(room));
            std::size_t left = room;
            bool full = true;
            JournalOptions options;
            options.writer = [&](int descriptor, const void* data, std::size_t size) -> ssize_t {
                if (full && left == 0) {
                    errno = error;
                    return -1;
                }
                const std::size_t some = full ? std::min(size, left) : size;
                left -= full ? some : 0;
                return ::write(descriptor, data, some);
            };
            Journal journal(file, clock, options);
            std::size_t kept = 0;
            for (int i = 0; i < 6; ++i) {
                const auto id = journal.begin(put("key" + std::to_string(i), "old", "new"));
                if (!id) {
                    EXPECT_EQ(id.error().kind, ErrorKind::LocalFile);
                    EXPECT_THAT(id.error().message, HasSubstr("the write was not sent"));
                    break;
                }
                ++kept;
            }
            ASSERT_LT(kept, 6U);
            full = false; // room again
            ASSERT_THAT(journal.begin(put("later", "old", "new")), succeeds());
            clock.advance(std::chrono::seconds(1));
            Journal again(file, clock);
            ASSERT_THAT(again.load(), succeeds());
            const auto taken = again.take();
            EXPECT_EQ(taken.damaged, 0U);
            ASSERT_EQ(taken.entries.size(), kept + 1);
            EXPECT_EQ(taken.entries.back().key, "later");
        }
    }
}

TEST_F(JournalTest, ATornLastLineIsCountedAndTheNextOneIsWhole)
{
    {
        Journal journal(path(), clock);
        ASSERT_TRUE(journal.begin(put("first", "a", "b")));
        ASSERT_TRUE(journal.begin(put("second", "a", "b")));
    }
    const std::string whole = readFile(path());
    writeFile(path(), whole.substr(0, whole.size() - 20));
    clock.advance(std::chrono::seconds(1));
    {
        Journal journal(path(), clock);
        ASSERT_TRUE(journal.begin(put("third", "a", "b")));
    }
    const auto all = loaded();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].key, "first");
    EXPECT_EQ(all[1].key, "third");
    EXPECT_EQ(damaged, 1U);
}

TEST_F(JournalTest, ThousandMutationsNeverCrashAndKeepWhatIsBeforeThem)
{
    {
        Journal journal(path(), clock);
        for (int i = 0; i < 20; ++i) {
            const auto id = journal.begin(put("key" + std::to_string(i), "old\xfe", "new"));
            ASSERT_TRUE(id);
            journal.finish(*id, {WriteStatus::Ok, {}, Version{0, 4}, {}});
        }
    }
    const std::string whole = readFile(path());
    std::mt19937 random{20261123};
    for (int round = 0; round < 1000; ++round) {
        std::string bytes = whole;
        const std::size_t at = random() % bytes.size();
        switch (random() % 5) {
        case 0:
            bytes.resize(at);
            break;
        case 1:
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
            break;
        case 2:
            bytes.replace(at, std::min<std::size_t>(64, bytes.size() - at), 64, '\0');
            break;
        case 3:
            bytes.erase(at, random() % 200);
            break;
        default:
            for (std::size_t i = at; i < std::min(at + 64, bytes.size()); ++i)
                bytes[i] = static_cast<char>(random());
        }
        writeFile(path(), bytes);
        const auto all = loaded();
        std::size_t intact = 0; // intents that end before the damage
        for (std::size_t line = 0; line < at;) {
            const auto end = whole.find('\n', line);
            if (end >= at)
                break;
            intact += whole.substr(line, end - line).find("\"op\"") != std::string::npos ? 1 : 0;
            line = end + 1;
        }
        ASSERT_GE(all.size(), intact) << "round " << round;
        for (std::size_t i = 0; i < intact; ++i) {
            ASSERT_EQ(all[i].key, "key" + std::to_string(i)) << "round " << round;
            ASSERT_EQ(all[i].before.value, "old\xfe");
        }
        EXPECT_EQ(readFile(path()), bytes) << "the file is kept as it is";
    }
}

TEST_F(JournalTest, RotatesAtItsSizeAndStillFindsWhatIsInTheOlderFile)
{
    JournalOptions options;
    options.rotateAt = 4096;
    Journal journal(path(), clock, options);
    const auto first = journal.begin(put("first", "old", "new"));
    ASSERT_TRUE(first);
    std::uint64_t last = 0;
    while (::access((path() + ".1").c_str(), F_OK) != 0)
        last = journal.begin(put("filler", std::string(200, 'x'), "new")).value();
    EXPECT_LT(readFile(path()).size(), 4096U);
    ASSERT_THAT(journal.find(*first), succeeds());
    EXPECT_EQ(journal.find(last)->key, "filler");
    EXPECT_THAT(journal.find(12), failsWith(ErrorKind::NotFound));
}

TEST_F(JournalTest, ListsAreClippedAndFindIsWhole)
{
    Journal journal(path(), clock);
    const Bytes big(100'000, 'x');
    const auto id = journal.begin(put("k", big, big + "y"));
    ASSERT_TRUE(id);
    const auto taken = journal.take();
    EXPECT_EQ(taken.entries.at(0).before.value.size(), 2048U);
    EXPECT_EQ(taken.entries.at(0).before.valueSize, big.size());
    EXPECT_EQ(journal.find(*id)->after.value, big + "y");
}

TEST_F(JournalTest, AStalledReaderDoesNotGrowMemory)
{
    JournalOptions options;
    options.limit = 50;
    Journal journal(path(), clock, options);
    for (int i = 0; i < 200; ++i)
        ASSERT_TRUE(journal.begin(put("k" + std::to_string(i), "a", "b")));
    const auto taken = journal.take();
    EXPECT_LE(taken.entries.size(), 50U);
    EXPECT_EQ(taken.entries.size() + taken.dropped, 200U);
    EXPECT_EQ(taken.entries.back().key, "k199");
}

class JournalingTest : public JournalTest {
protected:
    FakeStore wire{clock};
    Journal journal{path(), clock};
    ServerClock serverClock{clock};
    JournalingStore store{wire, journal, serverClock, 1024};
    Call call;
};

TEST_F(JournalingTest, ReadsTheValueBeforeUnlessTheCallerHas)
{
    wire.plant("k", "old", 60'000);
    Put put{.key = "k", .value = "new", .ttlMs = 5000};
    call.why = "keys";
    ASSERT_THAT(store.put(call, put), succeeds());
    EXPECT_EQ(wire.count(FakeStore::Op::Get), 1U);
    auto all = merged(journal.take());
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].before.value, "old");
    EXPECT_EQ(all[0].before.expiresAtMs, clock.nowMs() + 60'000);
    EXPECT_EQ(all[0].after.expiresAtMs, clock.nowMs() + 5000);
    EXPECT_EQ(all[0].after.provenance, TtlProvenance::SetHere);
    EXPECT_EQ(all[0].status, WriteStatus::Ok);
    EXPECT_EQ(all[0].why, "keys");

    const auto read = store.get(call, "k", Consistency::Strong);
    wire.forget();
    {
        const KnownBefore known(call, *read);
        ASSERT_THAT(store.remove(call, {.key = "k"}), succeeds());
    }
    EXPECT_EQ(wire.count(FakeStore::Op::Get), 0U);
    EXPECT_EQ(call.before, nullptr);
    all = merged(journal.take());
    EXPECT_EQ(all.at(0).kind, WriteKind::Remove);
    EXPECT_EQ(all.at(0).before.value, "new");
    EXPECT_FALSE(all.at(0).after.exists());
}

TEST_F(JournalingTest, KeepsCallsThatChangeNoKeyByName)
{
    call.why = "overview";
    ASSERT_THAT(store.snapshotShard(call, 7), succeeds());
    ASSERT_THAT(store.createVectorIndex(call, {.name = "documents", .dimensions = 2}), succeeds());
    const std::vector<NamedVector> many{{"a", {1, 0}}, {"b", {0, 1}}};
    ASSERT_THAT(store.insertVectors(call, "documents", many, 4, [](std::size_t, const auto&) {}), succeeds());
    EXPECT_THAT(store.insertVector(call, "nowhere", {"a", {1, 0}}), failsWith(ErrorKind::NotFound));
    call.journal = false;
    ASSERT_THAT(store.snapshotShard(call, 8), succeeds());
    clock.advance(std::chrono::hours(1)); // another run of the program
    Journal again(journal.path(), clock);
    ASSERT_THAT(again.load(), succeeds());
    const auto all = merged(again.take());
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(all.at(0).kind, WriteKind::Other);
    EXPECT_EQ(all.at(0).key, "snapshot of shard 7");
    EXPECT_EQ(all.at(0).why, "overview");
    EXPECT_EQ(all.at(0).status, WriteStatus::Ok);
    EXPECT_EQ(all.at(1).key, "create index documents");
    EXPECT_EQ(all.at(2).key, "insert 2 vectors into documents");
    EXPECT_EQ(all.at(3).key, "insert vector a into nowhere");
    EXPECT_EQ(all.at(3).status, WriteStatus::Failed);
    const ServerClock server(clock);
    EXPECT_THAT(undoWrite(store, call, server, all.at(0), {}), failsWith(ErrorKind::InvalidRequest));
}

TEST_F(JournalingTest, KeepsUnknownAsUnknownAndFailedAsFailed)
{
    wire.plant("k", "old");
    wire.script(FakeStore::Op::Put, FakeStore::Fault::UnknownAfterApply);
    wire.script(FakeStore::Op::Put, FakeStore::Fault::Invalid);
    EXPECT_THAT(store.put(call, {.key = "k", .value = "a"}), failsWith(ErrorKind::UnknownOutcome));
    EXPECT_THAT(store.put(call, {.key = "k", .value = "b"}), failsWith(ErrorKind::InvalidRequest));
    const auto all = merged(journal.take());
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].status, WriteStatus::Unknown);
    EXPECT_EQ(all[1].status, WriteStatus::Failed);
    EXPECT_EQ(journal.find(all[0].id)->status, WriteStatus::Unknown);
}

TEST_F(JournalingTest, SendsNothingItCouldNotTakeBack)
{
    wire.plant("k", "old");
    wire.always(FakeStore::Op::Get, FakeStore::Fault::Timeout);
    const auto refused = store.remove(call, {.key = "k"});
    ASSERT_THAT(refused, failsWith(ErrorKind::Timeout));
    EXPECT_THAT(refused.error().message, HasSubstr("was not sent"));
    EXPECT_EQ(wire.count(FakeStore::Op::Remove), 0U);
    wire.calm();

    Journal nowhere("/proc/no/such/journal", clock);
    JournalingStore broken(wire, nowhere, serverClock, 1024);
    EXPECT_THAT(broken.put(call, {.key = "k", .value = "new"}), failsWith(ErrorKind::LocalFile));
    EXPECT_EQ(wire.count(FakeStore::Op::Put), 0U);
    EXPECT_EQ(wire.value("k"), "old");
}

TEST_F(JournalingTest, TheWholeTakesNoLongerThanTheCall)
{
    wire.plant("k", "old");
    wire.before = [&](const FakeStore::Seen& seen) {
        if (seen.op == FakeStore::Op::Get)
            clock.advance(std::chrono::milliseconds(3000));
    };
    ASSERT_THAT(store.put(call, {.key = "k", .value = "new"}), succeeds());
    EXPECT_EQ(wire.seen().back().timeout, std::chrono::milliseconds(2000));
    EXPECT_EQ(call.timeout, std::chrono::milliseconds(5000));
}

TEST_F(JournalingTest, StandsBelowTheGuardAndSeesNoLoad)
{
    TraceLog trace;
    Profile profile;
    profile.seeds = {"127.0.0.1:7447"};
    profile.guard = GuardMode::ReadOnly;
    const auto connection = Connection::over(wire, profile, clock, Recorders(trace, nullptr, &journal));
    EXPECT_THAT(connection->store().put(call, {.key = "k", .value = "v"}), failsWith(ErrorKind::ReadOnly));
    EXPECT_THAT(connection->store().remove(call, {.key = "k"}), failsWith(ErrorKind::ReadOnly));
    EXPECT_EQ(wire.count(FakeStore::Op::Put) + wire.count(FakeStore::Op::Remove), 0U);
    EXPECT_TRUE(journal.take().entries.empty());

    connection->setGuardMode(GuardMode::Normal);
    {
        LoadGenerator load(connection->store(), clock);
        LoadPlan plan;
        plan.counter = "load";
        plan.workers = 2;
        plan.increments = 20;
        ASSERT_THAT(load.start(plan), succeeds());
        load.wait();
        EXPECT_EQ(load.stats().acknowledged, 20U);
    }
    EXPECT_TRUE(journal.take().entries.empty());
    ASSERT_THAT(Counter(connection->store(), "load").add(call, 1), succeeds());
    const auto all = merged(journal.take());
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].before.value, "20");
    EXPECT_EQ(all[0].after.value, "21");
    EXPECT_TRUE(all[0].cas);
}

} // namespace
} // namespace norikv::client
