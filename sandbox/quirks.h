// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>

namespace norikv::sandbox {

/// Surprises of the shipped server that the sandbox can imitate, one switch each (shapes of
/// norikv.sandbox.v1.Quirks). All off is "sound".
struct Quirks {
    bool racyCas
        = false; ///< check, wait casWindowMs, then write whatever happened meanwhile (wire-contract 2.5)
    std::uint32_t casWindowMs = 5;
    bool deleteIgnoresIfMatch = false;
    bool sharedIdempotency = false; ///< one map for Put and Delete, in memory only (wire-contract 2.6)
    bool firstTouchNotLeader = false; ///< once per shard and process start (wire-contract 2.9)
    bool ttlLostOnFlush = false; ///< wire-contract 2.8
    bool ttlLostOnRestart = false;
    bool oldValueReturns = false; ///< an expired value uncovers the older one without expiry below it
    bool renumberOnRestart = false; ///< wire-contract 2.4
    bool refuseSdkConsistency = false; ///< wire-contract 2.7
    bool tickingEpoch = false; ///< wire-contract 3.1
    bool emptyMeta = false;
    std::uint32_t commitDelayMs = 0; ///< every write waits this long before it is committed
    bool loseParallelWrites = false; ///< wire-contract 11, T7

    static Quirks sound() { return {}; }
    /// Every quirk but loseParallelWrites and the commit delay.
    static Quirks faithful();

    bool operator==(const Quirks&) const = default;
};

/// Quirks that calls on any thread read while Faults changes them. Lock-free: every request reads it.
class SharedQuirks {
public:
    explicit SharedQuirks(const Quirks& quirks) { store(quirks); }

    Quirks load() const;
    /// Times are kept up to 65,535 ms; longer ones are cut to that.
    void store(const Quirks& quirks);

private:
    std::atomic<std::uint64_t> m_bits;
};

} // namespace norikv::sandbox
