// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sandbox/serverfixture.h"

#include <algorithm>
#include <set>

namespace norikv::tests {
namespace {

namespace ev1 = explore::v1;
using grpc::StatusCode;
using ScanCall = OpenStream<ev1::Explore::Stub, ev1::ScanRequest, ev1::ScanBatch>;
using WatchCall = OpenStream<ev1::Explore::Stub, ev1::WatchRequest, ev1::WatchBatch>;

class ExploreTest : public ServerFixture {
protected:
    std::unique_ptr<ScanCall> scan(const ev1::ScanRequest& request = {})
    {
        return std::make_unique<ScanCall>(stub<ev1::Explore>(), &ev1::Explore::Stub::Scan, request);
    }
    std::unique_ptr<WatchCall> watch(const ev1::WatchRequest& request = {})
    {
        return std::make_unique<WatchCall>(stub<ev1::Explore>(), &ev1::Explore::Stub::Watch, request);
    }
    /// The next batch with events.
    static ev1::WatchBatch next(WatchCall& stream)
    {
        ev1::WatchBatch batch;
        while (stream.read(batch) && batch.events().empty()) { }
        return batch;
    }
};

TEST_F(ExploreTest, ScanComesInBatchesOfOneSnapshot)
{
    start();
    for (int i = 0; i < 2500; ++i) {
        ASSERT_TRUE(put("k" + std::to_string(10000 + i), std::to_string(i)).ok());
    }
    const auto call = scan();
    ev1::ScanBatch batch;
    std::vector<std::string> keys;
    std::set<std::uint64_t> revisions;
    std::vector<int> sizes;
    bool last = false;
    while (call->read(batch)) {
        EXPECT_FALSE(last) << "nothing follows the last";
        revisions.insert(batch.revision());
        sizes.push_back(batch.entries_size());
        last = batch.last();
        EXPECT_EQ(batch.coverage(), ev1::COVERAGE_COMPLETE);
        EXPECT_EQ(batch.server_time_ms(), static_cast<std::uint64_t>(clock.nowMs()));
        for (const auto& entry : batch.entries()) {
            EXPECT_EQ(entry.value_size(), entry.value().size());
            EXPECT_GE(entry.version().index(), 1U);
            keys.push_back(entry.key());
        }
        if (sizes.size() == 1) {
            ASSERT_TRUE(put("k99999", "too late").ok());
        }
    }
    EXPECT_TRUE(call->finish().ok());
    EXPECT_TRUE(last);
    EXPECT_EQ(revisions.size(), 1U);
    EXPECT_EQ(sizes, (std::vector{1024, 1024, 452}));
    EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
}

TEST_F(ExploreTest, ScanOfNothingIsOneLastBatch)
{
    start();
    const auto call = scan();
    ev1::ScanBatch batch;
    ASSERT_TRUE(call->read(batch));
    EXPECT_TRUE(batch.last());
    EXPECT_EQ(batch.entries_size(), 0);
    EXPECT_GE(batch.revision(), 1U) << "0 would mean from now";
    EXPECT_FALSE(call->read(batch));
}

TEST_F(ExploreTest, ScanLimitKeysOnlyAndLargeValues)
{
    start();
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(put("k" + std::to_string(i), std::string(700'000, 'x')).ok());
    }
    ev1::ScanRequest request;
    request.set_limit(2);
    request.set_keys_only(true);
    request.set_start_after("k1");
    ev1::ScanBatch batch;
    ASSERT_TRUE(scan(request)->read(batch));
    ASSERT_EQ(batch.entries_size(), 2);
    EXPECT_TRUE(batch.last());
    EXPECT_EQ(batch.entries(0).key(), "k2");
    EXPECT_TRUE(batch.entries(0).value().empty());
    EXPECT_EQ(batch.entries(0).value_size(), 700'000U);
    const auto call = scan();
    std::vector<int> sizes;
    while (call->read(batch)) {
        sizes.push_back(batch.entries_size());
    }
    EXPECT_EQ(sizes, (std::vector{2, 2, 1})) << "full at about 1 MiB";
}

TEST_F(ExploreTest, ScanThenWatchMissesNothing)
{
    start();
    ASSERT_TRUE(put("a", "1").ok());
    ev1::ScanBatch batch;
    ASSERT_TRUE(scan()->read(batch));
    ASSERT_TRUE(put("b", "2", 5000).ok());
    ev1::WatchRequest request;
    request.set_after_revision(batch.revision());
    const auto call = watch(request);
    const auto first = next(*call);
    ASSERT_EQ(first.events_size(), 1);
    EXPECT_EQ(first.events(0).kind(), ev1::Event::PUT);
    EXPECT_EQ(first.events(0).revision(), batch.revision() + 1);
    EXPECT_EQ(first.revision(), batch.revision() + 1);
    EXPECT_EQ(first.events(0).entry().key(), "b");
    EXPECT_EQ(first.events(0).entry().value(), "2");
    EXPECT_EQ(first.events(0).entry().expires_at_ms(), static_cast<std::uint64_t>(clock.nowMs() + 5000));
    clock.advance(5000);
    server->pokeClock();
    const auto second = next(*call);
    ASSERT_EQ(second.events_size(), 1);
    EXPECT_EQ(second.events(0).kind(), ev1::Event::EXPIRE);
    EXPECT_EQ(second.events(0).entry().key(), "b");
}

TEST_F(ExploreTest, WatchSpeaksEverySecondAndByPrefix)
{
    start();
    ev1::WatchRequest request;
    request.set_prefix("p:");
    request.set_keys_only(true);
    const auto call = watch(request);
    ev1::WatchBatch batch;
    ASSERT_TRUE(call->read(batch));
    EXPECT_EQ(batch.events_size(), 0);
    ASSERT_TRUE(put("q:1", "v").ok());
    ASSERT_TRUE(put("p:1", "v").ok());
    batch = next(*call);
    ASSERT_EQ(batch.events_size(), 1);
    EXPECT_EQ(batch.events(0).entry().key(), "p:1");
    EXPECT_TRUE(batch.events(0).entry().value().empty());
    EXPECT_EQ(batch.events(0).entry().value_size(), 1U);
    ASSERT_TRUE(put("q:2", "v").ok());
    ASSERT_TRUE(call->read(batch));
    EXPECT_EQ(batch.events_size(), 0);
    EXPECT_EQ(batch.revision(), 4U) << "it tells how far it has looked";
}

TEST_F(ExploreTest, WatchOfAGoneRevisionIsOutOfRange)
{
    start();
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(put("k", std::to_string(i)).ok());
    }
    start(); // the history begins anew
    ev1::WatchRequest request;
    request.set_after_revision(2);
    const auto status = watch(request)->finish();
    EXPECT_EQ(status.error_code(), StatusCode::OUT_OF_RANGE);
    EXPECT_EQ(status.error_message(), "Revision 2 is gone; oldest is 5");
}

TEST_F(ExploreTest, StatAnswersInTheOrderAsked)
{
    start();
    ASSERT_TRUE(put("a", "four", 5000).ok());
    ev1::StatRequest request;
    for (const auto* key : {"missing", "a"}) {
        request.add_keys(key);
    }
    ev1::StatResponse response;
    ASSERT_TRUE(call(*stub<ev1::Explore>(), &ev1::Explore::Stub::Stat, request, response).ok());
    ASSERT_EQ(response.entries_size(), 2);
    EXPECT_EQ(response.entries(0).key(), "missing");
    EXPECT_FALSE(response.entries(0).has_version());
    EXPECT_EQ(response.entries(1).value_size(), 4U);
    EXPECT_TRUE(response.entries(1).value().empty());
    EXPECT_EQ(response.entries(1).expires_at_ms(), static_cast<std::uint64_t>(clock.nowMs() + 5000));
}

} // namespace
} // namespace norikv::tests
