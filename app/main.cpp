// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/application.h"
#include "app/commandline.h"
#include "app/endsignals.h"
#include "app/headless.h"
#include "app/screenshot.h"

#include "widgets/resources.h"

#include <QApplication>

#include <cstdio>
#include <memory>

namespace {

/// A picture needs no display, and looks the same on every machine: offscreen, fixed dots per inch.
void prepareForScreenshot()
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_FONT_DPI", "96");
}

void nameProgram()
{
    QCoreApplication::setApplicationName(QStringLiteral("norikv-workbench"));
    QCoreApplication::setOrganizationName(QStringLiteral("norikv"));
    QCoreApplication::setApplicationVersion(QStringLiteral(NORIKV_VERSION));
}

} // namespace

int main(int argc, char** argv)
{
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    const auto options = norikv::app::parseCommandLine(arguments);
    if (!options) {
        std::fprintf(stderr, "%s\n", options.error().message.c_str());
        return 2;
    }
    nameProgram();
    if (options->help) {
        std::fputs(norikv::app::helpText().toUtf8().constData(), stdout);
        return 0;
    }
    if (options->version) {
        std::printf("norikv-workbench %s\n", NORIKV_VERSION);
        return 0;
    }
    if (options->headless()) {
        const QCoreApplication application(argc, argv);
        return options->probe ? norikv::app::runProbe(*options) : norikv::app::runAudit(*options);
    }
    if (!options->screenshot.isEmpty())
        prepareForScreenshot();
    QApplication qt(argc, argv);
    nameProgram();
    QGuiApplication::setDesktopFileName(QStringLiteral("norikv-workbench"));
    norikv::widgets::installTranslations(qt);
    const norikv::app::EndSignals endSignals;
    norikv::app::Application application(qt, *options);
    std::unique_ptr<norikv::app::Screenshot> screenshot;
    if (!options->screenshot.isEmpty())
        screenshot = std::make_unique<norikv::app::Screenshot>(application, *options);
    application.start();
    return QApplication::exec();
}
