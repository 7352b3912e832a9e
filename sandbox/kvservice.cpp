// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/kvservice.h"

#include "sandbox/consistency.h"
#include "sandbox/limits.h"

namespace norikv::sandbox {

namespace {

using grpc::Status;
using grpc::StatusCode;
using Operation = Metrics::Operation;
using Outcome = Metrics::Outcome;

Status nodeDown() { return {StatusCode::UNAVAILABLE, "the node is down"}; }
Status notLeader() { return {StatusCode::UNAVAILABLE, "NOT_LEADER"}; }

Status checkKey(const std::string& key)
{
    if (key.size() > maxKeyBytes) {
        return {StatusCode::INVALID_ARGUMENT,
            "Key size " + std::to_string(key.size()) + " exceeds limit " + std::to_string(maxKeyBytes)};
    }
    return Status::OK;
}

Status checkValue(const std::string& value)
{
    if (value.size() > maxValueBytes) {
        return {StatusCode::INVALID_ARGUMENT,
            "Value size " + std::to_string(value.size()) + " exceeds limit " + std::to_string(maxValueBytes)};
    }
    return Status::OK;
}

Status statusOf(const WriteError& error, Operation operation)
{
    switch (error.kind) {
    case WriteError::Kind::VersionMismatch:
    case WriteError::Kind::KeyMissing:
        return {StatusCode::FAILED_PRECONDITION, error.text};
    case WriteError::Kind::Stopped:
        return {StatusCode::UNAVAILABLE, error.text};
    case WriteError::Kind::Storage:
        break;
    }
    return {StatusCode::INTERNAL,
        (operation == Operation::Put ? "Put failed: " : "Delete failed: ") + error.text};
}

void record(Metrics& metrics, Operation operation, const WriteResult& result, Clock::Elapsed took)
{
    if (result) {
        metrics.observe(operation, Outcome::Success, took);
    } else if (result.error().kind == WriteError::Kind::VersionMismatch) {
        metrics.countCasFailed();
    } else if (result.error().kind == WriteError::Kind::KeyMissing) {
        metrics.countCasNotFound();
    } else {
        metrics.observe(operation, Outcome::Failed, took);
    }
}

/// What Put and Delete have in common. Responses differ only in how they show success.
template <class Request, class Response>
grpc::ServerUnaryReactor* write(grpc::CallbackServerContext* context, Node& node, Operation operation,
    const Request* request, Response* response, Status checked, Write&& change)
{
    auto* reactor = context->DefaultReactor();
    node.metrics.count(operation);
    if (!checked.ok()) {
        reactor->Finish(checked);
        return reactor;
    }
    change.key = request->key();
    change.idempotencyKey = request->idempotency_key();
    if (request->has_if_match()) {
        change.ifMatch = Version{request->if_match().term(), request->if_match().index()};
    }
    const auto began = node.shared.engine.clock().elapsed();
    change.done = [&node, operation, response, reactor, began](const WriteResult& result) {
        record(node.metrics, operation, result, node.shared.engine.clock().elapsed() - began);
        if (!result) {
            reactor->Finish(statusOf(result.error(), operation));
            return;
        }
        response->mutable_version()->set_term(result->term);
        response->mutable_version()->set_index(result->index);
        if constexpr (requires { response->set_tombstoned(true); }) {
            response->set_tombstoned(true); // also for a key that never existed (wire-contract 2.3)
        }
        reactor->Finish(Status::OK);
    };
    node.gate.pass([&node, operation, reactor, began, change = std::move(change)](bool up) mutable {
        auto& engine = node.shared.engine;
        if (!up) {
            reactor->Finish(nodeDown());
        } else if (node.refuses(change.key, engine.quirks())) {
            node.metrics.observe(operation, Outcome::NotLeader, engine.clock().elapsed() - began);
            reactor->Finish(notLeader());
        } else {
            engine.submit(std::move(change));
        }
    });
    return reactor;
}

} // namespace

grpc::ServerUnaryReactor* KvService::Put(grpc::CallbackServerContext* context,
    const norikv::v1::PutRequest* request, norikv::v1::PutResponse* response)
{
    auto checked = checkKey(request->key());
    if (checked.ok()) {
        checked = checkValue(request->value());
    }
    Write change;
    if (checked.ok()) {
        change.value = request->value();
        change.ttlMs = request->ttl_ms();
    }
    return write(context, m_node, Operation::Put, request, response, checked, std::move(change));
}

grpc::ServerUnaryReactor* KvService::Delete(grpc::CallbackServerContext* context,
    const norikv::v1::DeleteRequest* request, norikv::v1::DeleteResponse* response)
{
    Write change;
    change.op = Write::Op::Delete;
    return write(
        context, m_node, Operation::Delete, request, response, checkKey(request->key()), std::move(change));
}

grpc::ServerUnaryReactor* KvService::Get(grpc::CallbackServerContext* context,
    const norikv::v1::GetRequest* request, norikv::v1::GetResponse* response)
{
    auto* reactor = context->DefaultReactor();
    m_node.metrics.count(Operation::Get);
    m_node.gate.pass([this, reactor, request, response](
                         bool up) { reactor->Finish(up ? get(*request, *response) : nodeDown()); });
    return reactor;
}

grpc::Status KvService::get(const norikv::v1::GetRequest& request, norikv::v1::GetResponse& response)
{
    auto& engine = m_node.shared.engine;
    const auto began = engine.clock().elapsed();
    const Quirks quirks = engine.quirks();
    if (const auto checked = checkKey(request.key()); !checked.ok()) {
        return checked;
    }
    if (!knownConsistency(request.consistency(), quirks)) {
        return {StatusCode::INVALID_ARGUMENT, "Unknown consistency level: " + request.consistency()};
    }
    const auto observe = [&](Outcome outcome) {
        m_node.metrics.observe(Operation::Get, outcome, engine.clock().elapsed() - began);
    };
    if (m_node.refuses(request.key(), quirks)) {
        observe(Outcome::NotLeader);
        return notLeader();
    }
    const auto found = engine.get(request.key(), *response.mutable_value());
    if (!found) {
        observe(Outcome::Failed);
        return {StatusCode::INTERNAL, "Get failed: " + found.error()};
    }
    observe(*found ? Outcome::Found : Outcome::NotFound);
    if (*found) {
        response.mutable_version()->set_index((*found)->index);
        if ((*found)->expiresAtMs != noExpiry && m_node.shared.explore && !quirks.emptyMeta) {
            (*response.mutable_meta())["expires_at_ms"] = std::to_string((*found)->expiresAtMs);
        }
    }
    return Status::OK;
}

} // namespace norikv::sandbox
