// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace norikv::client {

/// What a node's `/metrics` counts of its own Kv calls, since it started (wire-contract 6.2).
struct NodeMetrics {
    std::uint64_t puts = 0; ///< conflicts included: the plain series counts every Put
    std::uint64_t casFailed = 0; ///< counted in addition to the plain series
    std::uint64_t gets = 0;
    std::uint64_t removes = 0;
};

/// Reads the counters out of a Prometheus or OpenMetrics text; accepts `kv_requests_total` and the
/// `kv_requests_total_total` that the shipped server says. A series that is not there counts 0.
NodeMetrics parseNodeMetrics(std::string_view text);

/// GET http://`address`/metrics, at most `timeout` for each step. Blocks.
Result<NodeMetrics> readNodeMetrics(const std::string& address, std::chrono::milliseconds timeout);

/// Share of the Puts between two readings that met another writer: failed / plain, not failed / sum. Empty
/// when nothing was put between them, or the node started anew.
std::optional<double> conflictShare(const NodeMetrics& before, const NodeMetrics& after);

} // namespace norikv::client
