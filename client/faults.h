// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace norikv::client {

/// The shipped server's surprises, as switches of our sandbox (proto/norikv/sandbox/v1/faults.proto).
struct Quirks {
    bool racyCas = false;
    std::uint32_t casWindowMs = 0; ///< held between check and write when CAS is racy
    bool deleteIgnoresIfMatch = false;
    bool sharedIdempotency = false;
    bool firstTouchNotLeader = false;
    bool ttlLostOnFlush = false;
    bool ttlLostOnRestart = false;
    bool oldValueReturns = false;
    bool renumberOnRestart = false;
    bool refuseSdkConsistency = false;
    bool tickingEpoch = false;
    bool emptyMeta = false;
    std::uint32_t commitDelayMs = 0;
    bool loseParallelWrites = false;
};

struct ShardMove {
    std::uint32_t shard = 0;
    std::string nodeId;
    bool keepOldClaim = false;
};

struct NodeFault {
    enum class State { Up, Down, Frozen };
    std::string nodeId;
    State state = State::Up;
    std::uint32_t delayMs = 0;
};

} // namespace norikv::client
