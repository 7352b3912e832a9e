// SPDX-License-Identifier: GPL-3.0-or-later
// Semantic search as the document does it: a vector of each text in `documents`, its words in
// `doc:meta:<id>`.
#pragma once

#include "client/embed/embedder.h"
#include "client/patterns/vectormeta.h"
#include "client/store.h"

#include <cstdint>
#include <string>
#include <vector>

namespace norikv::client {

inline const std::string DocumentIndex = "documents";

/// An index as the document's three systems make theirs: cosine and HNSW.
VectorIndex systemIndex(const std::string& name, std::uint32_t dimensions);
/// The vector of one text.
Result<std::vector<float>> embedOne(Embedder& embedder, const std::string& text, const Call& call);

struct FoundDocument {
    std::string id;
    VectorMeta meta; ///< not stored: the document's code would leave this hit out
    double score = 0; ///< 1 - distance
};
struct FoundDocuments {
    std::vector<FoundDocument> documents; ///< best first; none is left out
    std::size_t withoutMeta = 0; ///< nothing stored, or no JSON object
    std::uint64_t searchTimeUs = 0;
};

/// Blocking.
class SemanticSearch {
public:
    SemanticSearch(Store& store, Embedder& embedder);

    /// False = the index was there already.
    Result<bool> initialize(Call& call);
    /// Vector first, then the words, as the document does: a crash in between leaves a vector without
    /// metadata.
    Result<void> indexDocument(Call& call, const std::string& id, const std::string& title,
        const std::string& content, const std::string& theme = {});
    Result<FoundDocuments> search(Call& call, const std::string& text, std::uint32_t topK);
    /// False = there was no such vector; the metadata goes either way.
    Result<bool> deleteDocument(Call& call, const std::string& id);

private:
    Store& m_store;
    Embedder& m_embedder;
};

} // namespace norikv::client
