// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sizetext.h"
#include "models/timecursor.h"
#include "tests/support/fakeclock.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"
#include "widgets/timebar.h"

#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include <gtest/gtest.h>

using namespace norikv;
using namespace std::chrono_literals;
using models::TimeCursor;
using widgets::TimeBar;

TEST(TimeBar, IsThereWhileNotLiveAndLeadsToAnyRecordedMoment)
{
    test::FakeClock clock;
    const EpochMs start = clock.nowMs();
    TimeCursor cursor(clock, {});
    widgets::Theme theme(widgets::ThemePreference::Light);
    QWidget host;
    TimeBar bar(theme, &host);
    host.resize(900, 60);
    bar.resize(900, 40);
    bar.setCursor(&cursor);
    host.show();
    EXPECT_FALSE(bar.isVisible());
    clock.advance(100s);
    cursor.pause();
    ASSERT_TRUE(bar.isVisible());
    EXPECT_TRUE(bar.accessibleName().startsWith(QStringLiteral("PAUSED")));
    auto* slider = bar.findChild<QSlider*>(QStringLiteral("timeSlider"));
    EXPECT_EQ(slider->value(), slider->maximum());
    clock.advance(20s);
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_Home);
    EXPECT_EQ(cursor.moment(), start);
    EXPECT_TRUE(bar.accessibleName().startsWith(QStringLiteral("REPLAY")));
    EXPECT_TRUE(
        bar.findChild<QLabel*>(QStringLiteral("timeText"))->text().contains(widgets::durationText(2min)));
    EXPECT_EQ(slider->maximum(), 1200) << "tenths of a second, up to now";
    QTest::keyClick(slider, Qt::Key_Right);
    EXPECT_EQ(cursor.moment(), start + 1000);
    QTest::mouseClick(bar.findChild<QToolButton*>(QStringLiteral("timeForth")), Qt::LeftButton);
    EXPECT_EQ(cursor.moment(), start + 2000);
    QTest::mouseClick(bar.findChild<QToolButton*>(QStringLiteral("timeBack")), Qt::LeftButton);
    EXPECT_EQ(cursor.moment(), start + 1000);
    QTest::keyClick(slider, Qt::Key_End);
    EXPECT_EQ(cursor.state(), TimeCursor::State::Live) << "the right end is LIVE";
    EXPECT_FALSE(bar.isVisible());
    cursor.show(start);
    QTest::mouseClick(bar.findChild<QPushButton*>(QStringLiteral("timeLive")), Qt::LeftButton);
    EXPECT_EQ(cursor.state(), TimeCursor::State::Live);
    bar.setCursor(nullptr);
    EXPECT_FALSE(bar.isVisible());
}

TEST(TimeBar, HowMuchIsKeptIsChosenFromItsMenuAndHoldsAtOnce)
{
    test::FakeClock clock;
    TimeCursor cursor(clock, {});
    widgets::Theme theme(widgets::ThemePreference::Dark);
    TimeBar bar(theme);
    bar.setCursor(&cursor);
    clock.advance(20min);
    cursor.pause();
    std::optional<TimeCursor::Limits> kept;
    QObject::connect(&bar, &TimeBar::limitsChosen, &bar, [&](const auto& limits) { kept = limits; });
    auto* menu = bar.findChild<QToolButton*>(QStringLiteral("timeLimits"))->menu();
    const auto choose = [&](const QString& text) {
        Q_EMIT menu->aboutToShow();
        for (auto* action : menu->actions()) {
            if (action->text() == text)
                return action->trigger();
        }
        ADD_FAILURE() << text.toStdString();
    };
    choose(widgets::durationText(5min));
    ASSERT_TRUE(kept);
    EXPECT_EQ(*kept, (TimeCursor::Limits{5min, 64U << 20U}));
    EXPECT_EQ(cursor.limits(), *kept);
    EXPECT_EQ(cursor.oldestMs(), clock.nowMs() - std::chrono::milliseconds(5min).count());
    EXPECT_FALSE(cursor.full()) << "time moved the edge, not memory";
    choose(models::sizeText(16U << 20U));
    EXPECT_EQ(*kept, (TimeCursor::Limits{5min, 16U << 20U}));
    choose(widgets::durationText(120min));
    cursor.trim();
    EXPECT_FALSE(cursor.full()) << "what was dropped before is not memory's fault";
}
