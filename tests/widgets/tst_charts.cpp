// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/barchart.h"
#include "widgets/plots/counterchart.h"
#include "widgets/plots/curvechart.h"
#include "widgets/plots/heatstrip.h"
#include "widgets/plots/numbertext.h"
#include "widgets/plots/sparkline.h"

#include <QFile>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace norikv::plots;
using namespace Qt::Literals::StringLiterals;

namespace {

const double unknown = std::numeric_limits<double>::quiet_NaN();
const double infinite = std::numeric_limits<double>::infinity();

std::vector<CounterSample> samplesOf(const std::vector<double>& totals)
{
    std::vector<CounterSample> out;
    for (std::size_t i = 0; i < totals.size(); ++i)
        out.push_back({double(i) - double(totals.size()), totals[i], totals[i], totals[i]});
    return out;
}

/// Tick labels as NumberTicker would write them.
QStringList labels(double from, double step, int count)
{
    QStringList out;
    for (int i = 0; i < count; ++i)
        out << axisNumber(from + i * step, step).replace(QChar(0x2009), u' ');
    return out;
}

} // namespace

TEST(CounterData, RangeIsNeverDegenerate)
{
    const std::vector<std::vector<double>> cases{{}, {0}, {5}, {7, 7, 7}, {unknown, unknown},
        {unknown, 3, unknown}, {1e300, -1e300}, {infinite, -infinite, 1}, {9e15, 9e15}, {-4, -4},
        {0, 1e-300}};
    for (const auto& totals : cases) {
        const ValueRange range = totalRange(samplesOf(totals), -60);
        EXPECT_TRUE(std::isfinite(range.lower) && std::isfinite(range.upper));
        EXPECT_GT(range.upper, range.lower);
        EXPECT_GT(range.upper - range.lower, std::abs(range.upper) * 1e-10);
        const ValueRange rate = rateRange(samplesOf(totals), -60);
        EXPECT_GT(rate.upper, rate.lower);
    }
    EXPECT_EQ(totalRange(samplesOf({0, 100}), -60).lower, 0);
    EXPECT_EQ(totalRange(samplesOf({1, 500}), -1).upper, totalRange(samplesOf({500}), -60).upper)
        << "samples left of the range do not stretch the axis";
}

TEST(CounterData, GapsReachFromKnownToKnown)
{
    const auto gaps = gapSpans(samplesOf({unknown, 1, unknown, unknown, 2, unknown}));
    ASSERT_EQ(gaps.size(), 3U);
    EXPECT_EQ(gaps[1].from, -5);
    EXPECT_EQ(gaps[1].to, -2);
    EXPECT_TRUE(gapSpans(samplesOf({1, 2, 3})).empty());
    EXPECT_TRUE(gapSpans({}).empty());
}

TEST(CounterData, ConflictsAreBinnedWithoutLoss)
{
    std::vector<CounterSample> samples;
    for (int i = 0; i <= 3600; ++i)
        samples.push_back({-i / 60.0, 0, 0, 1});
    double sum = 0;
    const auto bins = conflictBins(samples, 60, 30);
    for (const Bin& bin : bins)
        sum += bin.sum;
    EXPECT_LE(bins.size(), 30U);
    EXPECT_EQ(sum, 3601);
    EXPECT_TRUE(conflictBins(samples, 0, 30).empty());
}

TEST(AxisNumber, NeighbouringTicksDiffer)
{
    EXPECT_EQ(labels(185000, 2500, 3), QStringList({u"185k"_s, u"187.5k"_s, u"190k"_s}));
    EXPECT_EQ(labels(0, 250, 3), QStringList({u"0"_s, u"250"_s, u"500"_s}));
    EXPECT_EQ(labels(0, 0.5, 3), QStringList({u"0"_s, u"0.5"_s, u"1"_s}));
    EXPECT_EQ(labels(184200, 5, 2), QStringList({u"184 200"_s, u"184 205"_s}));
    for (const double step : {0.02, 0.5, 1.0, 2.5, 50.0, 2500.0, 1e5, 2.5e6, 5e8, 1e12}) {
        for (const double from : {0.0, 1e4, 184000.0, 7e6, 3e9}) {
            if (step < from * 1e-6)
                continue;
            const QStringList shown = labels(from, step, 5);
            EXPECT_EQ(QSet<QString>(shown.begin(), shown.end()).size(), 5)
                << from << ' ' << step << ' ' << shown.join(u'|').toStdString();
        }
    }
}

