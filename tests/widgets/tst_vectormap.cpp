// SPDX-License-Identifier: GPL-3.0-or-later
// The map of vectors and the charts beside it, by real mouse, wheel and keys.
#include "widgets/plots/frontierchart.h"
#include "widgets/plots/slopechart.h"
#include "widgets/plots/thresholdhistogram.h"
#include "widgets/plots/vectormap.h"

#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace norikv::plots;

namespace {

std::vector<float> randomPoints(std::size_t count, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, 1);
    std::vector<float> xy(2 * count);
    for (float& value : xy)
        value = normal(random);
    return xy;
}

std::shared_ptr<MapPoints> grid()
{
    auto points = std::make_shared<MapPoints>();
    for (int y = 0; y < 3; ++y) {
        for (int x = 0; x < 3; ++x) {
            points->xy.push_back(float(x));
            points->xy.push_back(float(y));
            points->groups.push_back(std::uint16_t(x));
        }
    }
    points->groupNames = {QStringLiteral("sea"), QStringLiteral("sky"), QString()};
    return points;
}

ChartStyle style()
{
    ChartStyle style;
    style.series
        = {Qt::blue, Qt::darkYellow, Qt::darkGreen, Qt::red, Qt::magenta, Qt::cyan, Qt::yellow, Qt::gray};
    return style;
}

/// Is anything but white at this place or beside it?
bool inked(const QImage& image, const QPointF& at)
{
    for (int x = -1; x <= 1; ++x) {
        for (int y = -1; y <= 1; ++y) {
            if (image.pixelColor(at.toPoint() + QPoint(x, y)) != QColor(Qt::white))
                return true;
        }
    }
    return false;
}

struct Shown {
    VectorMap map;

    explicit Shown(std::shared_ptr<const MapPoints> points = grid())
    {
        map.setChartStyle(style());
        map.resize(400, 400);
        map.show();
        map.setPoints(std::move(points));
        map.setWords([](int point) { return QStringLiteral("point %1").arg(point); },
            {QStringLiteral("point")}, [](int point) { return QStringList{QString::number(point)}; });
    }
    QPoint at(int point) const { return map.placeOf(point).toPoint(); }
    void wheel(const QPoint& position, int notches)
    {
        QWheelEvent event(position, map.mapToGlobal(position), {}, QPoint(0, 120 * notches), Qt::NoButton,
            Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&map, &event);
    }
    void drag(const QPoint& from, const QPoint& to, Qt::KeyboardModifiers keys = {})
    {
        QTest::mousePress(&map, Qt::LeftButton, keys, from);
        const QPoint middle = (from + to) / 2;
        for (const QPoint& step : {middle, to}) {
            QMouseEvent move(
                QEvent::MouseMove, step, map.mapToGlobal(step), Qt::NoButton, Qt::LeftButton, keys);
            QCoreApplication::sendEvent(&map, &move);
        }
        QTest::mouseRelease(&map, Qt::LeftButton, keys, to);
    }
};

} // namespace

TEST(MapView, ZoomingKeepsWhatIsUnderTheCursorAndNobodyGetsLost)
{
    MapView view;
    view.setBounds(QRectF(-2, -1, 4, 2));
    view.setRoom({400, 300});
    EXPECT_TRUE(view.fitted());
    const QPointF cursor(120, 80);
    const QPointF under = view.toPlane(cursor);
    view.zoom(3, cursor);
    EXPECT_NEAR(view.toPlane(cursor).x(), under.x(), 1e-9);
    EXPECT_NEAR(view.toPlane(cursor).y(), under.y(), 1e-9);
    for (int i = 0; i < 100; ++i)
        view.pan({1000, 1000});
    const QPointF middle = view.toPlane(QPointF(200, 150));
    EXPECT_TRUE(QRectF(-2.01, -1.01, 4.02, 2.02).contains(middle)) << "the middle stays among the points";
    for (int i = 0; i < 100; ++i)
        view.zoom(2, cursor);
    const double most = view.scale();
    view.zoom(2, cursor);
    EXPECT_EQ(view.scale(), most);
    view.fit();
    EXPECT_NEAR(view.toPixels({-2, 0}).x(), 20, 0.5) << "with a margin";
    // One point, or many at one place, must not divide by nothing.
    view.setBounds(QRectF(5, 5, 0, 0));
    EXPECT_EQ(view.toPixels({5, 5}), QPointF(200, 150));
}

