// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commandline.h"

namespace norikv::app {

/// --probe and --audit: no window. Prints to standard output and answers the exit code.
int runProbe(const Options& options);
int runAudit(const Options& options);

} // namespace norikv::app
