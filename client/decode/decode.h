// SPDX-License-Identifier: GPL-3.0-or-later
// From the bytes of a value to something to look at, and back: first the layers around it, then its form.
#pragma once

#include "client/decode/wrapping.h"

#include <span>
#include <vector>

namespace norikv::client {

/// What the innermost bytes are. An SVG is text: it is never drawn.
enum class ValueForm { Text, Json, MessagePack, Protobuf, Image, Binary };
std::string_view name(ValueForm form);

/// What a person insists on; what is left open is found out.
struct DecodeWish {
    std::optional<std::vector<WrapStep>> chain; ///< outermost first; empty = take nothing off
    std::optional<ValueForm> form;
};

struct Decoded {
    std::vector<WrapStep> chain; ///< layers taken off, outermost first
    Bytes bytes; ///< what is inside
    ValueForm form = ValueForm::Binary;
    std::string imageType; ///< of an image: png, jpeg, gif or bmp
    /// Why a layer that was announced or asked for stayed on; then `bytes` still wear it.
    std::optional<Error> problem;
};

/// Takes at most four layers off.
///
/// Gzip, zlib and zstd are taken off where the first bytes announce them and all of it unwraps. Base64
/// announces nothing and many words look like it, so without a wish it is taken off only where its alphabet
/// fits (looksLikeBase64) and the result is itself meaningful: announced compression, an image, a JSON object
/// or array, a MessagePack map, or text of at least 12 bytes without control characters.
///
/// Blocks for up to some 100 ms on hostile values; ends early when stopped, then with problem Cancelled.
Decoded decode(std::string_view value, const DecodeWish& wish = {}, const std::stop_token& stop = {});

/// The inverse: bytes into the same layers again, so that an edited value is stored as it was.
Result<Bytes> encode(std::span<const WrapStep> chain, std::string_view bytes);

/// What the bytes are, by themselves; `imageType` is set for an image.
ValueForm detectForm(std::string_view bytes, std::string* imageType = nullptr);
/// png, jpeg, gif or bmp by their first bytes; else empty.
std::string_view imageTypeOf(std::string_view bytes);

} // namespace norikv::client
