// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/resources.h"

#include <QCoreApplication>
#include <QTranslator>

#include <QDir>

// Q_INIT_RESOURCE has to be used outside of any namespace.
static void registerResources()
{
    Q_INIT_RESOURCE(resources);
    Q_INIT_RESOURCE(norikv_translations);
}

namespace norikv::widgets {

void initResources() { registerResources(); }

void installTranslations(QCoreApplication& application)
{
    initResources();
    auto* translator = new QTranslator(&application);
    if (translator->load(QStringLiteral(":/norikv/i18n/norikv_en.qm")))
        QCoreApplication::installTranslator(translator);
}

} // namespace norikv::widgets
