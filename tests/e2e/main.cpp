// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/resources.h"

#include <QApplication>

#include <gtest/gtest.h>

#include <csignal>

int main(int argc, char** argv)
{
    // Also when started by hand or while ctest lists the tests; a display is never needed.
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    if (qEnvironmentVariableIsEmpty("QT_FONT_DPI"))
        qputenv("QT_FONT_DPI", "96");
    qputenv("GRPC_VERBOSITY", "NONE");
    std::signal(SIGPIPE, SIG_IGN);
    ::testing::InitGoogleTest(&argc, argv);
    QApplication app(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    norikv::widgets::initResources();
    return RUN_ALL_TESTS();
}
