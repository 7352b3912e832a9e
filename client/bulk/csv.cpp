// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bulk/csv.h"

#include "client/base64.h"

#include <algorithm>
#include <charconv>

namespace norikv::client {

namespace {

constexpr std::string_view Dangerous("=+-@\t\r\0'", 8);
constexpr std::string_view ByteOrderMark = "\xEF\xBB\xBF";

tl::unexpected<Error> bad(const std::string& what) { return fail(ErrorKind::BadData, what); }

template <class Number> Result<std::optional<Number>> number(std::string_view cell, const char* column)
{
    if (cell.empty())
        return std::optional<Number>();
    Number value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc() || end != cell.data() + cell.size())
        return bad("\"" + printable(cell.substr(0, 40)) + "\" in " + column + " is not a whole number");
    return value;
}

} // namespace

std::string csvCell(std::string_view text, Formulas formulas)
{
    std::string out;
    if (formulas == Formulas::Escaped && !text.empty() && Dangerous.find(text.front()) != text.npos)
        out += '\'';
    out += text;
    if (out.find_first_of(",\"\r\n") == std::string::npos)
        return out;
    std::string quoted = "\"";
    for (const char c : out) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

std::string csvRow(std::span<const std::string> cells, Formulas formulas)
{
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i)
        out += (i == 0 ? "" : ",") + csvCell(cells[i], formulas);
    return out + "\r\n";
}

std::string_view unescapedCell(std::string_view cell)
{
    return cell.starts_with('\'') ? cell.substr(1) : cell;
}

void CsvRowParser::reset()
{
    m_cells.clear();
    m_problem.clear();
    m_size = 0;
    m_inQuotes = false;
    m_fresh = false;
}

CsvRowParser::State CsvRowParser::broken(const char* why)
{
    m_problem = why;
    m_fresh = true;
    return State::Broken;
}

CsvRowParser::State CsvRowParser::feed(std::string_view line, std::string_view end)
{
    if (m_fresh)
        reset();
    m_size += line.size() + end.size();
    bool afterQuote = false;
    bool startOfCell = !m_inQuotes;
    if (startOfCell)
        m_cells.emplace_back();
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (m_inQuotes) {
            if (c != '"') {
                m_cells.back() += c;
            } else if (i + 1 < line.size() && line[i + 1] == '"') {
                m_cells.back() += '"';
                ++i;
            } else {
                m_inQuotes = false;
                afterQuote = true;
            }
            continue;
        }
        if (c == ',') {
            m_cells.emplace_back();
            startOfCell = true;
            afterQuote = false;
            continue;
        }
        if (afterQuote)
            return broken("there is text after a closing quote");
        if (c == '"') {
            if (!startOfCell)
                return broken("there is a quote in the middle of a cell");
            m_inQuotes = true;
        } else {
            m_cells.back() += c;
        }
        startOfCell = false;
    }
    if (m_inQuotes) {
        m_cells.back() += end;
        return State::NeedsMore;
    }
    m_fresh = true;
    return State::Complete;
}

std::string CsvEntries::header() const
{
    std::string out
        = "key,key_b64,value,value_b64,version_term,version_index,expires_at_ms,ttl_provenance,shard";
    if (m_formulas == Formulas::Escaped)
        out += "," + std::string(EscapedMark);
    return out + "\r\n";
}

std::string CsvEntries::row(const Entry& entry, std::optional<std::uint32_t> shard) const
{
    const bool textKey = isUtf8(entry.key);
    const bool textValue = isUtf8(entry.value);
    std::vector<std::string> cells{textKey ? entry.key : std::string(),
        textKey ? std::string() : base64(entry.key), textValue ? entry.value : std::string(),
        textValue ? std::string() : base64(entry.value),
        entry.version ? std::to_string(entry.version->term) : std::string(),
        entry.version ? std::to_string(entry.version->index) : std::string(),
        entry.expiresAtMs ? std::to_string(*entry.expiresAtMs) : std::string(),
        std::string(name(entry.provenance)), shard ? std::to_string(*shard) : std::string()};
    if (m_formulas == Formulas::Escaped)
        cells.emplace_back();
    return csvRow(cells, m_formulas);
}

