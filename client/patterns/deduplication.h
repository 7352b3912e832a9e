// SPDX-License-Identifier: GPL-3.0-or-later
// Near-duplicates as the document finds them: a text's vector against `doc_fingerprints`.
#pragma once

#include "client/embed/embedder.h"
#include "client/store.h"

#include <optional>
#include <string>
#include <vector>

namespace norikv::client {

inline const std::string FingerprintIndex = "doc_fingerprints";
constexpr double DefaultDuplicateThreshold = 0.95;
constexpr std::uint32_t DuplicateCandidates = 5; ///< how many nearest the document looks at

/// What a text is to what is stored.
struct DuplicateCheck {
    bool duplicate = false;
    std::string of; ///< the nearest at or above the threshold; empty when it is none
    double similarity
        = 0; ///< 1 - distance to the nearest, whatever the threshold; the document gives 0 for none
    std::string nearest; ///< empty in an empty index
    std::vector<VectorMatch> looked; ///< the nearest, at most five
};

/// Blocking. The index is cosine and HNSW; its dimensions are the embedder's.
class Deduplicator {
public:
    Deduplicator(Store& store, Embedder& embedder, double threshold = DefaultDuplicateThreshold);

    /// False = it was there already.
    Result<bool> initialize(Call& call);
    /// Writes nothing.
    Result<DuplicateCheck> check(Call& call, const std::string& content);
    /// Stores the text's vector under `id` unless it is a duplicate. Two writers at once can both store: the
    /// server has no way to bind the two steps.
    Result<DuplicateCheck> checkAndStore(Call& call, const std::string& id, const std::string& content);
    /// False = there was none.
    Result<bool> remove(Call& call, const std::string& id);

private:
    Result<DuplicateCheck> look(Call& call, const std::vector<float>& vector);

    Store& m_store;
    Embedder& m_embedder;
    const double m_threshold;
};

} // namespace norikv::client
