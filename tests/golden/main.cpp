// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/resources.h"

#include <QApplication>

#include <gtest/gtest.h>

int main(int argc, char** argv)
{
    // A picture is only comparable when all of these are pinned; fonts are checked by each test.
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_FONT_DPI", "96");
    qputenv("QT_SCALE_FACTOR", "1");
    qputenv("TZ", "UTC");
    qputenv("LC_ALL", "C.UTF-8");
    ::testing::InitGoogleTest(&argc, argv);
    QApplication app(argc, argv);
    QApplication::setCursorFlashTime(0);
    norikv::widgets::initResources();
    norikv::widgets::installTranslations(app);
    return RUN_ALL_TESTS();
}
