// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bulk/csv.h"
#include "client/linereader.h"

#include <deque>
#include <optional>

namespace norikv::client {

/// One line of a file to import, or why it cannot be used.
struct ImportRow {
    std::uint64_t line = 0; ///< where it begins, from 1
    Result<NdjsonRecord> record = NdjsonRecord{};
    std::string text; ///< of a broken line: its beginning
};

/// Reads NDJSON or CSV (told by the first character) row by row; a broken line is an answer, not an end.
/// Memory is one row, whatever the size of the file. Not thread-safe.
class ImportReader {
public:
    enum class Format { Ndjson, Csv };
    static Result<ImportReader> open(const std::string& path);

    /// Empty at the end. Fails only when the file cannot be read any further.
    Result<std::optional<ImportRow>> next();
    Format format() const { return m_format; }
    std::uint64_t bytesRead() const { return m_lines.bytesRead(); }
    std::uint64_t fileSize() const { return m_lines.fileSize(); }

private:
    struct OwnLine {
        std::uint64_t number = 0;
        std::string text;
        bool carriageReturn = false;
        bool tooLong = false;
    };
    explicit ImportReader(LineReader lines);
    Result<std::optional<OwnLine>> nextLine();
    Result<std::optional<ImportRow>> nextCsv();
    /// The cells of the next CSV row; a broken one has an error.
    struct CsvRow {
        OwnLine first;
        Result<std::vector<std::string>> cells;
    };
    Result<std::optional<CsvRow>> nextCells();

    LineReader m_lines;
    Format m_format = Format::Ndjson;
    std::deque<OwnLine> m_again; ///< lines to look at once more, after a quote that never closed
    std::optional<CsvColumns> m_columns;
    CsvRowParser m_parser;
};

} // namespace norikv::client
