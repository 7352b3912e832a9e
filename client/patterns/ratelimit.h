// SPDX-License-Identifier: GPL-3.0-or-later
// Rate limits as they are stored (patterns.md 1 and 4): the times of the requests that were let in under
// `ratelimit:<identifier>`. The limit itself is stored nowhere; the profile or a person tells it.
#pragma once

#include "client/patterns/jsonrecord.h"
#include "client/profile.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace norikv::client {

/// What a limiter of some language keeps under its key.
enum class LimitShape {
    Times, ///< TypeScript, Python: a JSON array with the time of each request
    Bucket, ///< Go: `ratelimit:<id>:<minute>` = how many in that minute
    Counter, ///< Java: when the window began, and how many since
};

/// A rate limit as read. Of an endless array the newest `MostTimes` are kept; count and order are of all.
struct RateLimitRecord {
    static constexpr std::size_t MostTimes = 100'000;

    LimitShape shape = LimitShape::Times;
    Dialect dialect = Dialect::TypeScript;
    std::vector<EpochMs> times; ///< of Times, in the order stored
    std::uint64_t count = 0; ///< all times, or what Go and Java counted
    std::uint64_t cut = 0; ///< times that were counted but not kept
    std::uint64_t odd = 0; ///< members of the array that are no times
    std::optional<EpochMs> newestMs; ///< the latest of all times
    EpochMs disorderMs = 0; ///< how far at most a time lies before one that stands ahead of it
    TimeForm form = TimeForm::Milliseconds; ///< Seconds where all are: a rewrite stays so
    std::optional<EpochMs> startMs; ///< of Bucket and Counter
    std::vector<std::string> complaints; ///< what is not as the pattern writes it
    bool operator==(const RateLimitRecord&) const = default;
};

constexpr std::uint64_t BucketMs = 60'000; ///< what one of Go's buckets counts
/// The members of a Counter.
constexpr MemberNames WindowStartMember{"windowStart", "window_start", "WindowStart", "windowStart"};
constexpr MemberNames CountMember{"count", "count", "Count", "count"};

Bytes rateLimitKey(std::string_view identifier);
/// The part after `ratelimit:`, or nothing.
std::optional<Bytes> identifierOf(std::string_view key);
/// BadData with the reason when it is none of the three shapes. One pass over the text, no tree: a million
/// times cost some tens of milliseconds and no more memory than twice MostTimes of them.
Result<RateLimitRecord> parseRateLimit(std::string_view key, std::string_view value);

/// A limit and how surely it is known.
struct KnownLimit {
    RateLimit limit;
    bool declared = false; ///< for `prefix`; else the pattern's example, 100 in a minute
    std::string prefix;
    bool operator==(const KnownLimit&) const = default;
};
using RateLimits = std::map<std::string, RateLimit>; ///< by prefix of the identifier, as in the profile
/// The limit of the longest prefix that fits.
KnownLimit limitFor(const RateLimits& limits, std::string_view identifier);

/// What a limiter would answer at one moment.
struct LimitState {
    std::uint64_t used = 0; ///< requests that count now
    std::uint64_t remaining = 0;
    EpochMs resetAtMs = 0; ///< oldest request that counts + window, as the pattern tells it
    bool passes = true; ///< the next request would be let in
    EpochMs passesAtMs = 0; ///< when it would: now, or when enough have left the window
};
/// Computed, nothing is read or written. A time counts while `ts > now - windowMs`. Without a record all is
/// free. `expiresAtMs`, where known, is when the store forgets the record as a whole.
LimitState predictLimit(const RateLimitRecord* record, const RateLimit& limit, EpochMs nowMs,
    std::optional<EpochMs> expiresAtMs = {});
/// When the record's state next changes by itself, or nothing.
std::optional<EpochMs> nextChangeMs(const RateLimitRecord& record, const RateLimit& limit, EpochMs nowMs);

} // namespace norikv::client
