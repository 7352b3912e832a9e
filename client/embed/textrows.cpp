// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/embed/vectorfiles.h"

#include "client/bulk/jsonentry.h"
#include "client/bulk/rowreader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace norikv::client {

namespace {

constexpr std::size_t ShownOfBroken = 200;
constexpr std::string_view ByteOrderMark = "\xEF\xBB\xBF";

/// What a column or member can be called; the first of each is what we write.
constexpr std::array IdNames{"id", "key"};
constexpr std::array TitleNames{"title", "name"};
constexpr std::array TextNames{"text", "content", "description"};
constexpr std::array ThemeNames{"theme", "category", "label"};
constexpr std::array VectorNames{"vector", "embedding"};

tl::unexpected<Error> bad(const std::string& why) { return fail(ErrorKind::BadData, why); }

std::optional<float> numberFrom(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return std::nullopt;
    text = text.substr(first, text.find_last_not_of(" \t") - first + 1);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return static_cast<float>(value);
}

/// `[1, 2.5, ...]`, as a column of CSV may hold it.
Result<std::vector<float>> listFrom(const Json& list)
{
    if (!list.is_array())
        return bad("its vector is not a list of numbers");
    std::vector<float> vector;
    vector.reserve(list.size());
    for (const auto& each : list) {
        if (!each.is_number())
            return bad("number " + std::to_string(vector.size() + 1) + " of its vector is not a number");
        vector.push_back(static_cast<float>(each.get<double>()));
    }
    if (vector.empty())
        return bad("its vector is empty");
    return vector;
}

/// Which column of CSV holds what.
class Columns {
public:
    static Result<Columns> fromHeader(std::vector<std::string> cells)
    {
        if (std::ranges::all_of(
                cells, [](const std::string& cell) { return numberFrom(cell).has_value(); })) {
            Columns plain; // no header: a number in each column
            for (std::size_t i = 0; i < cells.size(); ++i)
                plain.m_numbers.push_back(i);
            plain.m_count = cells.size();
            plain.m_headless = true;
            return plain;
        }
        Columns columns;
        columns.m_count = cells.size();
        for (std::size_t i = 0; i < cells.size(); ++i) {
            std::ranges::transform(cells[i], cells[i].begin(),
                [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); });
            columns.m_escaped = columns.m_escaped || cells[i] == EscapedMark;
            if (!columns.take(IdNames, cells[i], columns.m_id, i)
                && !columns.take(TitleNames, cells[i], columns.m_title, i)
                && !columns.take(TextNames, cells[i], columns.m_text, i)
                && !columns.take(ThemeNames, cells[i], columns.m_theme, i)
                && !columns.take(VectorNames, cells[i], columns.m_vector, i) && cells[i] != EscapedMark)
                columns.m_numbers.push_back(i);
        }
        if (columns.m_text || columns.m_title || columns.m_vector)
            columns.m_numbers.clear(); // what else a table holds
        else if (columns.m_numbers.empty())
            return bad("no column is called text, and none holds numbers; the first row names the columns");
        return columns;
    }

    /// The first row is one of numbers already.
    bool headless() const { return m_headless; }

    Result<VectorRow> row(const std::vector<std::string>& cells) const
    {
        if (cells.size() != m_count) {
            return bad("it has " + std::to_string(cells.size()) + " cells where the first row has "
                + std::to_string(m_count));
        }
        VectorRow row{at(cells, m_id), at(cells, m_title), at(cells, m_text), at(cells, m_theme), {}};
        if (m_vector && !cells[*m_vector].empty()) {
            auto vector = listFrom(Json::parse(cells[*m_vector], nullptr, false));
            if (!vector)
                return tl::unexpected(vector.error());
            row.vector = std::move(*vector);
        }
        for (const std::size_t column : m_numbers) {
            const auto number = numberFrom(at(cells, column));
            if (!number) {
                return bad("\"" + printable(cells[column].substr(0, 40)) + "\" in column "
                    + std::to_string(column + 1) + " is not a number");
            }
            row.vector.push_back(*number);
        }
        return row;
    }

private:
    using Column = std::optional<std::size_t>;

    template <std::size_t N>
    static bool take(
        const std::array<const char*, N>& names, const std::string& title, Column& column, std::size_t place)
    {
        const bool named = std::ranges::any_of(names, [&](const char* known) { return title == known; });
        if (named && !column)
            column = place;
        return named;
    }
    std::string at(const std::vector<std::string>& cells, Column column) const
    {
        if (!column)
            return {};
        return std::string(m_escaped ? unescapedCell(cells[*column]) : std::string_view(cells[*column]));
    }

    Column m_id, m_title, m_text, m_theme, m_vector;
    std::vector<std::size_t> m_numbers; ///< columns with one number each
    std::size_t m_count = 0;
    bool m_escaped = false;
    bool m_headless = false;
};

