// SPDX-License-Identifier: GPL-3.0-or-later
// The values of NoriKV's Vector service (wire-contract 5). "Index" is what the wire calls a namespace.
#pragma once

#include "client/values.h"

#include <cstdint>
#include <string>
#include <vector>

namespace norikv::client {

/// Smaller is closer for all three (wire-contract 5.3): true Euclidean distance; 1 - cosine similarity in
/// [0, 2]; the negated dot product.
enum class Distance { Euclidean, Cosine, InnerProduct };

enum class IndexType { Hnsw, BruteForce };

struct VectorIndex {
    std::string name; ///< 1 to 256 bytes
    std::uint32_t dimensions = 0; ///< 1 to 4096
    Distance distance = Distance::Cosine;
    IndexType type = IndexType::Hnsw;
    std::uint64_t count = 0; ///< vectors in it; only listVectorIndexes() tells
};

struct NamedVector {
    std::string id; ///< 1 to 512 bytes, any
    std::vector<float> values;
};

struct VectorSearch {
    std::string index;
    std::vector<float> query;
    std::uint32_t k = 10; ///< > 0; an unpatched server gives at most 100 from HNSW, whatever k
    bool includeVectors = false; ///< servers may leave them out all the same
    Consistency consistency = Consistency::Strong;
};

struct VectorMatch {
    std::string id;
    float distance = 0; ///< by the index' own function
    std::vector<float> vector; ///< empty unless asked for and given
};

struct VectorMatches {
    std::vector<VectorMatch> matches; ///< ascending distance; ties in any order
    std::uint64_t searchTimeUs = 0; ///< the server's whole handler, validation included
};

} // namespace norikv::client
