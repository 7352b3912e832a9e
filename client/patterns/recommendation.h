// SPDX-License-Identifier: GPL-3.0-or-later
// Recommendation as the document does it: products' vectors in `products`, each user's taste as one vector in
// `user_prefs`. What a product is called is ours: `product:meta:<id>`; the document stores no words.
#pragma once

#include "client/embed/embedder.h"
#include "client/patterns/vectormeta.h"
#include "client/store.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace norikv::client {

inline const std::string ProductIndex = "products";
inline const std::string PreferenceIndex = "user_prefs";

/// The document's "moving average": element by element (old + product) / 2, so each interaction weighs as
/// much as all before it. Without an old one the product's vector itself.
std::vector<float> movedPreference(std::span<const float> old, std::span<const float> product);
/// What each of `count` interactions weighs in such a preference, oldest first; `first` = there was none
/// before: 1/2^(n-1) for the oldest, then ... 1/4, 1/2. Else the oldest of ours weighs 1/2^n.
std::vector<double> interactionWeights(std::size_t count, bool first);

struct ProductMatch {
    std::string id;
    double score = 0; ///< 1 - distance
};

/// Blocking.
class Recommendation {
public:
    Recommendation(Store& store, Embedder& embedder);

    /// Both indexes; false = both were there already.
    Result<bool> initialize(Call& call);
    Result<void> indexProduct(Call& call, const std::string& id, const std::string& name,
        const std::string& description, const std::string& category);

    // What follows needs no embedder.

    /// The preference stored then; nothing = there is no such product, and nothing was written. Two
    /// interactions of one user at once: one of them is lost, the server cannot bind the write to what was
    /// read.
    static Result<std::optional<std::vector<float>>> recordInteraction(
        Store& store, Call& call, const std::string& userId, const std::string& productId);
    /// Empty when the user has no preference yet.
    static Result<std::vector<ProductMatch>> recommendations(
        Store& store, Call& call, const std::string& userId, std::uint32_t topK);
    /// Itself left out; empty when there is no such product.
    static Result<std::vector<ProductMatch>> similarProducts(
        Store& store, Call& call, const std::string& productId, std::uint32_t topK);

private:
    Store& m_store;
    Embedder& m_embedder;
};

} // namespace norikv::client
