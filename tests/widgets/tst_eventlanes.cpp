// SPDX-License-Identifier: GPL-3.0-or-later
// The lanes of events: how time is cut short where nothing happened, and what mouse and keyboard do.
#include "widgets/eventglyph.h"
#include "widgets/eventlanes.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <set>

using namespace norikv;
using namespace norikv::widgets;

namespace {

constexpr EpochMs T0 = 1'700'000'000'000;
constexpr EpochMs Second = 1000;
constexpr EpochMs Hour = 3'600'000;

EventLane lane(const char* name, std::vector<EventMark> marks)
{
    return {std::string("events:") + name + ":", QString::fromLatin1(name), QStringLiteral("some events"),
        false, std::make_shared<const std::vector<EventMark>>(std::move(marks))};
}

struct LaneBench {
    Theme theme{ThemePreference::Light};
    EventLanes lanes{theme};
    QSignalSpy chosen{&lanes, &EventLanes::eventChosen};
    QSignalSpy ranged{&lanes, &EventLanes::rangeChanged};

    LaneBench()
    {
        lanes.resize(700, 220);
        lanes.setLanes({lane("a", {{T0, 1, 0}, {T0 + 10 * Second, 2, 1}, {T0 + 20 * Second, 3, 1}}),
                           lane("b", {{T0 + 5 * Second, 1, 0}, {T0 + 3 * Hour, 2, 2}})},
            {QStringLiteral("Opened"), QStringLiteral("Deposited"), QStringLiteral("<b>Closed</b>")});
        lanes.show();
        QCoreApplication::processEvents();
    }
    QPoint at(int row, EpochMs when) const
    {
        return {static_cast<int>(lanes.axis().x(when)), TimeAxis::Height + row * 42 + 21};
    }
};

} // namespace

TEST(IdleScale, CutsLongIdleTimeAndSaysWhich)
{
    // Ten minutes of work, a night, ten minutes of work.
    std::vector<EpochMs> times;
    for (int i = 0; i <= 10; ++i) {
        times.push_back(T0 + i * 60 * Second);
        times.push_back(T0 + 12 * Hour + i * 60 * Second);
    }
    const IdleScale scale(times);
    ASSERT_EQ(scale.cuts().size(), 1U);
    EXPECT_EQ(scale.cuts()[0].fromMs, T0 + 600 * Second);
    EXPECT_EQ(scale.cuts()[0].toMs, T0 + 12 * Hour);
    EXPECT_LT(scale.length(), 2.0 * 600 * Second * 1.1) << "the night takes next to no room";
    EXPECT_LT(scale.place(T0 + 600 * Second), scale.place(T0 + 12 * Hour));
}

TEST(IdleScale, CutsEveryOneOfManyNights)
{
    std::vector<EpochMs> times;
    for (int day = 0; day < 8; ++day) {
        for (int i = 0; i < 5; ++i)
            times.push_back(T0 + day * 48 * Hour + i * 420 * Second);
    }
    const IdleScale scale(times);
    EXPECT_EQ(scale.cuts().size(), 7U);
    EXPECT_LT(scale.length(), 8 * 4 * 420.0 * Second * 1.4) << "the cuts take 5 % each";
}

TEST(IdleScale, LeavesEvenWorkWhole)
{
    std::vector<EpochMs> times;
    for (int i = 0; i < 100; ++i)
        times.push_back(T0 + i * 30 * Second);
    EXPECT_TRUE(IdleScale(times).cuts().empty());
    EXPECT_TRUE(IdleScale({T0, T0 + Hour, T0 + 2 * Hour, T0 + 3 * Hour}).cuts().empty());
    EXPECT_TRUE(IdleScale({T0, T0 + 1, T0 + 2, T0 + 5 * Second}).cuts().empty()) << "less than ten seconds";
}

