// SPDX-License-Identifier: GPL-3.0-or-later
// The vectors page: its map with an answer on it, the charts of recall and ranks, duplicates, and what it says
// where there is nothing. Times of searches are in none of them.
#include "tests/golden/goldenfixture.h"
#include "tests/widgets/vectorbench.h"

#include "widgets/charttheme.h"
#include "widgets/plots/frontierchart.h"
#include "widgets/plots/slopechart.h"
#include "widgets/plots/vectormap.h"

#include <QComboBox>
#include <QTableView>

#include <cmath>

using namespace norikv;
using test::looksLike;
using test::waitFor;
using widgets::ThemePreference;

namespace {

class GoldenVectors : public test::ThemedPicture {
protected:
    /// The page in the picture's theme over what `bench` holds.
    void startPage(test::VectorBench& bench)
    {
        bench.open();
        bench.feed = std::make_unique<models::VectorFeed>(
            *bench.dispatcher, *bench.connection, bench.clock, nullptr);
        bench.feed->setEmbedder(std::make_shared<test::WordEmbedder>());
        bench.page = std::make_unique<widgets::VectorsPage>(*bench.feed, theme());
        show(*bench.page, 1080, 680);
    }
};

/// Five clouds of forty points on spirals; the last cloud belongs to no theme.
std::shared_ptr<const plots::MapPoints> clouds()
{
    auto points = std::make_shared<plots::MapPoints>();
    for (int cloud = 0; cloud < 5; ++cloud) {
        for (int i = 0; i < 40; ++i) {
            const double turn = i * 2.4;
            const double far = 0.14 * std::sqrt(double(i));
            points->xy.push_back(float(2.2 * std::cos(cloud * 1.26) + far * std::cos(turn)));
            points->xy.push_back(float(1.6 * std::sin(cloud * 1.26) + far * std::sin(turn)));
            points->groups.push_back(std::uint16_t(cloud));
            points->trust.push_back(i < 34 ? 0.9F : 0.3F);
        }
    }
    points->groupNames = {QStringLiteral("sea"), QStringLiteral("sky"), QStringLiteral("kitchen"),
        QStringLiteral("machines"), QString()};
    return points;
}

} // namespace

TEST_P(GoldenVectors, Map)
{
    plots::VectorMap map;
    widgets::followTheme(map, theme());
    show(map, 460, 420);
    map.setPoints(clouds());
    map.setMarks({QPointF(2.5, 0.35), {0, 3, 8, 11, 16}, {5, 6}, {}, {}, {}});
    QCoreApplication::processEvents();
    EXPECT_TRUE(looksLike(map, named("vectors-map")));
    map.setMarks({{}, {41, 44}, {}, {}, {QPointF(-1, 0), QPointF(0.2, 0.9), QPointF(0.6, 1.5)}, QPointF(0.3, 1.1)});
    map.setColour(plots::MapColour::Trust);
    QCoreApplication::processEvents();
    EXPECT_TRUE(looksLike(map, named("vectors-map-trust")));
}

TEST_P(GoldenVectors, Charts)
{
    plots::FrontierChart frontier;
    widgets::followTheme(frontier, theme());
    show(frontier, 420, 220);
    frontier.setData({{{10, 0.91, 0.6, 1.1}, {20, 0.97, 0.8, 1.6}, {40, 0.994, 1.2, 2.2}, {80, 1, 2, 3.8}}, 40, 10});
    QCoreApplication::processEvents();
    EXPECT_TRUE(looksLike(frontier, named("vectors-frontier")));
    plots::SlopeChart slope;
    widgets::followTheme(slope, theme());
    slope.setData({QStringLiteral("HNSW"), QStringLiteral("Exact"),
        {{QStringLiteral("How whales sing"), 1, 1}, {QStringLiteral("Tides and the moon"), 2, 4},
            {QStringLiteral("Coral and its guests"), 3, 2}, {QStringLiteral("Bread without yeast"), 4, 0},
            {QStringLiteral("Ships that rest"), 0, 3}}});
    show(slope, 420, slope.sizeHint().height());
    EXPECT_TRUE(looksLike(slope, named("vectors-ranks")));
}

TEST_P(GoldenVectors, DuplicatesOverTheMap)
{
    test::VectorBench bench;
    bench.index("doc_fingerprints");
    bench.vector("doc_fingerprints", "note-1", {1, 0, 0, 0.1F}, "Whales sing", "sea",
        "They do so for hours. Each pod has its own song.");
    bench.vector("doc_fingerprints", "note-2", {1, 0, 0.05F, 0.1F}, "Whales sing", "sea",
        "They do it all day. Each pod has its own song.");
    bench.vector("doc_fingerprints", "note-3", {0, 1, 0, 0.1F}, "Foxes at night", "animals", "A fox hunts alone.");
    bench.vector("doc_fingerprints", "note-4", {0, 1, 0.3F, 0.1F}, "Dogs at night", "animals", "Dogs hunt together.");
    bench.vector("doc_fingerprints", "note-5", {0, 0.2F, 1, 0.1F}, "Looms", "machines", "A loom is a computer.");
    startPage(bench);
    bench.page->setTask(widgets::VectorsPage::Duplicates);
    auto& pairs = bench.find<QTableView>("pairsTable");
    ASSERT_TRUE(waitFor([&] { return pairs.model()->rowCount() == 2; }));
    auto& map = bench.find<plots::VectorMap>("vectorMap");
    ASSERT_TRUE(waitFor([&] { return map.accessibleDescription().startsWith(QStringLiteral("5 points")); }));
    ASSERT_TRUE(bench.says(QStringLiteral("true neighbours are near"))) << "the picture is trusted or not by now";
    show(*bench.page, 1080, 680);
    EXPECT_TRUE(looksLike(*bench.page, named("vectors-duplicates")));
}

TEST_P(GoldenVectors, BeforeASearchAndWithoutAnIndexOrTheService)
{
    {
        test::VectorBench bench;
        bench.documents();
        startPage(bench);
        auto& map = bench.find<plots::VectorMap>("vectorMap");
        ASSERT_TRUE(waitFor([&] { return map.accessibleDescription().startsWith(QStringLiteral("12 points")); }));
        ASSERT_TRUE(bench.says(QStringLiteral("true neighbours are near")));
        show(*bench.page, 1080, 680);
        EXPECT_TRUE(looksLike(*bench.page, named("vectors-search")));
    }
    {
        test::VectorBench bench;
        startPage(bench);
        ASSERT_TRUE(bench.says(QStringLiteral("No index yet")));
        show(*bench.page, 1080, 520);
        EXPECT_TRUE(looksLike(*bench.page, named("vectors-empty")));
    }
    {
        test::VectorBench bench;
        bench.store.offersVectors = false;
        startPage(bench);
        ASSERT_TRUE(bench.says(QStringLiteral("no vector service")));
        show(*bench.page, 1080, 520);
        EXPECT_TRUE(looksLike(*bench.page, named("vectors-no-service")));
    }
}

INSTANTIATE_TEST_SUITE_P(Theme, GoldenVectors, testing::Values(ThemePreference::Light, ThemePreference::Dark));
