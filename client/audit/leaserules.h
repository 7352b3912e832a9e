// SPDX-License-Identifier: GPL-3.0-or-later
// Rules L1-L5 (panels.md 2.4, rulings 2): from what was seen of one lease over time to findings. Pure; times
// are the server's where it tells them. L6 (one shard, two leaders) is about the cluster: clusterrules.h.
#pragma once

#include "client/audit/finding.h"
#include "client/values.h"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace norikv::client {

/// One look at a lease, or one thing that happened to it.
struct LeaseSample {
    enum class Kind { Held, Released, Expired, Missing };
    Kind kind = Kind::Held;
    std::string holder; ///< of Held
    std::optional<Version> version; ///< of Held; an unchanged one is no heartbeat
    std::optional<EpochMs> expiresAtMs; ///< as the server tells it
    EpochMs atMs = 0;
    bool told = false; ///< listed or told by Watch: nothing in between was missed
    bool written = false; ///< `atMs` is when it was written, not when it was looked at
};

/// One lease as it was seen over time.
class LeaseTrack {
public:
    struct Span {
        std::string holder;
        EpochMs fromMs = 0;
        EpochMs lastBeatMs = 0;
        std::optional<EpochMs> endMs; ///< when another came, or the lease was seen free
        bool freed = true; ///< the lease was seen free before this holder came
        bool expiredBefore = true; ///< the holder before had no lease time left
    };

    /// `declaredMs`: the lease time of the profile; without one and without the server's word the pattern's
    /// 10 s.
    LeaseTrack(Bytes key, std::optional<std::uint64_t> declaredMs);

    void take(const LeaseSample& sample);
    /// Versions prove nothing across a restart: what is seen next counts as a heartbeat.
    void interrupted() { m_version.reset(); }

    const Bytes& key() const { return m_key; }
    bool held() const { return m_held; }
    /// Oldest first, at most 64; the last one holds while held().
    const std::deque<Span>& spans() const { return m_spans; }
    const std::deque<EpochMs>& beats() const { return m_beats; } ///< of all holders, at most 256
    std::uint64_t leaseMs() const;
    bool leaseKnown() const { return m_toldMs || m_declaredMs; }

    /// Of the lease as last read: pass it with each write and refuse smaller ones. Not proven to grow for
    /// ever.
    const std::optional<Version>& fencing() const { return m_version; }
    bool fencingFell() const
    {
        return m_fencingFell;
    } ///< it went backwards once: a new shard leader, or a restart
    /// When the lease runs out unless it is renewed.
    EpochMs leaseEndMs() const { return m_leaseEndMs; }
    /// Longest time between two heartbeats of the present holder.
    EpochMs worstGapMs() const { return m_worstGapMs; }

    /// L1 duel, L2 takeover inside the lease, L3 dead man's lease, L4 late heartbeat, L5 flapping. One cause
    /// gives one finding: a duel is no takeover, and a dead lease has no late heartbeat. What happened once
    /// bears its moment.
    std::vector<Finding> judge(EpochMs nowMs) const;

private:
    std::optional<Finding> duel() const;
    std::optional<Finding> takeover(EpochMs nowMs) const;
    std::optional<Finding> dead(EpochMs nowMs) const;
    std::optional<Finding> late(EpochMs nowMs) const;
    std::optional<Finding> flapping(EpochMs nowMs) const;
    Finding make(const char* rule, Severity severity, std::string evidence, EpochMs nowMs) const;

    const Bytes m_key;
    const std::optional<std::uint64_t> m_declaredMs;
    std::optional<std::uint64_t> m_toldMs; ///< the lease time that the server's expiry shows
    bool m_held = false;
    bool m_told = true; ///< every change so far came by Watch
    std::optional<Version> m_version;
    EpochMs m_leaseEndMs = 0;
    std::deque<Span> m_spans;
    std::deque<EpochMs> m_beats;
    EpochMs m_worstGapMs = 0;
    bool m_fencingFell = false;
};

/// How regular the heartbeats of a lease are; a holder renews it every third of its time (patterns.md 2).
struct HeartbeatStats {
    std::vector<EpochMs> gapsMs; ///< between two heartbeats of one holder, in order; of at most 256 beats
    EpochMs dueMs = 0; ///< a third of the lease
    std::uint64_t missed = 0; ///< heartbeats that should have come in those gaps
};
HeartbeatStats heartbeatsOf(const LeaseTrack& track);

} // namespace norikv::client
