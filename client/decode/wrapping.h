// SPDX-License-Identifier: GPL-3.0-or-later
// What a value can be wrapped in: compression and base64, taken off and put on again.
#pragma once

#include "client/bytes.h"
#include "client/result.h"

#include <optional>
#include <stop_token>

namespace norikv::client {

enum class Wrapping { Gzip, Zlib, Zstd, Base64 };
std::string_view name(Wrapping wrapping);

/// One layer around a value, with what is needed to put the same layer back.
struct WrapStep {
    Wrapping wrapping = Wrapping::Gzip;
    bool urlSafe = false; ///< of base64: - and _ in place of + and /
    bool padded = true; ///< of base64: ends in = where it must
    bool operator==(const WrapStep&) const = default;
};

/// Nothing unwraps to more than this: a kilobyte can ask for gigabytes.
constexpr std::size_t MostUnwrapped = 64 * 1024 * 1024;

/// The layer that the first bytes announce; never base64, which announces nothing.
std::optional<WrapStep> announcedWrapping(std::string_view value);

/// Takes a layer off. `step` learns the flavour of base64. Fails with TooLarge over `most` bytes, Cancelled
/// when stopped, else BadData. Gzip members and zstd frames that follow one another are read as one; bytes
/// after the end are refused, because writing back would lose them.
Result<Bytes> unwrap(WrapStep& step, std::string_view value, std::size_t most = MostUnwrapped,
    const std::stop_token& stop = {});
/// Puts it back. The bytes are not those that were taken off (compressors differ), what they hold is.
Result<Bytes> wrap(const WrapStep& step, std::string_view bytes);

/// Base64 by its alphabet alone: at least 16 characters of one flavour, length and padding right, not only
/// digits. White space around it and line breaks in it are taken.
bool looksLikeBase64(std::string_view value);

} // namespace norikv::client
