// SPDX-License-Identifier: GPL-3.0-or-later
// The small pure parts, one by one.
#include "sandbox/address.h"
#include "sandbox/expiryindex.h"
#include "sandbox/history.h"
#include "sandbox/idempotency.h"
#include "sandbox/metrics.h"
#include "sandbox/nodegate.h"
#include "sandbox/quirks.h"
#include "sandbox/topology.h"

#include <gtest/gtest.h>

#include <limits>

namespace norikv::sandbox {
namespace {

TEST(Record, RoundTrip)
{
    std::string row;
    encodeRecord(row, std::string("\0v", 2), {7, 1234});
    const auto meta = decodeRecord(row);
    ASSERT_TRUE(meta);
    EXPECT_EQ(*meta, (RecordMeta{7, 1234}));
    EXPECT_EQ(row, std::string("\0v", 2));
    std::string cut = "short";
    EXPECT_FALSE(decodeRecord(cut));
}

TEST(Record, ExpirySaturates)
{
    EXPECT_EQ(expiryOf(1000, 0), noExpiry);
    EXPECT_EQ(expiryOf(1000, 5), 1005);
    EXPECT_EQ(expiryOf(1000, std::numeric_limits<std::uint64_t>::max()), noExpiry);
    EXPECT_EQ(expiryOf(1000, static_cast<std::uint64_t>(std::numeric_limits<EpochMs>::max())), noExpiry);
}

TEST(ExpiryIndexTest, KnowsKeysByTime)
{
    ExpiryIndex index;
    index.set("late", {1, 30});
    index.set("early", {2, 10});
    index.set("moved", {3, 5});
    index.set("moved", {4, 20});
    index.set("gone", {5, 1});
    index.set("gone", {6, noExpiry});
    EXPECT_EQ(index.first(), 10);
    const auto due = index.due(20, 10);
    ASSERT_EQ(due.size(), 2U);
    EXPECT_EQ(due[0].key, "early");
    EXPECT_EQ(due[1].key, "moved");
    EXPECT_EQ(due[1].meta.index, 4U);
    EXPECT_EQ(index.due(100, 1).size(), 1U);
    EXPECT_FALSE(index.find("gone"));
}

TEST(Idempotency, ForgetsTheOldestBeyondTheLimit)
{
    IdempotencyTable table;
    for (std::size_t i = 0; i < IdempotencyTable::maxEntries; ++i) {
        table.add("id" + std::to_string(i), {0, i}, static_cast<EpochMs>(i));
    }
    const auto surplus = table.surplus(static_cast<EpochMs>(IdempotencyTable::maxEntries), 2);
    EXPECT_EQ(surplus, (std::deque<std::string>{"id0", "id1"}));
    for (const auto& name : surplus) {
        table.erase(name);
    }
    EXPECT_EQ(table.find("id0", 0), nullptr);
    EXPECT_NE(table.find("id2", 0), nullptr);
    EXPECT_EQ(table.find("id2", 2 + IdempotencyTable::keptMs), nullptr) << "after a day";
}

TEST(HistoryTest, KeepsTheLast100000)
{
    History history(1);
    std::vector<Event> events;
    for (std::uint64_t i = 0; i < History::maxEvents + 10; ++i) {
        events.push_back({Event::Kind::Put, i + 2, "k", "", {}});
    }
    history.publish(std::move(events));
    EXPECT_TRUE(history.after(5, "").gone);
    EXPECT_EQ(history.after(5, "").oldest, 12U);
    EXPECT_FALSE(history.after(11, "").gone);
    EXPECT_EQ(history.after(11, "").events.size(), 1024U);
    EXPECT_EQ(history.after(11, "").events.front()->revision, 12U);
}

TEST(HistoryTest, ARevisionBeingCommittedIsNotGone)
{
    History history(10);
    history.reserve(12); // a scan may see it before the watchers are told
    EXPECT_FALSE(history.after(12, "").gone);
    EXPECT_TRUE(history.after(13, "").gone);
}

TEST(QuirksTest, FaithfulIsAllButLostWritesAndDelay)
{
    const auto faithful = Quirks::faithful();
    EXPECT_TRUE(faithful.racyCas && faithful.deleteIgnoresIfMatch && faithful.sharedIdempotency);
    EXPECT_TRUE(faithful.firstTouchNotLeader && faithful.ttlLostOnFlush && faithful.ttlLostOnRestart);
    EXPECT_TRUE(faithful.oldValueReturns && faithful.renumberOnRestart && faithful.refuseSdkConsistency);
    EXPECT_TRUE(faithful.tickingEpoch && faithful.emptyMeta);
    EXPECT_FALSE(faithful.loseParallelWrites);
    EXPECT_EQ(faithful.commitDelayMs, 0U);
    EXPECT_EQ(faithful.casWindowMs, 5U);
}

TEST(QuirksTest, SharedOnesRoundTrip)
{
    Quirks quirks;
    quirks.tickingEpoch = true;
    quirks.casWindowMs = 17;
    quirks.commitDelayMs = 150;
    SharedQuirks shared(quirks);
    EXPECT_EQ(shared.load(), quirks);
    shared.store(Quirks::faithful());
    EXPECT_EQ(shared.load(), Quirks::faithful());
}

TEST(AddressTest, TakesLiteralsOnly)
{
    EXPECT_EQ(Address::parse("127.0.0.1:7447")->port, 7447);
    EXPECT_EQ(Address::parse("[::1]:0")->ip, "::1");
    for (const auto* wrong : {"", "localhost:1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80",
             "1.2.3:4", "127.0.0.1:7447x", "127.0.0.1:-1"}) {
        const auto parsed = Address::parse(wrong);
        ASSERT_FALSE(parsed) << wrong;
        EXPECT_NE(parsed.error().find('"' + std::string(wrong) + '"'), std::string::npos);
    }
    EXPECT_TRUE(Address::parse("127.8.0.1:1")->loopback());
    EXPECT_FALSE(Address::parse("0.0.0.0:1")->loopback());
    EXPECT_EQ(Address::parse("0.0.0.0:1")->dialable(5), "127.0.0.1:5");
}

TEST(TopologyTest, SpreadsLeadershipAndMovesIt)
{
    Topology topology(9, 3);
    EXPECT_EQ(topology.claims(1, false), (std::vector<std::uint32_t>{1, 4, 7}));
    EXPECT_TRUE(topology.refuses(0, 1, {}, {}));
    EXPECT_FALSE(topology.refuses(1, 1, {}, {}));
    const auto epoch = topology.epoch();
    ASSERT_TRUE(topology.move(1, 0, true));
    EXPECT_GT(topology.epoch(), epoch);
    EXPECT_FALSE(topology.refuses(0, 1, {}, {}));
    EXPECT_EQ(topology.claims(1, false).front(), 1U) << "the old leader still claims it";
    ASSERT_TRUE(topology.move(1, 2, false));
    EXPECT_EQ(topology.claims(1, false).front(), 4U);
    EXPECT_FALSE(topology.move(9, 0, false));
}

TEST(TopologyTest, FirstTouchIsRefusedOnce)
{
    Topology topology(4, 1);
    Quirks quirks;
    quirks.firstTouchNotLeader = true;
    EXPECT_EQ(topology.claims(0, true), (std::vector<std::uint32_t>{0})) << "shard 0 is open from the start";
    EXPECT_FALSE(topology.refuses(0, 0, quirks, {}));
    EXPECT_TRUE(topology.refuses(0, 3, quirks, {}));
    EXPECT_FALSE(topology.refuses(0, 3, quirks, {}));
    quirks.commitDelayMs = 100; // as shipped: an election takes its time
    const auto start = std::chrono::milliseconds(1000);
    EXPECT_TRUE(topology.refuses(0, 2, quirks, start));
    EXPECT_TRUE(topology.refuses(0, 2, quirks, start + std::chrono::milliseconds(100)));
    EXPECT_FALSE(topology.refuses(0, 2, quirks, start + std::chrono::milliseconds(150)));
}

TEST(NodeGateTest, HoldsRefusesAndReleases)
{
    Delayer delayer;
    NodeGate gate(delayer);
    std::vector<bool> entered;
    const auto enter = [&](bool up) { entered.push_back(up); };
    gate.pass(enter);
    gate.set(NodeState::Frozen, 0);
    gate.pass(enter);
    EXPECT_EQ(entered, (std::vector{true}));
    gate.set(NodeState::Up, 0);
    EXPECT_EQ(entered, (std::vector{true, true}));
    gate.set(NodeState::Down, 0);
    gate.pass(enter);
    EXPECT_EQ(entered, (std::vector{true, true, false}));
    gate.close();
    gate.set(NodeState::Up, 0);
    gate.pass(enter);
    EXPECT_EQ(entered, (std::vector{true, true, false, false})) << "closed for good";
}

TEST(MetricsTest, SpeaksTheContractsNames)
{
    Metrics metrics;
    EXPECT_EQ(metrics.text(), "# EOF\n");
    metrics.count(Metrics::Operation::Get);
    metrics.observe(Metrics::Operation::Get, Metrics::Outcome::Found, std::chrono::microseconds(1500));
    metrics.countCasFailed();
    const auto text = metrics.text();
    for (const auto* line : {"kv_requests_total_total{operation=\"get\"} 1\n",
             "kv_requests_total_total{operation=\"put\",status=\"cas_failed\"} 1\n",
             "kv_request_duration_ms_sum{operation=\"get\",status=\"success\",result=\"found\"} 1.5\n",
             "kv_request_duration_ms_bucket{le=\"1.0\",operation=\"get\",status=\"success\",result=\"found\"}"
             " 0\n",
             "kv_request_duration_ms_bucket{le=\"2.0\",operation=\"get\",status=\"success\",result=\"found\"}"
             " 1\n"}) {
        EXPECT_NE(text.find(line), std::string::npos) << line << text;
    }
    EXPECT_TRUE(text.ends_with("# EOF\n"));
}

} // namespace
} // namespace norikv::sandbox
