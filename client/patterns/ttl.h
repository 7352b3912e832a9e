// SPDX-License-Identifier: GPL-3.0-or-later
// When a record expires, and how surely that is known. NoriKV tells no expiry (wire-contract 2.8), so it is
// put together from what was set here, what the value says and what the pattern does (rulings 2 and 16).
#pragma once

#include "client/profile.h"
#include "client/values.h"

#include <chrono>
#include <optional>

namespace norikv::client {

/// What a caller knows beside the entry itself.
struct ExpiryClues {
    std::optional<EpochMs> setHereMs; ///< the expiry that this machine gave the record
    std::optional<EpochMs> writtenMs; ///< when the value says it was last written
    std::optional<EpochMs> valueSaysMs; ///< the value names its own expiry (Go's ExpiresAt)
    std::optional<std::uint64_t> declaredTtlMs; ///< of the profile, see declaredTtl()
    std::optional<std::uint64_t> patternTtlMs; ///< the pattern's default
};

struct Expiry {
    std::optional<EpochMs> atMs; ///< empty = nobody knows, or the server says that there is none
    TtlProvenance from = TtlProvenance::Unknown;
    /// Server, set here, or declared: a rule may be certain. A pattern's default is a guess.
    bool known = false;
    /// The server lists the record as one that never expires, whatever it should do.
    bool serverSaysNever = false;

    /// Past its expiry by more than the 2 s that clocks may differ. Readable then = it did not expire.
    bool overdue(EpochMs nowMs) const;
};
constexpr std::chrono::milliseconds ClockSlack{2000}; ///< times of other machines (rulings 2)

/// The best answer: the server's; what was set here; what the value says; declared; the pattern's default.
Expiry expiryOf(const Entry& entry, const ExpiryClues& clues);
/// The longest prefix of the profile that fits the key.
std::optional<std::uint64_t> declaredTtl(const Profile& profile, std::string_view key);

} // namespace norikv::client
