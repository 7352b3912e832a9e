// SPDX-License-Identifier: GPL-3.0-or-later
// What the vectors panel has read of one index. Values; made on workers, shared, never changed.
#pragma once

#include "client/patterns/vectormeta.h"
#include "client/vectors.h"
#include "client/vectors/matrix.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace norikv::models {

using client::VectorMeta;

/// The rows of one index as read. Everything computed in the panel, and every distance shown, comes from
/// here.
struct VectorSnapshot {
    client::VectorIndex index;
    client::VectorMatrix matrix; ///< ids in byte order
    std::vector<VectorMeta> metas; ///< one for each row
    /// Complete = the server listed its ids. KnownKeys = ids met elsewhere and found by searching around
    /// them.
    client::Coverage coverage = client::Coverage::None;
    /// How many vectors the index has by capture and recapture; nothing where the server tells.
    std::optional<double> estimatedRows;
    std::size_t metasRead = 0; ///< ids whose metadata was looked for; below rows() where it cannot be listed
    std::vector<std::string> orphanVectors; ///< rows looked at without metadata; of documents and products
    std::vector<std::string> orphanMetas; ///< metadata whose vector is gone; only where the server lists
    std::unordered_map<std::string, std::uint32_t> rowOf;

    std::optional<std::size_t> find(const std::string& id) const
    {
        const auto at = rowOf.find(id);
        return at == rowOf.end() ? std::nullopt : std::optional<std::size_t>(at->second);
    }
    /// Results computed here can be called true: every vector is here.
    bool complete() const { return coverage == client::Coverage::Complete; }
};

using SharedSnapshot = std::shared_ptr<const VectorSnapshot>;

} // namespace norikv::models
