// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace norikv::reducerhost {

/// Takes from this process what a script has no use for: files it inherited, memory beyond 512 MB, files it
/// could write, core dumps. First thing in main(), before any thread. False with errno when a limit is
/// refused.
bool confine();

/// Ten seconds of processor time from now on; then the system ends the process.
bool grantTime();

} // namespace norikv::reducerhost
