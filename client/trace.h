// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/call.h"
#include "client/values.h"

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace norikv::client {

/// One finished call, for the operations list.
struct Operation {
    EpochMs startedMs = 0;
    std::chrono::microseconds took{};
    Rpc rpc = Rpc::KvGet;
    bool cas = false; ///< carried if_match
    Bytes key; ///< or prefix; empty for calls without one
    std::optional<std::uint32_t> shard;
    std::string node;
    int attempts = 0;
    std::optional<ErrorKind> error; ///< empty = success
    /// The server does not offer this call, which it need not.
    bool notOffered() const;
    std::string detail; ///< version written or read, or the error's words
    std::string why;
};

/// Percentiles and rate of our own calls since the last takeStats(). Streams have a rate alone.
struct CallStats {
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
    double p50Ms = 0;
    double p95Ms = 0;
    double p99Ms = 0;
    std::map<std::uint32_t, std::uint64_t> perShard; ///< calls about one key; bulk reads are not told apart
};

/// Collects operations from all threads; a reader takes them in finished chunks. Keeps at most `limit`
/// untaken ones and counts what it dropped: a stalled reader must not grow memory.
class TraceLog {
public:
    explicit TraceLog(std::size_t limit = 20'000);

    void add(Operation operation);
    /// Counts a call without listing it: bulk and background work. Without a time for a stream.
    void count(std::optional<std::chrono::microseconds> took, bool failed,
        std::optional<std::uint32_t> shard = std::nullopt);

    struct Taken {
        std::vector<Operation> operations;
        std::uint64_t dropped = 0;
    };
    Taken take();
    CallStats takeStats();

private:
    const std::size_t m_limit;
    std::mutex m_mutex;
    std::vector<Operation> m_operations;
    std::uint64_t m_dropped = 0;
    std::uint64_t m_failures = 0;
    std::vector<float> m_latenciesMs;
    std::uint64_t m_calls = 0;
    std::map<std::uint32_t, std::uint64_t> m_perShard;
};

} // namespace norikv::client
