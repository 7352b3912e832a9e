// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/patterns/semanticsearch.h"

namespace norikv::client {

namespace {

constexpr std::size_t InFlight = 16;

} // namespace

VectorIndex systemIndex(const std::string& name, std::uint32_t dimensions)
{
    VectorIndex index;
    index.name = name;
    index.dimensions = dimensions;
    index.distance = Distance::Cosine;
    index.type = IndexType::Hnsw;
    return index;
}

Result<std::vector<float>> embedOne(Embedder& embedder, const std::string& text, const Call& call)
{
    auto vectors = embedder.embed(std::span(&text, 1), call.stop);
    if (!vectors)
        return tl::unexpected(vectors.error());
    if (vectors->size() != 1)
        return fail(ErrorKind::BadData, embedder.name() + " gave no vector for the text");
    return std::move(vectors->front());
}

SemanticSearch::SemanticSearch(Store& store, Embedder& embedder)
    : m_store(store)
    , m_embedder(embedder)
{
}

Result<bool> SemanticSearch::initialize(Call& call)
{
    return m_store.createVectorIndex(call, systemIndex(DocumentIndex, m_embedder.dimensions()));
}

Result<void> SemanticSearch::indexDocument(Call& call, const std::string& id, const std::string& title,
    const std::string& content, const std::string& theme)
{
    const VectorMeta meta{true, title, content, theme};
    auto vector = embedOne(m_embedder, embeddedText(DocumentIndex, meta), call);
    if (!vector)
        return tl::unexpected(vector.error());
    if (const auto stored = m_store.insertVector(call, DocumentIndex, {id, std::move(*vector)}); !stored)
        return stored;
    return storeVectorMeta(m_store, call, VectorMetaKind::Document, id, meta);
}

Result<FoundDocuments> SemanticSearch::search(Call& call, const std::string& text, std::uint32_t topK)
{
    auto vector = embedOne(m_embedder, text, call);
    if (!vector)
        return tl::unexpected(vector.error());
    VectorSearch search;
    search.index = DocumentIndex;
    search.query = std::move(*vector);
    search.k = topK;
    const auto answer = m_store.searchVectors(call, search);
    if (!answer)
        return tl::unexpected(answer.error());

    FoundDocuments found;
    found.searchTimeUs = answer->searchTimeUs;
    std::vector<Bytes> keys;
    for (const auto& match : answer->matches) {
        found.documents.push_back({match.id, {}, 1.0 - static_cast<double>(match.distance)});
        keys.push_back(vectorMetaKey(VectorMetaKind::Document, match.id));
    }
    std::optional<Error> failed;
    const auto read = m_store.getMany(call, keys, InFlight, [&](std::size_t at, Result<Entry> entry) {
        if (!entry)
            failed = entry.error();
        else if (entry->exists())
            found.documents[at].meta
                = parseVectorMeta(VectorMetaKind::Document, entry->value).value_or(VectorMeta());
    });
    if (!read)
        return tl::unexpected(read.error());
    if (failed) // absent and not readable just now are different things
        return tl::unexpected(*failed);
    for (const auto& document : found.documents)
        found.withoutMeta += document.meta.stored ? 0 : 1;
    return found;
}

Result<bool> SemanticSearch::deleteDocument(Call& call, const std::string& id)
{
    const auto removed = m_store.deleteVector(call, DocumentIndex, id);
    if (!removed)
        return removed;
    Remove remove;
    remove.key = vectorMetaKey(VectorMetaKind::Document, id);
    if (const auto gone = m_store.remove(call, remove); !gone)
        return tl::unexpected(gone.error());
    return *removed;
}

} // namespace norikv::client
