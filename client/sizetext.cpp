// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/sizetext.h"

#include <array>
#include <cstdio>

namespace norikv::client {

std::string sizeText(std::uint64_t bytes)
{
    constexpr std::array<const char*, 5> units{"B", "KB", "MB", "GB", "TB"};
    if (bytes < 1024)
        return std::to_string(bytes) + " B";
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (size >= 1023.95 && unit + 1 < units.size()) {
        size /= 1024;
        ++unit;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), size < 99.95 ? "%.1f %s" : "%.0f %s", size, units[unit]);
    return text.data();
}

} // namespace norikv::client
