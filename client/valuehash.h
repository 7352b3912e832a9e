// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace norikv {

/// XXH3-64 of a value's bytes: tells whether two reads saw the same bytes when the bytes are not kept.
std::uint64_t valueHash(std::string_view value);

} // namespace norikv
