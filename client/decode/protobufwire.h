// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"
#include "client/result.h"

#include <stop_token>

namespace norikv::client {

struct ProtobufLimits {
    std::size_t depth = 64; ///< deeper messages are shown as bytes
    std::size_t bytes = 16 * 1024 * 1024; ///< of text made
};

/// Protocol Buffers without their schema: `number: value`, one field a line, indented by nesting. Numbers
/// show their likely readings. A piece of bytes is shown as text where it is readable, as a message where it
/// parses as one to its end, else as bytes and, where they fit, as packed numbers: all three are guesses,
/// since the wire does not say. Iterative. Fails with BadData (what, at which byte), TooLarge or Cancelled.
Result<std::string> protobufToText(
    std::string_view value, const ProtobufLimits& limits = {}, const std::stop_token& stop = {});

/// True when all of it parses as at least one field with a number below 1,000 and a known type: a guess that
/// short binary values can meet by chance.
bool looksLikeProtobuf(std::string_view value);

} // namespace norikv::client
