// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bulk/rowreader.h"

namespace norikv::client {

/// One line of a file to import, or why it cannot be used.
struct ImportRow {
    std::uint64_t line = 0; ///< where it begins, from 1
    Result<NdjsonRecord> record = NdjsonRecord{};
    std::string text; ///< of a broken line: its beginning
};

/// Reads stored keys from NDJSON or CSV (told by the first character) row by row; a broken line is an answer,
/// not an end. Not thread-safe.
class ImportReader {
public:
    enum class Format { Ndjson, Csv };
    static Result<ImportReader> open(const std::string& path);

    /// Empty at the end. Fails only when the file cannot be read any further.
    Result<std::optional<ImportRow>> next();
    Format format() const { return m_format; }
    std::uint64_t bytesRead() const { return m_rows.bytesRead(); }
    std::uint64_t fileSize() const { return m_rows.fileSize(); }

private:
    explicit ImportReader(RowReader rows);
    Result<std::optional<ImportRow>> nextCsv();

    RowReader m_rows;
    Format m_format = Format::Ndjson;
    std::optional<CsvColumns> m_columns;
};

} // namespace norikv::client
