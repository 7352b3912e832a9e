// SPDX-License-Identifier: GPL-3.0-or-later
// Seeded runs of RetryingStore and Counter over a transport that fails in every way a NoriKV cluster can. One
// seed is one run; NORIKV_SIM_SEEDS sets how many.
#include "client/patterns/counter.h"
#include "client/placement.h"
#include "client/retryingstore.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakestore.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <set>

namespace norikv::client {
namespace {

using namespace std::chrono_literals;
using norikv::test::FakeClock;

constexpr std::uint32_t Shards = 64;
constexpr std::size_t Nodes = 3;

std::uint64_t seeds()
{
    const char* text = std::getenv("NORIKV_SIM_SEEDS");
    return text ? std::strtoull(text, nullptr, 10) : 2000;
}

/// A cluster of three nodes in one thread. Each request suffers what the seed says.
class SimCluster final : public norikv::test::FakeStore {
public:
    SimCluster(std::uint64_t seed, FakeClock& clock, ClusterState& view)
        : FakeStore(clock, Shards)
        , m_random(seed)
        , m_clock(clock)
        , m_view(view)
    {
        for (auto& leader : m_leader)
            leader = roll(Nodes);
        m_faultPercent = 5 + roll(40);
        for (std::size_t node = 0; node < Nodes; ++node)
            tell(node);
    }

    std::uint64_t roll(std::uint64_t below) { return m_random() % below; }

    Result<Entry> get(Call& call, const Bytes& key, Consistency level) override
    {
        settle(false);
        const std::size_t node = ask(call, key);
        note("get", node);
        if (node != leaderOf(key))
            return fail(ErrorKind::NotLeader, "NOT_LEADER");
        if (chance(m_faultPercent))
            return fail(roll(2) == 0 ? ErrorKind::Unreachable : ErrorKind::NotLeader, "lost");
        Call aside;
        return FakeStore::get(aside, key, level);
    }

    Result<Version> put(Call& call, const Put& put) override
    {
        settle(false);
        const std::size_t node = ask(call, put.key);
        if (node != leaderOf(put.key)) {
            note("refused", node);
            return fail(ErrorKind::NotLeader, "NOT_LEADER");
        }
        if (!chance(m_faultPercent)) {
            note("put", node);
            return apply(put);
        }
        switch (roll(6)) {
        case 0:
            note("notleader-before", node);
            moveLeader(put.key);
            return fail(ErrorKind::NotLeader, "NOT_LEADER");
        case 1:
            note("notleader-after", node);
            (void)apply(put);
            moveLeader(put.key);
            return fail(ErrorKind::NotLeader, "NOT_LEADER");
        case 2: // appended here, applied when the next leader gets to it
            note("notleader-later", node);
            m_later.push_back(put);
            moveLeader(put.key);
            return fail(ErrorKind::NotLeader, "NOT_LEADER");
        case 3:
            note("lost-before", node);
            return fail(ErrorKind::UnknownOutcome, "Socket closed");
        case 4:
            note("lost-after", node);
            (void)apply(put);
            return fail(ErrorKind::UnknownOutcome, "Socket closed");
        default:
            note("never-sent", node);
            return fail(ErrorKind::Unreachable, "failed to connect to all addresses");
        }
    }

    /// What was appended and not applied yet, some of it or all.
    void settle(bool all)
    {
        while (!m_later.empty() && (all || chance(30))) {
            const Put put = m_later.front();
            m_later.erase(m_later.begin());
            note("settled", 0);
            (void)apply(put);
        }
        if (chance(40))
            tell(roll(Nodes)); // a view arrives, late or not
    }

    /// Another client counts on the same key.
    void rival(const Bytes& key)
    {
        Call aside;
        const auto entry = FakeStore::get(aside, key, Consistency::Strong);
        if (!entry->exists())
            return;
        plant(key, std::to_string(*parseCounter(entry->value) + 1));
        ++rivals;
        note("rival", 0);
    }

    void moveLeader(const Bytes& key)
    {
        const std::size_t to = roll(Nodes);
        m_leader[shardOf(key, Shards)] = to;
        if (chance(50))
            tell(to);
    }

