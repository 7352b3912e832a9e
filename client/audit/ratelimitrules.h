// SPDX-License-Identifier: GPL-3.0-or-later
// Rules R1-R4 (panels.md 2.9, rulings 2): pure, from what was read of one rate limit to findings. Certain
// only where the limit is declared in the profile or set in the panel; times get 2 s of slack.
#pragma once

#include "client/audit/finding.h"
#include "client/patterns/ratelimit.h"
#include "client/patterns/ttl.h"

#include <optional>
#include <vector>

namespace norikv::client {

/// One rate limit as it is stored now, with the limit it is held to.
struct RateLimitReading {
    Bytes key;
    std::optional<RateLimitRecord> record; ///< empty where the value cannot be read
    std::string unreadable;
    KnownLimit limit;
    Expiry expiry;
    EpochMs readMs = 0;
    // What the expiry is made of, so that another limit can be set.
    std::optional<EpochMs> serverExpiryMs;
    TtlProvenance provenance = TtlProvenance::Unknown;
    std::optional<EpochMs> setHereMs;

    LimitState state(EpochMs nowMs) const;
};
/// Reads an entry; `setHereMs` is the expiry that this machine gave it, if any.
RateLimitReading readRateLimit(
    const Entry& entry, KnownLimit limit, std::optional<EpochMs> setHereMs, EpochMs nowMs);
/// Holds it to another limit.
void setLimit(RateLimitReading& reading, KnownLimit limit);

/// Every request that was seen to be let in, also those that a later write forgot.
class RateLimitHistory {
public:
    /// What is stored now. `told` = by Watch, so that a reset between two looks would have been seen.
    void put(const RateLimitRecord& record, std::uint64_t windowMs, bool told, EpochMs nowMs);

    /// R1: more were let in within a window than allowed, although the list never held them all.
    std::optional<Finding> checkR1(const Bytes& key, const KnownLimit& limit, EpochMs nowMs) const;

private:
    std::vector<EpochMs> m_times; ///< oldest first; of the last windows only
    std::size_t m_stored = 0; ///< how many of them the newest value holds
    bool m_told = true;
    bool m_seconds = false;
};

/// R1: more requests than allowed in a window.
std::optional<Finding> checkR1(const RateLimitReading& reading, EpochMs nowMs);
/// R2: a time in the future by more than 2 s (certain, with the skew).
std::optional<Finding> checkR2(const RateLimitReading& reading, EpochMs nowMs);
/// R3: times out of order by more than 2 s (certain), or a list far longer than its limit. Silent where R1 or
/// R2 already say why.
std::optional<Finding> checkR3(const RateLimitReading& reading, EpochMs nowMs);
/// R4: still readable after its window (certain where the window is known).
std::optional<Finding> checkR4(const RateLimitReading& reading, EpochMs nowMs);
/// All that one look tells.
std::vector<Finding> judgeRateLimit(const RateLimitReading& reading, EpochMs nowMs);

} // namespace norikv::client
