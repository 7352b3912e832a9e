// SPDX-License-Identifier: GPL-3.0-or-later
// FakeStore's part of the Vector service: scripts and switches around FakeVectors.
#include "tests/support/fakestore.h"

namespace norikv::test {

using namespace client;

template <class T, class Work>
Result<T> FakeStore::vectors(Call& call, Seen seen, bool offered, const Work& work)
{
    if (call.stop.stop_requested())
        return fail(ErrorKind::Cancelled, "stopped here");
    const auto fault = enter(call, std::move(seen));
    call.record.shard.reset(); // vectors have none
    if (!offered)
        return fail(ErrorKind::Unsupported, "the server does not offer this call");
    if (fault && !applies(*fault))
        return tl::unexpected(answer(*fault));
    const std::scoped_lock lock(m_mutex);
    Result<T> done = work();
    if (fault)
        return tl::unexpected(answer(*fault));
    return done;
}

Result<bool> FakeStore::createVectorIndex(Call& call, const VectorIndex& index)
{
    return vectors<bool>(call, {.op = Op::CreateIndex, .key = index.name}, offersVectors,
        [&] { return m_vectors.create(index); });
}

Result<bool> FakeStore::dropVectorIndex(Call& call, const std::string& index)
{
    return vectors<bool>(call, {.op = Op::DropIndex, .key = index}, offersVectors,
        [&]() -> Result<bool> { return m_vectors.drop(index); });
}

Result<void> FakeStore::insertVector(Call& call, const std::string& index, const NamedVector& vector)
{
    return vectors<void>(call, {.op = Op::InsertVector, .key = index + "/" + vector.id}, offersVectors,
        [&] { return m_vectors.insert(index, vector); });
}

Result<void> FakeStore::insertVectors(Call& call, const std::string& index, std::span<const NamedVector> many,
    std::size_t, const InsertedSink& sink)
{
    for (std::size_t at = 0; at < many.size(); ++at) {
        if (call.stop.stop_requested())
            return fail(ErrorKind::Cancelled, "stopped here");
        sink(at, insertVector(call, index, many[at]));
    }
    return {};
}

Result<bool> FakeStore::deleteVector(Call& call, const std::string& index, const std::string& id)
{
    return vectors<bool>(call, {.op = Op::DeleteVector, .key = index + "/" + id}, offersVectors,
        [&] { return m_vectors.erase(index, id); });
}

Result<VectorMatches> FakeStore::searchVectors(Call& call, const VectorSearch& search)
{
    return vectors<VectorMatches>(call, {.op = Op::SearchVectors, .key = search.index}, offersVectors,
        [&] { return m_vectors.search(search, hiddenFromSearch); });
}

Result<std::optional<std::vector<float>>> FakeStore::getVector(
    Call& call, const std::string& index, const std::string& id)
{
    return vectors<std::optional<std::vector<float>>>(call, {.op = Op::GetVector, .key = index + "/" + id},
        offersVectors, [&] { return m_vectors.get(index, id); });
}

Result<void> FakeStore::getVectors(Call& call, const std::string& index, std::span<const std::string> ids,
    std::size_t, const VectorSink& sink)
{
    for (std::size_t at = 0; at < ids.size(); ++at) {
        if (call.stop.stop_requested())
            return fail(ErrorKind::Cancelled, "stopped here");
        sink(at, getVector(call, index, ids[at]));
    }
    return {};
}

Result<std::vector<VectorIndex>> FakeStore::listVectorIndexes(Call& call)
{
    return vectors<std::vector<VectorIndex>>(call, {.op = Op::ListIndexes}, offersVectors && offersExplore,
        [&]() -> Result<std::vector<VectorIndex>> { return m_vectors.indexes(); });
}

Result<void> FakeStore::listVectorIds(Call& call, const std::string& index, const std::string& startAfter,
    std::uint64_t limit, const IdSink& sink)
{
    auto ids = vectors<std::vector<std::string>>(call, {.op = Op::ListIds, .key = index},
        offersVectors && offersExplore, [&] { return m_vectors.ids(index, startAfter, limit); });
    if (!ids)
        return tl::unexpected(ids.error());
    sink(std::move(*ids));
    return {};
}

Result<void> FakeStore::probeVector(Call& call) { return simple(call, Op::ProbeVector, offersVectors); }

} // namespace norikv::test
