// SPDX-License-Identifier: GPL-3.0-or-later
// Text into vectors, whoever does it: the table we bring, an endpoint, or a plain hash to compare with.
#pragma once

#include "client/result.h"

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace norikv::client {

/// Makes a vector of each text. Every member is safe to call from any thread at once and never throws.
/// Vectors of different embedders must never meet in one index: the name goes wherever a figure goes.
class Embedder {
public:
    virtual ~Embedder() = default;

    /// What a panel calls it, and its figures: "Built in", "text-embedding-3-small at localhost:11434".
    virtual std::string name() const = 0;
    /// Length of every vector; 0 = only its first answer tells it.
    virtual std::uint32_t dimensions() const = 0;
    /// Vectors in the order of the texts, all or none; built-in ones have length 1. Blocks. A text without
    /// anything but white space is InvalidRequest and names its position (from 1); `stop` gives Cancelled.
    virtual Result<std::vector<std::vector<float>>> embed(
        std::span<const std::string> texts, const std::stop_token& stop)
        = 0;
};

/// The failure for the first text that is empty or white space alone; nothing when all can be embedded.
Result<void> checkTexts(std::span<const std::string> texts);

/// To length 1, summed as doubles. A vector of zeros stays as it is.
void normalize(std::span<float> vector);

} // namespace norikv::client
