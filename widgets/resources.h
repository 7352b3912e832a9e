// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QCoreApplication;

namespace norikv::widgets {

/// Registers icons and style sheet. A static library's resources are otherwise dropped by the linker.
/// Cheap to call again.
void initResources();

/// Loads our translations; without them English plurals read "1 shard(s)". Call once, before the first
/// window.
void installTranslations(QCoreApplication& application);

} // namespace norikv::widgets
