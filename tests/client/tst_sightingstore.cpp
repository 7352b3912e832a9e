// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/sightingstore.h"

#include "client/connection.h"
#include "client/trace.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"

#include <gmock/gmock.h>

#include <array>
#include <limits>
#include <mutex>

namespace norikv::client {
namespace {

using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::FakeStore;
using norikv::test::succeeds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Fault = FakeStore::Fault;
using How = Sighting::How;
using Op = FakeStore::Op;

class Notes final : public KeySink {
public:
    void seen(std::span<const Sighting> sightings) override
    {
        const std::scoped_lock lock(m_mutex);
        m_taken.insert(m_taken.end(), sightings.begin(), sightings.end());
    }
    std::vector<Sighting> take()
    {
        const std::scoped_lock lock(m_mutex);
        return std::exchange(m_taken, {});
    }

private:
    std::mutex m_mutex;
    std::vector<Sighting> m_taken;
};

class Sightings : public testing::Test {
protected:
    FakeClock clock;
    FakeStore node{clock};
    Notes notes;
    SightingStore store{node, notes, clock};
    Call call;

    Sighting only()
    {
        auto taken = notes.take();
        EXPECT_THAT(taken, SizeIs(1));
        return taken.empty() ? Sighting() : taken.front();
    }
};

TEST_F(Sightings, aGetTellsWhatItFoundAndPassesItOnWhole)
{
    node.plant("k", "12345", 9000);
    const auto entry = store.get(call, "k", Consistency::Strong);
    ASSERT_THAT(entry, succeeds());
    EXPECT_EQ(entry->key, "k");
    EXPECT_EQ(entry->value, "12345");
    const auto seen = only();
    EXPECT_EQ(seen.how, How::Read);
    EXPECT_EQ(seen.entry.key, "k");
    EXPECT_EQ(seen.entry.value, "12345");
    EXPECT_EQ(seen.entry.version, entry->version);
    EXPECT_EQ(seen.entry.expiresAtMs, FakeClock::StartMs + 9000);
    EXPECT_EQ(seen.entry.provenance, TtlProvenance::Server);
}

TEST_F(Sightings, aMissingKeyIsNewsTooAndHasItsName)
{
    ASSERT_THAT(store.get(call, "nothing", Consistency::Strong), succeeds());
    const auto seen = only();
    EXPECT_EQ(seen.how, How::Missing);
    EXPECT_EQ(seen.entry.key, "nothing");
}

TEST_F(Sightings, aPutTellsTheExpiryItSet)
{
    clock.advance(std::chrono::milliseconds(500));
    ASSERT_THAT(store.put(call, {.key = "k", .value = "v", .ttlMs = 1000}), succeeds());
    const auto seen = only();
    EXPECT_EQ(seen.how, How::Wrote);
    EXPECT_EQ(seen.entry.value, "v");
    EXPECT_EQ(seen.entry.valueSize, 1U);
    EXPECT_EQ(seen.entry.expiresAtMs, FakeClock::StartMs + 1500);
    EXPECT_EQ(seen.entry.provenance, TtlProvenance::SetHere);
}

TEST_F(Sightings, aPutWithoutTtlTellsThatThereIsNoExpiry)
{
    ASSERT_THAT(store.put(call, {.key = "k", .value = "v"}), succeeds());
    const auto seen = only();
    EXPECT_EQ(seen.entry.expiresAtMs, std::nullopt);
    EXPECT_EQ(seen.entry.provenance, TtlProvenance::SetHere);
}

TEST_F(Sightings, aTtlBeyondTimeIsNoExpiry)
{
    for (const auto ttl : {std::numeric_limits<std::uint64_t>::max(),
             static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())}) {
        ASSERT_THAT(store.put(call, {.key = "k", .value = "v", .ttlMs = ttl}), succeeds());
        EXPECT_EQ(only().entry.expiresAtMs, std::nullopt);
    }
}

TEST_F(Sightings, unknownOutcomesAndFailuresTellNothing)
{
    for (const auto fault : {Fault::UnknownBeforeApply, Fault::UnknownAfterApply, Fault::NotLeaderAfterApply,
             Fault::Conflict, Fault::Unreachable}) {
        node.script(Op::Put, fault);
        EXPECT_FALSE(store.put(call, {.key = "k", .value = "v", .ttlMs = 1}));
        node.script(Op::Remove, fault);
        EXPECT_FALSE(store.remove(call, {.key = "k"}));
    }
    node.script(Op::Get, Fault::Timeout);
    EXPECT_FALSE(store.get(call, "k", Consistency::Strong));
    EXPECT_THAT(notes.take(), IsEmpty());
}

TEST_F(Sightings, aDeleteTellsThatTheKeyIsGone)
{
    node.plant("k", "v");
    ASSERT_THAT(store.remove(call, {.key = "k"}), succeeds());
    const auto seen = only();
    EXPECT_EQ(seen.how, How::Removed);
    EXPECT_EQ(seen.entry.key, "k");
}

TEST_F(Sightings, bulkReadsTellEachKeyOnceAndPassTheEntriesOn)
{
    node.plant("a", "1");
    node.plant("c", "3");
    const std::array<Bytes, 3> keys{"a", "b", "c"};
    std::map<std::size_t, Bytes> got;
    ASSERT_THAT(store.getMany(call, keys, 4,
                    [&](std::size_t i, Result<Entry> e) { got[i] = e ? e->value : Bytes("failed"); }),
        succeeds());
    EXPECT_THAT(got, ElementsAre(std::pair(0, "1"), std::pair(1, ""), std::pair(2, "3")));
    const auto seen = notes.take();
    ASSERT_THAT(seen, SizeIs(3));
    for (const auto& s : seen)
        EXPECT_EQ(s.how, s.entry.key == "b" ? How::Missing : How::Read) << s.entry.key;
}

TEST_F(Sightings, scanTellsAndPassesOn)
{
    node.plant("a", "1");
    node.plant("b", "2", 5000);
    std::vector<Bytes> passed;
    ASSERT_THAT(store.scan(call, {},
                    [&](ScanBatch batch) {
                        for (const auto& e : batch.entries)
                            passed.push_back(e.key + "=" + e.value);
                        return true;
                    }),
        succeeds());
    EXPECT_THAT(passed, ElementsAre("a=1", "b=2"));
    const auto seen = notes.take();
    ASSERT_THAT(seen, SizeIs(2));
    EXPECT_EQ(seen[1].how, How::Scanned);
    EXPECT_EQ(seen[1].entry.expiresAtMs, FakeClock::StartMs + 5000);
}

// Tells one batch of each kind of event.
class Events final : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;
    Result<void> watch(Call&, const WatchRequest&, const WatchSink& sink) override
    {
        WatchBatch batch;
        using Kind = ChangeEvent::Kind;
        for (const auto& [kind, key] :
            {std::pair(Kind::Put, "a"), std::pair(Kind::Delete, "a"), std::pair(Kind::Expire, "b")}) {
            ChangeEvent event;
            event.kind = kind;
            event.entry.key = key;
            event.entry.version = Version{0, 7};
            batch.events.push_back(std::move(event));
        }
        sink(std::move(batch));
        sink({}); // a sign of life
        return {};
    }
};

