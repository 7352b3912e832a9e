// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <rocksdb/env.h>

#include <deque>
#include <mutex>
#include <string>

namespace norikv::sandbox {

/// Keeps RocksDB's last words in memory. Its file logger must not be used: Debian builds RocksDB with
/// assertions, and that logger aborts the process when the disk is full.
class RocksLogger final : public rocksdb::Logger {
public:
    RocksLogger()
        : Logger(rocksdb::InfoLogLevel::WARN_LEVEL)
    {
    }

    using Logger::Logv;
    void Logv(const char* format, va_list arguments) override;

    /// Newest last, at most 100 lines. Any thread.
    std::deque<std::string> lines() const;

private:
    mutable std::mutex m_mutex;
    std::deque<std::string> m_lines;
};

} // namespace norikv::sandbox
