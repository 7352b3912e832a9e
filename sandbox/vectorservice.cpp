// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/vectorservice.h"

#include "sandbox/consistency.h"
#include "sandbox/limits.h"

#include <cmath>

namespace norikv::sandbox {

namespace {

namespace v1 = norikv::v1;

using grpc::Status;
using grpc::StatusCode;
using Op = VectorWrite::Op;

Status nodeDown() { return {StatusCode::UNAVAILABLE, "the node is down"}; }
Status invalid(const std::string& text) { return {StatusCode::INVALID_ARGUMENT, text}; }

Status checkText(const std::string& what, const std::string& text, std::size_t limit)
{
    if (text.empty()) {
        return invalid(what + " cannot be empty");
    }
    return text.size() <= limit
        ? Status::OK
        : invalid(what + " size " + std::to_string(text.size()) + " exceeds limit " + std::to_string(limit));
}

Status checkNamespace(const std::string& name) { return checkText("Namespace", name, maxNamespaceBytes); }
Status checkId(const std::string& id) { return checkText("Vector ID", id, maxVectorIdBytes); }

Status checkLength(int length)
{
    if (length == 0) {
        return invalid("Vector cannot be empty");
    }
    return length <= maxDimensions ? Status::OK
                                   : invalid("Vector dimensions " + std::to_string(length) + " exceeds limit "
                                       + std::to_string(maxDimensions));
}

/// The first that is not OK, in the order of wire-contract 5.2.
Status firstOf(std::initializer_list<Status> checks)
{
    const auto* failed = std::ranges::find_if(checks, [](const Status& status) { return !status.ok(); });
    return failed == checks.end() ? Status::OK : *failed;
}

std::optional<client::Distance> distanceOf(v1::DistanceFunction distance)
{
    switch (distance) {
    case v1::DISTANCE_FUNCTION_EUCLIDEAN:
        return client::Distance::Euclidean;
    case v1::DISTANCE_FUNCTION_COSINE:
        return client::Distance::Cosine;
    case v1::DISTANCE_FUNCTION_INNER_PRODUCT:
        return client::Distance::InnerProduct;
    default:
        return std::nullopt;
    }
}

Status notFound(const std::string& name)
{
    return {StatusCode::NOT_FOUND, "Vector namespace '" + name + "' not found"};
}

Status statusOf(const VectorError& error, const char* whatFailed)
{
    switch (error.kind) {
    case VectorError::Kind::Invalid:
        return invalid(error.text);
    case VectorError::Kind::NotFound:
        return {StatusCode::NOT_FOUND, error.text};
    case VectorError::Kind::Stopped:
        return {StatusCode::UNAVAILABLE, error.text};
    case VectorError::Kind::Storage:
        break;
    }
    return {StatusCode::INTERNAL, whatFailed + error.text};
}

/// What all writes have in common. `succeeded` puts the answer into the response.
template <class Request, class Succeeded>
grpc::ServerUnaryReactor* submit(grpc::CallbackServerContext* context, Node& node, const Request* request,
    const Status& checked, VectorWrite&& write, const char* whatFailed, Succeeded succeeded)
{
    auto* reactor = context->DefaultReactor();
    if (!checked.ok()) {
        reactor->Finish(checked);
        return reactor;
    }
    write.index = request->namespace_();
    write.idempotencyKey = request->idempotency_key();
    write.done = [reactor, whatFailed, succeeded](const VectorResult& result) {
        if (result) {
            succeeded(*result);
        }
        reactor->Finish(result ? Status::OK : statusOf(result.error(), whatFailed));
    };
    node.gate.pass([&node, reactor, write = std::move(write)](bool up) mutable {
        if (up) {
            node.shared.engine.submit(std::move(write));
        } else {
            reactor->Finish(nodeDown());
        }
    });
    return reactor;
}

/// At least as many bytes as a match takes in a reply.
std::size_t bytesOf(const std::string& id, std::size_t values)
{
    constexpr std::size_t lengths = 20; // tags and lengths, and the distance
    return lengths + id.size() + values * sizeof(float);
}

} // namespace

grpc::ServerUnaryReactor* VectorService::CreateIndex(grpc::CallbackServerContext* context,
    const v1::CreateVectorIndexRequest* request, v1::CreateVectorIndexResponse* response)
{
    const bool fits = request->dimensions() >= 1 && request->dimensions() <= maxDimensions;
    const auto checked = firstOf({checkNamespace(request->namespace_()),
        fits ? Status::OK : invalid("Dimensions must be between 1 and " + std::to_string(maxDimensions))});
    VectorWrite write;
    write.op = Op::Create;
    write.dimensions = request->dimensions();
    write.distance = distanceOf(request->distance());
    if (request->index_type() == v1::VECTOR_INDEX_TYPE_BRUTE_FORCE) {
        write.type = client::IndexType::BruteForce;
    }
    return submit(context, m_node, request, checked, std::move(write), "Failed to create index: ",
        [response](const VectorAnswer& answer) { response->set_created(answer.changed); });
}

grpc::ServerUnaryReactor* VectorService::DropIndex(grpc::CallbackServerContext* context,
    const v1::DropVectorIndexRequest* request, v1::DropVectorIndexResponse* response)
{
    VectorWrite write;
    write.op = Op::Drop;
    return submit(context, m_node, request, checkNamespace(request->namespace_()), std::move(write),
        "Failed to drop index: ", [response](const VectorAnswer& answer) {
            response->set_dropped(answer.changed);
        });
}

grpc::ServerUnaryReactor* VectorService::Insert(grpc::CallbackServerContext* context,
    const v1::VectorInsertRequest* request, v1::VectorInsertResponse* response)
{
    const auto checked = firstOf(
        {checkNamespace(request->namespace_()), checkId(request->id()), checkLength(request->vector_size())});
    VectorWrite write;
    write.op = Op::Insert;
    write.id = request->id();
    if (checked.ok()) {
        write.values.assign(request->vector().begin(), request->vector().end());
    }
    return submit(context, m_node, request, checked, std::move(write),
        "Failed to insert vector: ", [response](const VectorAnswer& answer) {
            response->set_inserted(answer.changed);
            response->mutable_version()->set_index(answer.version.index);
        });
}

grpc::ServerUnaryReactor* VectorService::Delete(grpc::CallbackServerContext* context,
    const v1::VectorDeleteRequest* request, v1::VectorDeleteResponse* response)
{
    VectorWrite write;
    write.op = Op::Delete;
    write.id = request->id();
    return submit(context, m_node, request,
        firstOf({checkNamespace(request->namespace_()), checkId(request->id())}), std::move(write),
        "Failed to delete vector: ", [response](const VectorAnswer& answer) {
            response->set_deleted(answer.changed);
        });
}

grpc::ServerUnaryReactor* VectorService::Search(grpc::CallbackServerContext* context,
    const v1::VectorSearchRequest* request, v1::VectorSearchResponse* response)
{
    auto* reactor = context->DefaultReactor();
    m_node.gate.pass([this, reactor, request, response](
                         bool up) { reactor->Finish(up ? search(*request, *response) : nodeDown()); });
    return reactor;
}

grpc::ServerUnaryReactor* VectorService::Get(grpc::CallbackServerContext* context,
    const v1::VectorGetRequest* request, v1::VectorGetResponse* response)
{
    auto* reactor = context->DefaultReactor();
    m_node.gate.pass([this, reactor, request, response](
                         bool up) { reactor->Finish(up ? get(*request, *response) : nodeDown()); });
    return reactor;
}

Status VectorService::checkConsistency(const std::string& text) const
{
    return knownConsistency(text, m_node.shared.engine.quirks())
        ? Status::OK
        : invalid("Unknown consistency level: " + text);
}

Status VectorService::search(const v1::VectorSearchRequest& request, v1::VectorSearchResponse& response) const
{
    const auto& engine = m_node.shared.engine;
    const auto began = engine.clock().elapsed();
    const auto checked = firstOf({checkNamespace(request.namespace_()), checkLength(request.query_size()),
        request.k() > 0 ? Status::OK : invalid("k must be greater than 0"),
        checkConsistency(request.consistency())});
    if (!checked.ok()) {
        return checked;
    }
    const auto index = engine.vectors().find(request.namespace_()).vectors;
    if (!index) {
        return notFound(request.namespace_());
    }
    const auto dimensions = index->parameters().dimensions;
    const std::span<const float> query(
        request.query().data(), static_cast<std::size_t>(request.query_size()));
    if (query.size() != dimensions) {
        return invalid("Query dimension mismatch: expected " + std::to_string(dimensions) + ", got "
            + std::to_string(query.size()));
    }
    if (const auto broken = std::ranges::find_if_not(query, [](float value) { return std::isfinite(value); });
        broken != query.end()) {
        return invalid("Invalid vector: value " + std::to_string(broken - query.begin()) + " is not finite");
    }
    const std::size_t values = request.include_vectors() ? dimensions : 0;
    const auto k = std::min<std::size_t>(request.k(), index->size());
    // A reply that is too long in any case need not be gathered.
    const auto matches
        = index->search(query, request.k(), values != 0 && k * bytesOf({}, values) <= maxReplyBytes);
    std::size_t bytes = 0;
    for (const auto& found : matches) {
        bytes += bytesOf(found.id, values);
        if (bytes > maxReplyBytes) {
            const auto largest = response.matches_size();
            response.Clear();
            return {StatusCode::RESOURCE_EXHAUSTED,
                "The reply would be over " + std::to_string(maxReplyBytes)
                    + " bytes; the largest k for this query is " + std::to_string(largest)};
        }
        auto& match = *response.add_matches();
        match.set_id(found.id);
        match.set_distance(found.distance);
        match.mutable_vector()->Add(found.values.begin(), found.values.end());
    }
    const auto took = engine.clock().elapsed() - began;
    response.set_search_time_us(
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
    return Status::OK;
}

Status VectorService::get(const v1::VectorGetRequest& request, v1::VectorGetResponse& response) const
{
    const auto checked = firstOf({checkNamespace(request.namespace_()), checkId(request.id()),
        checkConsistency(request.consistency())});
    if (!checked.ok()) {
        return checked;
    }
    const auto& vectors = m_node.shared.engine.vectors();
    const auto index = vectors.find(request.namespace_());
    if (!index.vectors) {
        return notFound(request.namespace_());
    }
    const auto found = vectors.get(index, request.id());
    if (!found) {
        return {StatusCode::INTERNAL, "Failed to get vector: " + found.error()};
    }
    response.set_found(found->has_value());
    if (*found) {
        response.mutable_vector()->Add((*found)->begin(), (*found)->end());
    }
    return Status::OK;
}

} // namespace norikv::sandbox
