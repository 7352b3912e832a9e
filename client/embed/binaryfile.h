// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/result.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

namespace norikv::client {

/// A regular file read from front to back, or from a place on. Not thread-safe.
class BinaryFile {
public:
    /// A missing file is NotFound, anything else that cannot be read LocalFile.
    static Result<BinaryFile> open(const std::string& path);

    /// Up to `size` bytes; fewer only at the end.
    Result<std::size_t> read(char* to, std::size_t size);
    Result<void> moveTo(std::uint64_t place);
    std::uint64_t at() const { return m_at; }
    std::uint64_t size() const { return m_size; } ///< when it was opened

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    std::unique_ptr<std::FILE, Close> m_file;
    std::string m_path;
    std::uint64_t m_size = 0;
    std::uint64_t m_at = 0;
};

} // namespace norikv::client
