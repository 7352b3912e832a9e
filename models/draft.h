// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/decode/decode.h"

#include <QString>

namespace norikv::models {

/// A value opened for editing: the text inside its layers, and how it goes back into them.
struct Draft {
    client::Bytes stored; ///< as it was read, layers and all
    client::Bytes text; ///< what is edited
    std::vector<client::WrapStep> chain;
    bool compactJson = false; ///< stored without white space, shown indented
};

/// Why a value is shown and not edited in place.
enum class NotEditable { Editable, Binary, TooLarge, OddLineBreaks };

/// What an editor may show of a value and give back byte for byte. Pure; takes milliseconds at most.
NotEditable editable(const client::Decoded& decoded);
/// Only where editable() says so.
Draft draftOf(const client::Bytes& stored, const client::Decoded& decoded);

/// The bytes to store for an edited text. Unchanged text gives the very bytes that were read; else the layers
/// are put back on, and JSON that was compact becomes compact again. BadData when that JSON is no longer
/// valid: then it can only be stored as it is typed (`asTyped`).
client::Result<client::Bytes> storedValue(
    const Draft& draft, const client::Bytes& text, bool asTyped = false);

} // namespace norikv::models
