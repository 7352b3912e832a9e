// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace norikv::client {

/// The vectors of one index in one block, row after row; `ids[i]` names row i. Filled once, then shared and
/// never changed.
struct VectorMatrix {
    std::size_t dimensions = 0;
    std::vector<std::string> ids;
    std::vector<float> values; ///< rows() * dimensions

    std::size_t rows() const { return ids.size(); }
    std::span<const float> row(std::size_t i) const
    {
        return std::span(values).subspan(i * dimensions, dimensions);
    }
    /// `vector` must have the matrix' dimensions and lie outside it; the first row sets them.
    void append(std::string id, std::span<const float> vector)
    {
        if (ids.empty())
            dimensions = vector.size();
        ids.push_back(std::move(id));
        values.insert(values.end(), vector.begin(), vector.end());
    }
};

} // namespace norikv::client