TEST(CounterChart, SurvivesAnything)
{
    CounterChart chart;
    chart.resize(480, 240);
    chart.show();
    const std::vector<std::vector<double>> cases{{}, {5}, {7, 7, 7}, {unknown, unknown, unknown},
        {1, unknown, 2}, {1e300, -1e300}, {infinite, 1, -infinite}};
    for (const auto& totals : cases) {
        chart.setData({samplesOf(totals), {{-1, u"reset"_s}, {-1, u"<b>x</b>"_s}, {-9999, u"old"_s}}});
        QTest::qWait(1);
        EXPECT_FALSE(chart.grab().isNull());
        EXPECT_GT(chart.leftRange().upper, chart.leftRange().lower);
        EXPECT_EQ(chart.asTable().rows.size(), totals.size());
        EXPECT_FALSE(chart.accessibleDescription().isEmpty());
        QTest::keyClick(&chart, Qt::Key_Left);
    }
    chart.setRange(0);
    EXPECT_EQ(chart.range(), 1);
    std::vector<double> many(100000);
    for (std::size_t i = 0; i < many.size(); ++i)
        many[i] = double(i % 977);
    chart.setRange(100000);
    chart.setData({samplesOf(many), {}});
    EXPECT_FALSE(chart.grab().isNull());
}

TEST(CounterChart, ExportsPicturesAndCsv)
{
    QTemporaryDir dir;
    CounterChart chart;
    chart.resize(320, 160);
    chart.setData({samplesOf({1, unknown, 2.5}), {}});
    ASSERT_TRUE(chart.savePng(dir.filePath(u"a.png"_s)));
    ASSERT_TRUE(chart.saveSvg(dir.filePath(u"a.svg"_s)));
    EXPECT_EQ(QImage(dir.filePath(u"a.png"_s)).size(), QSize(640, 320));
    QFile svg(dir.filePath(u"a.svg"_s));
    ASSERT_TRUE(svg.open(QIODevice::ReadOnly));
    EXPECT_TRUE(svg.readAll().contains("<path"));
    EXPECT_FALSE(chart.savePng(dir.filePath(u"no/such/folder.png"_s)));
    EXPECT_EQ(chart.toCsv().count(u"\r\n"_s), 4);
    EXPECT_TRUE(chart.toCsv().contains(u"-2,,,"_s)) << "unknown stays empty";
}

TEST(ChartTable, CsvQuotesAndDefuses)
{
    const ChartTable table{{u"a"_s, u"b"_s}, {{u"x,\"y\""_s, u"=1+1"_s}, {u"-2.5"_s, u""_s}}};
    EXPECT_EQ(toCsv(table), u"a,b\r\n\"x,\"\"y\"\"\",'=1+1\r\n-2.5,\r\n"_s);
}

TEST(ShardBars, AnyCountAndClicks)
{
    ShardBars bars;
    bars.resize(300, 80);
    bars.show();
    for (const int count : {0, 1, 20, 256, 300}) {
        std::vector<ShardBar> data;
        for (int i = 0; i < count; ++i)
            data.push_back({i + 100, i % 5 == 0 ? unknown : double(i), i % 7 == 0});
        bars.setData(data, count == 1 ? unknown : 10);
        EXPECT_FALSE(bars.grab().isNull());
        EXPECT_EQ(bars.asTable().rows.size(), std::size_t(qMin(count, 256)));
    }
    bars.setData({{100, 5, false}, {101, 0, false}}, 5);
    QSignalSpy spy(&bars, &ShardBars::shardActivated);
    QTest::mouseClick(&bars, Qt::LeftButton, {}, QPoint(4, 4));
    QTest::mouseClick(&bars, Qt::LeftButton, {}, QPoint(290, 4));
    QTest::keyClick(&bars, Qt::Key_Right);
    QTest::keyClick(&bars, Qt::Key_Return);
    ASSERT_GE(spy.count(), 1);
    EXPECT_EQ(spy.at(0).at(0).toInt(), 100);
}

TEST(OtherCharts, EmptyAndOddData)
{
    CurveChart curve;
    curve.resize(240, 90);
    curve.show();
    curve.setData({{}, 24, 8, 0.05});
    EXPECT_FALSE(curve.grab().isNull());
    curve.setData({{1, unknown, 5, -1}, 2, 3, 0.05});
    EXPECT_FALSE(curve.grab().isNull());

    HeatStrip strip;
    strip.resize(240, 90);
    strip.show();
    strip.setData({{}, 0, {}, -60, 0});
    EXPECT_FALSE(strip.grab().isNull());
    strip.setData({{u"a"_s, u"b"_s}, 3, {1, unknown}, 0, 0});
    EXPECT_FALSE(strip.grab().isNull());
    EXPECT_EQ(strip.asTable().headers.size(), 4);

    Sparkline line;
    line.show();
    for (const std::vector<double>& values : std::vector<std::vector<double>>{
             {}, {1}, {unknown}, {2, 2}, {-1e308, 1e308}, {unknown, 1, unknown, 2, unknown}}) {
        line.setValues(values);
        EXPECT_FALSE(line.grab().isNull());
    }
}
