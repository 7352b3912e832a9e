// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/grpcerror.h"

namespace norikv::client {

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// gRPC answers this before a stream exists: no channel was ready, so nothing was sent.
bool neverSent(const std::string& text)
{
    return text.starts_with("failed to connect to all addresses") || text.starts_with("DNS resolution failed")
        || text.starts_with("empty address list") || text.starts_with("name resolver");
}

Error interrupted(Kind kind, ErrorKind asRead, std::string message, const std::string& detail)
{
    if (kind == Kind::Write)
        return {ErrorKind::UnknownOutcome, message + "; the write may or may not have happened", detail};
    return {asRead, std::move(message), detail};
}

} // namespace

Error toError(const grpc::Status& status, Kind kind)
{
    const std::string text = status.error_message();
    const auto plain = [&](ErrorKind error, std::string message) {
        return Error{error, std::move(message), text};
    };
    switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
        if (contains(text, "NOT_LEADER"))
            return plain(ErrorKind::NotLeader, "the node asked does not lead the shard");
        if (neverSent(text))
            return plain(ErrorKind::Unreachable, "no connection to the node");
        return interrupted(kind, ErrorKind::Unreachable, "the connection was lost", text);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
        return interrupted(kind, ErrorKind::Timeout, "no answer in time", text);
    case grpc::StatusCode::CANCELLED:
        // tonic answers an expired grpc-timeout with CANCELLED (wire-contract 2.10).
        if (contains(text, "Timeout expired"))
            return interrupted(kind, ErrorKind::Timeout, "no answer in time", text);
        return interrupted(kind, ErrorKind::Cancelled, "cancelled", text);
    case grpc::StatusCode::FAILED_PRECONDITION:
        if (text.starts_with("Version mismatch:"))
            return plain(ErrorKind::Conflict, "the version moved");
        if (text.starts_with("CAS failed:"))
            return plain(ErrorKind::KeyMissing, "the key does not exist");
        if (text.starts_with("Not leader") || contains(text, "is not leader on this node"))
            return plain(ErrorKind::NotLeader, "the node asked does not lead the shard");
        return plain(ErrorKind::InvalidRequest, "refused in the present state");
    case grpc::StatusCode::INVALID_ARGUMENT:
        return plain(contains(text, "exceeds limit") ? ErrorKind::TooLarge : ErrorKind::InvalidRequest,
            "the server refused the request");
    case grpc::StatusCode::OUT_OF_RANGE:
        if (text.starts_with("Revision "))
            return plain(ErrorKind::Gone, "the history asked for is no longer kept");
        return plain(ErrorKind::TooLarge, "the message is over the server's limit");
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
        return plain(ErrorKind::TooLarge, "a message is over the limit");
    case grpc::StatusCode::UNIMPLEMENTED:
        return plain(ErrorKind::Unsupported, "the server does not offer this call");
    case grpc::StatusCode::NOT_FOUND:
        return plain(ErrorKind::NotFound, "the server does not know it");
    // Said by a proxy in front, before the request reached NoriKV, which knows no identities: nothing was
    // written.
    case grpc::StatusCode::UNAUTHENTICATED:
        return plain(ErrorKind::InvalidRequest,
            "the server does not accept who we are: check the token or certificate");
    case grpc::StatusCode::PERMISSION_DENIED:
        return plain(ErrorKind::InvalidRequest, "the server does not permit it");
    default:
        break;
    }
    // The storage's own words for vectors, before anything was written (wire-contract 5.3).
    if (contains(text, "Vector namespace '") && contains(text, "' not found"))
        return plain(ErrorKind::NotFound, "the server knows no such index");
    if (contains(text, "imension mismatch:") || contains(text, "Invalid vector:")
        || (contains(text, "Vector namespace '") && contains(text, "' already exists")))
        return plain(ErrorKind::InvalidRequest, "the server refused the vector or index");
    // An answer that cannot be parsed, or a commit that timed out, leaves a write open (wire-contract T31).
    if (kind == Kind::Write && !text.starts_with("Failed to check current version"))
        return {ErrorKind::UnknownOutcome, "the server failed; the write may or may not have happened", text};
    return plain(ErrorKind::Server, "the server failed");
}

} // namespace norikv::client
