// SPDX-License-Identifier: GPL-3.0-or-later
// Finding out what a server holds that can list neither its indexes nor their ids (panels 2.7, point 11).
#pragma once

#include "client/store.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace norikv::client {

struct FoundIndexes {
    std::vector<VectorIndex> indexes; ///< by name
    bool listed = false; ///< the server listed them: these are all
};

/// The server's list; where it has none, those of `candidates` that answer a search, with the dimensions they
/// turn out to have (0 in a candidate: `guess`). Their distance, type and count stay as given. Unsupported =
/// the server has no vectors. Blocking.
Result<FoundIndexes> findIndexes(
    Store& store, Call& call, std::span<const VectorIndex> candidates, std::uint32_t guess);

struct CrawlOptions {
    std::size_t mostSearches = 2'000;
    std::uint32_t k = 100; ///< an unpatched server gives no more (wire-contract 5.3)
    std::size_t checks = 50; ///< searches that estimate how much was found
    std::uint64_t seed = 1;
};

struct Crawled {
    std::vector<NamedVector> vectors; ///< by id
    /// Vectors in the index, from how many answers of fresh searches were known already. An estimate: what no
    /// search ever gives is not seen by it either, so it is rather low. Nothing when no search gave anything.
    std::optional<double> estimate;
    std::size_t searches = 0;
};

/// From the ids `known` to their nearest, to the nearest of those, then from random directions for groups
/// that lie apart, until nothing new comes or the budget is spent. Blocking; one search at a time.
Result<Crawled> crawl(Store& store, Call& call, const VectorIndex& index, std::span<const std::string> known,
    const CrawlOptions& options, const std::function<void(std::size_t found)>& told);

} // namespace norikv::client
