// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tokens.h"

namespace norikv::widgets {

/// resources/style/workbench.qss with every @name replaced by the token of that name.
/// Unknown names are left in place, so a test can find them.
QString styleSheet(ThemeKind kind, Accent accent = Accent::Usual);

} // namespace norikv::widgets
