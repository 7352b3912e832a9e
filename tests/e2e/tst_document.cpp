// SPDX-License-Identifier: GPL-3.0-or-later
// The usage examples of the NoriKV pattern document, run through our pattern functions.
#include "tests/e2e/servers.h"

#include "client/patterns/counter.h"

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

INSTANTIATE_TEST_SUITE_P(Quirks, DocumentTest, testing::Values("sound", "faithful"),
    [](const auto& mode) { return std::string(mode.param); });

} // namespace
} // namespace norikv::tests
