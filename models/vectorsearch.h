// SPDX-License-Identifier: GPL-3.0-or-later
// A search and the truth about its answer. Blocking; for workers.
#pragma once

#include "models/vectorsnapshot.h"

#include "client/embed/embedder.h"
#include "client/store.h"
#include "client/vectors/exactsearch.h"

#include <optional>
#include <string>
#include <vector>

namespace norikv::models {

/// What is asked. One of text, id and vector; looked at in this order.
struct VectorQuery {
    std::string text;
    std::string id; ///< search with the vector of this id; it is left out of the answer
    std::vector<float> vector;
    std::uint32_t k = 10;
    std::uint32_t overFetch = 1; ///< ask for k times this, keep the exact k best
    client::Consistency consistency = client::Consistency::Strong;
};

/// One line of a result list.
struct VectorHit {
    std::string id;
    VectorMeta meta;
    std::size_t rank = 0; ///< in the list shown, from 1; 0 = missed: a true neighbour the server did not give
    std::optional<std::size_t> serverRank; ///< in what the server gave, from 1
    std::optional<std::size_t>
        exactRank; ///< among the vectors loaded, from 1; nothing = not loaded, or far off
    float distance = 0; ///< the server's; of a missed one computed here
    std::optional<double> similarity; ///< 1 - distance, of cosine only
    bool missed() const { return rank == 0; }
};

/// A list with its truth beside it.
struct VectorResult {
    client::VectorIndex index;
    VectorQuery query;
    std::vector<float> vector; ///< what was searched with
    std::string embedder; ///< of a text
    std::vector<VectorHit> hits; ///< as ranked; missed ones in their place
    std::size_t given = 0; ///< hits that are not missed
    std::size_t missed = 0;
    std::size_t withoutMeta = 0; ///< given ones that the document's code would drop
    /// 0 to 1, against the exact k best of the vectors loaded; ties count as hits. Nothing: none are loaded.
    std::optional<double> recall;
    std::optional<double> recallBeforeRerank; ///< of the server's own first k, where over-fetched
    bool complete = false; ///< the exact list saw every vector of the index; else only those loaded
    double embedMs = 0;
    double clientMs = 0; ///< the search as seen here
    double exactMs = 0;
    std::uint64_t serverUs = 0;

    /// Ids given, best first, without the missed ones.
    std::vector<std::string> ids() const;
};

struct SearchContext {
    client::Store& store;
    const Clock& clock;
    SharedSnapshot snapshot; ///< of the index searched; may be without rows
    client::Embedder* embedder = nullptr; ///< null: only ids and vectors can be asked with
};
client::Result<VectorResult> searchWithTruth(
    const SearchContext& context, client::Call& call, const VectorQuery& query);

/// The server's answer in the order of exact distances, those not loaded by what the server said, and its
/// first k with exact distances. `leaveOut` is an id that does not count.
struct Reranked {
    std::vector<client::VectorMatch> matches;
    std::vector<std::size_t> serverRanks; ///< beside `matches`, from 1
    std::vector<client::Neighbour> exact; ///< beside `matches`: row (NoRow = not loaded) and exact distance
};
Reranked reranked(const VectorSnapshot& snapshot, const std::vector<float>& query,
    std::vector<client::VectorMatch> matches, const std::string& leaveOut, bool byExact);

double millisecondsSince(const Clock& clock, Clock::Elapsed start);

} // namespace norikv::models
