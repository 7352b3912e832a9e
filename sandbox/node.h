// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/engine.h"
#include "sandbox/metrics.h"
#include "sandbox/nodegate.h"
#include "sandbox/streams.h"
#include "sandbox/topology.h"

#include <string>

namespace norikv::sandbox {

/// What all nodes of one sandbox share.
struct Shared {
    Engine& engine;
    Topology& topology;
    bool explore; ///< Explore is served, so replies may tell the exact expiry
    bool vector; ///< Vector is served, so Explore may list what is in it
};

/// One node: the same store seen through one pair of ports. Its services refer to it; the Server owns it.
struct Node {
    Node(Shared& sharedParts, std::size_t number, std::string name)
        : shared(sharedParts)
        , index(number)
        , id(std::move(name))
        , gate(sharedParts.engine.delayer())
    {
    }

    Shared& shared;
    const std::size_t index;
    const std::string id;
    std::string address; ///< dialable; set once listening, before the first call
    NodeGate gate;
    Streams streams;
    Metrics metrics;

    bool refuses(std::string_view key, const Quirks& quirks);
};

} // namespace norikv::sandbox