    std::int64_t rivals = 0;
    int appliedNow = 0; ///< increments applied since it was last set to 0
    std::uint64_t trace = 1469598103934665603ULL;

    void note(std::string_view what, std::size_t node)
    {
        for (const char c : what)
            trace = (trace ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
        trace = (trace ^ node) * 1099511628211ULL;
        trace = (trace ^ static_cast<std::uint64_t>(m_clock.nowMs())) * 1099511628211ULL;
    }

private:
    bool chance(std::uint64_t percent) { return roll(100) < percent; }
    std::size_t leaderOf(const Bytes& key) const { return m_leader[shardOf(key, Shards)]; }

    /// Routes as the wire does, and fills the call's record.
    std::size_t ask(Call& call, const Bytes& key)
    {
        const std::uint32_t shard = shardOf(key, Shards);
        const auto leader = m_view.leaderOf(shard);
        std::size_t node = 0;
        if (leader && leader != call.avoid)
            node = *leader;
        else
            node = (call.avoid ? *call.avoid + 1 : shard) % Nodes;
        call.record.shard = shard;
        call.record.nodeIndex = node;
        ++call.record.attempts;
        if (chance(20))
            m_rivalWanted.insert(key);
        else if (m_rivalWanted.erase(key) > 0)
            rival(key);
        return node;
    }

    Result<Version> apply(const Put& put)
    {
        Call aside;
        auto written = FakeStore::put(aside, put);
        appliedNow += written && put.ifMatch ? 1 : 0;
        note(written ? "applied" : "mismatch", 0);
        return written;
    }

    void tell(std::size_t node)
    {
        ClusterView view;
        view.nodes.push_back({"node" + std::to_string(node), "", ""});
        for (std::uint32_t shard = 0; shard < Shards; ++shard) {
            if (m_leader[shard] == node)
                view.claims.push_back({shard, "node" + std::to_string(node), true});
        }
        m_view.applyView(node, view);
    }

    std::mt19937_64 m_random;
    FakeClock& m_clock;
    ClusterState& m_view;
    std::array<std::size_t, Shards> m_leader{};
    std::uint64_t m_faultPercent = 0;
    std::vector<Put> m_later;
    std::set<Bytes> m_rivalWanted;
};

/// The bug that automatic retries of most clients have.
class RepeatsUnknownWrites final : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;
    Result<Version> put(Call& call, const Put& put) override
    {
        auto written = m_next.put(call, put);
        for (int again = 0; again < 2 && !written && written.error().kind == ErrorKind::UnknownOutcome;
             ++again) {
            call.record = {};
            written = m_next.put(call, put);
        }
        return written;
    }
};

/// Forgets that a NOT_LEADER may follow the append.
class CallsDoubtAConflict final : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;
    Result<Version> put(Call& call, const Put& put) override
    {
        auto written = m_next.put(call, put);
        if (!written && call.record.ambiguous)
            written.error().kind = ErrorKind::Conflict;
        return written;
    }
};

enum class Planted { Nothing, RepeatUnknown, DoubtIsConflict };

struct Outcome {
    std::int64_t acknowledged = 0;
    std::int64_t unknown = 0;
    std::int64_t failed = 0;
    std::int64_t stored = 0; ///< without the rivals' part
    int doubles = 0; ///< increments applied more than once
    int falseAnswers = 0; ///< acknowledged and not applied, or called failed and applied
    std::uint64_t trace = 0;

