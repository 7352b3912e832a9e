// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"

#include <optional>
#include <string>
#include <string_view>

namespace norikv::client {

/// The times Go writes: `2024-05-01T12:30:00.123456789Z`, or with `+02:00`. Fractions are cut to
/// milliseconds. Empty for anything else.
std::optional<EpochMs> parseRfc3339(std::string_view text);

/// `2024-05-01T12:30:00.123Z`, in UTC; the fraction is left out when it is zero, as Go does.
std::string formatRfc3339(EpochMs ms);

} // namespace norikv::client