TEST(PointIndex, FindsWhatLookingAtEveryPointFinds)
{
    auto xy = randomPoints(3000, 7);
    xy[10] = std::numeric_limits<float>::quiet_NaN();
    const PointIndex index(xy);
    std::mt19937 random(3);
    std::uniform_real_distribution<double> place(-3, 3);
    for (int round = 0; round < 300; ++round) {
        const QPointF at(place(random), place(random));
        const double reach = 0.02 + 0.4 * std::abs(place(random));
        int best = -1;
        double nearest = reach;
        std::vector<int> inside;
        const QRectF box(at, at + QPointF(reach, reach));
        for (int i = 0; i < 3000; ++i) {
            const double x = double(xy[std::size_t(2 * i)]);
            const double y = double(xy[std::size_t(2 * i + 1)]);
            const double distance = std::hypot(x - at.x(), y - at.y());
            if (distance <= nearest) {
                nearest = distance;
                best = i;
            }
            if (x >= box.left() && x <= box.right() && y >= box.top() && y <= box.bottom())
                inside.push_back(i);
        }
        EXPECT_EQ(index.nearest(at, reach), best);
        EXPECT_EQ(index.inside(box), inside);
    }
    EXPECT_EQ(PointIndex().nearest({0, 0}, 10), -1);
    EXPECT_EQ(PointIndex(std::span<const float>()).inside(QRectF(-1, -1, 2, 2)).size(), 0U);
}

TEST(ScatterImage, DrawsEachPointWhereItLiesAndLeavesOutTheHidden)
{
    const std::vector<float> xy{0, 0, 1, 1, std::numeric_limits<float>::infinity(), 0};
    const std::vector<std::uint8_t> looks{0, Scatter::Hidden, 0};
    const std::vector<std::uint32_t> order{0, 1, 2};
    const std::vector<DotLook> palette{{Qt::red, DotShape::Disc, 1, {}}};
    const Scatter scatter{xy, looks, order, palette};
    MapView view;
    view.setBounds(QRectF(0, 0, 1, 1));
    view.setRoom({200, 200});
    EXPECT_EQ(pointsInSight(scatter, view), 1);
    for (const double ratio : {1.0, 2.0}) {
        const QImage image = scatterImage(scatter, view, ratio, Qt::white);
        EXPECT_EQ(image.size(), QSize(int(200 * ratio), int(200 * ratio)));
        const QPointF drawn = view.toPixels({0, 0}) * ratio;
        EXPECT_EQ(image.pixelColor(drawn.toPoint()), QColor(Qt::red));
        EXPECT_EQ(image.pixelColor((view.toPixels({1, 1}) * ratio).toPoint()), QColor(Qt::white));
    }
}

