// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/node.h"

#include "client/placement.h"

namespace norikv::sandbox {

bool Node::refuses(std::string_view key, const Quirks& quirks)
{
    auto& [engine, topology, explore] = shared;
    return topology.refuses(index, shardOf(key, engine.totalShards()), quirks, engine.clock().elapsed());
}

} // namespace norikv::sandbox
