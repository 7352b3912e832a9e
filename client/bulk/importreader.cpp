// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bulk/importreader.h"

namespace norikv::client {

namespace {

constexpr std::size_t ShownOfBroken = 200;

ImportRow brokenRow(std::uint64_t line, const Error& error, std::string_view text)
{
    return {line, tl::unexpected(error), std::string(text.substr(0, ShownOfBroken))};
}

} // namespace

ImportReader::ImportReader(RowReader rows)
    : m_rows(std::move(rows))
{
}

Result<ImportReader> ImportReader::open(const std::string& path)
{
    auto rows = RowReader::open(path);
    if (!rows)
        return tl::unexpected(rows.error());
    ImportReader reader(std::move(*rows));
    while (true) {
        auto first = reader.m_rows.nextLine();
        if (!first)
            return tl::unexpected(first.error());
        if (!*first)
            return reader; // empty: nothing to import
        if ((*first)->text.empty())
            continue;
        reader.m_format = (*first)->text.starts_with('{') ? Format::Ndjson : Format::Csv;
        reader.m_rows.putBack(std::move(**first));
        break;
    }
    if (reader.m_format == Format::Csv) {
        const auto header = reader.m_rows.nextCells();
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

Result<std::optional<ImportRow>> ImportReader::nextCsv()
{
    auto row = m_rows.nextCells();
    if (!row)
        return tl::unexpected(row.error());
    if (!*row)
        return std::optional<ImportRow>();
    const auto& first = (*row)->first;
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
        const auto line = m_rows.nextLine();
        if (!line)
            return tl::unexpected(line.error());
        if (!*line)
            return std::optional<ImportRow>();
        if ((*line)->text.empty())
            continue;
        auto record = (*line)->tooLong ? Result<NdjsonRecord>(tl::unexpected(tooLongLine()))
                                       : parseNdjson((*line)->text);
        if (!record)
            return brokenRow((*line)->number, record.error(), (*line)->text);
        return ImportRow{(*line)->number, std::move(record), {}};
    }
}

} // namespace norikv::client
