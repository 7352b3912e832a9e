// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/scenario.h"
#include "client/profile.h"
#include "client/result.h"

#include <QSize>
#include <QString>
#include <QStringList>

#include <optional>

namespace norikv::app {

/// What the command line asks for. Tests and users script these names: they are a contract.
struct Options {
    QString target; ///< address, or the name of a saved connection; empty = as last time
    bool sandbox = false;
    QString sandboxDir; ///< empty = in the application's data folder
    std::optional<client::ScenarioKind> demo;
    QString panel;
    QString openKey; ///< in the notation of client::printable
    QString tenant;
    std::optional<client::GuardMode> guard;
    QString configDir;
    QString theme;
    QString screenshot;
    QSize size{1280, 800};
    int afterMs = 0;
    bool probe = false;
    bool audit = false;
    int watchSeconds = 0;
    int shardBudget = 16;
    bool json = false;
    client::TlsSettings tls;
    bool help = false;
    bool version = false;

    bool headless() const { return probe || audit || help || version; }
};

/// Reads the arguments, the program's name left out. The error names the argument and what would be right.
client::Result<Options> parseCommandLine(const QStringList& arguments);
QString helpText();

} // namespace norikv::app
