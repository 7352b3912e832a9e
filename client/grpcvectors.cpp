// SPDX-License-Identifier: GPL-3.0-or-later
// GrpcStore's part of the Vector service (wire-contract 5). The service is not sharded: any node is asked,
// and one that says "Not leader" is avoided at the next try.
#include "client/convert.h"
#include "client/grpccalls.h"
#include "client/grpcinflight.h"

namespace norikv::client {

namespace {

v1::DistanceFunction toProto(Distance distance)
{
    switch (distance) {
    case Distance::Euclidean:
        return v1::DISTANCE_FUNCTION_EUCLIDEAN;
    case Distance::Cosine:
        return v1::DISTANCE_FUNCTION_COSINE;
    case Distance::InnerProduct:
        return v1::DISTANCE_FUNCTION_INNER_PRODUCT;
    }
    return v1::DISTANCE_FUNCTION_UNSPECIFIED;
}

Distance fromProto(v1::DistanceFunction distance)
{
    switch (distance) {
    case v1::DISTANCE_FUNCTION_EUCLIDEAN:
        return Distance::Euclidean;
    case v1::DISTANCE_FUNCTION_INNER_PRODUCT:
        return Distance::InnerProduct;
    default:
        return Distance::Cosine;
    }
}

VectorIndex fromProto(explore::v1::VectorIndexInfo& info)
{
    VectorIndex index;
    index.name = std::move(*info.mutable_namespace_());
    index.dimensions = info.dimensions();
    index.distance = fromProto(info.distance());
    index.type
        = info.index_type() == v1::VECTOR_INDEX_TYPE_BRUTE_FORCE ? IndexType::BruteForce : IndexType::Hnsw;
    index.count = info.count();
    return index;
}

void fill(v1::VectorInsertRequest& request, const std::string& index, const NamedVector& vector)
{
    request.set_namespace_(index);
    request.set_id(vector.id);
    request.mutable_vector()->Assign(vector.values.begin(), vector.values.end());
}

void fill(v1::VectorGetRequest& request, const std::string& index, const std::string& id)
{
    request.set_namespace_(index);
    request.set_id(id);
    request.set_consistency(std::string(wireName(Consistency::Strong)));
}

std::optional<std::vector<float>> fromProto(const v1::VectorGetResponse& reply)
{
    if (!reply.found())
        return std::nullopt;
    return std::vector<float>(reply.vector().begin(), reply.vector().end());
}

} // namespace

Result<bool> GrpcStore::createVectorIndex(Call& call, const VectorIndex& index)
{
    v1::CreateVectorIndexRequest request;
    request.set_namespace_(index.name);
    request.set_dimensions(index.dimensions);
    request.set_distance(toProto(index.distance));
    request.set_index_type(
        index.type == IndexType::BruteForce ? v1::VECTOR_INDEX_TYPE_BRUTE_FORCE : v1::VECTOR_INDEX_TYPE_HNSW);
    return ask<v1::CreateVectorIndexResponse>(call, routeAnywhere(call), Kind::Write,
        [&](NodeLink& link, auto& c, auto& r) { return link.vector->CreateIndex(&c, request, &r); })
        .map([](const auto& r) { return r.created(); });
}

Result<bool> GrpcStore::dropVectorIndex(Call& call, const std::string& index)
{
    v1::DropVectorIndexRequest request;
    request.set_namespace_(index);
    return ask<v1::DropVectorIndexResponse>(call, routeAnywhere(call), Kind::Write,
        [&](NodeLink& link, auto& c, auto& r) { return link.vector->DropIndex(&c, request, &r); })
        .map([](const auto& r) { return r.dropped(); });
}

Result<void> GrpcStore::insertVector(Call& call, const std::string& index, const NamedVector& vector)
{
    v1::VectorInsertRequest request;
    fill(request, index, vector);
    return ask<v1::VectorInsertResponse>(call, routeAnywhere(call), Kind::Write,
        [&](NodeLink& link, auto& c, auto& r) { return link.vector->Insert(&c, request, &r); })
        .map([](const auto&) {});
}

Result<void> GrpcStore::insertVectors(Call& call, const std::string& index,
    std::span<const NamedVector> vectors, std::size_t inFlight, const InsertedSink& sink)
{
    const auto link = m_links.link(routeAnywhere(call));
    const auto begin = [&](auto& slot, grpc::CompletionQueue& queue) {
        fill(slot.request, index, vectors[slot.position]);
        prepare(*slot.context, call);
        slot.reader = link->vector->PrepareAsyncInsert(&*slot.context, slot.request, &queue);
        return true;
    };
    const auto end = [&](auto& slot) {
        sink(slot.position,
            slot.status.ok() ? Result<void>() : tl::unexpected(toError(slot.status, Kind::Write)));
    };
    return runInFlight<v1::VectorInsertRequest, v1::VectorInsertResponse>(
        call, vectors.size(), inFlight, begin, end);
}

Result<bool> GrpcStore::deleteVector(Call& call, const std::string& index, const std::string& id)
{
    v1::VectorDeleteRequest request;
    request.set_namespace_(index);
    request.set_id(id);
    return ask<v1::VectorDeleteResponse>(call, routeAnywhere(call), Kind::Write,
        [&](NodeLink& link, auto& c, auto& r) { return link.vector->Delete(&c, request, &r); })
        .map([](const auto& r) { return r.deleted(); });
}

Result<VectorMatches> GrpcStore::searchVectors(Call& call, const VectorSearch& search)
{
    v1::VectorSearchRequest request;
    request.set_namespace_(search.index);
    request.mutable_query()->Assign(search.query.begin(), search.query.end());
    request.set_k(search.k);
    request.set_include_vectors(search.includeVectors);
    request.set_consistency(std::string(wireName(search.consistency)));
    return ask<v1::VectorSearchResponse>(call, routeAnywhere(call), Kind::Read,
        [&](NodeLink& link, auto& c, auto& r) { return link.vector->Search(&c, request, &r); })
        .map([](v1::VectorSearchResponse reply) {
            VectorMatches found;
            found.searchTimeUs = reply.search_time_us();
            found.matches.reserve(static_cast<std::size_t>(reply.matches_size()));
            for (auto& match : *reply.mutable_matches()) {
                found.matches.push_back({std::move(*match.mutable_id()), match.distance(),
                    {match.vector().begin(), match.vector().end()}});
            }
            return found;
        });
}

Result<std::optional<std::vector<float>>> GrpcStore::getVector(
    Call& call, const std::string& index, const std::string& id)
{
    v1::VectorGetRequest request;
    fill(request, index, id);
    return ask<v1::VectorGetResponse>(call, routeAnywhere(call), Kind::Read,
        [&](NodeLink& link, auto& c, auto& r) { return link.vector->Get(&c, request, &r); })
        .map([](const auto& r) { return fromProto(r); });
}

Result<void> GrpcStore::getVectors(Call& call, const std::string& index, std::span<const std::string> ids,
    std::size_t inFlight, const VectorSink& sink)
{
    const auto link = m_links.link(routeAnywhere(call));
    const auto begin = [&](auto& slot, grpc::CompletionQueue& queue) {
        fill(slot.request, index, ids[slot.position]);
        prepare(*slot.context, call);
        slot.reader = link->vector->PrepareAsyncGet(&*slot.context, slot.request, &queue);
        return true;
    };
    const auto end = [&](auto& slot) {
        if (slot.status.ok())
            sink(slot.position, fromProto(slot.reply));
        else
            sink(slot.position, tl::unexpected(toError(slot.status, Kind::Read)));
    };
    return runInFlight<v1::VectorGetRequest, v1::VectorGetResponse>(call, ids.size(), inFlight, begin, end);
}

Result<std::vector<VectorIndex>> GrpcStore::listVectorIndexes(Call& call)
{
    return ask<explore::v1::ListVectorIndexesResponse>(call, routeAnywhere(call), Kind::Read,
        [](NodeLink& link, auto& c, auto& r) { return link.explore->ListVectorIndexes(&c, {}, &r); })
        .map([](explore::v1::ListVectorIndexesResponse reply) {
            std::vector<VectorIndex> indexes;
            for (auto& info : *reply.mutable_indexes())
                indexes.push_back(fromProto(info));
            return indexes;
        });
}

Result<void> GrpcStore::listVectorIds(Call& call, const std::string& index, const std::string& startAfter,
    std::uint64_t limit, const IdSink& sink)
{
    explore::v1::ListVectorIdsRequest request;
    request.set_namespace_(index);
    request.set_start_after(startAfter);
    request.set_limit(limit);
    return stream<explore::v1::ListVectorIdsBatch>(
        call, routeAnywhere(call),
        [&](NodeLink& link, auto& c) { return link.explore->ListVectorIds(&c, request); },
        [](auto& m) {
            return std::vector<std::string>(std::make_move_iterator(m.mutable_ids()->begin()),
                std::make_move_iterator(m.mutable_ids()->end()));
        },
        sink);
}

Result<void> GrpcStore::probeVector(Call& call)
{
    v1::VectorSearchRequest request;
    request.set_namespace_("norikv-workbench-probe");
    request.add_query(1.0F);
    request.set_k(1);
    auto answer = ask<v1::VectorSearchResponse>(
        call, routeAnywhere(call), Kind::Read, [&](NodeLink& link, auto& c, auto& r) {
            return link.vector->Search(&c, request, &r);
        }).map([](const auto&) {});
    // "No such index" is the answer of a service that is there.
    if (!answer && answer.error().kind == ErrorKind::NotFound)
        return {};
    return answer;
}

} // namespace norikv::client
