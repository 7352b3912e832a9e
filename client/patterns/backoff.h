// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/retryingstore.h"

#include <chrono>
#include <functional>

namespace norikv::client {

/// How a compare-and-set loop waits and gives up; the figures per pattern are a contract (patterns.md 1).
struct CasPolicy {
    int attempts = 10;
    /// Wait before attempt n + 1 after attempt n (from 0) lost, jitter included.
    std::function<std::chrono::milliseconds(int attempt)> delay;

    /// 20 attempts, min(2^n, 1000) ms + 0..100 ms.
    static CasPolicy basicCounter();
    /// 10 attempts, 2^n x 10 ms + 0..10 ms.
    static CasPolicy counterShard();
    /// 10 attempts, 2^n x 10 ms.
    static CasPolicy inventory();
    /// 5 attempts, 2^n x 10 ms: sessions and rate limits.
    static CasPolicy session();
    /// As many attempts as given without waiting: for races on purpose.
    static CasPolicy impatient(int attempts);
};

} // namespace norikv::client