Result<CsvColumns> CsvColumns::fromHeader(const std::vector<std::string>& cells)
{
    CsvColumns columns;
    columns.m_count = cells.size();
    const std::pair<std::string_view, std::size_t*> known[]
        = {{"key", &columns.m_key}, {"key_b64", &columns.m_keyCoded}, {"value", &columns.m_value},
            {"value_b64", &columns.m_valueCoded}, {"version_term", &columns.m_term},
            {"version_index", &columns.m_index}, {"expires_at_ms", &columns.m_expiry},
            {"ttl_provenance", &columns.m_provenance}, {"shard", &columns.m_shard}};
    for (std::size_t i = 0; i < cells.size(); ++i) {
        std::string_view title = cells[i];
        if (i == 0 && title.starts_with(ByteOrderMark))
            title.remove_prefix(ByteOrderMark.size());
        columns.m_escaped = columns.m_escaped || title == EscapedMark;
        for (const auto& [name, column] : known) {
            if (title != name)
                continue;
            if (*column != None)
                return bad("two columns are called " + std::string(name));
            *column = i;
        }
    }
    if (columns.m_key == None && columns.m_keyCoded == None)
        return bad("no column is called key; the first line of a CSV file names its columns");
    return columns;
}

std::string_view CsvColumns::cell(const std::vector<std::string>& cells, std::size_t column) const
{
    if (column == None)
        return {};
    return m_escaped ? unescapedCell(cells[column]) : std::string_view(cells[column]);
}

Result<NdjsonRecord> CsvColumns::record(const std::vector<std::string>& cells) const
{
    if (cells.size() != m_count)
        return bad(
            "it has " + std::to_string(cells.size()) + " cells, the header " + std::to_string(m_count));
    NdjsonRecord record;
    const auto bytes = [&](std::size_t plain, std::size_t coded, const char* name) -> Result<Bytes> {
        const auto text = cell(cells, plain);
        const auto code = cell(cells, coded);
        if (code.empty())
            return Bytes(text);
        if (!text.empty())
            return bad("both " + std::string(name) + " and " + name + "_b64 are given");
        auto decoded = fromBase64(code);
        if (!decoded)
            return bad(std::string(name) + "_b64 is not base64");
        return std::move(*decoded);
    };
    auto key = bytes(m_key, m_keyCoded, "key");
    auto value = bytes(m_value, m_valueCoded, "value");
    const auto term = number<std::uint64_t>(cell(cells, m_term), "version_term");
    const auto index = number<std::uint64_t>(cell(cells, m_index), "version_index");
    const auto expiry = number<EpochMs>(cell(cells, m_expiry), "expires_at_ms");
    const auto shard = number<std::uint32_t>(cell(cells, m_shard), "shard");
    if (!key)
        return tl::unexpected(key.error());
    if (!value)
        return tl::unexpected(value.error());
    for (const auto* part : {&term, &index}) {
        if (!*part)
            return tl::unexpected(part->error());
    }
    if (!expiry)
        return tl::unexpected(expiry.error());
    if (!shard)
        return tl::unexpected(shard.error());
    if (key->empty())
        return bad("the key is empty");
    if (key->size() > MaxKeyBytes)
        return bad("the key has " + std::to_string(key->size()) + " bytes, over the limit of "
            + std::to_string(MaxKeyBytes));
    if (value->size() > MaxValueBytes)
        return bad("the value has " + std::to_string(value->size()) + " bytes, over the limit of "
            + std::to_string(MaxValueBytes));
    record.entry.key = std::move(*key);
    record.entry.value = std::move(*value);
    record.entry.valueSize = record.entry.value.size();
    record.hasValue = m_value != None || m_valueCoded != None;
    if (*index)
        record.entry.version = Version{term->value_or(0), **index};
    if (*expiry && **expiry > 0)
        record.entry.expiresAtMs = **expiry;
    record.entry.provenance = provenanceFrom(cell(cells, m_provenance)).value_or(TtlProvenance::Unknown);
    record.shard = *shard;
    return record;
}

} // namespace norikv::client