TEST(IdleScale, IsMonotonousAndInvertibleWhateverTheTimes)
{
    std::mt19937_64 random(7);
    for (int round = 0; round < 300; ++round) {
        std::vector<EpochMs> times;
        const auto count = random() % 40;
        for (std::uint64_t i = 0; i < count; ++i)
            times.push_back(
                static_cast<EpochMs>(random() % (round % 3 == 0 ? 100ULL : 8'640'000'000'000'000ULL)));
        const IdleScale scale(times);
        ASSERT_LE(scale.cuts().size(), std::size_t(IdleScale::MostCuts));
        std::ranges::sort(times);
        double before = -1;
        for (const EpochMs at : times) {
            const double place = scale.place(at);
            ASSERT_GE(place, before);
            ASSERT_LE(place, scale.length() + 1);
            ASSERT_NEAR(static_cast<double>(scale.at(place)), static_cast<double>(at),
                2.0 + static_cast<double>(at) * 1e-9);
            before = place;
        }
    }
}

TEST(TimeAxis, ZoomsAroundAPlaceAndStaysOnItsMomentsWhenEventsCome)
{
    TimeAxis axis;
    axis.setEdges(100, 600);
    axis.setScale(IdleScale({T0, T0 + 50 * Second, T0 + 100 * Second}));
    axis.zoom(0.5, axis.x(T0 + 40 * Second));
    EXPECT_TRUE(axis.zoomed());
    const double place = axis.x(T0 + 40 * Second);
    EXPECT_NEAR(place, 300, 1) << "what is under the pointer stays there";
    const EpochMs left = axis.at(100);
    axis.setScale(IdleScale({T0, T0 + 50 * Second, T0 + 100 * Second, T0 + 110 * Second}));
    EXPECT_NEAR(static_cast<double>(axis.at(100)), static_cast<double>(left), 2);
    for (int i = 0; i < 100; ++i)
        axis.zoom(0.5, 300);
    EXPECT_GT(axis.at(600), axis.at(100)) << "there is an end of coming closer";
    for (int i = 0; i < 100; ++i)
        axis.zoom(2, 300);
    EXPECT_FALSE(axis.zoomed());
}

TEST(EventGlyph, TwentyFourTypesDiffer)
{
    std::set<QByteArray> pictures;
    for (int type = 0; type < 24; ++type) {
        const QImage image = eventGlyph(type, 16, 1, tokensFor(ThemeKind::Light)).toImage();
        pictures.insert(QByteArray(reinterpret_cast<const char*>(image.constBits()), image.sizeInBytes()));
    }
    EXPECT_EQ(pictures.size(), 24U);
}

TEST(EventLanes, AClickChoosesAnEventOrItsLane)
{
    LaneBench t;
    QTest::mouseClick(t.lanes.viewport(), Qt::LeftButton, {}, t.at(0, T0 + 10 * Second) + QPoint(3, 2));
    ASSERT_EQ(t.chosen.size(), 1);
    EXPECT_EQ(t.chosen[0][0].toByteArray(), QByteArray("events:a:"));
    EXPECT_EQ(t.chosen[0][1].toLongLong(), 2);
    QTest::mouseClick(t.lanes.viewport(), Qt::LeftButton, {}, QPoint(20, t.at(1, T0).y()));
    ASSERT_EQ(t.chosen.size(), 2);
    EXPECT_EQ(t.chosen[1][0].toByteArray(), QByteArray("events:b:"));
    EXPECT_EQ(t.chosen[1][1].toLongLong(), 0) << "the lane alone";
}

TEST(EventLanes, IsUsableByKeyboardAndSaysWhereOneIs)
{
    LaneBench t;
    QTest::keyClick(&t.lanes, Qt::Key_Down);
    ASSERT_EQ(t.chosen.size(), 1);
    EXPECT_EQ(t.chosen[0][0].toByteArray(), QByteArray("events:a:"));
    t.lanes.setCurrent("events:a:", 2);
    QTest::keyClick(&t.lanes, Qt::Key_Right);
    EXPECT_EQ(t.chosen[1][1].toLongLong(), 3);
    QTest::keyClick(&t.lanes, Qt::Key_Left);
    EXPECT_EQ(t.chosen[2][1].toLongLong(), 1);
    QTest::keyClick(&t.lanes, Qt::Key_J);
    EXPECT_EQ(t.chosen[3][0].toByteArray(), QByteArray("events:b:"));
    EXPECT_TRUE(t.lanes.accessibleDescription().contains(QStringLiteral("Deposited, version 2")));
    QTest::keyClick(&t.lanes, Qt::Key_Plus);
    EXPECT_TRUE(t.lanes.axis().zoomed());
    QTest::keyClick(&t.lanes, Qt::Key_0);
    EXPECT_FALSE(t.lanes.axis().zoomed());
}

TEST(EventLanes, TheWheelZoomsAndDraggingMarksARange)
{
    LaneBench t;
    const QPointF where = t.at(0, T0 + 10 * Second);
    QWheelEvent turn(where, t.lanes.mapToGlobal(where), {}, {0, 120}, {}, {}, Qt::NoScrollPhase, false);
    QApplication::sendEvent(t.lanes.viewport(), &turn);
    EXPECT_TRUE(t.lanes.axis().zoomed());
    t.lanes.zoomOut();
    const QPoint from = t.at(0, T0 + 8 * Second);
    const QPoint to = t.at(0, T0 + 20 * Second) + QPoint(2, 0);
    QTest::mousePress(t.lanes.viewport(), Qt::LeftButton, {}, from);
    QTest::mouseMove(t.lanes.viewport(), (from + to) / 2);
    QMouseEvent move(QEvent::MouseMove, to, t.lanes.mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
    QApplication::sendEvent(t.lanes.viewport(), &move);
    QTest::mouseRelease(t.lanes.viewport(), Qt::LeftButton, {}, to);
    ASSERT_TRUE(t.lanes.range());
    EXPECT_EQ(t.ranged.size(), 1);
    EXPECT_TRUE(t.chosen.isEmpty()) << "a drag is no click";
    EXPECT_NEAR(static_cast<double>(t.lanes.range()->fromMs - T0), 8'000, 700);
    EXPECT_GE(t.lanes.range()->toMs, T0 + 20 * Second);
    t.lanes.zoomToRange();
    EXPECT_NEAR(t.lanes.axis().x(t.lanes.range()->fromMs), t.lanes.axis().left(), 1);
    QTest::keyClick(&t.lanes, Qt::Key_Escape);
    EXPECT_FALSE(t.lanes.range());
    EXPECT_EQ(t.ranged.size(), 2);
}

TEST(EventLanes, PaintsAHundredThousandEventsAndOddOnes)
{
    Theme theme{ThemePreference::Dark};
    EventLanes lanes(theme);
    lanes.resize(800, 200);
    std::vector<EventMark> many;
    for (int i = 0; i < 100'000; ++i)
        many.push_back({T0 + i * 10, i + 1, i % 9});
    lanes.setLanes(
        {lane("many", many), lane("none", {}),
            lane("odd", {{1, 1, -3}, {8'640'000'000'000'000, std::numeric_limits<std::int64_t>::max(), 99}})},
        {QStringLiteral("one")});
    lanes.setCurrent("events:many:", 500);
    lanes.show();
    EXPECT_FALSE(lanes.grab().isNull());
    lanes.setLanes({}, {});
    EXPECT_FALSE(lanes.grab().isNull());
    QTest::keyClick(&lanes, Qt::Key_Down);
    QTest::keyClick(&lanes, Qt::Key_Right);
}
