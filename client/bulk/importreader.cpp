// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bulk/importreader.h"

namespace norikv::client {

namespace {

constexpr std::size_t LongestRow = 4 * 1024 * 1024; ///< a value of 1 MiB, quoted and doubled, fits
constexpr std::size_t LongestLine = 8 * 1024 * 1024; ///< as JSON with an escape for each byte
constexpr std::size_t ShownOfBroken = 200;

tl::unexpected<Error> tooLong() { return fail(ErrorKind::TooLarge, "the line is longer than any value"); }

ImportRow brokenRow(std::uint64_t line, const Error& error, std::string_view text)
{
    return {line, tl::unexpected(error), std::string(text.substr(0, ShownOfBroken))};
}

} // namespace

ImportReader::ImportReader(LineReader lines)
    : m_lines(std::move(lines))
{
}

Result<ImportReader> ImportReader::open(const std::string& path)
{
    LineReader::Options options;
    options.longestLine = LongestLine;
    auto lines = LineReader::open(path, options);
    if (!lines)
        return tl::unexpected(lines.error());
    ImportReader reader(std::move(*lines));
    while (true) {
        auto first = reader.nextLine();
        if (!first)
            return tl::unexpected(first.error());
        if (!*first)
            return reader; // empty: nothing to import
        if ((*first)->text.empty())
            continue;
        reader.m_format = (*first)->text.starts_with('{') ? Format::Ndjson : Format::Csv;
        reader.m_again.push_back(std::move(**first));
        break;
    }
    if (reader.m_format == Format::Csv) {
        const auto header = reader.nextCells();
        if (!header)
            return tl::unexpected(header.error());
        const auto& cells = (*header)->cells;
        auto columns = cells ? CsvColumns::fromHeader(*cells) : tl::unexpected(cells.error());
        if (!columns)
            return fail(ErrorKind::BadData,
                "it is neither NDJSON (a line begins with {) nor CSV with a header: "
                    + columns.error().message);
        reader.m_columns = *columns;
    }
    return reader;
}

Result<std::optional<ImportReader::OwnLine>> ImportReader::nextLine()
{
    if (!m_again.empty()) {
        OwnLine line = std::move(m_again.front());
        m_again.pop_front();
        return line;
    }
    const auto line = m_lines.next();
    if (!line)
        return tl::unexpected(line.error());
    if (!*line)
        return std::optional<OwnLine>();
    return OwnLine{(*line)->number, std::string((*line)->text), (*line)->carriageReturn, (*line)->tooLong};
}

Result<std::optional<ImportReader::CsvRow>> ImportReader::nextCells()
{
    std::deque<OwnLine> rest; // of this row, to go back to
    OwnLine first;
    m_parser.reset();
    while (true) {
        auto line = nextLine();
        if (!line)
            return tl::unexpected(line.error());
        const bool begins = first.number == 0;
        if (!*line && begins)
            return std::optional<CsvRow>();
        if (*line && begins && (*line)->text.empty())
            continue;
        if (!*line || (*line)->tooLong || m_parser.size() > LongestRow) {
            if (*line)
                rest.push_back(std::move(**line));
            if (begins)
                return CsvRow{std::move(rest.front()), tooLong()};
            m_again.insert(
                m_again.begin(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
            return CsvRow{std::move(first), fail(ErrorKind::BadData, "a quote is never closed")};
        }
        const auto state = m_parser.feed((*line)->text, (*line)->carriageReturn ? "\r\n" : "\n");
        if (begins)
            first = std::move(**line);
        else
            rest.push_back(std::move(**line));
        if (state == CsvRowParser::State::NeedsMore)
            continue;
        if (state == CsvRowParser::State::Complete)
            return CsvRow{std::move(first), m_parser.cells()};
        m_again.insert(
            m_again.begin(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
        return CsvRow{std::move(first), fail(ErrorKind::BadData, m_parser.problem())};
    }
}

Result<std::optional<ImportRow>> ImportReader::nextCsv()
{
    auto row = nextCells();
    if (!row)
        return tl::unexpected(row.error());
    if (!*row)
        return std::optional<ImportRow>();
    const OwnLine& first = (*row)->first;
    auto record = (*row)->cells ? m_columns->record(*(*row)->cells)
                                : Result<NdjsonRecord>(tl::unexpected((*row)->cells.error()));
    if (!record)
        return brokenRow(first.number, record.error(), first.text);
    return ImportRow{first.number, std::move(record), {}};
}

Result<std::optional<ImportRow>> ImportReader::next()
{
    if (m_format == Format::Csv)
        return nextCsv();
    while (true) {
        const auto line = nextLine();
        if (!line)
            return tl::unexpected(line.error());
        if (!*line)
            return std::optional<ImportRow>();
        if ((*line)->text.empty())
            continue;
        auto record = (*line)->tooLong ? Result<NdjsonRecord>(tooLong()) : parseNdjson((*line)->text);
        if (!record)
            return brokenRow((*line)->number, record.error(), (*line)->text);
        return ImportRow{(*line)->number, std::move(record), {}};
    }
}

} // namespace norikv::client
