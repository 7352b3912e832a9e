// SPDX-License-Identifier: GPL-3.0-or-later
// What gRPC itself can do from this process: no routing, no retries, no trace, no values of our own.
#pragma once

#include <norikv/v1/norikv.grpc.pb.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace norikv::bench {

/// Two channels to one server, set up as the client does.
struct BareLink {
    explicit BareLink(const std::string& address);
    std::array<std::unique_ptr<v1::Kv::Stub>, 2> kv;
};

struct Load {
    std::vector<std::string> keys; ///< asked in turn, from the start again when `calls` is larger
    std::string value; ///< empty = gets
    std::size_t inFlight = 64;
    std::size_t calls = 0;
    double seconds = 60; ///< no new call after that
};

/// Calls per second through one completion queue, polled by this thread.
double bareCqLoop(BareLink& link, const Load& load);
/// The same gets through gRPC's callback client.
double bareCallbackLoop(BareLink& link, const Load& load);
/// Median time of one blocking get, in ms.
double bareGetP50(BareLink& link, const std::string& key, std::size_t calls);

} // namespace norikv::bench
