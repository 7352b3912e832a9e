// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/deduplication.h"

#include "client/patterns/semanticsearch.h"

namespace norikv::client {

Deduplicator::Deduplicator(Store& store, Embedder& embedder, double threshold)
    : m_store(store)
    , m_embedder(embedder)
    , m_threshold(threshold)
{
}

Result<bool> Deduplicator::initialize(Call& call)
{
    return m_store.createVectorIndex(call, systemIndex(FingerprintIndex, m_embedder.dimensions()));
}

Result<DuplicateCheck> Deduplicator::look(Call& call, const std::vector<float>& vector)
{
    VectorSearch search;
    search.index = FingerprintIndex;
    search.query = vector;
    search.k = DuplicateCandidates;
    auto answer = m_store.searchVectors(call, search);
    if (!answer)
        return tl::unexpected(answer.error());
    DuplicateCheck check;
    check.looked = std::move(answer->matches);
    if (check.looked.empty())
        return check;
    // The first is the nearest, so it alone decides; the document walks the five in the same order.
    check.nearest = check.looked.front().id;
    check.similarity = 1.0 - static_cast<double>(check.looked.front().distance);
    check.duplicate = check.similarity >= m_threshold;
    if (check.duplicate)
        check.of = check.nearest;
    return check;
}

Result<DuplicateCheck> Deduplicator::check(Call& call, const std::string& content)
{
    const auto vector = embedOne(m_embedder, content, call);
    if (!vector)
        return tl::unexpected(vector.error());
    return look(call, *vector);
}

Result<DuplicateCheck> Deduplicator::checkAndStore(
    Call& call, const std::string& id, const std::string& content)
{
    const auto vector = embedOne(m_embedder, content, call);
    if (!vector)
        return tl::unexpected(vector.error());
    auto check = look(call, *vector);
    if (!check || check->duplicate)
        return check;
    if (const auto stored = m_store.insertVector(call, FingerprintIndex, {id, *vector}); !stored)
        return tl::unexpected(stored.error());
    return check;
}

Result<bool> Deduplicator::remove(Call& call, const std::string& id)
{
    return m_store.deleteVector(call, FingerprintIndex, id);
}

} // namespace norikv::client
