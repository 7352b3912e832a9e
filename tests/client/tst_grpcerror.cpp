// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/grpcerror.h"

#include "tests/support/matchers.h"

#include <gtest/gtest.h>

namespace norikv::client {
namespace {

using enum ErrorKind;
using grpc::StatusCode;

struct Row {
    StatusCode code;
    const char* text;
    ErrorKind asRead;
    ErrorKind asWrite;
};

// wire-contract 2.10, then 8.5, then what our own gRPC says of its connections.
const Row rows[] = {
    {StatusCode::INVALID_ARGUMENT, "Key size 1025 exceeds limit 1024", TooLarge, TooLarge},
    {StatusCode::INVALID_ARGUMENT, "Value size 1048577 exceeds limit 1048576", TooLarge, TooLarge},
    {StatusCode::INVALID_ARGUMENT, "Unknown consistency level: lease", InvalidRequest, InvalidRequest},
    {StatusCode::FAILED_PRECONDITION, "Version mismatch: expected term=0 index=3, got term=0 index=4",
        Conflict, Conflict},
    {StatusCode::FAILED_PRECONDITION, "CAS failed: key does not exist", KeyMissing, KeyMissing},
    {StatusCode::UNAVAILABLE, "NOT_LEADER", NotLeader, NotLeader},
    {StatusCode::UNAVAILABLE, "NOT_LEADER: CAS requires leader", NotLeader, NotLeader},
    {StatusCode::UNAVAILABLE, "NOT_LEADER: strong consistency requires leader", NotLeader, NotLeader},
    {StatusCode::INTERNAL, "Put failed: CommitTimeout { elapsed_ms: 5003 }", Server, UnknownOutcome},
    {StatusCode::INTERNAL, "Put failed: Storage { source: Io }", Server, UnknownOutcome},
    {StatusCode::INTERNAL, "Get failed: Internal { reason: \"read index\" }", Server, UnknownOutcome},
    {StatusCode::INTERNAL, "Delete failed: Internal { reason: \"x\" }", Server, UnknownOutcome},
    {StatusCode::INTERNAL, "Failed to check current version: Storage { source: Io }", Server, Server},
    {StatusCode::INTERNAL, "failed to decode Protobuf message: invalid wire type", Server, UnknownOutcome},
    {StatusCode::OUT_OF_RANGE,
        "Error, message length too large: found 5242880 bytes, the limit is: 4194304 bytes", TooLarge,
        TooLarge},
    {StatusCode::CANCELLED, "Timeout expired", Timeout, UnknownOutcome},
    {StatusCode::UNIMPLEMENTED, "", Unsupported, Unsupported},
    {StatusCode::UNIMPLEMENTED, "Content is compressed with `gzip` which isn't supported", Unsupported,
        Unsupported},

    {StatusCode::UNAVAILABLE, "transport error", Unreachable, UnknownOutcome},
    {StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded", Timeout, UnknownOutcome},
    {StatusCode::CANCELLED, "CANCELLED", Cancelled, UnknownOutcome},
    {StatusCode::NOT_FOUND, "no such index", NotFound, NotFound},
    {StatusCode::UNAUTHENTICATED, "token expired", InvalidRequest, InvalidRequest},
    {StatusCode::PERMISSION_DENIED, "not for you", InvalidRequest, InvalidRequest},
    {StatusCode::FAILED_PRECONDITION, "Not leader", NotLeader, NotLeader},
    {StatusCode::FAILED_PRECONDITION, "shard 3 is not leader on this node", NotLeader, NotLeader},
    {StatusCode::FAILED_PRECONDITION, "index is being built", InvalidRequest, InvalidRequest},
    {StatusCode::INTERNAL, "Failed to search: Vector namespace 'x' not found", NotFound, NotFound},
    {StatusCode::INTERNAL, "Failed to insert vector: Vector dimension mismatch: expected 3, got 2",
        InvalidRequest, InvalidRequest},
    {StatusCode::INTERNAL, "Failed to search: Query dimension mismatch: expected 3, got 2", InvalidRequest,
        InvalidRequest},
    {StatusCode::INTERNAL, "Failed to create index: Vector namespace 'x' already exists", InvalidRequest,
        InvalidRequest},
    {StatusCode::INTERNAL, "Failed to insert vector: CommitTimeout", Server, UnknownOutcome},
    {StatusCode::UNKNOWN, "panicked", Server, UnknownOutcome},
    {StatusCode::DATA_LOSS, "bad block", Server, UnknownOutcome},

    {StatusCode::RESOURCE_EXHAUSTED, "Received message larger than max (5242885 vs. 4194304)", TooLarge,
        TooLarge},
    {StatusCode::OUT_OF_RANGE, "Revision 5 is gone; oldest is 100", Gone, Gone},
    {StatusCode::UNAVAILABLE,
        "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:1: Connection refused",
        Unreachable, Unreachable},
    {StatusCode::UNAVAILABLE, "DNS resolution failed for nowhere.invalid:7447: NXDOMAIN", Unreachable,
        Unreachable},
    {StatusCode::UNAVAILABLE, "empty address list: dns", Unreachable, Unreachable},
    {StatusCode::UNAVAILABLE, "Socket closed", Unreachable, UnknownOutcome},
    {StatusCode::UNAVAILABLE, "Connection reset by peer", Unreachable, UnknownOutcome},
    {StatusCode::UNAVAILABLE, "keepalive watchdog timeout", Unreachable, UnknownOutcome},
    {StatusCode::UNAVAILABLE, "GOAWAY received", Unreachable, UnknownOutcome},
    {StatusCode::UNAVAILABLE, "upstream: failed to connect to all addresses", Unreachable, UnknownOutcome},
};

TEST(GrpcError, tellsEveryStatusOfTheContractApart)
{
    for (const Row& row : rows) {
        const grpc::Status status(row.code, row.text);
        const Error read = toError(status, Kind::Read);
        const Error write = toError(status, Kind::Write);
        EXPECT_EQ(read.kind, row.asRead) << "read: " << row.code << " " << row.text;
        EXPECT_EQ(write.kind, row.asWrite) << "write: " << row.code << " " << row.text;
        EXPECT_EQ(read.detail, row.text) << "the raw text is kept";
        EXPECT_EQ(write.detail, row.text);
        EXPECT_FALSE(read.message.empty());
    }
}

TEST(GrpcError, saysOfAWriteThatItMayHaveHappened)
{
    for (const Row& row : rows) {
        if (row.asWrite != UnknownOutcome)
            continue;
        EXPECT_THAT(toError({row.code, row.text}, Kind::Write).message,
            testing::HasSubstr("may or may not have happened"))
            << row.text;
        EXPECT_THAT(toError({row.code, row.text}, Kind::Read).message,
            testing::Not(testing::HasSubstr("may or may not")))
            << row.text;
    }
}

TEST(GrpcError, neverAnswersUnknownOutcomeToARead)
{
    for (int code = 1; code <= 16; ++code)
        EXPECT_NE(toError({static_cast<StatusCode>(code), "whatever"}, Kind::Read).kind, UnknownOutcome)
            << code;
}

// The quirk of most clients: every FAILED_PRECONDITION a conflict (wire-contract 8.5).
TEST(GrpcError, callsOnlyAVersionMismatchAConflict)
{
    for (const char* text : {"Not leader", "CAS failed: key does not exist", "version of the moon", ""})
        EXPECT_NE(toError({StatusCode::FAILED_PRECONDITION, text}, Kind::Write).kind, Conflict) << text;
}

} // namespace
} // namespace norikv::client
