// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace norikv::bench {

/// Opens the file, steps through all columns of its table `key` in the order of its primary key and closes
/// it. Returns the seconds it took. Throws std::runtime_error.
double bareSqliteRead(const std::string& path);

} // namespace norikv::bench
