// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/call.h"

#include <span>
#include <string_view>

namespace norikv::client {

enum class Effect {
    Read,
    Write, ///< changes data: refused in read-only, asked for in confirm
    Admin, ///< changes the deployment or can lose data: as Write
};

/// One row for each procedure on the wire. A test compares the table with the services' descriptors and fails
/// when a method is missing: that is how nothing gets past the guard.
struct RpcInfo {
    Rpc rpc;
    Effect effect;
    std::string_view method; ///< e.g. "norikv.v1.Kv/Put"
    std::string_view label; ///< short name for the operations list
    bool stream = false; ///< its time is how long somebody listened, not how fast the server answers
};

std::span<const RpcInfo> allRpcs();
const RpcInfo& info(Rpc rpc);
/// Of a service that a NoriKV need not offer (Explore, Faults, Vector): "not offered" is an answer, no
/// failure.
bool isOptional(Rpc rpc);

} // namespace norikv::client
