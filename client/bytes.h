// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace norikv::client {

/// Keys and values are bytes; text only by convention.
using Bytes = std::string;

constexpr std::size_t MaxKeyBytes = 1024; ///< wire-contract 2.2
constexpr std::size_t MaxValueBytes = 1'048'576; ///< wire-contract 2.2

/// True for well-formed UTF-8 (no overlong forms, no surrogates).
bool isUtf8(std::string_view bytes);

/// The one notation for bytes on screen, in --open and in findings: valid UTF-8 is shown as text; control and
/// bidirectional-control characters and invalid bytes as `\xNN`, a backslash as `\\`.
std::string printable(std::string_view bytes);

/// The inverse of printable(). Empty when an escape is malformed.
std::optional<Bytes> fromPrintable(std::string_view text);

/// A fresh random UUID (version 4) in the usual 36 characters.
std::string randomUuid();

} // namespace norikv::client
