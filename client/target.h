// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace norikv::client {

/// Reads `norikv://host:7447,host2:7447`, the scheme and the port (7447) being optional, into addresses
/// `host:port`. The error names the piece that is wrong and what would be right.
Result<std::vector<std::string>> parseSeeds(std::string_view target);

/// True when every address is on this machine (127.0.0.0/8, ::1, localhost).
bool isLoopback(const std::vector<std::string>& addresses);

} // namespace norikv::client
