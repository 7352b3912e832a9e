// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes as source text of other languages. Whatever the bytes, what comes out is one line of plain ASCII or
// of harmless text, and reads back as the same bytes.
#pragma once

#include "client/bytes.h"

#include <string>
#include <string_view>

namespace norikv::client {

enum class Language { TypeScript, Python, Go, Java, Grpcurl, Curl };
std::string_view name(Language language);

/// A string literal in double quotes. `text` must be valid UTF-8, except for Go, whose strings are bytes.
/// Everything outside printable ASCII is escaped. TypeScript, Python, Go and Java only.
std::string stringLiteral(Language language, std::string_view text);
/// An expression for any bytes: a string where the language's SDK takes text and the bytes are text,
/// otherwise the language's own bytes.
std::string bytesLiteral(Language language, std::string_view bytes);
/// An argument for a POSIX shell. Text without NUL only.
std::string shellQuoted(std::string_view text);
/// What printf(1) prints as exactly these bytes, quoted for a POSIX shell.
std::string printfFormat(std::string_view bytes);
/// One path segment of a URL (RFC 3986).
std::string percentEncoded(std::string_view bytes);

} // namespace norikv::client
