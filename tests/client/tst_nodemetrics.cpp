// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/nodemetrics.h"

#include "tests/support/matchers.h"

#include <gtest/gtest.h>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::failsWith;

TEST(NodeMetrics, readsWhatTheShippedServerSays)
{
    const auto metrics
        = parseNodeMetrics("# TYPE kv_requests_total counter\n"
                           "kv_requests_total_total{operation=\"put\"} 120\n"
                           "kv_requests_total_total{operation=\"get\"} 900\n"
                           "kv_requests_total_total{operation=\"put\",status=\"cas_failed\"} 30\n"
                           "kv_requests_total_total{operation=\"put\",status=\"cas_not_found\"} 7\n"
                           "# EOF\n");
    EXPECT_EQ(metrics.puts, 120U);
    EXPECT_EQ(metrics.casFailed, 30U);
}

TEST(NodeMetrics, acceptsTheDocumentedNameAndFractions)
{
    const auto metrics = parseNodeMetrics("kv_requests_total{operation=\"put\"} 12.0\r\n"
                                          "kv_requests_total{status=\"cas_failed\",operation=\"put\"} 3.0");
    EXPECT_EQ(metrics.puts, 12U);
    EXPECT_EQ(metrics.casFailed, 3U);
}

TEST(NodeMetrics, whatIsNoMetricCountsNothing)
{
    for (const std::string_view text : {"", "\n\n", "<html>kv_requests_total</html>", "kv_requests_total} {5",
             "kv_requests_total{operation=\"put\"} NaN", "kv_requests_total{operation=\"put\"} -4",
             "kv_requests_total{operation=\"put\"", "xkv_requests_total{operation=\"put\"} 9"}) {
        const auto metrics = parseNodeMetrics(text);
        EXPECT_EQ(metrics.puts, 0U) << text;
        EXPECT_EQ(metrics.casFailed, 0U) << text;
    }
}

TEST(NodeMetrics, theShareIsOfThePlainPuts)
{
    EXPECT_DOUBLE_EQ(conflictShare({100, 10}, {200, 35}).value(), 0.25);
    EXPECT_DOUBLE_EQ(conflictShare({100, 10}, {101, 10}).value(), 0);
    EXPECT_FALSE(conflictShare({100, 10}, {100, 10})) << "nothing was written";
    EXPECT_FALSE(conflictShare({100, 10}, {40, 2})) << "the node started anew";
}

TEST(NodeMetrics, nobodyThereIsAnError)
{
    EXPECT_THAT(readNodeMetrics("127.0.0.1:1", 200ms), failsWith(ErrorKind::Unreachable));
}

} // namespace
} // namespace norikv::client
