// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/record.h"

#include <tl/expected.hpp>

#include <functional>
#include <optional>
#include <string>

namespace norikv::sandbox {

struct WriteError {
    enum class Kind { VersionMismatch, KeyMissing, Storage, Stopped };
    Kind kind = Kind::Storage;
    std::string text; ///< the words of wire-contract 2.10 for the CAS kinds, else the engine's reason
};

/// The version a write is acknowledged with.
using WriteResult = tl::expected<Version, WriteError>;

/// One Put or Delete on its way to the committer.
struct Write {
    enum class Op : char { Put = 'p', Delete = 'd' };

    Op op = Op::Put;
    std::string key;
    std::string value;
    std::uint64_t ttlMs = 0; ///< 0 = no expiry
    std::string idempotencyKey; ///< empty = none
    std::optional<Version> ifMatch;
    /// Called exactly once, on the committer's thread, after the change is on disk. Must not block.
    std::function<void(const WriteResult&)> done;
};

} // namespace norikv::sandbox
