// SPDX-License-Identifier: GPL-3.0-or-later
// GrpcStore::getMany: many reads under way.
#include "client/convert.h"
#include "client/grpcinflight.h"
#include "client/grpcstore.h"
#include "client/limits.h"

namespace norikv::client {

Result<void> GrpcStore::getMany(
    Call& call, std::span<const Bytes> keys, std::size_t inFlight, const GotSink& sink)
{
    const auto links = allLinks();
    const std::string consistency(wireName(Consistency::Strong));
    const auto begin = [&](auto& slot, grpc::CompletionQueue& queue) {
        const Bytes& key = keys[slot.position];
        if (auto ok = checkSizes(key, 0); !ok) {
            sink(slot.position, tl::unexpected(ok.error()));
            return false;
        }
        const NodeLink& link = *links[routeToKey(call, key)];
        slot.request.set_key(key);
        slot.request.set_consistency(consistency);
        prepare(*slot.context, call);
        // The second channel carries its half only once it is connected: nobody else drives it.
        const bool both = link.channels[1]->GetState(true) == GRPC_CHANNEL_READY;
        const auto& stub = link.kv[both ? slot.position % 2 : 0];
        slot.reader = stub->PrepareAsyncGet(&*slot.context, slot.request, &queue);
        return true;
    };
    const auto end = [&](auto& slot) {
        if (slot.status.ok())
            sink(slot.position, fromProto(keys[slot.position], std::move(slot.reply)));
        else
            sink(slot.position, tl::unexpected(toError(slot.status, Kind::Read)));
    };
    return runInFlight<v1::GetRequest, v1::GetResponse>(call, keys.size(), inFlight, begin, end);
}

} // namespace norikv::client
