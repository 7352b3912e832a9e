// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace norikv::client {

/// Reads a file of any size piece by piece; holds one line and one piece. Not thread-safe.
class LineReader {
public:
    struct Options {
        std::size_t longestLine = 16 * 1024 * 1024; ///< bytes; what is longer is skipped and told
        bool followLinks = true; ///< a person's file may be a link; our own may not
        std::uint64_t lastBytes = 0; ///< read only so much of the end; 0 = all
    };
    /// A missing file is NotFound, anything else that cannot be read LocalFile.
    static Result<LineReader> open(const std::string& path, const Options& options);
    ~LineReader();
    LineReader(LineReader&& other) noexcept;
    LineReader& operator=(LineReader&&) = delete;
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;

    struct Line {
        std::uint64_t number = 0; ///< from 1
        std::string_view text; ///< without its end (LF or CR LF); valid until the next call
        bool carriageReturn = false; ///< ended in CR LF
        bool tooLong = false; ///< the text is only its beginning
    };
    /// Empty at the end of the file.
    Result<std::optional<Line>> next();
    std::uint64_t bytesRead() const { return m_read; }
    std::uint64_t fileSize() const { return m_size; }

private:
    LineReader(int descriptor, std::string path, std::uint64_t size, const Options& options);
    Result<bool> fill();

    int m_descriptor;
    std::string m_path;
    Options m_options;
    std::uint64_t m_size = 0;
    std::uint64_t m_read = 0;
    std::uint64_t m_number = 0;
    std::string m_buffer;
    std::size_t m_at = 0; ///< where in the buffer the next line begins
    bool m_ended = false;
    bool m_skipFirst = false; ///< began in the middle of a line
};

} // namespace norikv::client
