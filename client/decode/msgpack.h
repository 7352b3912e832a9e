// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"
#include "client/result.h"

#include <stop_token>

namespace norikv::client {

struct MsgpackLimits {
    std::size_t depth = 1000; ///< levels of nesting
    std::size_t bytes = 16 * 1024 * 1024; ///< of text made
};

/// MessagePack as indented text that reads like JSON. What JSON has no word for is named: `bin(3) 0a 0b 0c`,
/// `ext(5, 2) 01 02`, `timestamp(2026-01-02T03:04:05.5Z)`; strings that are no UTF-8 show their bytes as
/// \xNN. Iterative. Fails with BadData (what, at which byte), TooLarge or Cancelled.
Result<std::string> msgpackToText(
    std::string_view value, const MsgpackLimits& limits = {}, const std::stop_token& stop = {});

/// True when all of it is one map or array: a lone number would make MessagePack of every byte.
bool isMessagePack(std::string_view value);

} // namespace norikv::client
