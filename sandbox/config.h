// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/address.h"
#include "sandbox/quirks.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace norikv::sandbox {

/// How a sandbox starts. Sources, strongest first: flags, YAML, environment, these defaults. Each loader
/// changes only what its source names, so apply them weakest first; an error is one sentence that names the
/// input and a remedy.
struct Config {
    std::string nodeId = "node0"; ///< of the first node; with several they are node0, node1, ...
    std::string rpcAddr = "127.0.0.1:7447"; ///< IP:PORT, port 0 = any free; node i listens i ports further
    std::string httpAddr = "127.0.0.1:8080";
    bool httpAsked = false; ///< somebody named httpAddr: busy is then an error instead of a warning
    std::string dataDir; ///< required
    std::uint32_t totalShards = 1024;
    int nodes = 1;
    Quirks quirks;
    bool explore = true; ///< serve Explore and tell expiries
    bool vector = true;
    bool faults = false; ///< serve Faults; loopback only
    bool allowRemote = false; ///< a non-loopback address is meant
    std::string portFile; ///< empty = only DATA_DIR/sandbox.json

    /// The YAML keys of norikv-server (wire-contract 7.1). Unknown keys are ignored, as there.
    Result<void> fromYaml(const std::string& path);
    /// The environment of norikv-server; `get` answers like std::getenv.
    Result<void> fromEnvironment(const std::function<const char*(const char*)>& get);
    /// Whether it can start; the ranges and combinations that no single source can judge.
    Result<void> check() const;
};

/// The command line of norikv-sandbox.
struct CommandLine {
    Config config;
    bool help = false;
    bool version = false;

    /// Reads all sources. `arguments` without the program's name.
    static Result<CommandLine> parse(
        const std::vector<std::string>& arguments, const std::function<const char*(const char*)>& get);
    static const char* helpText();
};

} // namespace norikv::sandbox
