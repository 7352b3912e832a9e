// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/metrics.h"

#include <charconv>

namespace norikv::sandbox {

namespace {

constexpr std::array operationNames = {"put", "get", "delete"};
constexpr std::array outcomeLabels = {"status=\"success\"", "status=\"success\",result=\"found\"",
    "status=\"success\",result=\"not_found\"", "status=\"not_leader\"", "status=\"error\""};

std::string number(double value)
{
    std::array<char, 64> text{};
    const auto end
        = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
    std::string written(text.data(), end);
    return written.find('.') == std::string::npos ? written + ".0" : written;
}

void appendCounter(std::string& text, const std::string& labels, std::uint64_t value)
{
    if (value != 0) {
        text += "kv_requests_total_total{" + labels + "} " + std::to_string(value) + '\n';
    }
}

} // namespace

void Metrics::observe(Operation operation, Outcome outcome, Clock::Elapsed took)
{
    auto& histogram = m_durations[index(operation)][index(outcome)];
    ++histogram.count;
    histogram.sumNs += static_cast<std::uint64_t>(took.count());
    for (std::size_t i = 0; i < buckets; ++i) {
        if (took <= std::chrono::milliseconds(1LL << i)) {
            ++histogram.upTo[i];
            break;
        }
    }
}

void Metrics::append(std::string& text, const Histogram& histogram, const std::string& labels)
{
    const std::uint64_t count = histogram.count;
    if (count == 0) {
        return;
    }
    const std::string name = "kv_request_duration_ms";
    text += name + "_sum{" + labels + "} " + number(static_cast<double>(histogram.sumNs) / 1e6) + '\n';
    text += name + "_count{" + labels + "} " + std::to_string(count) + '\n';
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < buckets; ++i) {
        sum += histogram.upTo[i];
        text += name + "_bucket{le=\"" + std::to_string(1U << i) + ".0\"," + labels + "} "
            + std::to_string(sum) + '\n';
    }
    text += name + "_bucket{le=\"+Inf\"," + labels + "} " + std::to_string(count) + '\n';
}

std::string Metrics::text() const
{
    std::string counters;
    std::string durations;
    for (std::size_t operation = 0; operation < operations; ++operation) {
        const std::string label = std::string("operation=\"") + operationNames[operation] + '"';
        appendCounter(counters, label, m_requests[operation]);
        for (std::size_t outcome = 0; outcome < outcomes; ++outcome) {
            append(durations, m_durations[operation][outcome], label + ',' + outcomeLabels[outcome]);
        }
    }
    appendCounter(counters, "operation=\"put\",status=\"cas_failed\"", m_casFailed);
    appendCounter(counters, "operation=\"put\",status=\"cas_not_found\"", m_casNotFound);
    std::string text;
    if (!counters.empty()) {
        text += "# HELP kv_requests_total Total number of KV requests.\n# TYPE kv_requests_total counter\n"
            + counters;
    }
    if (!durations.empty()) {
        text += "# HELP kv_request_duration_ms KV request duration in milliseconds.\n"
                "# TYPE kv_request_duration_ms histogram\n"
            + durations;
    }
    return text + "# EOF\n";
}

} // namespace norikv::sandbox
