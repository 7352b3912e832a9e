// SPDX-License-Identifier: GPL-3.0-or-later
#include "ceilings/bareclient.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <semaphore>
#include <stdexcept>

namespace norikv::bench {

using std::chrono::steady_clock;

double bareCallbackLoop(BareLink& link, const Load& load)
{
    struct Slot {
        std::optional<grpc::ClientContext> context;
        v1::GetRequest request;
        v1::GetResponse reply;
    };
    std::vector<Slot> slots(std::min(load.inFlight, load.calls));
    std::counting_semaphore<> ended(0);
    std::atomic<std::size_t> started = 0;
    const auto start = steady_clock::now();
    std::function<void(Slot&)> send = [&](Slot& slot) {
        const std::size_t index = started++;
        if (index >= load.calls) {
            ended.release();
            return;
        }
        slot.request.set_key(load.keys[index % load.keys.size()]);
        slot.context.emplace();
        link.kv[index % 2]->async()->Get(
            &*slot.context, &slot.request, &slot.reply, [&](const grpc::Status&) { send(slot); });
    };
    for (auto& slot : slots)
        send(slot);
    for (std::size_t i = 0; i < slots.size(); ++i)
        ended.acquire();
    const std::chrono::duration<double> took = steady_clock::now() - start;
    return static_cast<double>(load.calls) / took.count();
}

double bareGetP50(BareLink& link, const std::string& key, std::size_t calls)
{
    std::vector<double> times;
    v1::GetRequest request;
    request.set_key(key);
    for (std::size_t i = 0; i < calls; ++i) {
        grpc::ClientContext context;
        v1::GetResponse reply;
        const auto start = steady_clock::now();
        if (!link.kv[0]->Get(&context, request, &reply).ok())
            throw std::runtime_error("a blocking get failed");
        times.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - start).count());
    }
    std::ranges::sort(times);
    return times.empty() ? 0 : times[times.size() / 2];
}

} // namespace norikv::bench
