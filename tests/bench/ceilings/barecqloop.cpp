// SPDX-License-Identifier: GPL-3.0-or-later
#include "ceilings/bareclient.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>

namespace norikv::bench {

namespace {

using std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

template <class Request, class Response, class Fill, class Open>
double cqLoop(BareLink& link, const Load& load, const Fill& fill, const Open& open)
{
    struct Slot {
        std::optional<grpc::ClientContext> context;
        Request request;
        Response reply;
        grpc::Status status;
        std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> reader;
    };
    std::vector<Slot> slots(std::min(load.inFlight, load.calls));
    grpc::CompletionQueue queue;
    std::size_t started = 0;
    std::size_t done = 0;
    bool failed = false;
    const auto start = steady_clock::now();
    const auto until = start + std::chrono::duration_cast<steady_clock::duration>(Seconds(load.seconds));
    const auto send = [&](Slot& slot) {
        fill(slot.request, load.keys[started % load.keys.size()]);
        slot.context.emplace();
        slot.reader = open(*link.kv[started % 2], *slot.context, slot.request, queue);
        slot.reader->Finish(&slot.reply, &slot.status, &slot);
        ++started;
    };
    for (auto& slot : slots)
        send(slot);
    void* tag = nullptr;
    bool ok = false;
    while (done < started && queue.Next(&tag, &ok)) {
        auto& slot = *static_cast<Slot*>(tag);
        ++done;
        failed = failed || !slot.status.ok();
        if (started < load.calls && !failed && steady_clock::now() < until)
            send(slot);
    }
    const Seconds took = steady_clock::now() - start;
    queue.Shutdown();
    while (queue.Next(&tag, &ok)) { }
    if (failed)
        throw std::runtime_error("a call of the load loop failed");
    return static_cast<double>(done) / took.count();
}

} // namespace

BareLink::BareLink(const std::string& address)
{
    grpc::ChannelArguments args;
    args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    args.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    for (auto& stub : kv)
        stub = v1::Kv::NewStub(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), args));
}

double bareCqLoop(BareLink& link, const Load& load)
{
    if (load.value.empty()) {
        return cqLoop<v1::GetRequest, v1::GetResponse>(
            link, load, [](auto& request, const auto& key) { request.set_key(key); },
            [](auto& kv, auto& context, auto& request, auto& queue) {
                return kv.AsyncGet(&context, request, &queue);
            });
    }
    return cqLoop<v1::PutRequest, v1::PutResponse>(
        link, load,
        [&](auto& request, const auto& key) {
            request.set_key(key);
            request.set_value(load.value);
        },
        [](auto& kv, auto& context, auto& request, auto& queue) {
            return kv.AsyncPut(&context, request, &queue);
        });
}

} // namespace norikv::bench
