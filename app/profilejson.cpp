// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/profilejson.h"

#include "client/bytes.h"
#include "client/target.h"
#include "models/profilesmodel.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace norikv::app {

namespace {

using nlohmann::json;

constexpr std::int64_t MaxShards = 65536;
constexpr std::int64_t MinTimeoutMs = 100;
constexpr std::int64_t MaxTimeoutMs = 600'000;
constexpr std::int64_t MinMessage = 64 * 1024;
constexpr std::int64_t MaxMessage = 1024LL * 1024 * 1024;

const json& memberOf(const json& from, const char* key)
{
    static const json nothing;
    const auto found = from.is_object() ? from.find(key) : from.end();
    return found == from.end() ? nothing : *found;
}

/// The member as an object that may be filled, whatever it was before.
json& objectIn(json& into, const char* key)
{
    json& member = into[key];
    if (!member.is_object())
        member = json::object();
    return member;
}

std::string_view word(client::GuardMode mode)
{
    switch (mode) {
    case client::GuardMode::Normal:
        return "normal";
    case client::GuardMode::Confirm:
        return "confirm";
    case client::GuardMode::ReadOnly:
        break;
    }
    return "read-only";
}

std::string_view word(client::EmbedderSettings::Kind kind)
{
    switch (kind) {
    case client::EmbedderSettings::Kind::BuiltIn:
        return "built-in";
    case client::EmbedderSettings::Kind::Endpoint:
        return "endpoint";
    case client::EmbedderSettings::Kind::None:
        break;
    }
    return "none";
}

client::GuardMode readGuard(const std::string& text, const std::vector<std::string>& seeds)
{
    for (const auto mode :
        {client::GuardMode::Normal, client::GuardMode::Confirm, client::GuardMode::ReadOnly}) {
        if (word(mode) == text)
            return mode;
    }
    return models::defaultGuard(seeds);
}

bool isColour(const std::string& text)
{
    return text.size() == 7 && text.front() == '#' && std::all_of(text.begin() + 1, text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

/// The id names files, so it may not be a path.
bool isId(const std::string& text)
{
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'
            || c == '_';
    });
}

std::string address(const std::string& text)
{
    const auto parsed = client::parseSeeds(text);
    return parsed && parsed->size() == 1 ? parsed->front() : std::string();
}

void readNodes(const json& nodes, client::Profile& profile)
{
    if (!nodes.is_array())
        return;
    for (const json& node : nodes) {
        const std::string seed = address(textIn(node, "address"));
        if (seed.empty() || std::ranges::find(profile.seeds, seed) != profile.seeds.end())
            continue;
        profile.seeds.push_back(seed);
        profile.httpAddresses.push_back(address(textIn(node, "http")));
    }
}

/// Names of keys in the one notation for bytes; what is no name is left out.
void readNames(const json& names, std::vector<std::string>& into)
{
    if (!names.is_array())
        return;
    for (const json& name : names) {
        if (!name.is_string())
            continue;
        const auto bytes = client::fromPrintable(name.get_ref<const std::string&>());
        if (bytes && !bytes->empty() && bytes->size() <= client::MaxKeyBytes
            && std::ranges::find(into, *bytes) == into.end())
            into.push_back(*bytes);
    }
}

json namesJson(const std::vector<std::string>& names)
{
    json out = json::array();
    for (const std::string& name : names)
        out.push_back(client::printable(name));
    return out;
}

void readEmbedder(const json& from, client::EmbedderSettings& embedder)
{
    using Kind = client::EmbedderSettings::Kind;
    constexpr std::size_t maxText = 1024;
    constexpr std::int64_t maxBatch = 2048;
    const std::string kind = textIn(from, "kind");
    for (const auto known : {Kind::Endpoint, Kind::None}) {
        if (kind == word(known))
            embedder.kind = known;
    }
    embedder.url = textIn(from, "url", maxText);
    embedder.model = textIn(from, "model", maxText);
    embedder.batch = static_cast<std::uint32_t>(numberIn(from, "batch", 1, maxBatch, embedder.batch));
    embedder.keyVariable = textIn(from, "keyVariable");
}

void readKnownNames(const json& from, client::Profile& profile)
{
    readNames(memberOf(from, "counters"), profile.counters);
    readNames(memberOf(from, "tenants"), profile.tenants);
    readNames(memberOf(from, "javaTenants"), profile.javaTenants);
    if (const json& shards = memberOf(from, "counterShards"); shards.is_object()) {
        for (const auto& [name, value] : shards.items()) {
            const auto bytes = client::fromPrintable(name);
            const std::int64_t count = numberIn(shards, name.c_str(), 0, MaxShards, 0);
            if (bytes && !bytes->empty() && bytes->size() <= client::MaxKeyBytes && count > 0)
                profile.counterShards[*bytes] = static_cast<std::uint32_t>(count);
        }
    }
    constexpr std::int64_t longest = 366LL * 24 * 3600 * 1000; // ms
    if (const json& ttls = memberOf(from, "ttls"); ttls.is_object()) {
        for (const auto& [prefix, value] : ttls.items()) {
            const auto bytes = client::fromPrintable(prefix);
            const std::int64_t ms = numberIn(ttls, prefix.c_str(), 0, longest, 0);
            if (bytes && bytes->size() <= client::MaxKeyBytes && ms > 0)
                profile.ttls[*bytes] = static_cast<std::uint64_t>(ms);
        }
    }
    if (const json& limits = memberOf(from, "rateLimits"); limits.is_object()) {
        for (const auto& [prefix, value] : limits.items()) {
            const auto bytes = client::fromPrintable(prefix);
            const std::int64_t most = numberIn(value, "maxRequests", 0, 1'000'000, 0);
            const std::int64_t window = numberIn(value, "windowMs", 0, longest, 0);
            if (bytes && bytes->size() <= client::MaxKeyBytes && most > 0 && window > 0)
                profile.rateLimits[*bytes]
                    = {static_cast<std::uint32_t>(most), static_cast<std::uint64_t>(window)};
        }
    }
}

} // namespace

