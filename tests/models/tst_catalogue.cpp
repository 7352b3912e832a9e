// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/catalogue.h"

#include "client/connection.h"
#include "client/placement.h"
#include "client/trace.h"
#include "client/valuehash.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"
#include "tests/support/matchers.h"
#include "tests/support/slower.h"

#include <QTemporaryDir>

#include <gmock/gmock.h>

#include <thread>

namespace norikv::models {
namespace {

using namespace std::chrono_literals;
using client::Bytes;
using client::Entry;
using client::ErrorKind;
using client::KeyKind;
using client::Sighting;
using client::TtlProvenance;
using client::Version;
using norikv::test::failsWith;
using norikv::test::FakeClock;
using norikv::test::succeeds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using How = Sighting::How;
using Keeps = Catalogue::Keeps;

constexpr auto Start = FakeClock::StartMs;

Sighting sight(const Bytes& key, How how = How::Read, const Bytes& value = "v")
{
    Sighting sighting;
    sighting.how = how;
    sighting.entry.key = key;
    if (how == How::Missing || how == How::Removed || how == How::Expired)
        return sighting;
    sighting.entry.value = value;
    sighting.entry.valueSize = value.size();
    sighting.entry.version = Version{0, 7};
    return sighting;
}

Sighting wrote(const Bytes& key, const Bytes& value, std::optional<EpochMs> expires)
{
    Sighting sighting = sight(key, How::Wrote, value);
    sighting.entry.expiresAtMs = expires;
    sighting.entry.provenance = TtlProvenance::SetHere;
    return sighting;
}

// The rules of merging, without a file.
class Merging : public testing::Test {
protected:
    std::optional<KnownKey> row;
    EpochMs now = Start;

    void learn(const Sighting& sighting) { row = merged(row, learntFrom(sighting, now += 10)); }
};

TEST_F(Merging, aReadTellsAllItSaw)
{
    learn(sight("inventory:A-7", How::Read, "12345"));
    ASSERT_TRUE(row);
    EXPECT_EQ(row->kind, KeyKind::InventoryItem);
    EXPECT_EQ(row->size, 5U);
    EXPECT_EQ(row->version, (Version{0, 7}));
    EXPECT_EQ(row->valueHash, valueHash("12345"));
    EXPECT_EQ(row->firstSeenMs, Start + 10);
    EXPECT_EQ(row->lastSeenMs, Start + 10);
    EXPECT_EQ(row->provenance, TtlProvenance::Unknown);
    learn(sight("inventory:A-7", How::Read, "12345"));
    EXPECT_EQ(row->firstSeenMs, Start + 10);
    EXPECT_EQ(row->lastSeenMs, Start + 20);
}

TEST_F(Merging, aPutsVersionIsNotKept)
{
    learn(wrote("k", "v", {}));
    EXPECT_EQ(row->version, std::nullopt);
    EXPECT_EQ(row->size, 1U);
}

TEST_F(Merging, anExpirySetHereStaysWhileTheBytesDo)
{
    learn(wrote("k", "mine", Start + 5000));
    EXPECT_EQ(row->provenance, TtlProvenance::SetHere);
    learn(sight("k", How::Read, "mine"));
    EXPECT_EQ(row->expiresAtMs, Start + 5000);
    EXPECT_EQ(row->provenance, TtlProvenance::SetHere);
    // Another writer's bytes: nobody told their ttl.
    learn(sight("k", How::Read, "theirs"));
    EXPECT_EQ(row->expiresAtMs, std::nullopt);
    EXPECT_EQ(row->provenance, TtlProvenance::Unknown);
}

TEST_F(Merging, aPutWithoutTtlClearsTheExpiry)
{
    learn(wrote("k", "v", Start + 5000));
    learn(wrote("k", "v", {}));
    EXPECT_EQ(row->expiresAtMs, std::nullopt);
    EXPECT_EQ(row->provenance, TtlProvenance::SetHere);
}

TEST_F(Merging, theServerKnowsBetter)
{
    learn(wrote("k", "v", Start + 5000));
    Sighting told = sight("k");
    told.entry.provenance = TtlProvenance::Server;
    learn(told);
    EXPECT_EQ(row->expiresAtMs, std::nullopt);
    EXPECT_EQ(row->provenance, TtlProvenance::Server);
}

TEST_F(Merging, aSightingWithoutTheValueKeepsWhatIsKnownOfIt)
{
    learn(sight("api:requests", How::Read, "1234"));
    ASSERT_EQ(row->kind, KeyKind::PossibleCounter);
    Sighting stat = sight("api:requests");
    stat.entry.value.clear();
    stat.entry.valueSize = 4;
    learn(stat);
    EXPECT_EQ(row->kind, KeyKind::PossibleCounter);
    EXPECT_EQ(row->valueHash, valueHash("1234"));
    stat.entry.version = Version{0, 8};
    stat.entry.valueSize = 6;
    learn(stat);
    EXPECT_EQ(row->valueHash, std::nullopt);
    EXPECT_EQ(row->size, 6U);
}

TEST_F(Merging, whatIsGoneGoesUnlessAPersonMarkedIt)
{
    for (const auto how : {How::Missing, How::Removed, How::Expired}) {
        row.reset();
        learn(sight("k", how));
        EXPECT_FALSE(row);
        learn(sight("k"));
        learn(sight("k", how));
        EXPECT_FALSE(row);
        learn(wrote("k", "v", Start + 1));
        row->note = "mine";
        learn(sight("k", how));
        ASSERT_TRUE(row);
        EXPECT_EQ(row->size, std::nullopt);
        EXPECT_EQ(row->expiresAtMs, std::nullopt);
        EXPECT_EQ(row->note, "mine");
    }
}

TEST(StoredNames, areOneToOne)
{
    for (int i = 0; i <= int(KeyKind::Other); ++i)
        EXPECT_EQ(storedKind(storedName(KeyKind(i))), KeyKind(i)) << i;
    for (int i = 0; i <= int(TtlProvenance::Unknown); ++i)
        EXPECT_EQ(storedProvenance(storedName(TtlProvenance(i))), TtlProvenance(i)) << i;
    EXPECT_EQ(storedName(TtlProvenance::SetHere), "set here");
    EXPECT_EQ(storedKind("what is this"), KeyKind::Other);
    EXPECT_EQ(storedProvenance(""), TtlProvenance::Unknown);
}

class CatalogueTest : public testing::Test {
protected:
    QTemporaryDir temporary;
    FakeClock clock;
    std::unique_ptr<Catalogue> catalogue;

