// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/valuehash.h"

#include <xxhash.h>

namespace norikv {

std::uint64_t valueHash(std::string_view value) { return XXH3_64bits(value.data(), value.size()); }

} // namespace norikv
