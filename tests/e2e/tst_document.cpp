// SPDX-License-Identifier: GPL-3.0-or-later
// The usage examples of the NoriKV pattern document, run through our pattern functions.
#include "tests/e2e/servers.h"

#include "client/embed/hashing.h"
#include "client/patterns/bankaccount.h"
#include "client/patterns/counter.h"
#include "client/patterns/deduplication.h"
#include "client/patterns/recommendation.h"
#include "client/patterns/semanticsearch.h"
#include "client/patterns/tenant.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace norikv::tests {
namespace {

class DocumentTest : public testing::TestWithParam<const char*> {
protected:
    LiveServer server{{std::string("--quirks=") + GetParam()}};
    OtherClient client{server.seeds()};
};

TEST_P(DocumentTest, BasicCounterCountsRequests)
{
    ASSERT_TRUE(server.ready());
    client::Call call;
    client::Counter counter(client.store(), "api:requests");
    ASSERT_TRUE(counter.initialize(call));
    EXPECT_EQ(client.get("api:requests").value, "0");
    const auto change = counter.add(call, 1);
    ASSERT_TRUE(change) << change.error().message;
    EXPECT_EQ(change->after, 1);
    EXPECT_EQ(counter.get(call).value_or(-1), 1);
    // Initialising again takes nothing away.
    ASSERT_TRUE(counter.initialize(call));
    EXPECT_EQ(client.get("api:requests").value, "1");
}

TEST_P(DocumentTest, AThousandPageViewsOnTwentyShards)
{
    if (std::string(GetParam()) == "faithful")
        GTEST_SKIP() << "its compare-and-set is not atomic: the loss is shown in Reliability.*";
    ASSERT_TRUE(server.ready());
    constexpr int atOnce = 32;
    std::atomic<int> left = 1000;
    std::atomic<int> failed = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < atOnce; ++i) {
            threads.emplace_back([&] {
                client::ShardedCounter sharded(client.store(), "page:views", 20);
                while (left-- > 0) {
                    client::Call call;
                    failed += sharded.add(call, 1) ? 0 : 1;
                }
            });
        }
    }
    EXPECT_EQ(failed, 0);
    client::Call call;
    const auto total = client::ShardedCounter(client.store(), "page:views", 20).get(call);
    ASSERT_TRUE(total);
    EXPECT_EQ(total->total, 1000);
    // Read once more without our own pattern code.
    std::int64_t sum = 0;
    for (int i = 0; i < 20; ++i)
        sum += client.count("page:views:shard:" + std::to_string(i)).value_or(0);
    EXPECT_EQ(sum, 1000);
}