std::string textIn(const json& from, const char* key, std::size_t most)
{
    const json& member = memberOf(from, key);
    if (!member.is_string())
        return {};
    std::string text = member.get<std::string>();
    std::erase_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    while (text.size() > most || !client::isUtf8(text))
        text.resize(std::min(most, text.size() - 1));
    return text;
}

std::int64_t numberIn(
    const json& from, const char* key, std::int64_t least, std::int64_t most, std::int64_t otherwise)
{
    const json& member = memberOf(from, key);
    if (member.is_number_unsigned()
        && member.get<std::uint64_t>() > std::uint64_t(std::numeric_limits<std::int64_t>::max()))
        return most;
    if (!member.is_number_integer())
        return otherwise;
    return std::clamp(member.get<std::int64_t>(), least, most);
}

void writeProfile(const client::Profile& profile, json& into)
{
    if (!into.is_object())
        into = json::object();
    into["id"] = profile.id;
    into["name"] = profile.name;
    into["folder"] = profile.folder;
    into["colour"] = profile.colour;
    into["environment"] = profile.environment;
    into["guard"] = word(profile.guard);
    json nodes = json::array();
    for (std::size_t i = 0; i < profile.seeds.size(); ++i) {
        nodes.push_back({{"address", profile.seeds[i]},
            {"http", i < profile.httpAddresses.size() ? profile.httpAddresses[i] : std::string()}});
    }
    into["nodes"] = std::move(nodes);
    into["addressMap"] = profile.addressMap;
    into["totalShards"] = profile.totalShards;
    into["timeoutMs"] = profile.timeout.count();
    into["maxMessageBytes"] = profile.maxMessageBytes;
    into["plainTextAccepted"] = profile.plainTextAccepted;
    into["counters"] = namesJson(profile.counters);
    into["tenants"] = namesJson(profile.tenants);
    into["javaTenants"] = namesJson(profile.javaTenants);
    into["ttls"] = json::object();
    for (const auto& [prefix, ms] : profile.ttls)
        into["ttls"][client::printable(prefix)] = ms;
    into["rateLimits"] = json::object();
    for (const auto& [prefix, limit] : profile.rateLimits) {
        into["rateLimits"][client::printable(prefix)]
            = {{"maxRequests", limit.maxRequests}, {"windowMs", limit.windowMs}};
    }
    json shards = json::object();
    for (const auto& [name, count] : profile.counterShards)
        shards[client::printable(name)] = count;
    into["counterShards"] = std::move(shards);
    json& embedder = objectIn(into, "embedder");
    embedder["kind"] = word(profile.embedder.kind);
    embedder["url"] = profile.embedder.url;
    embedder["model"] = profile.embedder.model;
    embedder["batch"] = profile.embedder.batch;
    embedder["keyVariable"] = profile.embedder.keyVariable;
    json& tls = objectIn(into, "tls");
    tls["caFile"] = profile.tls.caFile;
    tls["certFile"] = profile.tls.certFile;
    tls["keyFile"] = profile.tls.keyFile;
    tls["serverName"] = profile.tls.serverName;
    tls["tokenFile"] = profile.tls.tokenFile;
}

client::Profile readProfile(const json& from)
{
    constexpr std::size_t maxPath = 4096;
    client::Profile profile;
    profile.id = textIn(from, "id");
    if (!isId(profile.id))
        profile.id = client::randomUuid();
    profile.name = textIn(from, "name");
    profile.folder = textIn(from, "folder");
    profile.colour = textIn(from, "colour");
    if (!isColour(profile.colour))
        profile.colour.clear();
    profile.environment = textIn(from, "environment");
    readNodes(memberOf(from, "nodes"), profile);
    profile.guard = readGuard(textIn(from, "guard"), profile.seeds);
    if (const json& map = memberOf(from, "addressMap"); map.is_object()) {
        for (const auto& [advertised, reachable] : map.items()) {
            const std::string to = address(reachable.is_string() ? reachable.get<std::string>() : "");
            if (!advertised.empty() && !to.empty())
                profile.addressMap[advertised] = to;
        }
    }
    profile.totalShards
        = static_cast<std::uint32_t>(numberIn(from, "totalShards", 1, MaxShards, profile.totalShards));
    profile.timeout = std::chrono::milliseconds(
        numberIn(from, "timeoutMs", MinTimeoutMs, MaxTimeoutMs, profile.timeout.count()));
    profile.maxMessageBytes = static_cast<std::uint64_t>(numberIn(
        from, "maxMessageBytes", MinMessage, MaxMessage, static_cast<std::int64_t>(profile.maxMessageBytes)));
    profile.plainTextAccepted = memberOf(from, "plainTextAccepted") == json(true);
    readKnownNames(from, profile);
    readEmbedder(memberOf(from, "embedder"), profile.embedder);
    const json& tls = memberOf(from, "tls");
    profile.tls.caFile = textIn(tls, "caFile", maxPath);
    profile.tls.certFile = textIn(tls, "certFile", maxPath);
    profile.tls.keyFile = textIn(tls, "keyFile", maxPath);
    profile.tls.serverName = textIn(tls, "serverName");
    profile.tls.tokenFile = textIn(tls, "tokenFile", maxPath);
    return profile;
}

} // namespace norikv::app
