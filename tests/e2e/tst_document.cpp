// SPDX-License-Identifier: GPL-3.0-or-later
// The usage examples of the NoriKV pattern document, run through our pattern functions.
#include "tests/e2e/servers.h"

#include "client/patterns/counter.h"
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

INSTANTIATE_TEST_SUITE_P(Quirks, DocumentTest, testing::Values("sound", "faithful"),
    [](const auto& mode) { return std::string(mode.param); });

} // namespace
} // namespace norikv::tests
