// SPDX-License-Identifier: GPL-3.0-or-later
// CSV as RFC 4180 has it, with cells that a spreadsheet would run as a formula made harmless.
#pragma once

#include "client/bulk/ndjson.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace norikv::client {

enum class Formulas {
    Escaped, ///< a cell that begins with = + - @ TAB CR NUL or ' gets a ' in front, and the header says so
    Kept,
};

/// The mark in the header that tells an import to take the ' away again.
inline constexpr std::string_view EscapedMark = "cells_escaped";

/// One cell, quoted where it must be.
std::string csvCell(std::string_view text, Formulas formulas);
/// One row with its end (CR LF).
std::string csvRow(std::span<const std::string> cells, Formulas formulas);
/// Undoes what Formulas::Escaped did to a cell.
std::string_view unescapedCell(std::string_view cell);

/// Splits text into the cells of one row, line by line, because a quoted cell may hold line ends.
class CsvRowParser {
public:
    enum class State { Complete, NeedsMore, Broken };
    /// A line without its end; `end` is what ended it. Starts anew after Complete or Broken.
    State feed(std::string_view line, std::string_view end);
    const std::vector<std::string>& cells() const { return m_cells; }
    const std::string& problem() const { return m_problem; }
    std::size_t size() const { return m_size; } ///< bytes of the row so far
    void reset();

private:
    State broken(const char* why);

    std::vector<std::string> m_cells;
    std::string m_problem;
    std::size_t m_size = 0;
    bool m_inQuotes = false;
    bool m_fresh = true;
};

/// Stored keys as CSV: header(), then row() for each.
class CsvEntries {
public:
    explicit CsvEntries(Formulas formulas)
        : m_formulas(formulas)
    {
    }
    std::string header() const;
    std::string row(const Entry& entry, std::optional<std::uint32_t> shard) const;

private:
    Formulas m_formulas;
};

/// Which column holds what, by the names in a header: key or key_b64, value or value_b64, and where present
/// version_term, version_index, expires_at_ms, ttl_provenance, shard.
class CsvColumns {
public:
    static Result<CsvColumns> fromHeader(const std::vector<std::string>& cells);
    Result<NdjsonRecord> record(const std::vector<std::string>& cells) const;

private:
    std::string_view cell(const std::vector<std::string>& cells, std::size_t column) const;

    static constexpr std::size_t None = static_cast<std::size_t>(-1);
    std::size_t m_key = None, m_keyCoded = None, m_value = None, m_valueCoded = None, m_term = None,
                m_index = None, m_expiry = None, m_provenance = None, m_shard = None;
    std::size_t m_count = 0;
    bool m_escaped = false;
};

} // namespace norikv::client
