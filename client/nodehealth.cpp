// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/nodehealth.h"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace norikv::client {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t LongestReply = 64 * 1024; // a hundred times what the shipped server says
constexpr std::size_t MostSamples = 64;

/// A whole number that is not negative and fits; anything else is 0.
template <class T> T number(const Json& object, const char* name)
{
    const auto member = object.find(name);
    if (member == object.end() || !member->is_number_unsigned())
        return 0;
    const auto value = member->template get<std::uint64_t>();
    return value <= std::numeric_limits<T>::max() ? static_cast<T>(value) : T{};
}

std::string text(const Json& object, const char* name)
{
    const auto member = object.find(name);
    return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

} // namespace

const NodeHealth::Sample* NodeHealth::sampleOf(std::uint32_t shard) const
{
    const auto found = std::ranges::find(samples, shard, &Sample::shard);
    return found == samples.end() ? nullptr : &*found;
}

Result<NodeHealth> parseNodeHealth(std::string_view reply)
{
    const auto json = reply.size() > LongestReply ? Json() : Json::parse(reply, nullptr, false);
    if (!json.is_object())
        return fail(ErrorKind::BadData, "/health did not answer with a JSON object");
    NodeHealth health;
    health.status = text(json, "status");
    health.nodeId = text(json, "node_id");
    health.totalShards = number<std::uint32_t>(json, "total_shards");
    health.activeShards = number<std::uint32_t>(json, "active_shards");
    health.leaderShards = number<std::uint32_t>(json, "leader_shards");
    health.followerShards = number<std::uint32_t>(json, "follower_shards");
    if (const auto samples = json.find("shard_samples"); samples != json.end() && samples->is_array()) {
        for (const auto& each : *samples) {
            if (!each.is_object() || health.samples.size() == MostSamples)
                continue;
            const auto leads = each.find("is_leader");
            health.samples.push_back({number<std::uint32_t>(each, "shard_id"),
                leads != each.end() && leads->is_boolean() && leads->get<bool>(),
                number<std::uint64_t>(each, "term"), number<std::uint64_t>(each, "commit_index")});
        }
    }
    health.text = json.dump(2, ' ', false, Json::error_handler_t::replace);
    return health;
}

Result<NodeHealth> readNodeHealth(const std::string& address, std::chrono::milliseconds timeout)
{
    httplib::Client http("http://" + address);
    http.set_connection_timeout(timeout);
    http.set_read_timeout(timeout);
    const auto reply = http.Get("/health");
    if (!reply)
        return fail(ErrorKind::Unreachable, "no answer from http://" + address + "/health");
    if (reply->status != 200)
        return fail(ErrorKind::Server,
            "http://" + address + "/health answered HTTP " + std::to_string(reply->status));
    return parseNodeHealth(reply->body);
}

} // namespace norikv::client