    void SetUp() override { open(); }
    void open(Keeps keeps = Keeps::Everything)
    {
        catalogue.reset();
        catalogue = std::make_unique<Catalogue>(
            Catalogue::Where{temporary.path().toStdString() + "/catalogue", "c1", 64}, clock);
        catalogue->setKeeps(keeps);
    }
    void see(const std::vector<Sighting>& sightings)
    {
        catalogue->seen(sightings);
        ASSERT_THAT(catalogue->flush(), succeeds());
    }
    std::vector<Bytes> keys()
    {
        std::vector<Bytes> found;
        EXPECT_THAT(catalogue->load([&](const KnownKey& row) {
            found.push_back(row.key);
            return true;
        }),
            succeeds());
        return found;
    }
    std::optional<KnownKey> find(const Bytes& key)
    {
        auto row = catalogue->find(key);
        EXPECT_THAT(row, succeeds());
        return row ? *row : std::nullopt;
    }
};

TEST_F(CatalogueTest, everyColumnSurvivesARestart)
{
    Sighting sighting = wrote(Bytes("k\0\xff", 3), "value", Start + 777);
    see({sighting});
    ASSERT_THAT(catalogue->favourite(sighting.entry.key, true), succeeds());
    ASSERT_THAT(catalogue->note(sighting.entry.key, "why it matters \xc3\xa4"), succeeds());
    open();
    const auto row = find(sighting.entry.key);
    ASSERT_TRUE(row);
    KnownKey expected;
    expected.key = sighting.entry.key;
    expected.shard = shardOf(expected.key, 64);
    expected.size = 5;
    expected.valueHash = valueHash("value");
    expected.firstSeenMs = expected.lastSeenMs = Start;
    expected.expiresAtMs = Start + 777;
    expected.provenance = TtlProvenance::SetHere;
    expected.favourite = true;
    expected.note = "why it matters \xc3\xa4";
    EXPECT_EQ(*row, expected);
    Sighting read = sight("w");
    read.entry.version = Version{3, ~0ULL};
    see({read});
    EXPECT_EQ(find("w")->version, read.entry.version);
}

TEST_F(CatalogueTest, rowsComeInByteOrder)
{
    see({sight("b"), sight(Bytes("a\0", 2)), sight("a"), sight("\xff"), sight("B")});
    EXPECT_THAT(keys(), ElementsAre("B", "a", Bytes("a\0", 2), "b", "\xff"));
}

TEST_F(CatalogueTest, loadingEndsWhenAskedTo)
{
    see({sight("a"), sight("b"), sight("c")});
    int told = 0;
    EXPECT_THAT(catalogue->load([&](const KnownKey&) { return ++told < 2; }), succeeds());
    EXPECT_EQ(told, 2);
    std::stop_source stop;
    EXPECT_THAT(catalogue->load(
                    [&](const KnownKey&) {
                        stop.request_stop();
                        return true;
                    },
                    stop.get_token()),
        failsWith(ErrorKind::Cancelled));
}

TEST_F(CatalogueTest, aPersonsMarksMakeAKeyKnownAndOutliveIt)
{
    ASSERT_THAT(catalogue->favourite("star", true), succeeds());
    ASSERT_THAT(catalogue->note("noted", "n"), succeeds());
    see({sight("star"), sight("noted"), sight("plain")});
    see({sight("star", How::Removed), sight("noted", How::Missing), sight("plain", How::Expired)});
    EXPECT_THAT(keys(), ElementsAre("noted", "star"));
    EXPECT_EQ(find("star")->size, std::nullopt);
    EXPECT_EQ(catalogue->counts()->favourites, 1U);
    // Taking a mark away from what was never there makes nothing.
    ASSERT_THAT(catalogue->favourite("other", false), succeeds());
    EXPECT_FALSE(find("other"));
    ASSERT_THAT(catalogue->forget({"star", "noted", "never"}), succeeds());
    EXPECT_THAT(keys(), IsEmpty());
}

TEST_F(CatalogueTest, pastedKeysAreKnownAndNotSeen)
{
    see({sight("a")});
    const auto added = catalogue->add({"a", "b", "b", "", Bytes(1025, 'k'), "events:meta:x"});
    ASSERT_THAT(added, succeeds());
    EXPECT_EQ(added->fresh, 2U);
    EXPECT_EQ(added->known, 2U);
    EXPECT_EQ(added->refused, 2U);
    EXPECT_EQ(find("b")->lastSeenMs, 0);
    EXPECT_EQ(find("b")->size, std::nullopt);
    EXPECT_EQ(find("events:meta:x")->kind, KeyKind::EventMeta);
    EXPECT_NE(find("a")->lastSeenMs, 0);
    const auto counts = catalogue->counts();
    ASSERT_THAT(counts, succeeds());
    EXPECT_EQ(counts->keys, 3U);
    EXPECT_EQ(counts->unseen, 2U);
    EXPECT_THAT(catalogue->favourite("", true), failsWith(ErrorKind::InvalidRequest));
}

TEST_F(CatalogueTest, patternsNameTheirOtherKeys)
{
    see({sight("page:shard:2", How::Read, "1"), sight("events:meta:a", How::Read, R"({"version":2})"),
        sight("inventory:reservation:r1", How::Read, R"({"sku":"A"})")});
    EXPECT_THAT(keys(),
        ElementsAre("events:a:1", "events:a:2", "events:meta:a", "inventory:A", "inventory:reservation:r1",
            "page:shard:0", "page:shard:1", "page:shard:2"));
    EXPECT_EQ(find("page:shard:0")->lastSeenMs, 0);
    EXPECT_EQ(find("page:shard:0")->kind, KeyKind::CounterShard);
    // One that was looked for and is not there does not come back with every sibling ...
    see({sight("page:shard:0", How::Missing), sight("inventory:A", How::Missing)});
    see({sight("page:shard:2", How::Read, "2"),
        sight("inventory:reservation:r1", How::Read, R"({"sku":"A"})")});
    EXPECT_FALSE(find("page:shard:0"));
    EXPECT_FALSE(find("inventory:A"));
    // ... and a stream that grew tells only what is new.
    see({sight("events:a:1", How::Missing), sight("events:meta:a", How::Read, R"({"version":3})")});
    EXPECT_FALSE(find("events:a:1"));
    EXPECT_TRUE(find("events:a:3"));
}

TEST_F(CatalogueTest, whereTheServerListsOnlyOursIsKept)
{
    open(Keeps::OnlyOurs);
    ASSERT_THAT(catalogue->favourite("star", true), succeeds());
    see({sight("read"), sight("scanned", How::Scanned), sight("watched", How::Watched),
        wrote("plain", "v", {}), wrote("ttl", "v", Start + 1000), sight("page:shard:3", How::Read, "1")});
    EXPECT_THAT(keys(), ElementsAre("star", "ttl"));
    const std::vector<Sighting> judged{sight("judged", How::Scanned, "bytes")};
    catalogue->judged(judged);
    ASSERT_THAT(catalogue->flush(), succeeds());
    EXPECT_EQ(find("judged")->valueHash, valueHash("bytes"));
    // What we set is kept up to date.
    see({wrote("ttl", "v", {})});
    EXPECT_EQ(find("ttl")->expiresAtMs, std::nullopt);
    see({sight("ttl", How::Removed)});
    EXPECT_THAT(keys(), ElementsAre("judged", "star"));
}

TEST_F(CatalogueTest, untilTheProbeKnowsListedKeysWait)
{
    open(Keeps::Undecided);
    see({sight("scanned", How::Scanned), sight("watched", How::Watched), sight("read"),
        wrote("wrote", "v", {})});
    EXPECT_THAT(keys(), ElementsAre("read", "wrote"));
}

TEST_F(CatalogueTest, aLookAloneIsWrittenOnceAMinute)
{
    see({sight("k")});
    int changes = 0;
    const auto id = catalogue->listen([&](const auto& list) { changes += int(list.size()); });
    clock.advance(59s);
    see({sight("k")});
    EXPECT_EQ(changes, 0);
    clock.advance(2s);
    see({sight("k")});
    EXPECT_EQ(changes, 1);
    EXPECT_EQ(find("k")->lastSeenMs, Start + 61'000);
    clock.advance(1s);
    see({sight("k", How::Read, "other")});
    EXPECT_EQ(changes, 2);
    catalogue->unlisten(id);
    see({sight("k", How::Read, "third")});
    EXPECT_EQ(changes, 2);
}

TEST_F(CatalogueTest, listenersHearWhatWasWritten)
{
    std::vector<std::string> heard;
    catalogue->listen([&](const std::vector<CatalogueChange>& changes) {
        for (const auto& change : changes)
            heard.push_back((change.gone ? "-" : "+") + change.row.key);
    });
    see({sight("a")});
    ASSERT_THAT(catalogue->favourite("a", true), succeeds());
    ASSERT_THAT(catalogue->favourite("a", true), succeeds()); // nothing new
    ASSERT_THAT(catalogue->forget({"a"}), succeeds());
    see({sight("b"), sight("b", How::Missing)}); // came and went within one batch
    EXPECT_THAT(heard, ElementsAre("+a", "+a", "-a"));
}

TEST_F(CatalogueTest, closingWritesWhatWaits)
{
    std::vector<Sighting> many;
    for (int i = 0; i < 20'000; ++i)
        many.push_back(sight("k" + std::to_string(i)));
    catalogue->seen(many);
    const SystemClock real;
    const auto start = real.elapsed();
    catalogue.reset();
    EXPECT_LE(real.elapsed() - start, 1s * test::Slower);
    open();
    EXPECT_THAT(keys(), SizeIs(20'000));
}

TEST_F(CatalogueTest, seeingNeverWaitsAndTheQueueIsBounded)
{
    std::vector<Sighting> batch;
    for (int i = 0; i < 1000; ++i)
        batch.push_back(sight("k" + std::to_string(i)));
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 50; ++i)
                    catalogue->seen(batch);
            });
    }
    ASSERT_THAT(catalogue->flush(), succeeds());
    EXPECT_THAT(keys(), SizeIs(1000));
}

TEST_F(CatalogueTest, readingGoesOnWhileItIsWritten)
{
    std::vector<Bytes> names;
    for (int i = 0; i < 30'000; ++i)
        names.push_back("key:" + std::to_string(i));
    std::jthread writer([&] { EXPECT_THAT(catalogue->add(names), succeeds()); });
    std::size_t before = 0;
    while (before < names.size()) {
        const auto now = keys().size();
        ASSERT_GE(now, before);
        before = now;
    }
}

TEST_F(CatalogueTest, twoWindowsShareOneFile)
{
    Catalogue other({temporary.path().toStdString() + "/catalogue", "c1", 64}, clock);
    for (int i = 0; i < 50; ++i) {
        ASSERT_THAT(catalogue->add({"a" + std::to_string(i)}), succeeds());
        ASSERT_THAT(other.add({"b" + std::to_string(i)}), succeeds());
    }
    EXPECT_THAT(keys(), SizeIs(100));
    EXPECT_EQ(other.counts()->keys, 100U);
}

// Behind a real stack: what is read and written through a connection is known afterwards.
TEST_F(CatalogueTest, aConnectionFillsIt)
{
    norikv::test::FakeStore node(clock);
    node.offersExplore = false;
    node.plant("session:1", "{}");
    client::TraceLog trace;
    client::Profile profile;
    profile.seeds = {"127.0.0.1:7447"};
    const auto connection
        = client::Connection::over(node, profile, clock, client::Recorders(trace, catalogue.get()));
    client::Call call;
    ASSERT_THAT(connection->store().get(call, "session:1"), succeeds());
    ASSERT_THAT(connection->store().get(call, "session:2"), succeeds());
    ASSERT_THAT(connection->store().put(call, {.key = "mine", .value = "v", .ttlMs = 5000}), succeeds());
    ASSERT_THAT(catalogue->flush(), succeeds());
    EXPECT_THAT(keys(), ElementsAre("mine", "session:1"));
    EXPECT_EQ(find("mine")->expiresAtMs, Start + 5000);
    EXPECT_EQ(find("session:1")->kind, KeyKind::Session);
}

} // namespace
} // namespace norikv::models
