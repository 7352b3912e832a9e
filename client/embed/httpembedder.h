// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/embed/embedder.h"
#include "client/retryingstore.h"

#include <atomic>
#include <chrono>
#include <memory>

namespace norikv::client {

struct HttpEmbedderOptions {
    /// `http://host:port`, `https://host/v1` or the whole `.../v1/embeddings`; what is missing is added.
    std::string url;
    std::string model;
    /// Sent as a bearer token where not empty. Kept by the caller; in no error, log or name.
    std::string key;
    bool plainTextAccepted = false; ///< a person agreed to send the key without TLS beyond this machine
    std::uint32_t dimensions = 0; ///< that every vector must have; 0 = the first answer decides
    std::size_t batch = 64; ///< texts in one request, at least 1
    std::size_t batchBytes = 2 * 1024 * 1024; ///< of text in one request, but for a single longer text
    std::chrono::milliseconds timeout{30'000}; ///< of one request, to its last byte
    int attempts = 4; ///< after 429 and 5xx; waits as Retry-After says, else 0.5 s, 1 s, 2 s ...
    std::chrono::milliseconds longestWait{30'000}; ///< a longer Retry-After is an error that names it
    Sleeper sleeper = realSleeper();
};

/// An OpenAI-compatible `POST /v1/embeddings`: Ollama, llama.cpp, vLLM, OpenAI. Vectors as they come.
/// Errors beside those of Embedder: Unreachable (no connection, or no trust in its certificate), Timeout,
/// InvalidRequest (refused with 4xx, or by redirecting elsewhere), Server (429 or 5xx to the last attempt),
/// BadData (an answer that is not a list of so many finite vectors of one length). A stop ends a request at
/// once; only a name that is just being looked up is waited for, as the system's resolver cannot be stopped.
class HttpEmbedder final : public Embedder {
public:
    /// InvalidRequest where a setting cannot be used, with the reason.
    static Result<std::unique_ptr<HttpEmbedder>> make(HttpEmbedderOptions options);

    std::string name() const override;
    std::uint32_t dimensions() const override { return m_dimensions; }
    Result<std::vector<std::vector<float>>> embed(
        std::span<const std::string> texts, const std::stop_token& stop) override;

private:
    Result<std::vector<std::vector<float>>> embedBatch(
        std::span<const std::string> texts, const std::stop_token& stop);
    HttpEmbedder(HttpEmbedderOptions options, std::string origin, std::string path);

    const HttpEmbedderOptions m_options;
    const std::string m_origin; ///< scheme, host and port
    const std::string m_path;
    std::atomic<std::uint32_t> m_dimensions;
};

} // namespace norikv::client
