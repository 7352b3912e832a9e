// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace norikv::widgets {

/// Registers icons and style sheet. A static library's resources are otherwise dropped by the linker.
/// Cheap to call again.
void initResources();

} // namespace norikv::widgets
