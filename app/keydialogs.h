// SPDX-License-Identifier: GPL-3.0-or-later
// Dialogs about single keys: a new one, a copy, and looking for those that are known. Each is a window of its
// own over the given one.
#pragma once

#include "client/bytes.h"

#include <QByteArray>
#include <QString>

#include <functional>

class QWidget;

namespace norikv::widgets {
class Theme;
}

namespace norikv::app {

class Workspace;

/// What the window does with a key that a dialog speaks of.
struct KeyTold {
    std::function<void(const QByteArray&)> open; ///< in the inspector
    std::function<void(const QString&)> said; ///< one sentence that passes
};

/// A key from nothing, or with `source` a copy of that one. While a lens is on the key is inside it.
void startNewKey(Workspace& workspace, const widgets::Theme& theme, QWidget* over, const client::Bytes& source,
    const KeyTold& told);
/// What reading the known keys would cost, and then the reading. While a lens is on only keys inside it.
void startProbe(Workspace& workspace, QWidget* over);

/// Before the workspace goes.
void closeKeyDialogs(QWidget& window);

} // namespace norikv::app
