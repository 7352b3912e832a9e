// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bulk/csv.h"
#include "client/linereader.h"

#include <deque>
#include <optional>

namespace norikv::client {

/// The lines of a person's file, or the rows of CSV in them; a broken row is an answer, not an end. Memory is
/// one row, whatever the size of the file. Not thread-safe.
class RowReader {
public:
    struct Line {
        std::uint64_t number = 0; ///< from 1
        std::string text;
        bool carriageReturn = false;
        bool tooLong = false; ///< the text is only its beginning
    };
    struct Cells {
        Line first; ///< the line where the row begins
        Result<std::vector<std::string>> cells; ///< or why the row is broken
    };

    /// A line that is longer than any value, as JSON with an escape for each byte, is too long.
    static Result<RowReader> open(const std::string& path);

    /// Empty at the end.
    Result<std::optional<Line>> nextLine();
    /// Takes back a line that was looked at only.
    void putBack(Line line) { m_again.push_front(std::move(line)); }
    /// Empty at the end; empty lines are passed over. Where a quote never closes, the lines behind the one
    /// that opened it are rows of their own again.
    Result<std::optional<Cells>> nextCells();

    std::uint64_t bytesRead() const { return m_lines.bytesRead(); }
    std::uint64_t fileSize() const { return m_lines.fileSize(); }

private:
    explicit RowReader(LineReader lines)
        : m_lines(std::move(lines))
    {
    }

    LineReader m_lines;
    std::deque<Line> m_again; ///< lines to look at once more
    CsvRowParser m_parser;
};

/// The failure for Line::tooLong.
Error tooLongLine();

} // namespace norikv::client
