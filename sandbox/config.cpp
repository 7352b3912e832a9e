// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/config.h"

#include <yaml-cpp/yaml.h>

#include <filesystem>

namespace norikv::sandbox {

namespace {

constexpr std::uint32_t maxShards = 1'000'000;
constexpr int maxNodes = 64;

Result<void> checkAddress(const std::string& text, bool allowRemote, int nodes)
{
    const auto address = Address::parse(text);
    if (!address) {
        return tl::unexpected(address.error());
    }
    if (!address->loopback() && !allowRemote) {
        return tl::unexpected(text
            + " can be reached from other machines; use 127.0.0.1, or add --allow-remote if that is meant");
    }
    if (address->port != 0 && address->port + nodes - 1 > 65535) {
        return tl::unexpected(
            text + " leaves no room for " + std::to_string(nodes) + " ports; choose a lower port");
    }
    return {};
}

/// Seeds have no effect, but one that norikv-server would refuse is refused here too.
Result<void> checkSeeds(const std::vector<std::string>& seeds)
{
    for (const auto& seed : seeds) {
        if (const auto address = Address::parse(seed); !address) {
            return tl::unexpected("A seed node is wrong: " + address.error());
        }
    }
    return {};
}

void readYaml(const YAML::Node& root, Config& config, std::vector<std::string>& seeds)
{
    const auto text = [&root](const char* key, std::string& value) {
        if (const auto node = root[key]) {
            value = node.as<std::string>();
            return true;
        }
        return false;
    };
    text("node_id", config.nodeId);
    text("rpc_addr", config.rpcAddr);
    config.httpAsked = text("http_addr", config.httpAddr) || config.httpAsked;
    text("data_dir", config.dataDir);
    if (const auto cluster = root["cluster"]; cluster && cluster.IsMap()) {
        if (const auto shards = cluster["total_shards"]) {
            config.totalShards = shards.as<std::uint32_t>();
        }
        if (const auto list = cluster["seed_nodes"]) {
            seeds = list.as<std::vector<std::string>>();
        }
    }
}

} // namespace

Result<void> Config::fromYaml(const std::string& path)
{
    if (!std::filesystem::is_regular_file(path)) {
        return tl::unexpected("There is no configuration file " + path + "; give the path of a YAML file");
    }
    std::vector<std::string> seeds;
    try {
        const YAML::Node root = YAML::LoadFile(path);
        if (!root.IsMap()) {
            return tl::unexpected(path + " is not a configuration: expected lines like \"data_dir: FOLDER\"");
        }
        readYaml(root, *this, seeds);
    } catch (const YAML::Exception& wrong) { // the library reports in no other way
        return tl::unexpected(path + " cannot be read: " + wrong.what());
    }
    return checkSeeds(seeds);
}

Result<void> Config::fromEnvironment(const std::function<const char*(const char*)>& get)
{
    const auto text = [&get](const char* name, std::string& value) {
        const char* found = get(name);
        if (found != nullptr) {
            value = found;
        }
        return found != nullptr;
    };
    text("NORIKV_NODE_ID", nodeId);
    text("NORIKV_RPC_ADDR", rpcAddr);
    httpAsked = text("NORIKV_HTTP_ADDR", httpAddr) || httpAsked;
    text("NORIKV_DATA_DIR", dataDir);
    std::string list;
    if (!text("NORIKV_SEED_NODES", list)) {
        return {};
    }
    std::vector<std::string> seeds;
    for (std::size_t from = 0; from <= list.size();) {
        const auto comma = std::min(list.find(',', from), list.size());
        seeds.push_back(list.substr(from, comma - from));
        from = comma + 1;
    }
    return checkSeeds(seeds);
}

Result<void> Config::check() const
{
    if (dataDir.empty()) {
        return tl::unexpected(Error(
            "No data folder is named; add --data-dir DIR, data_dir in the YAML file, or NORIKV_DATA_DIR"));
    }
    if (nodeId.empty()) {
        return tl::unexpected(
            Error("The node id is empty; set node_id or NORIKV_NODE_ID to a name such as node0"));
    }
    if (totalShards == 0 || totalShards > maxShards) {
        return tl::unexpected(
            "The number of shards is " + std::to_string(totalShards) + "; choose 1 to 1000000");
    }
    if (nodes < 1 || nodes > maxNodes) {
        return tl::unexpected("The number of nodes is " + std::to_string(nodes) + "; choose 1 to 64");
    }
    for (const auto& address : {rpcAddr, httpAddr}) {
        if (const auto checked = checkAddress(address, allowRemote, nodes); !checked) {
            return checked;
        }
    }
    if (faults && !Address::parse(rpcAddr)->loopback()) {
        return tl::unexpected(
            Error("--faults is for loopback only; use it with --listen 127.0.0.1:PORT, or leave it out"));
    }
    return {};
}

} // namespace norikv::sandbox
