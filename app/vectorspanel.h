// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages.h"

namespace norikv::app {

/// The vectors page, joined to what makes vectors of texts and to a person's files.
PageWidgets makeVectorsPanel(Workspace& workspace, const widgets::Theme& theme);

} // namespace norikv::app