TEST(ScatterImage, AboveFiftyThousandTheDensityShows)
{
    // Half of them on one place, the rest spread: the heap must be stronger than what lies alone.
    std::vector<float> xy(2 * 60'000, 0.5F);
    std::mt19937 random(5);
    std::uniform_real_distribution<float> place(0, 1);
    for (std::size_t i = 60'000; i < xy.size(); ++i)
        xy[i] = place(random);
    const std::vector<std::uint8_t> looks(60'000, 0);
    std::vector<std::uint32_t> order(60'000);
    const std::vector<DotLook> palette{{Qt::blue, DotShape::Disc, 1, {}}};
    const Scatter scatter{xy, looks, order, palette};
    MapView view;
    view.setBounds(QRectF(0, 0, 1, 1));
    view.setRoom({300, 300});
    ASSERT_GT(pointsInSight(scatter, view), MostDots);
    const QImage image = scatterImage(scatter, view, 1, Qt::white);
    const QPoint heap = view.toPixels({0.5, 0.5}).toPoint();
    EXPECT_LT(image.pixelColor(heap).red(), 20) << "nearly the full colour";
    int paler = 0;
    for (int x = 30; x < 270; ++x)
        paler += int(image.pixelColor(x, 60).red() > 60 && image.pixelColor(x, 60) != QColor(Qt::white));
    EXPECT_GT(paler, 20) << "what lies alone is pale";
}

TEST(VectorMap, AClickActivatesThePointAndADragMovesThePlane)
{
    Shown t;
    QSignalSpy activated(&t.map, &VectorMap::pointActivated);
    QTest::mouseClick(&t.map, Qt::LeftButton, {}, t.at(4) + QPoint(3, 3));
    ASSERT_EQ(activated.size(), 1);
    EXPECT_EQ(activated[0][0].toInt(), 4);
    QTest::mouseClick(&t.map, Qt::LeftButton, {}, (t.at(0) + t.at(4)) / 2);
    EXPECT_EQ(activated.size(), 1) << "nothing lies there";
    const QPoint before = t.at(4);
    t.drag(QPoint(200, 200), QPoint(230, 180));
    EXPECT_EQ(t.at(4) - before, QPoint(30, -20));
    EXPECT_EQ(activated.size(), 1);
    QTest::mouseDClick(&t.map, Qt::LeftButton, {}, (t.at(0) + t.at(4)) / 2);
    EXPECT_EQ(t.at(4), before) << "a double click on nothing shows all";
}

TEST(VectorMap, TheWheelZoomsAtTheCursorAndKeysDoTheSame)
{
    Shown t;
    const QPoint corner = t.at(0);
    const double scale = t.map.view().scale();
    t.wheel(corner, 2);
    EXPECT_GT(t.map.view().scale(), scale * 1.4);
    EXPECT_LE((t.at(0) - corner).manhattanLength(), 1);
    QTest::keyClick(&t.map, Qt::Key_0);
    EXPECT_NEAR(t.map.view().scale(), scale, 1e-9);
    QTest::keyClick(&t.map, Qt::Key_Plus);
    EXPECT_GT(t.map.view().scale(), scale);
    QTest::keyClick(&t.map, Qt::Key_Minus);
    EXPECT_NEAR(t.map.view().scale(), scale, scale * 1e-6);
    const QPoint middle = t.at(4);
    QTest::keyClick(&t.map, Qt::Key_Right);
    EXPECT_LT(t.at(4).x(), middle.x());
}

TEST(VectorMap, ShiftAndADragChooseWhatIsInTheBox)
{
    Shown t;
    QSignalSpy chosen(&t.map, &VectorMap::chosenChanged);
    t.drag(t.at(6) - QPoint(10, 10), t.at(4) + QPoint(10, 10), Qt::ShiftModifier);
    EXPECT_EQ(t.map.chosen(), (std::vector<int>{3, 4, 6, 7}));
    EXPECT_EQ(chosen.size(), 1);
    EXPECT_TRUE(t.map.accessibleDescription().contains(QStringLiteral("4 chosen")));
    QTest::keyClick(&t.map, Qt::Key_Escape);
    EXPECT_TRUE(t.map.chosen().empty());
    EXPECT_EQ(chosen.size(), 2);
}

TEST(VectorMap, KeysGoThroughWhatIsMarkedAndEnterActivates)
{
    Shown t;
    t.map.setMarks({QPointF(1, 1), {2, 5}, {7}, {}, {}, {}});
    QSignalSpy activated(&t.map, &VectorMap::pointActivated);
    for (const int key : {Qt::Key_N, Qt::Key_N, Qt::Key_N})
        QTest::keyClick(&t.map, Qt::Key(key));
    EXPECT_EQ(t.map.accessibleDescription(), QStringLiteral("point 7")) << "the missed one comes last";
    QTest::keyClick(&t.map, Qt::Key_Return);
    QTest::keyClick(&t.map, Qt::Key_P);
    QTest::keyClick(&t.map, Qt::Key_Return);
    ASSERT_EQ(activated.size(), 2);
    EXPECT_EQ(activated[0][0].toInt(), 7);
    EXPECT_EQ(activated[1][0].toInt(), 5);
}

TEST(VectorMap, DrawsQueryLinesMissedOnesAndThePath)
{
    Shown t;
    const QImage bare = t.map.grab().toImage();
    t.map.setMarks({QPointF(0.5, 0.5), {8}, {}, {}, {}, {}});
    const QImage result = t.map.grab().toImage();
    const QPointF half = (t.map.view().toPixels({0.5, 0.5}) + t.map.placeOf(8)) / 2;
    EXPECT_FALSE(inked(bare, half));
    EXPECT_TRUE(inked(result, half)) << "a line leads to the result";
    t.map.setMarks({{}, {}, {4}, {}, {}, {}});
    EXPECT_EQ(t.map.grab().toImage().pixelColor(t.at(4)), QColor(Qt::white)) << "a missed one is hollow";
    t.map.setMarks({{}, {}, {}, {}, {QPointF(0.5, 1.5), QPointF(1.5, 1.5)}, QPointF(1.5, 0.5)});
    EXPECT_NE(
        t.map.grab().toImage().pixelColor(t.map.view().toPixels({0.75, 1.5}).toPoint()), QColor(Qt::white));
    t.map.setMarks({{}, {99, -1, 3}, {}, {}, {}, {}});
    EXPECT_FALSE(t.map.grab().isNull()) << "what is no point is left out";
}

TEST(VectorMap, TrustAndThemesChangeTheColours)
{
    auto points = grid();
    points->trust = {1, 1, 1, 0.1F, 0.1F, 0.1F, -1, -1, -1};
    Shown t(points);
    const auto colour = [&](int point) { return t.map.grab().toImage().pixelColor(t.at(point)); };
    EXPECT_NE(colour(0), colour(1)) << "two groups";
    const QColor before = colour(3);
    t.map.setLeastTrust(VectorMap::Trusted);
    EXPECT_NE(colour(3), before) << "a point that is not trusted fades";
    EXPECT_EQ(colour(0), QColor(Qt::blue));
    t.map.setLeastTrust(0);
    t.map.setColour(MapColour::Trust);
    EXPECT_EQ(colour(0), colour(1));
    EXPECT_NE(colour(0), colour(3));
    EXPECT_NE(colour(6), colour(3)) << "not known is not bad";
}

TEST(VectorMap, TheTableEndsWithWhatIsMarkedAndEmptyDataIsSaid)
{
    Shown t;
    t.map.setMarks({QPointF(1, 1), {2}, {0}, {}, {}, {}});
    const ChartTable table = t.map.asTable();
    ASSERT_EQ(table.rows.size(), 9U);
    EXPECT_EQ(table.rows[7][0], QStringLiteral("2"));
    EXPECT_EQ(table.rows[8][0], QStringLiteral("0"));
    t.map.setPoints(nullptr);
    EXPECT_TRUE(t.map.asTable().rows.empty());
    EXPECT_EQ(t.map.pointAt({200, 200}), -1);
    for (const int key : {Qt::Key_N, Qt::Key_Return, Qt::Key_Plus, Qt::Key_Left})
        QTest::keyClick(&t.map, Qt::Key(key));
    t.wheel({10, 10}, 1);
    EXPECT_FALSE(t.map.grab().isNull());
    auto odd = std::make_shared<MapPoints>();
    odd->xy = {std::numeric_limits<float>::quiet_NaN(), 0, 1, std::numeric_limits<float>::infinity()};
    t.map.setPoints(odd);
    EXPECT_FALSE(t.map.grab().isNull());
}

TEST(FrontierChart, ADotIsTakenByMouseAndByKeys)
{
    FrontierChart chart;
    chart.setChartStyle(style());
    chart.resize(320, 200);
    chart.show();
    EXPECT_FALSE(chart.grab().isNull());
    chart.setData({{{10, 0.8, 1, 2}, {20, 0.93, 1.5, 3}, {40, 0.99, 2.5, 4}}, 40, 10});
    QSignalSpy chosen(&chart, &FrontierChart::askedChosen);
    QTest::mouseClick(&chart, Qt::LeftButton, {}, chart.placeOf(2).toPoint());
    QTest::keyClick(&chart, Qt::Key_Left);
    QTest::keyClick(&chart, Qt::Key_Return);
    ASSERT_EQ(chosen.size(), 2);
    EXPECT_EQ(chosen[0][0].toInt(), 40);
    EXPECT_EQ(chosen[1][0].toInt(), 20);
    EXPECT_GT(chart.placeOf(0).y(), chart.placeOf(2).y()) << "more recall is higher";
    EXPECT_LT(chart.placeOf(0).x(), chart.placeOf(2).x());
    EXPECT_EQ(chart.asTable().rows.size(), 3U);
    chart.setData({{{1, 0, 0, 0}}, 0, 0});
    EXPECT_FALSE(chart.grab().isNull());
}

TEST(SlopeChart, LinesAreFoundOnBothSides)
{
    SlopeChart chart;
    chart.setChartStyle(style());
    chart.setData({QStringLiteral("HNSW"), QStringLiteral("exact"),
        {{QStringLiteral("a"), 1, 2}, {QStringLiteral("b"), 2, 1}, {QStringLiteral("c"), 3, 0},
            {QStringLiteral("d"), 0, 3}}});
    chart.resize(360, chart.sizeHint().height());
    chart.show();
    const int row = chart.sizeHint().height() / 5;
    EXPECT_EQ(chart.lineAt({20.0, row * 1.5}), 0);
    EXPECT_EQ(chart.lineAt({340.0, row * 1.5}), 1);
    EXPECT_EQ(chart.lineAt({340.0, row * 3.5}), 3);
    EXPECT_EQ(chart.lineAt({20.0, 2.0}), -1);
    QSignalSpy activated(&chart, &SlopeChart::lineActivated);
    QTest::mouseClick(&chart, Qt::LeftButton, {}, QPoint(340, row * 3 + row / 2));
    QTest::keyClick(&chart, Qt::Key_Up);
    QTest::keyClick(&chart, Qt::Key_Return);
    ASSERT_EQ(activated.size(), 2);
    EXPECT_EQ(activated[0][0].toInt(), 3);
    EXPECT_EQ(activated[1][0].toInt(), 2);
    EXPECT_TRUE(chart.accessibleDescription().contains(QStringLiteral("c: rank 3")));
    EXPECT_FALSE(chart.grab().isNull());
    chart.setData({});
    EXPECT_FALSE(chart.grab().isNull());
}

TEST(ThresholdHistogram, TheLineIsDraggedAndSteppedAndNewsDoNotPullIt)
{
    ThresholdHistogram chart;
    chart.setChartStyle(style());
    chart.resize(400, 140);
    chart.show();
    EXPECT_FALSE(chart.grab().isNull());
    ThresholdData data;
    data.counts = std::vector<double>(100, 2);
    data.threshold = 0.95;
    chart.setData(data);
    QSignalSpy moved(&chart, &ThresholdHistogram::thresholdMoved);
    QTest::mousePress(&chart, Qt::LeftButton, {}, QPoint(int(chart.xOf(0.95)), 60));
    QMouseEvent move(QEvent::MouseMove, QPoint(320, 60), chart.mapToGlobal(QPoint(320, 60)), Qt::NoButton,
        Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&chart, &move);
    EXPECT_NEAR(chart.threshold(), 0.8, 0.002);
    data.threshold = 0.95;
    chart.setData(data);
    EXPECT_NEAR(chart.threshold(), 0.8, 0.002) << "in mid-drag";
    QTest::mouseRelease(&chart, Qt::LeftButton, {}, QPoint(320, 60));
    QTest::keyClick(&chart, Qt::Key_Right);
    EXPECT_NEAR(chart.threshold(), 0.81, 0.002);
    QTest::keyClick(&chart, Qt::Key_Left, Qt::ShiftModifier);
    EXPECT_NEAR(chart.threshold(), 0.809, 0.002);
    QTest::keyClick(&chart, Qt::Key_End);
    EXPECT_NEAR(chart.threshold(), 1, 1e-9);
    QTest::keyClick(&chart, Qt::Key_Right);
    EXPECT_NEAR(chart.threshold(), 1, 1e-9) << "not beyond the data";
    EXPECT_GE(moved.size(), 4);
    EXPECT_EQ(chart.asTable().rows.size(), 100U);
}
