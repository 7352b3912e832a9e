// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/quirks.h"

#include <algorithm>
#include <array>
#include <string>

namespace norikv::sandbox {

/// wire-contract 2.7. The second row is what every SDK sends; the shipped server refuses it.
inline bool knownConsistency(const std::string& text, const Quirks& quirks)
{
    constexpr std::array server = {"", "strong", "eventual", "bounded_staleness"};
    constexpr std::array sdk = {"lease", "linearizable", "stale_ok"};
    return std::ranges::find(server, text) != server.end()
        || (!quirks.refuseSdkConsistency && std::ranges::find(sdk, text) != sdk.end());
}

} // namespace norikv::sandbox