TEST_F(Sightings, watchTellsPutsDeletesAndExpiriesAndPassesThemOn)
{
    Events events(node);
    SightingStore watched(events, notes, clock);
    std::vector<Bytes> passed;
    ASSERT_THAT(watched.watch(call, {},
                    [&](WatchBatch batch) {
                        for (const auto& e : batch.events)
                            passed.push_back(e.entry.key);
                        return true;
                    }),
        succeeds());
    EXPECT_THAT(passed, ElementsAre("a", "a", "b"));
    std::vector<std::pair<Bytes, How>> seen;
    for (const auto& s : notes.take())
        seen.emplace_back(s.entry.key, s.how);
    EXPECT_THAT(seen,
        ElementsAre(
            std::pair("a", How::Watched), std::pair("a", How::Removed), std::pair("b", How::Expired)));
}

TEST_F(Sightings, statTellsSizesAndWhatIsMissing)
{
    node.plant("a", "123");
    const std::array<Bytes, 2> keys{"a", "none"};
    const auto entries = store.stat(call, keys);
    ASSERT_THAT(entries, succeeds());
    ASSERT_THAT(*entries, SizeIs(2));
    EXPECT_EQ((*entries)[0].valueSize, 3U);
    const auto seen = notes.take();
    ASSERT_THAT(seen, SizeIs(2));
    EXPECT_EQ(seen[0].how, How::Read);
    EXPECT_EQ(seen[0].entry.valueSize, 3U);
    EXPECT_EQ(seen[1].how, How::Missing);
    EXPECT_EQ(seen[1].entry.key, "none");
}

// The place in the stack: one answer is one sighting however often it was asked for, and what the guard
// refuses is none.
TEST_F(Sightings, inAConnectionTheyStandBetweenGuardAndRetries)
{
    TraceLog trace;
    Profile profile;
    profile.seeds = {"127.0.0.1:7447"};
    node.plant("k", "v");
    node.script(Op::Get, Fault::Unreachable, 2);
    const auto connection = Connection::over(node, profile, clock, {trace, &notes});
    ASSERT_THAT(connection->store().get(call, "k"), succeeds());
    EXPECT_EQ(only().how, How::Read);
    EXPECT_EQ(node.count(Op::Get), 3U);
    connection->setGuardMode(GuardMode::ReadOnly);
    EXPECT_THAT(connection->store().put(call, {.key = "k", .value = "w"}), failsWith(ErrorKind::ReadOnly));
    EXPECT_THAT(notes.take(), IsEmpty());
}

TEST_F(Sightings, aConnectionWithoutACatalogueTellsNobody)
{
    TraceLog trace;
    Profile profile;
    profile.seeds = {"127.0.0.1:7447"};
    node.plant("k", "v");
    const auto connection = Connection::over(node, profile, clock, trace);
    EXPECT_THAT(connection->store().get(call, "k"), succeeds());
    EXPECT_THAT(notes.take(), IsEmpty());
}

} // namespace
} // namespace norikv::client
