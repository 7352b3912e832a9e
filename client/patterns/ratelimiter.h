// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/patterns/compareandset.h"
#include "client/patterns/ratelimit.h"

namespace norikv::client {

/// Checks and resets rate limits. Blocking. As the document's code, with one difference: the first request of
/// a window is bound to a version too. There it is an unconditional write, so of several first requests only
/// one is counted. A key of one of Go's buckets is read, never written.
class RateLimiter {
public:
    RateLimiter(Store& store, const Clock& clock, CasLoop loop = {CasPolicy::session()});

    struct Answer {
        bool allowed = false;
        std::uint64_t remaining = 0; ///< after this request
        EpochMs resetAtMs = 0;
        std::optional<EpochMs> countedMs; ///< the time that was written down for it; nothing when refused
        int attempts = 1;
    };
    /// Counts one request if it may pass; a refused one writes nothing. BadData, and nothing is written,
    /// where the value is none of the shapes or holds what is no time. Contended when every attempt lost: the
    /// document's middleware lets such a request through.
    Result<Answer> check(Call& call, const Bytes& identifier, const RateLimit& limit);
    /// What check() would answer, without writing.
    Result<LimitState> peek(Call& call, const Bytes& identifier, const RateLimit& limit);
    /// Forgets all requests of it. True when there were any.
    Result<bool> reset(Call& call, const Bytes& identifier);

private:
    Result<CasNext> count(const Entry& entry, const RateLimit& limit, EpochMs nowMs, Answer& answer) const;
    Result<void> begin(Call& call, const Bytes& key, const RateLimit& limit, EpochMs nowMs);

    Store& m_store;
    const Clock& m_clock;
    const CasLoop m_loop;
};

} // namespace norikv::client
