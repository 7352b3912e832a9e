// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace norikv::client {

enum class GuardMode { Normal, Confirm, ReadOnly };

/// Files and names for TLS; empty = plain text. NoriKV itself has no TLS; a proxy or mesh in front may.
struct TlsSettings {
    std::string caFile;
    std::string certFile;
    std::string keyFile;
    std::string serverName;
    std::string tokenFile; ///< its content is sent as a bearer token, over TLS only
    bool enabled() const { return !caFile.empty() || !certFile.empty() || !serverName.empty(); }
};

/// What a rate limiter enforces; it is not stored with its keys.
struct RateLimit {
    std::uint32_t maxRequests = 100;
    std::uint64_t windowMs = 60'000;
    auto operator<=>(const RateLimit&) const = default;
};

/// What makes vectors of texts. The key of an endpoint is never among it: it is given for the run, or read from
/// an environment variable.
struct EmbedderSettings {
    enum class Kind { BuiltIn, Endpoint, None };
    Kind kind = Kind::BuiltIn;
    std::string url; ///< of an endpoint that answers `POST /v1/embeddings` as OpenAI's does
    std::string model;
    std::uint32_t batch = 64; ///< texts in one request, 1 to 2048
    std::string keyVariable; ///< name of the environment variable that holds the key; empty = none
    bool operator==(const EmbedderSettings&) const = default;
};

/// All that is needed to reach one deployment. A value; saved by app/.
struct Profile {
    std::string id; ///< stable name of files that belong to the connection
    std::string name;
    std::string folder;
    std::string colour; ///< #rrggbb, shown in the top bar
    std::string environment; ///< e.g. production, staging, local
    GuardMode guard = GuardMode::Normal;
    std::vector<std::string> seeds; ///< host:port; never replaced by what a server advertises
    std::vector<std::string> httpAddresses; ///< HTTP side port per seed, same order; empty where unknown
    std::map<std::string, std::string> addressMap; ///< advertised -> reachable
    std::uint32_t totalShards = 1024; ///< must equal the server's; it cannot be read over gRPC
    std::chrono::milliseconds timeout{5000};
    std::uint64_t maxMessageBytes = 32ULL * 1024 * 1024;
    bool plainTextAccepted = false; ///< a person agreed to plain text beyond this machine
    std::vector<std::string> counters; ///< names to follow where the server cannot list keys
    std::map<std::string, std::uint32_t> counterShards; ///< declared number of shards of a counter
    std::vector<std::string> tenants; ///< ids of tenants to follow where the server cannot list keys
    std::vector<std::string> javaTenants; ///< ids whose keys are `<id>:<key>`: nothing in a key tells
    /// Times to live in ms that records under a prefix are written with: rules then need not guess (rulings
    /// 2).
    std::map<std::string, std::uint64_t> ttls;
    /// Limits by prefix of the identifier (the part after `ratelimit:`); the longest prefix that fits counts.
    std::map<std::string, RateLimit> rateLimits;
    TlsSettings tls;
    EmbedderSettings embedder; ///< of the vectors panel
};

} // namespace norikv::client
