// SPDX-License-Identifier: GPL-3.0-or-later
// K1 and K2 (panels.md 2.8, rulings 1): what a cache answered against what the server had. Pure; they need a
// cache of this program and looks at the server, so they judge in its panel only.
#pragma once

#include "client/audit/finding.h"
#include "client/patterns/cache.h"

#include <optional>

namespace norikv::client {

/// Readers were given bytes although a look had found newer ones on the server. That an entry differs within
/// its time to live is how such a cache works, and no finding: only what was served is. Certain by versions
/// of Gets; with a restart of the node since the entry was read they prove nothing, and it is suspect.
std::optional<Finding> checkK1(const CacheEntry& entry, bool restarted);
/// The entry is newer than what the server has: its version went back, as after a restore or on a node that
/// was left behind. Certain while no restart was seen, which renumbers; then silent.
std::optional<Finding> checkK2(const CacheEntry& entry, bool restarted);

} // namespace norikv::client
