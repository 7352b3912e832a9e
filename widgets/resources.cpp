// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/resources.h"

#include <QDir>

// Q_INIT_RESOURCE has to be used outside of any namespace.
static void registerResources() { Q_INIT_RESOURCE(resources); }

namespace norikv::widgets {

void initResources() { registerResources(); }

} // namespace norikv::widgets