TEST_P(DocumentTest, TenantsAreCreatedAndKeptApart)
{
    ASSERT_TRUE(server.ready());
    const SystemClock clock;
    client::Call call;
    client::TenantManager manager(client.store(), clock);
    const auto acme = manager.create(call, "tenant-acme", "Acme Corp", client::TenantPlan::Pro);
    ASSERT_TRUE(acme) << acme.error().message;
    ASSERT_TRUE(manager.create(call, "tenant-widgets", "Widgets Inc", client::TenantPlan::Enterprise));
    EXPECT_EQ(acme->metadata.limits.maxKeys, 100'000U);
    EXPECT_EQ(manager.get(call, "tenant-widgets")->metadata.limits.maxKeys, std::nullopt);
    EXPECT_NE(client.get("tenant-meta:tenant-widgets").value.find(R"("maxKeys":null)"), std::string::npos);
    EXPECT_EQ(manager.get(call, "nobody").error().message, "Tenant not found: nobody");
    // A second creation leaves the first alone.
    EXPECT_FALSE(manager.create(call, "tenant-acme", "Other", client::TenantPlan::Free));
    EXPECT_EQ(manager.get(call, "tenant-acme")->metadata.name, "Acme Corp");

    auto acmeClient = manager.client(call, "tenant-acme");
    auto widgetsClient = manager.client(call, "tenant-widgets");
    ASSERT_TRUE(acmeClient && widgetsClient);
    // On a shard that is touched for the first time the shipped server refuses after it may have appended:
    // unknown, and the same value may be put again.
    const auto put = [&](auto& tenant, const char* value) {
        auto written = tenant.put(call, "config", value);
        for (int more = 0; more < 5 && !written && written.error().kind == client::ErrorKind::UnknownOutcome;
             ++more)
            written = tenant.put(call, "config", value);
        return written.has_value();
    };
    ASSERT_TRUE(put(*acmeClient, "acme-config"));
    ASSERT_TRUE(put(*widgetsClient, "widgets-config"));
    EXPECT_EQ(acmeClient->get(call, "config")->value, "acme-config");
    EXPECT_EQ(client.get("tenant:tenant-acme:config").value, "acme-config");
    ASSERT_TRUE(acmeClient->remove(call, "config"));
    EXPECT_FALSE(acmeClient->get(call, "config")->exists());
    EXPECT_EQ(widgetsClient->get(call, "config")->value, "widgets-config");
}

TEST_P(DocumentTest, ABankAccountIsRebuiltFromItsEvents)
{
    ASSERT_TRUE(server.ready());
    const SystemClock clock;
    client::Call call;
    client::BankAccount account(client.store(), clock, "account-123");
    client::EventStream events(client.store(), clock, {client::EventLayout::Document, "account-123"});
    // The shipped server refuses on a shard that is touched for the first time: unknown, and looked at again.
    const auto done = [&](const auto& operation, std::uint64_t version) {
        for (int tries = 0; tries < 10; ++tries) {
            client::AppendDoubt doubt;
            const auto event = operation(&doubt);
            if (event)
                return true;
            if (event.error().kind == client::ErrorKind::UnknownOutcome && events.check(call, doubt)
                && events.version(call) == version)
                return true;
            if (event.error().kind != client::ErrorKind::UnknownOutcome) {
                ADD_FAILURE() << event.error().message << " " << event.error().detail;
                return false;
            }
        }
        return false;
    };
    ASSERT_TRUE(done([&](auto* doubt) { return account.open(call, doubt); }, 1));
    ASSERT_TRUE(done([&](auto* doubt) { return account.deposit(call, 100, doubt); }, 2));
    ASSERT_TRUE(done([&](auto* doubt) { return account.withdraw(call, 30, doubt); }, 3));
    const auto state = account.load(call);
    ASSERT_TRUE(state) << state.error().message;
    EXPECT_EQ(state->balance, 70);
    EXPECT_TRUE(state->isOpen);
    const auto later = events.eventsAfter(call, 1);
    ASSERT_TRUE(later) << later.error().message;
    ASSERT_EQ(later->size(), 2U);
    EXPECT_EQ((*later)[0]->type, "MoneyDeposited");
    EXPECT_EQ((*later)[1]->data, R"({"amount":30})");
    EXPECT_EQ(account.withdraw(call, 71).error().message, "Insufficient funds");
    EXPECT_EQ(account.open(call).error().message, "Account already open");
    EXPECT_EQ(client.get("events:meta:account-123").value, R"({"version":3})");
}

// The three systems need the sandbox's Vector service; the shipped server has none.
class DocumentVectors : public testing::Test {
protected:
    LiveServer server{{"--quirks=sound"}};
    OtherClient client{server.seeds()};
    client::HashingEmbedder embedder{384};
    client::Call call;
};

TEST_F(DocumentVectors, SearchFindsTheDeepLearningTextFirst)
{
    ASSERT_TRUE(server.ready());
    client::SemanticSearch engine(client.store(), embedder);
    ASSERT_TRUE(engine.initialize(call));
    ASSERT_TRUE(
        engine.indexDocument(call, "doc1", "Machine Learning", "Machine learning is a subset of AI..."));
    ASSERT_TRUE(engine.indexDocument(call, "doc2", "Deep Learning", "Deep learning uses neural networks..."));
    const auto found = engine.search(call, "AI neural networks", 5);
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_EQ(found->documents.size(), 2U);
    EXPECT_EQ(found->documents[0].id, "doc2");
    EXPECT_EQ(found->documents[0].meta.title, "Deep Learning");
    EXPECT_EQ(client.get("doc:meta:doc1").value,
        R"({"title":"Machine Learning","content":"Machine learning is a subset of AI..."})");
    EXPECT_EQ(engine.deleteDocument(call, "doc1"), true);
    EXPECT_EQ(engine.search(call, "AI", 5)->documents.size(), 1U);
}

TEST_F(DocumentVectors, AShopperOfRunningShoesIsShownTrailShoes)
{
    ASSERT_TRUE(server.ready());
    client::Recommendation engine(client.store(), embedder);
    ASSERT_TRUE(engine.initialize(call));
    ASSERT_TRUE(engine.indexProduct(call, "prod1", "Running Shoes", "Lightweight", "Footwear"));
    ASSERT_TRUE(engine.indexProduct(call, "prod2", "Trail Shoes", "Durable", "Footwear"));
    const auto moved = client::Recommendation::recordInteraction(client.store(), call, "user123", "prod1");
    ASSERT_TRUE(moved && *moved) << (moved ? "no such product" : moved.error().message);
    const auto recommended = client::Recommendation::recommendations(client.store(), call, "user123", 5);
    ASSERT_TRUE(recommended);
    ASSERT_EQ(recommended->size(), 2U);
    EXPECT_EQ((*recommended)[0].id, "prod1");
    EXPECT_NEAR((*recommended)[0].score, 1, 1e-4);
    const auto similar = client::Recommendation::similarProducts(client.store(), call, "prod1", 5);
    ASSERT_TRUE(similar && similar->size() == 1);
    EXPECT_EQ(similar->front().id, "prod2");
}

TEST_F(DocumentVectors, TheSecondOfThreeSentencesIsADuplicate)
{
    ASSERT_TRUE(server.ready());
    // An embedder that knows spelling alone tells them apart at another threshold than the document's.
    client::Deduplicator dedup(client.store(), embedder, 0.5);
    ASSERT_TRUE(dedup.initialize(call));
    const auto first = dedup.checkAndStore(call, "doc1", "The quick brown fox jumps over the lazy dog.");
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_FALSE(first->duplicate);
    const auto second = dedup.checkAndStore(call, "doc2", "A quick brown fox jumped over a lazy dog.");
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->duplicate);
    EXPECT_EQ(second->of, "doc1");
    const auto third = dedup.checkAndStore(call, "doc3", "Machine learning is transforming industries.");
    ASSERT_TRUE(third);
    EXPECT_FALSE(third->duplicate);
}

INSTANTIATE_TEST_SUITE_P(Quirks, DocumentTest, testing::Values("sound", "faithful"),
    [](const auto& mode) { return std::string(mode.param); });

} // namespace
} // namespace norikv::tests
