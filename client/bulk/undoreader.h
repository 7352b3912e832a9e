// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bulk/importreader.h"

#include <fstream>

namespace norikv::client {

/// Reads an undo file from its last line to its first: a job may have written one key twice, and what was
/// done last must be taken back first. Holds one line and one piece. Not thread-safe.
class UndoReader {
public:
    /// Reads the file once to count its lines.
    static Result<UndoReader> open(const std::string& path);

    /// Empty at the beginning of the file. A broken line is an answer, not an end.
    Result<std::optional<ImportRow>> next();

private:
    UndoReader(const std::string& path, std::uint64_t size, std::uint64_t lines);
    Result<bool> fill();

    std::string m_path;
    std::ifstream m_file;
    std::uint64_t m_from; ///< where in the file the buffer begins
    std::uint64_t m_number; ///< of the line after the one to come
    std::string m_buffer; ///< what is not told yet of [m_from, ...)
    bool m_tooLong = false; ///< the end of the line was dropped already
};

} // namespace norikv::client
