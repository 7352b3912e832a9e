// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"

#include <optional>
#include <string>
#include <string_view>

namespace norikv::client {

/// RFC 4648 with padding, in one line.
std::string base64(std::string_view bytes);
/// The inverse; empty when a character, the length or the padding is wrong.
std::optional<Bytes> fromBase64(std::string_view text);

} // namespace norikv::client
