// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/nodemetrics.h"

#include <httplib.h>

#include <charconv>

namespace norikv::client {

namespace {

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

/// The sample's value; fractions of a counter do not exist, so its whole part.
std::uint64_t value(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number > 0 && number < 1e18 ? static_cast<std::uint64_t>(number) : 0;
}

} // namespace

NodeMetrics parseNodeMetrics(std::string_view text)
{
    NodeMetrics metrics;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto open = line.find('{');
        const auto close = line.find('}');
        if (open == std::string_view::npos || close == std::string_view::npos || close < open)
            continue;
        const std::string_view name = line.substr(0, open);
        if (name != "kv_requests_total" && name != "kv_requests_total_total")
            continue;
        const std::string_view labels = line.substr(open, close - open);
        if (!contains(labels, "status=") && contains(labels, "operation=\"get\""))
            metrics.gets += value(line.substr(close + 1));
        if (!contains(labels, "status=") && contains(labels, "operation=\"delete\""))
            metrics.removes += value(line.substr(close + 1));
        if (!contains(labels, "operation=\"put\""))
            continue;
        if (contains(labels, "status=\"cas_failed\""))
            metrics.casFailed += value(line.substr(close + 1));
        else if (!contains(labels, "status="))
            metrics.puts += value(line.substr(close + 1));
    }
    return metrics;
}

Result<NodeMetrics> readNodeMetrics(const std::string& address, std::chrono::milliseconds timeout)
{
    httplib::Client http("http://" + address);
    http.set_connection_timeout(timeout);
    http.set_read_timeout(timeout);
    const auto reply = http.Get("/metrics");
    if (!reply)
        return fail(ErrorKind::Unreachable, "no answer from http://" + address + "/metrics");
    if (reply->status != 200)
        return fail(ErrorKind::Server,
            "http://" + address + "/metrics answered HTTP " + std::to_string(reply->status));
    return parseNodeMetrics(reply->body);
}

std::optional<double> conflictShare(const NodeMetrics& before, const NodeMetrics& after)
{
    if (after.puts <= before.puts || after.casFailed < before.casFailed)
        return std::nullopt;
    return static_cast<double>(after.casFailed - before.casFailed)
        / static_cast<double>(after.puts - before.puts);
}

} // namespace norikv::client
