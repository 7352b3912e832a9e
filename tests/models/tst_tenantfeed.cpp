// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tenantfeed.h"

#include "models/lens.h"
#include "tests/models/feedfixture.h"

#include <QSignalSpy>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace norikv;
using namespace std::chrono_literals;
using client::Bytes;
using models::FeedState;
using models::TenantBulk;
using models::TenantFeed;
using test::Bench;
using test::FakeStore;
using test::waitFor;
using Op = FakeStore::Op;
using Fault = FakeStore::Fault;
using testing::ElementsAre;

namespace {

Bytes record(const std::string& plan = "free", const std::string& maxKeys = "10")
{
    return R"({"id":"x","name":"N","plan":")" + plan + R"(","createdAt":1,"limits":{"maxKeys":)" + maxKeys
        + R"(,"maxStorageMB":1}})";
}

struct Feed : Bench {
    std::unique_ptr<TenantFeed> feed;
    std::vector<TenantFeed::Outcome> outcomes;

    ~Feed() { feed.reset(); }
    void start()
    {
        store.idle = [this] {
            clock.advance(300ms);
            std::this_thread::sleep_for(1ms); // a watch is idle at the pace of its server
        };
        open();
        feed = std::make_unique<TenantFeed>(*dispatcher, *connection, clock);
        QObject::connect(feed.get(), &TenantFeed::acted, feed.get(),
            [this](const TenantFeed::Outcome& outcome) { outcomes.push_back(outcome); });
    }
    [[nodiscard]] bool ready()
    {
        return waitFor([this] { return feed->state() == FeedState::Ready; });
    }
    [[nodiscard]] bool shows(const Bytes& id, std::uint64_t keys)
    {
        return waitFor([&] {
            const auto* tenant = feed->find(id);
            return tenant && tenant->keys() == keys;
        });
    }
    [[nodiscard]] bool acted(std::size_t count = 1)
    {
        return waitFor([&] { return outcomes.size() >= count; });
    }
    const client::TenantMetadata& metadata(const Bytes& id) { return *feed->find(id)->reading.metadata; }
};

TEST(TenantFeed, ReadsAndFollowsWhereTheServerLists)
{
    Feed t;
    t.store.plant("tenant-meta:acme", record());
    t.store.plant("tenant:acme:a", "1");
    t.store.plant("tenant:acme:usage", "4");
    t.store.plant("note", "x");
    t.start();
    EXPECT_EQ(t.feed->state(), FeedState::Loading);
    ASSERT_TRUE(t.shows("acme", 1));
    EXPECT_EQ(t.feed->coverage(), client::Coverage::Complete);
    EXPECT_TRUE(t.feed->live());
    EXPECT_EQ(t.feed->find("acme")->usage().counter, 4);
    EXPECT_EQ(t.feed->selected(), "acme");
    t.store.plant("tenant:acme:b", "22");
    t.store.plant("tenant:other:b", "22");
    ASSERT_TRUE(t.shows("acme", 2));
    ASSERT_TRUE(t.shows("other", 1));
    t.store.plant("tenant-meta:acme", record("pro", "100"));
    t.store.plant("tenant:acme:usage", "9");
    ASSERT_TRUE(waitFor(
        [&] { return t.metadata("acme").plan == "pro" && t.feed->find("acme")->usage().counter == 9; }));
    t.store.erase("tenant:acme:a");
    ASSERT_TRUE(t.shows("acme", 1));
    EXPECT_EQ(t.store.count(Op::Put) + t.store.count(Op::Remove), 0U) << "looking changes nothing";
}

TEST(TenantFeed, CountsAgainWhenAnIdWithAColonAppears)
{
    Feed t;
    t.store.plant("tenant-meta:a", record());
    t.store.plant("tenant:a:b:k", "1");
    t.start();
    ASSERT_TRUE(t.shows("a", 1));
    EXPECT_EQ(t.feed->find("a")->usage().sharedKeys, 0U);
    t.store.plant("tenant-meta:a:b", record());
    ASSERT_TRUE(waitFor([&] { return t.feed->find("a")->usage().sharedKeys == 1; }));
    EXPECT_EQ(t.feed->find("a:b")->usage().sharedWith, "a");
}

TEST(TenantFeed, PollsKnownTenantsAndKeysWhereTheServerCannotList)
{
    Feed t;
    t.store.offersExplore = false;
    t.profile.tenants = {"acme"};
    t.profile.counters = {"tenant:acme:hits", "elsewhere"};
    t.store.plant("tenant-meta:acme", record());
    t.store.plant("tenant:acme:hits", "5");
    t.store.plant("tenant:acme:secret", "5");
    t.start();
    ASSERT_TRUE(t.shows("acme", 1));
    EXPECT_EQ(t.feed->coverage(), client::Coverage::KnownKeys);
    EXPECT_FALSE(t.feed->live());
    EXPECT_FALSE(t.feed->find("acme")->complete());
    // A key that was opened elsewhere counts from then on, and brings its tenant along.
    t.feed->learn("tenant:acme:secret");
    ASSERT_TRUE(t.shows("acme", 2));
    t.store.plant("tenant:globex:k", "1");
    t.store.plant("tenant-meta:globex", record("pro"));
    t.feed->learn("tenant:globex:k");
    ASSERT_TRUE(t.shows("globex", 1));
    ASSERT_TRUE(waitFor([&] { return t.feed->find("globex")->reading.metadata.has_value(); }));
}

TEST(TenantFeed, FollowsATenantThatIsNamed)
{
    Feed t;
    t.store.offersExplore = false;
    t.store.plant("tenant-meta:quiet", record("enterprise", "null"));
    t.start();
    ASSERT_TRUE(t.ready());
    EXPECT_TRUE(t.feed->tenants().empty());
    t.feed->openTenant("quiet", false);
    ASSERT_TRUE(t.shows("quiet", 0));
    EXPECT_EQ(t.feed->selected(), "quiet");
    EXPECT_EQ(t.metadata("quiet").plan, "enterprise");
}

TEST(TenantFeed, CountsAJavaTenantOnceItIsNamed)
{
    Feed t;
    t.store.plant("acme:user:1", "x");
    t.start();
    ASSERT_TRUE(t.ready());
    EXPECT_TRUE(t.feed->tenants().empty());
    t.feed->openTenant("acme", true);
    ASSERT_TRUE(t.shows("acme", 1));
    t.store.plant("acme:user:2", "x");
    ASSERT_TRUE(t.shows("acme", 2));
}

TEST(TenantFeed, FailsAndComesBackByItself)
{
    Feed t;
    t.store.plant("tenant:acme:a", "1");
    t.start();
    ASSERT_TRUE(t.shows("acme", 1));
    QSignalSpy states(t.feed.get(), &TenantFeed::stateChanged);
    t.store.cut();
    ASSERT_TRUE(waitFor([&] { return t.feed->state() == FeedState::Failed; }));
    EXPECT_EQ(t.feed->error().kind, client::ErrorKind::Unreachable);
    EXPECT_EQ(t.feed->find("acme")->keys(), 1U) << "what is shown stays";
    t.store.plant("tenant:acme:b", "1");
    t.store.mend();
    ASSERT_TRUE(t.ready());
    ASSERT_TRUE(t.shows("acme", 2));
    EXPECT_GE(states.count(), 2);
}

TEST(TenantFeed, CreatesOnceAndSaysWhoIsThere)
{
    Feed t;
    t.start();
    ASSERT_TRUE(t.ready());
    t.feed->create("acme", QStringLiteral("Acme Corp"), client::TenantPlan::Pro);
    ASSERT_TRUE(t.acted());
    EXPECT_TRUE(t.outcomes[0].ok) << t.outcomes[0].text.toStdString();
    ASSERT_TRUE(t.shows("acme", 0));
    EXPECT_EQ(t.metadata("acme").name, "Acme Corp");
    t.feed->create("acme", QStringLiteral("Other"), client::TenantPlan::Free);
    ASSERT_TRUE(t.acted(2));
    EXPECT_FALSE(t.outcomes[1].ok);
    EXPECT_EQ(t.metadata("acme").name, "Acme Corp");
}

TEST(TenantFeed, PreviewsAndChangesAPlanByCompareAndSet)
{
    Feed t;
    t.store.plant("tenant-meta:acme", record("pro", "100000"));
    for (int i = 0; i < 1003; ++i)
        t.store.plant("tenant:acme:k" + std::to_string(i), "v");
    t.start();
    ASSERT_TRUE(t.shows("acme", 1003));
    const auto preview = t.feed->preview("acme", client::TenantPlan::Free);
    ASSERT_TRUE(preview);
    EXPECT_EQ(client::previewText(*preview), "downgrade to free: over by 3 keys");
    EXPECT_FALSE(t.feed->preview("nobody", client::TenantPlan::Free));
    t.feed->changePlan("acme", client::TenantPlan::Free, t.metadata("acme"));
    ASSERT_TRUE(t.acted());
    EXPECT_TRUE(t.outcomes[0].ok) << t.outcomes[0].text.toStdString();
    ASSERT_TRUE(waitFor([&] { return t.metadata("acme").plan == "free"; }));
    // Somebody else was faster than the preview.
    auto seen = t.metadata("acme");
    seen.plan = "enterprise";
    t.feed->changePlan("acme", client::TenantPlan::Pro, seen);
    ASSERT_TRUE(t.acted(2));
    EXPECT_FALSE(t.outcomes[1].ok);
    EXPECT_EQ(client::parseTenant(*t.store.value("tenant-meta:acme"))->plan, "free");
}

TEST(TenantFeed, RenamesAndRepairsWhatStrictReadersRefuse)
{
    Feed t;
    t.store.plant("tenant-meta:acme", R"({"name": "A", "x": 1.50, "limits": {"max_keys": Infinity}})");
    t.start();
    ASSERT_TRUE(t.shows("acme", 0));
    EXPECT_THAT(t.metadata("acme").notJson, ElementsAre("Infinity"));
    t.feed->repair("acme", t.metadata("acme"));
    ASSERT_TRUE(t.acted());
    EXPECT_TRUE(t.outcomes[0].ok) << t.outcomes[0].text.toStdString();
    EXPECT_EQ(t.store.value("tenant-meta:acme"),
        R"({"name": "A", "x": 1.50, "limits": {"max_keys": null, "max_storage_mb": null}})");
    ASSERT_TRUE(waitFor([&] { return t.metadata("acme").notJson.empty(); }));
    t.feed->rename("acme", QStringLiteral("B"), t.metadata("acme"));
    ASSERT_TRUE(t.acted(2));
    ASSERT_TRUE(waitFor([&] { return t.metadata("acme").name == "B"; }));
}

TEST(TenantFeed, AsksBeforeAWriteInConfirmModeAndRefusesInReadOnly)
{
    Feed t;
    t.profile.guard = client::GuardMode::Confirm;
    t.start();
    ASSERT_TRUE(t.ready());
    t.feed->create("acme", QStringLiteral("A"), client::TenantPlan::Free);
    ASSERT_TRUE(t.acted());
    EXPECT_TRUE(t.outcomes[0].needsConsent);
    EXPECT_FALSE(t.store.value("tenant-meta:acme"));
    t.feed->repeatWithConsent();
    ASSERT_TRUE(t.acted(2));
    EXPECT_TRUE(t.outcomes[1].ok);
    EXPECT_TRUE(t.store.value("tenant-meta:acme"));
    t.connection->setGuardMode(client::GuardMode::ReadOnly);
    t.feed->create("other", QStringLiteral("O"), client::TenantPlan::Free);
    ASSERT_TRUE(t.acted(3));
    EXPECT_FALSE(t.outcomes[2].ok);
    EXPECT_FALSE(t.store.value("tenant-meta:other"));
}

TEST(TenantFeed, AnUnknownOutcomeIsSaidAsSuch)
{
    Feed t;
    t.start();
    ASSERT_TRUE(t.ready());
    t.store.always(Op::Put, Fault::UnknownBeforeApply);
    t.feed->create("acme", QStringLiteral("A"), client::TenantPlan::Free);
    ASSERT_TRUE(t.acted());
    EXPECT_TRUE(t.outcomes[0].unknown);
}

TEST(TenantFeed, HandsAllKeysOfATenantToWhoeverDoesBulkWork)
{
    Feed t;
    t.store.plant("tenant-meta:a", record());
    t.store.plant("tenant-meta:a:b", record());
    for (const char* key : {"tenant:a:1", "tenant:a:2", "tenant:a:b:3", "tenant:ab:4"})
        t.store.plant(key, "v");
    t.start();
    ASSERT_TRUE(t.shows("a", 3));
    EXPECT_FALSE(t.feed->offersBulk());
    std::optional<TenantBulk> asked;
    QObject::connect(t.feed.get(), &TenantFeed::bulkRequested, t.feed.get(),
        [&](const TenantBulk& bulk) { asked = bulk; });
    EXPECT_TRUE(t.feed->offersBulk());
    t.feed->requestBulk(TenantBulk::Kind::Clone, "a", "copy");
    ASSERT_TRUE(waitFor([&] { return asked.has_value(); }));
    EXPECT_EQ(asked->kind, TenantBulk::Kind::Clone);
    EXPECT_EQ(asked->target, "copy");
    EXPECT_THAT(asked->keys, ElementsAre("tenant-meta:a", "tenant:a:1", "tenant:a:2"));
    EXPECT_EQ(asked->leftOut, 1U) << "tenant a:b may claim it";
    EXPECT_EQ(asked->coverage, client::Coverage::Complete);
    EXPECT_EQ(t.store.count(Op::Put) + t.store.count(Op::Remove), 0U);
}

TEST(TenantFeed, BulkOfKnownKeysSaysThatThereMayBeMore)
{
    Feed t;
    t.store.offersExplore = false;
    t.profile.tenants = {"acme"};
    t.profile.counters = {"tenant:acme:hits"};
    t.store.plant("tenant:acme:hits", "5");
    t.start();
    ASSERT_TRUE(t.shows("acme", 1));
    std::optional<TenantBulk> asked;
    QObject::connect(t.feed.get(), &TenantFeed::bulkRequested, t.feed.get(),
        [&](const TenantBulk& bulk) { asked = bulk; });
    t.feed->requestBulk(TenantBulk::Kind::Delete, "acme");
    ASSERT_TRUE(waitFor([&] { return asked.has_value(); }));
    EXPECT_THAT(asked->keys, ElementsAre("tenant:acme:hits"));
    EXPECT_EQ(asked->coverage, client::Coverage::KnownKeys);
}

TEST(TenantFeed, ComparesTheShardsOfTwoTenants)
{
    Feed t;
    t.profile.totalShards = 4;
    for (int i = 0; i < 40; ++i) {
        t.store.plant("tenant:a:" + std::to_string(i), "v");
        if (i < 30)
            t.store.plant("tenant:b:" + std::to_string(i), "v");
    }
    t.start();
    ASSERT_TRUE(t.shows("b", 30));
    std::optional<models::ShardOverlap> overlap;
    QObject::connect(t.feed.get(), &TenantFeed::shardsCompared, t.feed.get(),
        [&](const models::ShardOverlap& found) { overlap = found; });
    t.feed->compareShards("a", "b");
    ASSERT_TRUE(waitFor([&] { return overlap.has_value(); }));
    EXPECT_EQ(overlap->shardsA, 4U);
    EXPECT_EQ(overlap->both, 4U);
    EXPECT_EQ(overlap->keysA, 40U);
    EXPECT_EQ(overlap->keysB, 30U);
}

TEST(TenantFeed, ReportsWhatIsWrongOnceItStands)
{
    Feed t;
    t.store.plant("tenant:ghost:k", "v");
    t.start();
    std::vector<client::Finding> found;
    QObject::connect(t.feed.get(), &TenantFeed::found, t.feed.get(),
        [&](const client::Finding& f) { found.push_back(f); });
    ASSERT_TRUE(waitFor([&] { return !found.empty(); }));
    EXPECT_EQ(found.front().rule, "T3");
    EXPECT_EQ(found.front().subject, "ghost");
}

TEST(Lens, RestrictsToOnePrefixAndTellsOnlyOfChanges)
{
    models::Lens lens;
    QSignalSpy changed(&lens, &models::Lens::changed);
    EXPECT_EQ(lens.prefix(), "");
    lens.set("acme");
    lens.set("acme");
    EXPECT_EQ(lens.prefix(), "tenant:acme:");
    EXPECT_EQ(changed.count(), 1);
    EXPECT_EQ(lens.inside("a"), "tenant:acme:a");
    EXPECT_EQ(lens.inside("tenant:acme:a"), "tenant:acme:a");
    EXPECT_EQ(lens.inside("tenant:other:a"), "tenant:acme:tenant:other:a");
    EXPECT_TRUE(lens.covers("tenant:acme:a"));
    EXPECT_TRUE(lens.covers("tenant-meta:acme"));
    EXPECT_FALSE(lens.covers("tenant:other:a"));
    EXPECT_FALSE(lens.covers("tenant-meta:other"));
    lens.set(std::nullopt);
    EXPECT_EQ(lens.prefix(), "");
    EXPECT_TRUE(lens.covers("tenant-meta:other"));
    EXPECT_EQ(lens.inside("a"), "a");
    EXPECT_EQ(changed.count(), 2);
}

} // namespace
