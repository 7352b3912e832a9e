// SPDX-License-Identifier: GPL-3.0-or-later
// How GrpcStore makes one unary call and reads one stream; for its own .cpp files only.
#pragma once

#include "client/grpcerror.h"
#include "client/grpcstore.h"
#include "client/limits.h"

namespace norikv::client {

/// Cancels the RPC when the caller's stop token fires.
class CancelOnStop {
public:
    CancelOnStop(const std::stop_token& stop, grpc::ClientContext& context)
        : m_callback(stop, [&context] { context.TryCancel(); })
    {
    }

private:
    std::stop_callback<std::function<void()>> m_callback;
};

/// The end of a stream as its reader sees it.
inline Result<void> streamEnd(const grpc::Status& status, const Call& call, bool sinkEnded)
{
    if (sinkEnded || status.ok())
        return {};
    if (call.stop.stop_requested())
        return tl::unexpected(stoppedHere());
    return tl::unexpected(toError(status, Kind::Read));
}

template <class Reply, class Method>
Result<Reply> GrpcStore::ask(Call& call, std::size_t node, Kind kind, const Method& method)
{
    if (call.stop.stop_requested())
        return tl::unexpected(stoppedHere());
    note(call, node);
    const auto link = m_links.link(node);
    grpc::ClientContext context;
    prepare(context, call);
    const CancelOnStop cancel(call.stop, context);
    Reply reply;
    const grpc::Status status = method(*link, context, reply);
    if (!status.ok())
        return tl::unexpected(toError(status, kind));
    return reply;
}

template <class Message, class Open, class Convert, class Sink>
Result<void> GrpcStore::stream(
    Call& call, std::size_t node, const Open& open, const Convert& convert, const Sink& sink)
{
    if (call.stop.stop_requested())
        return tl::unexpected(stoppedHere());
    note(call, node);
    const auto link = m_links.link(node);
    grpc::ClientContext context; // no deadline: a stream lives until it is stopped
    if (!m_links.authorization().empty())
        context.AddMetadata("authorization", m_links.authorization());
    const CancelOnStop cancel(call.stop, context);
    auto reader = open(*link, context);
    Message message;
    bool sinkEnded = false;
    while (reader->Read(&message)) {
        if (!sinkEnded && !sink(convert(message))) {
            sinkEnded = true;
            context.TryCancel();
        }
    }
    return streamEnd(reader->Finish(), call, sinkEnded);
}

} // namespace norikv::client
