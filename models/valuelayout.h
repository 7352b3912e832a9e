// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"

#include <QString>

#include <optional>
#include <vector>

namespace norikv::models {

enum class ViewMode { Text, Json, Hex };

/// A value cut into lines that can be painted one by one: a megabyte in one line freezes stock text widgets
/// for a minute, so nothing longer than `MaxColumns` characters is ever shaped.
struct ValueLayout {
    static constexpr std::size_t MaxColumns = 160;

    ViewMode mode = ViewMode::Text;
    std::vector<QString> lines;
    QString remark; ///< e.g. why JSON fell back to text; may be empty
};

/// Text as people read it: line breaks kept, invalid UTF-8 and hidden characters escaped (client::printable).
ValueLayout layoutText(std::string_view value);
/// Offset, 16 bytes, characters.
ValueLayout layoutHex(std::string_view value);
/// Indented JSON; the tokens stay exactly as stored (numbers, duplicate names, order). Falls back to text
/// with a remark.
ValueLayout layoutJson(std::string_view value);
ValueLayout layoutValue(std::string_view value, ViewMode mode);

/// Re-indents JSON without reading its numbers or reordering anything. Empty when it is no JSON or nests
/// deeper than 1,000 levels, or when indentation would make more than 16 MiB of it.
std::optional<std::string> indentJson(std::string_view json);
/// True when the bytes look like an object or array worth showing as JSON.
bool looksLikeJson(std::string_view value);

} // namespace norikv::models
