// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/rockslogger.h"

#include <array>
#include <cstdarg>
#include <cstdio>

namespace norikv::sandbox {

void RocksLogger::Logv(const char* format, va_list arguments)
{
    std::array<char, 1024> text{};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" // the format is RocksDB's
    std::vsnprintf(text.data(), text.size(), format, arguments);
#pragma GCC diagnostic pop
    const std::lock_guard lock(m_mutex);
    m_lines.emplace_back(text.data());
    if (m_lines.size() > 100) {
        m_lines.pop_front();
    }
}

std::deque<std::string> RocksLogger::lines() const
{
    const std::lock_guard lock(m_mutex);
    return m_lines;
}

} // namespace norikv::sandbox