/// A member by one of its names; text as it is, whole numbers written out.
template <std::size_t N>
Result<std::string> member(const Json& object, const std::array<const char*, N>& names)
{
    for (const char* known : names) {
        const auto found = object.find(known);
        if (found == object.end() || found->is_null())
            continue;
        if (found->is_string())
            return found->template get<std::string>();
        if (found->is_number_integer())
            return found->dump();
        return bad("\"" + std::string(known) + "\" is not a string");
    }
    return std::string();
}

Result<VectorRow> rowFromJson(std::string_view line)
{
    const auto object = parseObject(line);
    if (!object)
        return tl::unexpected(object.error());
    auto id = member(*object, IdNames);
    auto title = member(*object, TitleNames);
    auto text = member(*object, TextNames);
    auto theme = member(*object, ThemeNames);
    for (const auto* each : {&id, &title, &text, &theme}) {
        if (!*each)
            return tl::unexpected(each->error());
    }
    VectorRow row{std::move(*id), std::move(*title), std::move(*text), std::move(*theme), {}};
    for (const char* known : VectorNames) {
        const auto found = object->find(known);
        if (found == object->end() || found->is_null())
            continue;
        auto vector = listFrom(*found);
        if (!vector)
            return tl::unexpected(vector.error());
        row.vector = std::move(*vector);
        break;
    }
    return row;
}

class TextRows final : public VectorReader {
public:
    TextRows(RowReader rows, VectorFormat format, const VectorReadOptions& options)
        : m_rows(std::move(rows))
        , m_format(format)
        , m_options(options)
    {
    }

    /// Takes a mark of the byte order away and, of CSV, reads the names of the columns.
    Result<void> begin()
    {
        auto first = m_rows.nextLine();
        if (!first)
            return tl::unexpected(first.error());
        if (!*first)
            return {};
        if ((*first)->text.starts_with(ByteOrderMark))
            (*first)->text.erase(0, ByteOrderMark.size());
        m_rows.putBack(std::move(**first));
        if (m_format != VectorFormat::Csv)
            return {};
        auto header = m_rows.nextCells();
        if (!header)
            return tl::unexpected(header.error());
        if (!*header)
            return {};
        if (!(*header)->cells)
            return bad("the first row of the CSV is broken: " + (*header)->cells.error().message);
        auto columns = Columns::fromHeader(*(*header)->cells);
        if (!columns)
            return tl::unexpected(columns.error());
        if (columns->headless())
            m_rows.putBack(std::move((*header)->first));
        m_columns = std::move(*columns);
        return {};
    }

    Result<std::optional<VectorImportRow>> next() override
    {
        while (true) {
            auto row = m_format == VectorFormat::Csv ? nextCells() : nextLine();
            if (!row || !*row || (*row)->position > m_options.after)
                return row;
        }
    }
    VectorFormat format() const override { return m_format; }
    std::uint64_t bytesRead() const override { return m_rows.bytesRead(); }
    std::uint64_t fileSize() const override { return m_rows.fileSize(); }

private:
    VectorImportRow finished(const RowReader::Line& line, Result<VectorRow> row) const
    {
        if (row && row->id.empty())
            row->id = m_options.idPrefix + std::to_string(line.number);
        if (row)
            row = usableRow(std::move(*row));
        std::string shown = row ? std::string() : line.text.substr(0, ShownOfBroken);
        return {line.number, std::move(row), std::move(shown)};
    }

    Result<std::optional<VectorImportRow>> nextCells()
    {
        auto row = m_rows.nextCells();
        if (!row)
            return tl::unexpected(row.error());
        if (!*row)
            return std::optional<VectorImportRow>();
        auto& cells = (*row)->cells;
        return finished((*row)->first, cells ? m_columns.row(*cells) : tl::unexpected(cells.error()));
    }

    Result<std::optional<VectorImportRow>> nextLine()
    {
        while (true) {
            auto line = m_rows.nextLine();
            if (!line)
                return tl::unexpected(line.error());
            if (!*line)
                return std::optional<VectorImportRow>();
            const std::string& text = (*line)->text;
            if (text.find_first_not_of(" \t") == std::string::npos)
                continue;
            if ((*line)->number <= m_options.after)
                return VectorImportRow{(*line)->number, VectorRow{}, {}}; // passed over by next()
            if ((*line)->tooLong)
                return finished(**line, tl::unexpected(tooLongLine()));
            if (m_format == VectorFormat::Ndjson)
                return finished(**line, rowFromJson(text));
            return finished(**line, VectorRow{{}, {}, text, {}, {}});
        }
    }

    RowReader m_rows;
    const VectorFormat m_format;
    const VectorReadOptions m_options;
    Columns m_columns;
};

} // namespace

Result<std::unique_ptr<VectorReader>> openTextRows(
    const std::string& path, VectorFormat format, const VectorReadOptions& options)
{
    auto rows = RowReader::open(path);
    if (!rows)
        return tl::unexpected(rows.error());
    auto reader = std::make_unique<TextRows>(std::move(*rows), format, options);
    if (auto begun = reader->begin(); !begun)
        return tl::unexpected(begun.error());
    return reader;
}

} // namespace norikv::client
