// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace norikv::client {

/// Who wrote a record, told by its shape; a rewrite stays in it (patterns.md 4).
enum class Dialect {
    TypeScript, ///< camelCase; the contract, and what is written for a new record
    Python, ///< snake_case, blanks after comma and colon, \u escapes, `Infinity` for no limit
    Go, ///< struct names, times as RFC 3339 text
    Java, ///< shapes of its own
};
std::string_view name(Dialect dialect);

/// The names of one member by dialect; empty where a dialect has no such member.
struct MemberNames {
    std::string_view typeScript, python, go, java;
    std::string_view in(Dialect dialect) const;
};

} // namespace norikv::client
