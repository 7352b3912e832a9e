// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/store.h"

namespace norikv::client {

/// Creates `key` with `value` unless it exists, and answers what is stored then (rulings 3). The wire has no
/// such call; the idempotency key `create:<key>` makes the second of two racing creators a no-op on the
/// server. When a server remembers a creation whose key is gone since, a suffix is used that all racers
/// derive from its answer; only where a server remembers more than six such creations the last tries are
/// unprotected.
Result<Entry> createIfAbsent(
    Store& store, Call& call, const Bytes& key, const Bytes& value, std::uint64_t ttlMs = 0);

} // namespace norikv::client
