// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/embed/vectorimport.h"

#include "client/embed/vectorfiles.h"
#include "client/linereader.h"

#include <algorithm>
#include <cmath>

namespace norikv::client {

namespace {

constexpr std::size_t MostDimensions = 4096; // wire-contract 5.2
constexpr std::size_t MostIdBytes = 512;
constexpr std::size_t HeadBytes = 64 * 1024;

bool endsWith(std::string_view path, std::string_view ending)
{
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; };
    return path.size() >= ending.size()
        && std::ranges::equal(path.substr(path.size() - ending.size()), ending, same);
}

Result<VectorFormat> formatOf(const std::string& path)
{
    LineReader::Options options;
    options.longestLine = HeadBytes; // its beginning is enough
    auto lines = LineReader::open(path, options);
    if (!lines)
        return tl::unexpected(lines.error());
    if (endsWith(path, ".fvecs"))
        return VectorFormat::Fvecs;
    if (endsWith(path, ".npy"))
        return VectorFormat::Npy;
    while (true) {
        const auto line = lines->next();
        if (!line)
            return tl::unexpected(line.error());
        if (!*line)
            break;
        std::string_view text = (*line)->text;
        if ((*line)->number == 1 && text.starts_with(NpyMagic))
            return VectorFormat::Npy;
        if ((*line)->number == 1 && text.starts_with("\xEF\xBB\xBF"))
            text.remove_prefix(3);
        const auto first = text.find_first_not_of(" \t");
        if (first == std::string_view::npos)
            continue;
        if (text[first] == '{')
            return VectorFormat::Ndjson;
        break;
    }
    return endsWith(path, ".csv") ? VectorFormat::Csv : VectorFormat::TextList;
}

} // namespace

std::string_view name(VectorFormat format)
{
    switch (format) {
    case VectorFormat::TextList:
        return "text list";
    case VectorFormat::Csv:
        return "CSV";
    case VectorFormat::Ndjson:
        return "NDJSON";
    case VectorFormat::Npy:
        return "NumPy array";
    case VectorFormat::Fvecs:
        return "fvecs";
    }
    return {};
}

Result<VectorRow> usableRow(VectorRow row)
{
    const auto bad = [](const std::string& why) { return fail(ErrorKind::BadData, why); };
    if (row.id.empty() || row.id.size() > MostIdBytes)
        return bad("its id has " + std::to_string(row.id.size()) + " bytes; 1 to 512 are possible");
    const auto blank = [](std::string_view text) {
        return text.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
    };
    if (row.vector.empty() && blank(row.text) && blank(row.title))
        return bad("it has neither a text nor a vector");
    if (row.vector.size() > MostDimensions)
        return bad("its vector has " + std::to_string(row.vector.size()) + " numbers; 4096 are possible");
    const auto odd = std::ranges::find_if_not(row.vector, [](float value) { return std::isfinite(value); });
    if (odd != row.vector.end()) {
        return bad("number " + std::to_string(odd - row.vector.begin() + 1)
            + " of its vector is not finite as a 32-bit float");
    }
    return row;
}

Result<std::unique_ptr<VectorReader>> VectorReader::open(
    const std::string& path, const VectorReadOptions& options)
{
    const auto format = options.format ? Result<VectorFormat>(*options.format) : formatOf(path);
    if (!format)
        return tl::unexpected(format.error());
    switch (*format) {
    case VectorFormat::Npy:
        return openNpy(path, options);
    case VectorFormat::Fvecs:
        return openFvecs(path, options);
    case VectorFormat::TextList:
    case VectorFormat::Csv:
    case VectorFormat::Ndjson:
        break;
    }
    return openTextRows(path, *format, options);
}

} // namespace norikv::client
