// SPDX-License-Identifier: GPL-3.0-or-later
// The overview of three nodes of which one is away, one shard claimed twice and one led by nobody.
#include "models/findingsmodel.h"
#include "tests/golden/goldenfixture.h"
#include "tests/models/manynodes.h"
#include "widgets/charttheme.h"
#include "widgets/clusterinspector.h"
#include "widgets/overviewpage.h"
#include "widgets/plots/histogram.h"

#include <QLabel>
#include <QVBoxLayout>

using namespace norikv;
using test::ClusterBench;
using test::looksLike;
using test::ManyNodes;
using test::waitFor;
using widgets::ThemePreference;

namespace {

bool says(const QWidget& widget, const QString& words)
{
    return std::ranges::any_of(widget.findChildren<QLabel*>(),
        [&](const QLabel* label) { return label->isVisible() && label->text().contains(words); });
}

class GoldenOverview : public test::ThemedPicture {
protected:
    static void fill(ClusterBench& bench)
    {
        bench.profile.totalShards = 1024;
        std::vector<std::uint32_t> first, second;
        for (std::uint32_t shard = 0; shard < 900; ++shard)
            (shard % 5 < 3 ? first : second).push_back(shard);
        second.push_back(300);
        std::ranges::sort(second);
        bench.store.say(0, ManyNodes::view("node0", first, {920, 921}));
        bench.store.away(2);
        bench.open();
        // One after the other, so that the history is always the same.
        ASSERT_TRUE(waitFor([&] { return bench.feed->electionCount() == first.size(); }));
        bench.clock.advance(std::chrono::minutes(3));
        bench.store.say(1, ManyNodes::view("node1", second));
        ASSERT_TRUE(waitFor([&] {
            const auto& nodes = bench.cluster->cluster().nodes;
            return bench.feed->map().led == 899 && bench.feed->map().twice == 1
                && nodes[2].link == client::Link::Down
                && bench.feed->electionCount() == first.size() + second.size();
        }));
    }
};

TEST_P(GoldenOverview, Page)
{
    ClusterBench bench;
    fill(bench);
    models::FindingsModel findings;
    widgets::OverviewPage page(*bench.feed, findings, theme());
    show(page, 900, 600);
    ASSERT_TRUE(waitFor([&] { return says(page, QStringLiteral("connection refused")); }));
    EXPECT_TRUE(looksLike(page, named("overview-page")));
}

TEST_P(GoldenOverview, Shard)
{
    ClusterBench bench;
    fill(bench);
    widgets::ClusterInspector inspector(*bench.feed, theme());
    bench.feed->selectShard(300);
    show(inspector, 300, 620);
    ASSERT_TRUE(waitFor([&] { return !bench.feed->transferRefusal().isEmpty(); }));
    ASSERT_TRUE(waitFor([&] { return says(inspector, QStringLiteral("node0 → node1")); }));
    EXPECT_TRUE(looksLike(inspector, named("overview-shard")));
}

TEST_P(GoldenOverview, Heartbeats)
{
    plots::Histogram histogram;
    widgets::followTheme(histogram, theme());
    plots::HistogramData bins;
    bins.counts = {0, 0, 0, 0, 1, 9, 31, 12, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2};
    bins.step = 3.3 / 6;
    bins.expected = 3.3;
    bins.limit = 6.6;
    histogram.setData(std::move(bins));
    histogram.setQuantity(QStringLiteral("seconds between heartbeats"));
    show(histogram, 268, 108);
    EXPECT_TRUE(looksLike(histogram, named("heartbeats")));
}

INSTANTIATE_TEST_SUITE_P(
    Theme, GoldenOverview, testing::Values(ThemePreference::Light, ThemePreference::Dark));

} // namespace
