// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/embed/embedder.h"

namespace norikv::client {

/// Words and three-letter pieces of them, each hashed to one place of the vector with a sign. Knows spelling
/// and no meaning: what every embedder is compared with, and enough to find near-duplicates.
class HashingEmbedder final : public Embedder {
public:
    explicit HashingEmbedder(std::uint32_t dimensions)
        : m_dimensions(dimensions)
    {
    }
    std::string name() const override { return "Hashing (spelling only)"; }
    std::uint32_t dimensions() const override { return m_dimensions; }
    Result<std::vector<std::vector<float>>> embed(
        std::span<const std::string> texts, const std::stop_token& stop) override;

private:
    const std::uint32_t m_dimensions;
};

} // namespace norikv::client
