// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/trace.h"

#include <algorithm>
#include <utility>

namespace norikv::client {

namespace {
constexpr std::size_t SampleLimit = 8192; // latencies kept between two snapshots; enough for a p95
}

TraceLog::TraceLog(std::size_t limit)
    : m_limit(limit)
{
}

void TraceLog::add(Operation operation)
{
    count(operation.took, operation.error.has_value(), operation.shard);
    const std::scoped_lock lock(m_mutex);
    if (m_operations.size() >= m_limit) {
        ++m_dropped;
        return;
    }
    m_operations.push_back(std::move(operation));
}

void TraceLog::count(std::chrono::microseconds took, bool failed, std::optional<std::uint32_t> shard)
{
    const std::scoped_lock lock(m_mutex);
    ++m_calls;
    m_failures += failed ? 1 : 0;
    if (shard)
        ++m_perShard[*shard];
    if (m_latenciesMs.size() < SampleLimit)
        m_latenciesMs.push_back(static_cast<float>(took.count()) / 1000.0F);
}

TraceLog::Taken TraceLog::take()
{
    const std::scoped_lock lock(m_mutex);
    return {std::exchange(m_operations, {}), std::exchange(m_dropped, 0)};
}

CallStats TraceLog::takeStats()
{
    std::vector<float> latencies;
    CallStats stats;
    {
        const std::scoped_lock lock(m_mutex);
        latencies = std::exchange(m_latenciesMs, {});
        stats.calls = std::exchange(m_calls, 0);
        stats.failures = std::exchange(m_failures, 0);
        stats.perShard = std::exchange(m_perShard, {});
    }
    if (latencies.empty())
        return stats;
    std::ranges::sort(latencies);
    const auto at = [&](double q) {
        return static_cast<double>(
            latencies[static_cast<std::size_t>(q * static_cast<double>(latencies.size() - 1))]);
    };
    stats.p50Ms = at(0.50);
    stats.p95Ms = at(0.95);
    stats.p99Ms = at(0.99);
    return stats;
}

} // namespace norikv::client
