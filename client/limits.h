// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"
#include "client/result.h"

namespace norikv::client {

/// Refuses before sending what NoriKV refuses anyway (wire-contract 2.2), naming the size and the limit.
Result<void> checkSizes(const Bytes& key, std::size_t valueBytes);

/// What a call answers when its own stop token ended it before anything was sent.
Error stoppedHere();

} // namespace norikv::client
