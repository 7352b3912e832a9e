// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages.h"

namespace norikv::app {

/// The tenants page and its inspector, joined to the lens and to bulk jobs.
PageWidgets makeTenantsPanel(Workspace& workspace, const widgets::Theme& theme);

} // namespace norikv::app
