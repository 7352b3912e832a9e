// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commandline.h"

#include <QObject>

namespace norikv::app {

class Application;

/// --screenshot: waits, grabs the whole window, prints one line of JSON and ends the program.
class Screenshot final : public QObject {
    Q_OBJECT

public:
    Screenshot(Application& application, const Options& options);

private:
    void grab();

    Application& m_application;
    const Options m_options;
};

} // namespace norikv::app
