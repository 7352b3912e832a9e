// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/screenshot.h"

#include "app/application.h"
#include "app/mainwindow.h"

#include <QApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPixmap>
#include <QTimer>

#include <cstdio>

namespace norikv::app {

Screenshot::Screenshot(Application& application, const Options& options)
    : m_application(application)
    , m_options(options)
{
    connect(&application.window(), &MainWindow::painted, this,
        [this] { QTimer::singleShot(m_options.afterMs, Qt::PreciseTimer, this, &Screenshot::grab); });
}

void Screenshot::grab()
{
    MainWindow& window = m_application.window();
    if (!window.grab().save(m_options.screenshot, "PNG")) {
        std::fprintf(stderr, "cannot write the picture \"%s\"; check the folder\n",
            qUtf8Printable(m_options.screenshot));
        QApplication::exit(2);
        return;
    }
    QJsonObject line;
    line.insert(QStringLiteral("panel"), window.currentPanel());
    line.insert(QStringLiteral("size"), QStringLiteral("%1x%2").arg(window.width()).arg(window.height()));
    line.insert(
        QStringLiteral("theme"), m_options.theme.isEmpty() ? QStringLiteral("system") : m_options.theme);
    line.insert(QStringLiteral("figures"), QJsonObject::fromVariantMap(window.figures()));
    std::printf("%s\n", QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
    QApplication::exit(0);
}

} // namespace norikv::app
