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

} // namespace norikv::models
