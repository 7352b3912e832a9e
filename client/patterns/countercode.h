// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/literals.h"

#include <cstdint>
#include <string>

namespace norikv::client {

/// A snippet that increments the counter safely in the given language, to paste into a program or a terminal.
/// `address` is the node to talk to; `shards` 0 = a basic counter.
std::string incrementSnippet(
    Language language, const Bytes& counter, std::uint32_t shards, const std::string& address);

} // namespace norikv::client
