// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/literals.h"
#include "client/result.h"
#include "client/values.h"

#include <optional>
#include <string>

namespace norikv::client {

/// An operation as a list or an inspector shows it.
struct ShownOperation {
    enum class What {
        Get,
        Put, ///< with a version: compare-and-set
        Remove,
        Increment, ///< of a counter
        Scan, ///< of the prefix in `key`
    };
    What what = What::Get;
    Bytes key;
    Bytes value; ///< Put
    std::uint64_t ttlMs = 0; ///< Put
    std::optional<Version> ifMatch; ///< Put
    std::uint32_t shards = 0; ///< Increment; 0 = a basic counter
    std::uint64_t limit = 0; ///< Scan; 0 = all
};

/// Where to send what is copied.
struct CopyTarget {
    std::string rpc; ///< host:port of a node
    std::string http; ///< host:port of its HTTP port; empty = not known
};

/// A value of more bytes does not fit into source text or onto a command line; export it instead.
inline constexpr std::size_t MaxCopiedBytes = 32 * 1024;

/// The operation as a snippet to paste. Refused with the reason where the language or the HTTP port cannot
/// say it; never a snippet that does something else.
Result<std::string> copyAs(Language language, const ShownOperation& operation, const CopyTarget& target);

} // namespace norikv::client