    bool holds() const
    {
        return acknowledged <= stored && stored <= acknowledged + unknown && doubles == 0
            && falseAnswers == 0;
    }
};

Outcome simulate(std::uint64_t seed, Planted planted = Planted::Nothing)
{
    FakeClock clock;
    ClusterState view({"a", "b", "c"}, clock);
    SimCluster cluster(seed, clock, view);
    // Pauses carry random jitter; the run moves by their nominal length, and budgets lie between two of them,
    // so that one seed is one run.
    const Sleeper sleeper = [&](std::chrono::milliseconds time, const std::stop_token&) {
        clock.advance(time < 70ms ? 50ms : time < 140ms ? 100ms : time < 280ms ? 200ms : 400ms);
        cluster.settle(false);
        return true;
    };
    const RetryPolicy policy{
        .notLeaderBudget = 3800ms, .unreachableBudget = 1400ms, .firstDelay = 50ms, .longestDelay = 400ms};
    RetryingStore retrying(cluster, view, clock, policy, sleeper);
    RepeatsUnknownWrites repeating(retrying);
    CallsDoubtAConflict doubting(retrying);
    Store& store = planted == Planted::RepeatUnknown ? static_cast<Store&>(repeating)
        : planted == Planted::DoubtIsConflict        ? static_cast<Store&>(doubting)
                                                     : retrying;
    const CasPolicy patience{12, [](int) { return 50ms; }};

    Outcome out;
    const std::uint64_t keys = 1 + cluster.roll(4);
    const std::uint64_t operations = 10 + cluster.roll(30);
    for (std::uint64_t i = 0; i < operations; ++i) {
        const Bytes key = shardKey("n", static_cast<std::uint32_t>(cluster.roll(keys)));
        cluster.appliedNow = 0;
        Call call;
        const auto change = Counter(store, key, patience, sleeper).add(call, 1);
        cluster.settle(true);
        out.doubles += cluster.appliedNow > 1 ? 1 : 0;
        if (change) {
            ++out.acknowledged;
            out.falseAnswers += cluster.appliedNow == 0 ? 1 : 0;
            cluster.note("ok", static_cast<std::size_t>(change->after));
        } else if (change.error().kind == ErrorKind::UnknownOutcome) {
            ++out.unknown;
            cluster.note("unknown", 0);
        } else {
            ++out.failed;
            out.falseAnswers += cluster.appliedNow > 0 ? 1 : 0;
            cluster.note(name(change.error().kind), 0);
        }
    }
    for (const auto& [key, entry] : cluster.contents())
        out.stored += parseCounter(entry.value).value_or(-1'000'000);
    out.stored -= cluster.rivals;
    out.trace = cluster.trace;
    return out;
}

std::ostream& operator<<(std::ostream& out, const Outcome& o)
{
    return out << o.acknowledged << " acknowledged, " << o.stored << " stored, " << o.unknown << " unknown, "
               << o.failed << " failed, " << o.doubles << " applied twice, " << o.falseAnswers
               << " answered falsely";
}

TEST(ClientSimulation, whatIsStoredLiesBetweenAcknowledgedAndAcknowledgedPlusUnknown)
{
    Outcome sum;
    for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
        const Outcome run = simulate(seed);
        ASSERT_TRUE(run.holds()) << "seed " << seed << ": " << run;
        sum.acknowledged += run.acknowledged;
        sum.unknown += run.unknown;
        sum.failed += run.failed;
        sum.stored += run.stored;
    }
    // The faults must bite, or the test says nothing.
    const auto all = static_cast<double>(sum.acknowledged + sum.unknown + sum.failed);
    EXPECT_GT(static_cast<double>(sum.acknowledged), 0.4 * all) << sum;
    EXPECT_GT(static_cast<double>(sum.unknown), 0.05 * all) << sum;
    EXPECT_GT(sum.failed, 0) << sum;
    std::cout << sum << " in " << seeds() << " seeds\n";
}

TEST(ClientSimulation, theSameSeedIsTheSameRun)
{
    std::set<std::uint64_t> traces;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const auto first = simulate(seed).trace;
        EXPECT_EQ(simulate(seed).trace, first) << "seed " << seed;
        traces.insert(first);
    }
    EXPECT_EQ(traces.size(), 100U) << "different seeds are different runs";
}

int caught(Planted planted)
{
    int runs = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed)
        runs += simulate(seed, planted).holds() ? 0 : 1;
    return runs;
}

TEST(ClientSimulation, catchesAWriteThatIsRepeatedAfterAnUnknownOutcome)
{
    EXPECT_GT(caught(Planted::RepeatUnknown), 20) << "of 200 seeds";
}

TEST(ClientSimulation, catchesDoubtThatIsCalledAConflict)
{
    EXPECT_GT(caught(Planted::DoubtIsConflict), 20) << "of 200 seeds";
}

} // namespace
} // namespace norikv::client
