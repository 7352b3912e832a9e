// SPDX-License-Identifier: GPL-3.0-or-later
// Many unary calls under way on a completion queue that lives as long as the whole; for GrpcStore only.
#pragma once

#include "client/call.h"
#include "client/grpcerror.h"
#include "client/limits.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/support/async_unary_call.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

namespace norikv::client {

/// One call under way. Reused for one after the other; only the context must be new each time.
template <class Request, class Reply> struct InFlightSlot {
    std::size_t position = 0;
    std::optional<grpc::ClientContext> context;
    Request request;
    Reply reply;
    grpc::Status status;
    std::unique_ptr<grpc::ClientAsyncResponseReader<Reply>> reader;
};

/// A completion queue must be shut down and drained before it dies.
class OwnedQueue {
public:
    ~OwnedQueue()
    {
        queue.Shutdown();
        void* tag = nullptr;
        bool ok = false;
        while (queue.Next(&tag, &ok)) { }
    }
    grpc::CompletionQueue queue;
};

/// Makes `count` calls, at most `inFlight` at a time. `begin(slot, queue)` fills the request for
/// slot.position and sets the reader, or returns false when there is nothing to send; `end(slot)` is told
/// each finished call. Both run on the calling thread. Fails only when the call is stopped.
template <class Request, class Reply, class Begin, class End>
Result<void> runInFlight(
    Call& call, std::size_t count, std::size_t inFlight, const Begin& begin, const End& end)
{
    using Slot = InFlightSlot<Request, Reply>;
    std::vector<Slot> slots(std::min(std::max<std::size_t>(inFlight, 1), std::max<std::size_t>(count, 1)));
    OwnedQueue owned;
    std::size_t next = 0;
    std::size_t running = 0;
    const auto start = [&](Slot& slot) {
        while (next < count) {
            slot.position = next++;
            slot.context.emplace();
            if (!begin(slot, owned.queue))
                continue;
            slot.reader->StartCall();
            slot.reply.Clear();
            slot.reader->Finish(&slot.reply, &slot.status, &slot);
            ++running;
            return;
        }
    };
    for (Slot& slot : slots)
        start(slot);
    bool cancelled = false;
    while (running > 0) {
        void* tag = nullptr;
        bool ok = false;
        const auto wake = std::chrono::system_clock::now() + std::chrono::milliseconds(50);
        const auto got = owned.queue.AsyncNext(&tag, &ok, wake);
        if (call.stop.stop_requested() && !cancelled) {
            cancelled = true;
            next = count;
            for (Slot& slot : slots) {
                if (slot.context)
                    slot.context->TryCancel();
            }
        }
        if (got != grpc::CompletionQueue::GOT_EVENT)
            continue;
        --running;
        if (cancelled)
            continue;
        Slot& slot = *static_cast<Slot*>(tag);
        end(slot);
        start(slot);
    }
    if (cancelled)
        return tl::unexpected(stoppedHere());
    return {};
}

} // namespace norikv::client
