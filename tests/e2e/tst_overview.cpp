// SPDX-License-Identifier: GPL-3.0-or-later
// The overview while nodes of a real deployment leave, come back, hand over and contradict each other: what
// it shows is compared with what was done to them.
#include "tests/e2e/windowfixture.h"

#include "client/audit/audit.h"
#include "client/audit/clusterrules.h"
#include "models/shardfeed.h"
#include "widgets/nodecard.h"

#include <QTableView>

namespace norikv::tests {
namespace {

using client::NodeFault;
using models::ShardCell;

constexpr std::size_t Shards = 1024;

class OverviewJourney : public WindowTest {
protected:
    models::ShardFeed& feed() { return workspace()->pattern<models::ShardFeed>(); }
    bool led(std::size_t shards)
    {
        return waitFor([&] { return feed().map().led == shards; }, 15s);
    }
    static void set(OtherClient& judge, const std::string& node, NodeFault::State state)
    {
        client::Call call;
        const auto done = judge.store().setNode(call, {node, state, 0});
        EXPECT_TRUE(done) << done.error().message;
    }
    static void move(
        OtherClient& judge, std::uint32_t shard, const std::string& node, bool keepOldClaim = false)
    {
        client::Call call;
        const auto done = judge.store().moveShard(call, {shard, node, keepOldClaim});
        EXPECT_TRUE(done) << done.error().message;
    }
    /// "341 node1>" of each line of the history, newest first, until the watch began.
    QStringList history()
    {
        QStringList lines;
        for (const auto& group : feed().elections()) {
            if (group.shards.empty())
                break;
            lines << QStringLiteral("%1 %2>%3")
                         .arg(group.shards.size())
                         .arg(QString::fromStdString(group.before), QString::fromStdString(group.after));
        }
        return lines;
    }
    bool told(const QString& line)
    {
        return waitFor([&] { return history().contains(line); }, 10s);
    }
};

TEST_F(OverviewJourney, NodesThatLeaveAndComeBackAreShownAsItHappened)
{
    LiveServer server({"--faults"}, 3);
    connectTo(server, {QStringLiteral("--panel"), QStringLiteral("overview")});
    ASSERT_EQ(window().currentPanel(), QStringLiteral("overview"));
    ASSERT_TRUE(led(Shards));
    EXPECT_TRUE(waitFor([&] { return says(QStringLiteral("3 of 3 nodes up")); }));
    OtherClient judge(server.seeds());

    set(judge, "node1", NodeFault::State::Down);
    ASSERT_TRUE(led(Shards - 341)) << "a node that is away leads nothing";
    EXPECT_EQ(feed().map().cells[1].state, ShardCell::State::Cold)
        << "where it is open is not known any more";
    const auto cards = window().findChildren<widgets::NodeCard*>();
    ASSERT_EQ(cards.size(), 3);
    EXPECT_TRUE(waitFor([&] { return cards[1]->figures().link == client::Link::Down; }));
    EXPECT_TRUE(told(QStringLiteral("341 node1>"))) << history().join(u'|').toStdString();

    set(judge, "node1", NodeFault::State::Up);
    ASSERT_TRUE(led(Shards)) << "it is back";
    EXPECT_TRUE(told(QStringLiteral("341 >node1")));

    // A hand-over is one election.
    move(judge, 18, "node2");
    ASSERT_TRUE(waitFor([&] { return feed().map().cells[18].leader == 2; }));
    EXPECT_TRUE(told(QStringLiteral("1 node0>node2")));

    // The whole deployment is killed and started again: its views begin with their first epoch.
    server.kill();
    ASSERT_TRUE(waitFor([&] { return feed().map().cold == Shards; }, 15s));
    EXPECT_EQ(workspace()->cluster().nodesUp(), 0);
    server.start();
    ASSERT_TRUE(server.ready());
    ASSERT_TRUE(led(Shards));
    const auto back = [&] {
        // Which of the two depends on whether it was away for longer than a hand-over takes.
        return history().contains(QStringLiteral("1 node2>node0"))
            || history().contains(QStringLiteral("342 >node0"));
    };
    EXPECT_TRUE(waitFor(back)) << "a restarted server leads shard 18 on node0 again: "
                               << history().join(u'|').toStdString();
    EXPECT_EQ(window().figures().value(QStringLiteral("twice")).toInt(), 0);
    EXPECT_EQ(workspace()->findings().serious(), 0) << "none of this is a contradiction";
    // The page's count is read again a moment after the last line was written.
    EXPECT_TRUE(waitFor([&] { return feed().electionCount() >= Shards + 2 * 341 + 2; }))
        << feed().electionCount();
    const auto kept = feed().electionCount();

    quit();
    connectTo(server, {QStringLiteral("--panel"), QStringLiteral("overview")});
    ASSERT_TRUE(led(Shards));
    EXPECT_TRUE(waitFor([&] { return feed().electionCount() >= kept; })) << "the history is on disk";
}

TEST_F(OverviewJourney, TwoNodesThatClaimOneShardAreAFinding)
{
    LiveServer server({"--faults"}, 3);
    connectTo(server, {QStringLiteral("--panel"), QStringLiteral("overview")});
    ASSERT_TRUE(led(Shards));
    OtherClient judge(server.seeds());
    move(judge, 18, "node2", true);
    ASSERT_TRUE(waitFor([&] { return feed().map().twice == 1; }));
    EXPECT_EQ(workspace()->findings().serious(), 0) << "for a moment it is a hand-over";
    ASSERT_TRUE(waitFor([&] { return workspace()->findings().serious() == 1; }, 15s));
    const auto& finding = workspace()->findings().record(0);
    EXPECT_EQ(finding.rule, "L6");
    EXPECT_EQ(finding.severity, client::Severity::Suspect) << "no HTTP port is known to ask for the terms";
    EXPECT_EQ(finding.subject, "shard 18");
    move(judge, 18, "node2");
    EXPECT_TRUE(waitFor([&] { return feed().map().twice == 0; })) << "the older claim is given up";
}

TEST(OverviewAudit, L6IsFoundOverTheWireAndSilentOnHealthyNodes)
{
    LiveServer server({"--faults"}, 3);
    OtherClient judge(server.seeds());
    client::Profile profile;
    profile.seeds = server.seeds();
    for (int node = 0; node < 3; ++node)
        profile.httpAddresses.push_back(server.httpAddress(node));
    client::AuditOptions options;
    options.watchFor = std::chrono::seconds(4);
    options.cluster = [&](EpochMs now) {
        return client::judgeCluster(judge.connection().cluster(), profile, now, client::httpHealthReader());
    };
    const auto audit = [&] {
        const auto report = client::runAudit(judge.store(), profile, judge.clock(), options, {});
        EXPECT_TRUE(report);
        std::vector<std::string> found;
        for (const auto& finding : report->findings)
            found.push_back(
                finding.rule + " " + std::string(client::name(finding.severity)) + " " + finding.subject);
        for (const auto& silent : report->notJudged)
            EXPECT_NE(silent.rule, "L6") << silent.why;
        return found;
    };
    EXPECT_EQ(audit(), std::vector<std::string>{});
    client::Call call;
    // Shard 3 is among the ten whose terms /health tells; node0 led it.
    ASSERT_TRUE(judge.store().moveShard(call, {3, "node2", true}));
    EXPECT_EQ(audit(), std::vector<std::string>{"L6 certain shard 3"});
}

} // namespace
} // namespace norikv::tests
