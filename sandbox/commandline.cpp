// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/config.h"

#include <charconv>
#include <filesystem>
#include <map>

namespace norikv::sandbox {

namespace {

constexpr std::uint32_t shippedCommitDelayMs = 110; // wire-contract 2.9: 0 to 200 ms for a write
constexpr auto defaultFile = "norikv.yaml"; // as norikv-server

using Apply = std::function<Result<void>(Config&, const std::string& value)>;

template <class T> Result<void> readNumberTo(T& target, const std::string& flag, const std::string& value)
{
    const char* end = value.data() + value.size();
    const auto [rest, error] = std::from_chars(value.data(), end, target);
    if (error != std::errc() || rest != end) {
        return tl::unexpected(flag + " wants a whole number, not \"" + value + '"');
    }
    return {};
}

Result<void> readQuirks(Config& config, const std::string& value)
{
    if (value != "sound" && value != "faithful") {
        return tl::unexpected("--quirks is sound or faithful, not \"" + value + '"');
    }
    config.quirks = value == "sound" ? Quirks::sound() : Quirks::faithful();
    return {};
}

const std::map<std::string, Apply>& valued()
{
    const auto text = [](std::string Config::*member) {
        return [member](Config& config, const std::string& value) -> Result<void> {
            config.*member = value;
            return {};
        };
    };
    static const std::map<std::string, Apply> flags = {
        {"--listen", text(&Config::rpcAddr)},
        {"--http",
            [](Config& config, const std::string& value) -> Result<void> {
                config.httpAddr = value;
                config.httpAsked = true;
                return {};
            }},
        {"--data-dir", text(&Config::dataDir)},
        {"--port-file", text(&Config::portFile)},
        {"--nodes",
            [](Config& config, const std::string& value) {
                return readNumberTo(config.nodes, "--nodes", value);
            }},
        {"--shards",
            [](Config& config, const std::string& value) {
                return readNumberTo(config.totalShards, "--shards", value);
            }},
        {"--quirks", readQuirks},
    };
    return flags;
}

const std::map<std::string, void (*)(Config&)>& bare()
{
    static const std::map<std::string, void (*)(Config&)> flags = {
        {"--as-shipped",
            [](Config& config) {
                config.quirks = Quirks::faithful();
                config.quirks.commitDelayMs = shippedCommitDelayMs;
                config.explore = config.vector = false;
            }},
        {"--no-explore", [](Config& config) { config.explore = false; }},
        {"--no-vector", [](Config& config) { config.vector = false; }},
        {"--faults", [](Config& config) { config.faults = true; }},
        {"--allow-remote", [](Config& config) { config.allowRemote = true; }},
    };
    return flags;
}

} // namespace

Result<CommandLine> CommandLine::parse(
    const std::vector<std::string>& arguments, const std::function<const char*(const char*)>& get)
{
    CommandLine line;
    std::string file;
    std::vector<std::pair<const Apply*, std::string>>
        later; // flags are the strongest source, so they come last
    std::vector<void (*)(Config&)> switches;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto& argument = arguments[i];
        const auto equals = argument.find('=');
        const std::string name = argument.substr(0, equals);
        if (name == "--help" || name == "-h") {
            line.help = true;
        } else if (name == "--version") {
            line.version = true;
        } else if (const auto plain = bare().find(argument); plain != bare().end()) {
            switches.push_back(plain->second);
        } else if (const auto flag = valued().find(name); flag != valued().end()) {
            if (equals == std::string::npos && i + 1 == arguments.size()) {
                return tl::unexpected(name + " wants a value; see --help");
            }
            later.emplace_back(
                &flag->second, equals == std::string::npos ? arguments[++i] : argument.substr(equals + 1));
        } else if (argument.starts_with('-')) {
            return tl::unexpected("There is no flag " + argument + "; see --help");
        } else if (!file.empty()) {
            return tl::unexpected(
                "Only one configuration file can be given, not both " + file + " and " + argument);
        } else {
            file = argument;
        }
    }
    if (line.help || line.version) {
        return line;
    }
    if (file.empty() && std::filesystem::is_regular_file(defaultFile)) {
        file = defaultFile;
    }
    auto loaded = line.config.fromEnvironment(get);
    if (loaded && !file.empty()) {
        loaded = line.config.fromYaml(file);
    }
    for (const auto apply : switches) {
        apply(line.config); // before --quirks, which may refine --as-shipped
    }
    for (const auto& [apply, value] : later) {
        loaded = loaded ? (*apply)(line.config, value) : loaded;
    }
    loaded = loaded ? line.config.check() : loaded;
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    return line;
}

const char* CommandLine::helpText()
{
    return R"(norikv-sandbox [CONFIG.yaml] [flags]   a NoriKV server for trying things out, on RocksDB

  CONFIG.yaml          the YAML of norikv-server (default: norikv.yaml here, if there is one);
                       NORIKV_NODE_ID, _RPC_ADDR, _HTTP_ADDR, _DATA_DIR are read too
  --data-dir DIR       where the data lives (required here or there)
  --listen IP:PORT     gRPC, default 127.0.0.1:7447; port 0 = any free one
  --http IP:PORT       HTTP side port, default 127.0.0.1:8080
  --port-file FILE     write the ports there as JSON once all listen (also to DIR/sandbox.json)
  --nodes N            N listeners over one store, leadership spread over them; both ports + i
  --shards N           virtual shards, default 1024
  --quirks MODE        sound (default), or faithful: imitates the surprises of the shipped server
  --as-shipped         faithful, --no-explore, --no-vector and its delay of every write
  --no-explore         without scan, watch and exact expiries
  --no-vector          without the vector service
  --faults             with the service that injects faults; loopback only
  --allow-remote       allow an address that other machines can reach (there is no encryption and no login)
  --version  --help

Flags win over the YAML file, which wins over the environment.
)";
}

} // namespace norikv::sandbox
