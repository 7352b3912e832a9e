// SPDX-License-Identifier: GPL-3.0-or-later
// GrpcStore::getMany: many reads under way on a completion queue that lives as long as the call.
#include "client/convert.h"
#include "client/grpcerror.h"
#include "client/grpcstore.h"
#include "client/limits.h"

#include <algorithm>

namespace norikv::client {

namespace {

/// One request of getMany. Reused for key after key; only the context must be new each time.
struct Slot {
    std::size_t index = 0;
    std::optional<grpc::ClientContext> context;
    v1::GetRequest request;
    v1::GetResponse reply;
    grpc::Status status;
    std::unique_ptr<grpc::ClientAsyncResponseReader<v1::GetResponse>> reader;
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

} // namespace

Result<void> GrpcStore::getMany(
    Call& call, std::span<const Bytes> keys, std::size_t inFlight, const GotSink& sink)
{
    std::vector<std::shared_ptr<NodeLink>> links;
    for (std::size_t i = 0; i < m_links.size(); ++i)
        links.push_back(m_links.link(i));
    std::vector<Slot> slots(
        std::min(std::max<std::size_t>(inFlight, 1), std::max<std::size_t>(keys.size(), 1)));
    OwnedQueue owned;
    std::size_t next = 0;
    std::size_t running = 0;
    const std::string consistency(wireName(Consistency::Strong));

    const auto start = [&](Slot& slot) {
        while (next < keys.size()) {
            slot.index = next++;
            const Bytes& key = keys[slot.index];
            if (auto ok = checkSizes(key, 0); !ok) {
                sink(slot.index, tl::unexpected(ok.error()));
                continue;
            }
            const std::size_t node = routeToKey(call, key);
            slot.request.set_key(key);
            slot.request.set_consistency(consistency);
            slot.context.emplace();
            prepare(*slot.context, call);
            // The second channel carries its half only once it is connected: nobody else drives it.
            const bool both = links[node]->channels[1]->GetState(true) == GRPC_CHANNEL_READY;
            auto& stub = links[node]->kv[both ? slot.index % 2 : 0];
            slot.reader = stub->PrepareAsyncGet(&*slot.context, slot.request, &owned.queue);
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
            next = keys.size();
            for (Slot& slot : slots) {
                if (slot.context)
                    slot.context->TryCancel();
            }
        }
        if (got != grpc::CompletionQueue::GOT_EVENT)
            continue;
        --running;
        Slot& slot = *static_cast<Slot*>(tag);
        if (cancelled)
            continue;
        if (slot.status.ok())
            sink(slot.index, fromProto(keys[slot.index], std::move(slot.reply)));
        else
            sink(slot.index, tl::unexpected(toError(slot.status, Kind::Read)));
        start(slot);
    }
    if (cancelled)
        return tl::unexpected(stoppedHere());
    return {};
}

} // namespace norikv::client
