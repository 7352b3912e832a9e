// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace norikv::bench {

/// Records per second of `bytes` each, appended to a file with fdatasync after each one.
double bareSyncLoop(const std::filesystem::path& file, std::size_t bytes, double seconds);

} // namespace norikv::bench
