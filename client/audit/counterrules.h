// SPDX-License-Identifier: GPL-3.0-or-later
// Rules C1-C5 (panels.md 2.1): pure functions from what was read to findings. Times are stamped by the
// caller's clock.
#pragma once

#include "client/audit/finding.h"
#include "client/values.h"

#include <optional>
#include <vector>

namespace norikv::client {

/// One counter as it was read: a single key, or the keys of its shards.
struct CounterReading {
    Bytes name;
    bool sharded = false;
    std::optional<std::uint32_t> declaredShards; ///< by the user or profile; without it C4 cannot judge
    std::vector<Entry> keys; ///< existing keys only
    EpochMs readMs = 0;
};

/// What a closed run (all writers known) acknowledged and what the store gained.
struct ClosedRun {
    Bytes counter;
    std::int64_t acknowledged = 0; ///< sum of acknowledged deltas
    std::int64_t unknown = 0; ///< sum of deltas whose outcome is unknown
    std::int64_t storedGain = 0;
    std::uint64_t tries = 0; ///< compare-and-set writes sent
    std::uint64_t conflicts = 0;
    double rate = 0; ///< acknowledged changes per second
    double windowSeconds = 0; ///< mean time from Get to Put
    std::uint32_t shards = 1;
    EpochMs endedMs = 0;
};

/// C1: a key that must be a decimal integer is not (certain); beyond what JavaScript counts exactly (info).
std::vector<Finding> checkC1(const CounterReading& reading);
/// C2: the value fell between two looks (certain): a reset or a lost update. A decrement of our own is no
/// finding.
std::optional<Finding> checkC2(const Bytes& counter, std::int64_t before, std::int64_t after,
    std::int64_t ourOwnDecrements, EpochMs nowMs);
/// C3: a closed run acknowledged more than was stored, beyond what unknown outcomes explain (certain).
std::optional<Finding> checkC3(const ClosedRun& run);
/// C4: shards beyond the declared number hold counts (certain). Silent without a declared number.
std::optional<Finding> checkC4(const CounterReading& reading);
/// C5: more than 20 % of the writes met a conflict (info), with the number of shards that would help.
std::optional<Finding> checkC5(const ClosedRun& run);

} // namespace norikv::client
