// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/node.h"

#include "client/placement.h"

namespace norikv::sandbox {

bool Node::refuses(std::string_view key, const Quirks& quirks)
{
    const auto& engine = shared.engine;
    return shared.topology.refuses(
        index, shardOf(key, engine.totalShards()), quirks, engine.clock().elapsed());
}

} // namespace norikv::sandbox
