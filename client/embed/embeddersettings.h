// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace norikv::client {

/// What a person chose to make vectors of texts. The key of an endpoint is never among it: it is given for the
/// run, or read from an environment variable.
struct EmbedderSettings {
    enum class Kind { BuiltIn, Endpoint, None };
    Kind kind = Kind::BuiltIn;
    std::string url; ///< of an endpoint that answers `POST /v1/embeddings` as OpenAI's does
    std::string model;
    std::uint32_t batch = 64; ///< texts in one request, 1 to 2048
    std::string keyVariable; ///< name of the environment variable that holds the key; empty = none
    bool operator==(const EmbedderSettings&) const = default;
};

} // namespace norikv::client
