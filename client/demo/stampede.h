// SPDX-License-Identifier: GPL-3.0-or-later
// What happens when a popular key leaves a cache: all its readers miss at once.
#pragma once

#include "client/clock.h"
#include "client/store.h"

#include <chrono>
#include <stop_token>

namespace norikv::client::demo {

struct StampedeRun {
    int readers = 0;
    std::uint64_t serverReads = 0; ///< what reached the server for one expiry
    std::chrono::microseconds longest{0}; ///< that a reader waited
};
struct StampedeResult {
    StampedeRun each; ///< every reader asks for itself
    StampedeRun together; ///< single flight
};

/// Two caches of its own hold `key`, lose it, and `readers` (1..64, one thread each) read it at the same
/// moment. Writes nothing. NotFound when the key does not exist, InvalidRequest for a number outside the
/// limits.
Result<StampedeResult> stampede(
    Store& store, const Clock& clock, const Bytes& key, int readers, const std::stop_token& stop);

} // namespace norikv::client::demo
