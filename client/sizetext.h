// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace norikv::client {

/// The one notation for sizes, on screen and in findings: 1,500,000 -> "1.4 MB"; 1 MB = 1,048,576 bytes.
std::string sizeText(std::uint64_t bytes);

} // namespace norikv::client
