// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace norikv::client {

/// What went wrong, as far as a program must tell it apart (wire-contract 8.5). Words for people:
/// models/errortext.
enum class ErrorKind {
    Cancelled, ///< we stopped it; nothing was sent, or it was a read
    Timeout, ///< a read ran past its deadline
    Unreachable, ///< no connection: the request was never sent, or it was a read
    NotLeader, ///< no node leads the shard inside the retry budget
    Conflict, ///< if_match did not match the stored version
    KeyMissing, ///< if_match was given and the key does not exist
    UnknownOutcome, ///< a write may or may not have happened; read again to find out
    TooLarge, ///< key, value or message over a limit
    InvalidRequest, ///< refused as malformed, by us or by the server
    BadData, ///< what is stored is not what the pattern expects; never overwritten without asking
    Unsupported, ///< the server does not offer this call
    Gone, ///< the asked history is no longer kept
    NotFound, ///< the server knows no such shard, node or index
    ReadOnly, ///< the guard refused a write: the connection is read-only
    NeedsConsent, ///< the guard refused a write until a person confirms it
    Contended, ///< every attempt of a compare-and-set loop lost
    LocalFile, ///< a file on this machine could not be read or written; nothing was sent
    Server, ///< the server failed
};

std::string_view name(ErrorKind kind);

/// A failure as a value. `message` is one short clause about the subject; `detail` is the raw text of the
/// source.
struct Error {
    ErrorKind kind = ErrorKind::Server;
    std::string message;
    std::string detail;
};

template <class T> using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string detail = {})
{
    return tl::unexpected(Error{kind, std::move(message), std::move(detail)});
}

} // namespace norikv::client
