// SPDX-License-Identifier: GPL-3.0-or-later
// Clients with differing clocks that send all at once: how many requests a rate limit lets in, with our
// protocol and with the document's own code.
#pragma once

#include "client/audit/finding.h"
#include "client/profile.h"
#include "client/retryingstore.h"
#include "client/store.h"

#include <chrono>
#include <vector>

namespace norikv::client::demo {

struct BurstPlan {
    Bytes identifier; ///< must not be in use
    RateLimit limit{20, 10'000};
    int clients = 8; ///< 1..64, one thread each
    int requestsEach = 10; ///< 1..1000
    std::chrono::milliseconds spacing{0}; ///< between two requests of one client; 0 = as fast as it can
    std::chrono::milliseconds skew{0}; ///< the clocks are spread evenly over minus to plus this
    bool documentsCode
        = false; ///< the first write unconditional, as in the user's document; else RateLimiter
};

/// The balance sheet of a burst that is over.
struct BurstResult {
    std::int64_t sent = 0;
    std::int64_t admitted = 0;
    std::int64_t refused = 0;
    std::int64_t undecided = 0; ///< every attempt lost; the document's middleware lets such a request through
    std::int64_t allowed = 0; ///< the most that the limit lets in during a burst of this length
    std::int64_t stored = 0; ///< times in the list at the end
    std::chrono::milliseconds took{0};
    std::vector<Finding> findings; ///< the rules that caught it
    std::int64_t tooMany() const { return admitted > allowed ? admitted - allowed : 0; }
};

/// Blocks until every client has sent its requests. InvalidRequest for a plan outside its limits or an
/// identifier in use; the first error of the store ends it. What it wrote is left to expire. Stop and consent
/// are those of `like`; nothing of it goes into the journal.
Result<BurstResult> runBurst(Store& store, const Clock& clock, const BurstPlan& plan, const Call& like,
    const Sleeper& sleep = realSleeper());

} // namespace norikv::client::demo
