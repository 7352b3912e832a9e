// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/bulk/undoreader.h"

#include "client/localfile.h"

#include <algorithm>
#include <cerrno>

namespace norikv::client {

namespace {
constexpr std::uint64_t PieceBytes = 256 * 1024;
constexpr std::size_t LongestLine
    = 8 * 1024 * 1024; ///< a value of 1 MiB as JSON with an escape for each byte
constexpr std::size_t ShownOfBroken = 200;
} // namespace

UndoReader::UndoReader(const std::string& path, std::uint64_t size, std::uint64_t lines)
    : m_path(path)
    , m_file(path, std::ios::binary)
    , m_from(size)
    , m_number(lines + 1)
{
}

Result<UndoReader> UndoReader::open(const std::string& path)
{
    LineReader::Options options;
    options.longestLine = LongestLine;
    auto lines = LineReader::open(path, options);
    if (!lines)
        return tl::unexpected(lines.error());
    std::uint64_t count = 0;
    while (true) {
        const auto line = lines->next();
        if (!line)
            return tl::unexpected(line.error());
        if (!*line)
            break;
        count = (*line)->number;
    }
    UndoReader reader(path, lines->bytesRead(), count);
    if (!reader.m_file)
        return tl::unexpected(fileError(path, "read", errno));
    return reader;
}

/// Puts the piece before the buffer in front of it; false at the beginning of the file.
Result<bool> UndoReader::fill()
{
    if (m_from == 0)
        return false;
    if (m_buffer.size() > LongestLine) {
        m_tooLong = true;
        m_buffer.clear();
    }
    std::string piece(std::min(PieceBytes, m_from), '\0');
    m_from -= piece.size();
    m_file.seekg(static_cast<std::streamoff>(m_from));
    if (!m_file.read(piece.data(), static_cast<std::streamsize>(piece.size())))
        return tl::unexpected(fileError(m_path, "read", errno));
    m_buffer.insert(0, piece);
    return true;
}

Result<std::optional<ImportRow>> UndoReader::next()
{
    bool ended = false; // the line's own end was passed
    while (true) {
        if (!ended && m_buffer.ends_with('\n') && !m_tooLong) {
            m_buffer.pop_back();
            ended = true;
        }
        const auto before = m_buffer.rfind('\n');
        if (before == std::string::npos) {
            const auto more = fill();
            if (!more)
                return tl::unexpected(more.error());
            if (*more)
                continue;
            if (m_buffer.empty() && !m_tooLong && !ended)
                return std::optional<ImportRow>();
        }
        const std::size_t begin = before == std::string::npos ? 0 : before + 1;
        const std::string text = m_buffer.substr(begin);
        m_buffer.resize(begin);
        --m_number;
        ended = false;
        if (text.empty() && !m_tooLong)
            continue;
        auto record = std::exchange(m_tooLong, false) || text.size() > LongestLine
            ? Result<NdjsonRecord>(fail(ErrorKind::TooLarge, "the line is longer than any value"))
            : parseNdjson(text);
        if (!record)
            return ImportRow{m_number, std::move(record), text.substr(0, ShownOfBroken)};
        return ImportRow{m_number, std::move(record), {}};
    }
}

} // namespace norikv::client
