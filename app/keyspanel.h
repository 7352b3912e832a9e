// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages.h"

#include "client/patterns/keykind.h"

namespace norikv::widgets {
class KeyInspector;
}

namespace norikv::app {

/// The panel that understands keys of this kind; empty = none does.
QString panelOf(client::KeyKind kind);

/// The keys page, joined to what it asks for: the inspector, the other panels, bulk jobs, and the catalogue,
/// which keeps the favourites.
PageWidgets makeKeysPanel(Workspace& workspace, const widgets::Theme& theme);

/// The key inspector, joined to the panels, the favourites and the snippets.
widgets::KeyInspector* makeKeyInspector(Workspace& workspace, const widgets::Theme& theme);

} // namespace norikv::app
