// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/recommendation.h"

#include "client/patterns/semanticsearch.h"

#include <algorithm>
#include <cmath>

namespace norikv::client {

namespace {

Result<std::vector<ProductMatch>> nearest(Store& store, Call& call, std::vector<float> vector,
    std::uint32_t topK, const std::string* leaveOut = nullptr)
{
    VectorSearch search;
    search.index = ProductIndex;
    search.query = std::move(vector);
    search.k = leaveOut ? topK + 1 : topK;
    const auto answer = store.searchVectors(call, search);
    if (!answer)
        return tl::unexpected(answer.error());
    std::vector<ProductMatch> matches;
    for (const auto& match : answer->matches) {
        if ((!leaveOut || match.id != *leaveOut) && matches.size() < topK)
            matches.push_back({match.id, 1.0 - static_cast<double>(match.distance)});
    }
    return matches;
}

} // namespace

std::vector<float> movedPreference(std::span<const float> old, std::span<const float> product)
{
    std::vector<float> moved(product.begin(), product.end());
    if (old.size() == product.size())
        std::ranges::transform(old, moved, moved.begin(), [](float a, float b) { return (a + b) / 2; });
    return moved;
}

std::vector<double> interactionWeights(std::size_t count, bool first)
{
    std::vector<double> weights(count);
    double weight = 0.5;
    for (std::size_t i = count; i-- > 0; weight /= 2)
        weights[i] = i == 0 && first ? weight * 2 : weight;
    return weights;
}

Recommendation::Recommendation(Store& store, Embedder& embedder)
    : m_store(store)
    , m_embedder(embedder)
{
}

Result<bool> Recommendation::initialize(Call& call)
{
    const auto products = m_store.createVectorIndex(call, systemIndex(ProductIndex, m_embedder.dimensions()));
    if (!products)
        return products;
    const auto preferences
        = m_store.createVectorIndex(call, systemIndex(PreferenceIndex, m_embedder.dimensions()));
    if (!preferences)
        return preferences;
    return *products || *preferences;
}

Result<void> Recommendation::indexProduct(Call& call, const std::string& id, const std::string& name,
    const std::string& description, const std::string& category)
{
    const VectorMeta meta{true, name, description, category};
    auto vector = embedOne(m_embedder, embeddedText(ProductIndex, meta), call);
    if (!vector)
        return tl::unexpected(vector.error());
    if (const auto stored = m_store.insertVector(call, ProductIndex, {id, std::move(*vector)}); !stored)
        return stored;
    return storeVectorMeta(m_store, call, VectorMetaKind::Product, id, meta);
}

Result<std::optional<std::vector<float>>> Recommendation::recordInteraction(
    Store& store, Call& call, const std::string& userId, const std::string& productId)
{
    using Preference = std::optional<std::vector<float>>;
    const auto product = store.getVector(call, ProductIndex, productId);
    if (!product)
        return tl::unexpected(product.error());
    if (!*product)
        return Preference();
    const auto old = store.getVector(call, PreferenceIndex, userId);
    if (!old)
        return tl::unexpected(old.error());
    if (*old && (*old)->size() != (*product)->size())
        return fail(ErrorKind::BadData,
            "the preference of " + printable(userId) + " has " + std::to_string((*old)->size())
                + " dimensions, the product " + std::to_string((*product)->size()));
    auto moved = movedPreference(*old ? std::span<const float>(**old) : std::span<const float>(), **product);
    if (const auto stored = store.insertVector(call, PreferenceIndex, {userId, moved}); !stored)
        return tl::unexpected(stored.error());
    return Preference(std::move(moved));
}

Result<std::vector<ProductMatch>> Recommendation::recommendations(
    Store& store, Call& call, const std::string& userId, std::uint32_t topK)
{
    auto preference = store.getVector(call, PreferenceIndex, userId);
    if (!preference)
        return tl::unexpected(preference.error());
    if (!*preference)
        return std::vector<ProductMatch>();
    return nearest(store, call, std::move(**preference), topK);
}

Result<std::vector<ProductMatch>> Recommendation::similarProducts(
    Store& store, Call& call, const std::string& productId, std::uint32_t topK)
{
    auto product = store.getVector(call, ProductIndex, productId);
    if (!product)
        return tl::unexpected(product.error());
    if (!*product)
        return std::vector<ProductMatch>();
    return nearest(store, call, std::move(**product), topK, &productId);
}

} // namespace norikv::client
