// SPDX-License-Identifier: GPL-3.0-or-later
// The one loop behind every pattern that changes a value it has read (patterns.md 2, "practice").
#pragma once

#include "client/patterns/backoff.h"
#include "client/store.h"

#include <functional>
#include <optional>

namespace norikv::client {

/// One try of a compare-and-set loop, told as it ends.
struct CasAttempt {
    int number = 1; ///< from 1
    std::optional<Version> read; ///< what the write was bound to
    bool won = false;
    std::chrono::milliseconds wait{0}; ///< before the next one; 0 after the last
    std::string note; ///< why it lost, or empty
};
using AttemptSink = std::function<void(const CasAttempt&)>;

/// What a loop wants to write; no value = leave the key as it is, which ends the loop well.
struct CasNext {
    std::optional<Bytes> value;
    std::uint64_t ttlMs
        = 0; ///< 0 = no expiry: give what the pattern wants, or what is left of the present one
};

struct CasResult {
    Entry before; ///< as read in the attempt that counted
    std::optional<Bytes> after; ///< empty = nothing was written
    int attempts = 1;
};

struct CasLoop {
    CasPolicy policy;
    Sleeper sleep = realSleeper();
    AttemptSink tell{}; ///< may be empty
};

/// Reads `key`, lets `next` decide on what was read, writes under the version read, and repeats while another
/// writer wins. A missing key reaches `next` as an entry without version; what it then returns is written by
/// createIfAbsent(), and somebody else's value there counts as a lost attempt. An error of `next` ends the
/// loop and is the result. UnknownOutcome ends it too: repeating it could do the thing twice. Contended when
/// every attempt lost.
Result<CasResult> compareAndSet(Store& store, Call& call, const Bytes& key, const CasLoop& loop,
    const std::function<Result<CasNext>(const Entry&)>& next);

} // namespace norikv::client
