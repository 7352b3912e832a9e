// SPDX-License-Identifier: GPL-3.0-or-later
// What pages call to work on many keys at once. Each opens a window of its own over the given one.
#pragma once

#include "client/bulk/bulkrequest.h"
#include "client/bulk/exportkeys.h"
#include "client/copyas.h"
#include "client/profile.h"

#include <QString>

class QWidget;

namespace norikv::widgets {
class Theme;
}

namespace norikv::app {

class Workspace;

/// Dry run, confirmation, progress, undo. Delete and SetTtl need keys, Clone both prefixes too.
void startBulk(Workspace& workspace, const widgets::Theme& theme, QWidget* over, client::BulkRequest request);
/// As above, and only after `phrase` was typed, however few keys there are.
void startBulk(Workspace& workspace, const widgets::Theme& theme, QWidget* over, client::BulkRequest request,
    const QString& phrase, const QString& question);
/// The short form for deleting, which is what most pages want.
void startBulk(Workspace& workspace, const widgets::Theme& theme, QWidget* over, client::BulkAction action,
    std::vector<client::Bytes> keys);
/// An empty file lets the person choose one. While a lens is on only keys inside it are imported.
void startImport(Workspace& workspace, const widgets::Theme& theme, QWidget* over, const QString& file = {});
/// Puts back what an undo file holds.
void startUndo(Workspace& workspace, const widgets::Theme& theme, QWidget* over, const QString& file);
/// Asks for a file and writes the keys to it; `told` gets one sentence at the end, and whether it is bad
/// news. While a lens is on keys outside it are left out, and that is told too.
void startExport(Workspace& workspace, QWidget* over, std::vector<client::Bytes> keys,
    const std::function<void(const QString&, bool)>& told);

/// Before the workspace goes: ends every job over this window.
void closeBulkDialogs(QWidget& window);
/// Where snippets copied from this connection point to.
client::CopyTarget copyTarget(const client::Profile& profile);

} // namespace norikv::app
