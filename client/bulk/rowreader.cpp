// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bulk/rowreader.h"

namespace norikv::client {

namespace {

constexpr std::size_t LongestRow = 4 * 1024 * 1024; ///< a value of 1 MiB, quoted and doubled, fits
constexpr std::size_t LongestLine = 8 * 1024 * 1024; ///< as JSON with an escape for each byte

} // namespace

Error tooLongLine() { return {ErrorKind::TooLarge, "the line is longer than any value", {}}; }

Result<RowReader> RowReader::open(const std::string& path)
{
    LineReader::Options options;
    options.longestLine = LongestLine;
    auto lines = LineReader::open(path, options);
    if (!lines)
        return tl::unexpected(lines.error());
    return RowReader(std::move(*lines));
}

Result<std::optional<RowReader::Line>> RowReader::nextLine()
{
    if (!m_again.empty()) {
        Line line = std::move(m_again.front());
        m_again.pop_front();
        return line;
    }
    const auto line = m_lines.next();
    if (!line)
        return tl::unexpected(line.error());
    if (!*line)
        return std::optional<Line>();
    return Line{(*line)->number, std::string((*line)->text), (*line)->carriageReturn, (*line)->tooLong};
}

Result<std::optional<RowReader::Cells>> RowReader::nextCells()
{
    std::deque<Line> rest; // of this row, to go back to
    Line first;
    m_parser.reset();
    while (true) {
        auto line = nextLine();
        if (!line)
            return tl::unexpected(line.error());
        const bool begins = first.number == 0;
        if (!*line && begins)
            return std::optional<Cells>();
        if (*line && begins && (*line)->text.empty())
            continue;
        if (!*line || (*line)->tooLong || m_parser.size() > LongestRow) {
            if (*line)
                rest.push_back(std::move(**line));
            if (begins)
                return Cells{std::move(rest.front()), tl::unexpected(tooLongLine())};
            m_again.insert(
                m_again.begin(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
            return Cells{std::move(first), fail(ErrorKind::BadData, "a quote is never closed")};
        }
        const auto state = m_parser.feed((*line)->text, (*line)->carriageReturn ? "\r\n" : "\n");
        if (begins)
            first = std::move(**line);
        else
            rest.push_back(std::move(**line));
        if (state == CsvRowParser::State::NeedsMore)
            continue;
        if (state == CsvRowParser::State::Complete)
            return Cells{std::move(first), m_parser.cells()};
        m_again.insert(
            m_again.begin(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
        return Cells{std::move(first), fail(ErrorKind::BadData, m_parser.problem())};
    }
}

} // namespace norikv::client
