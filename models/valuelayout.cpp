// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/valuelayout.h"

#include "client/decode/json.h"

#include <QCoreApplication>

#include <algorithm>

namespace norikv::models {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("valuelayout", text); }

// Cuts at most `most` bytes off the front without splitting a UTF-8 sequence.
std::string_view cut(std::string_view line, std::size_t most)
{
    if (line.size() <= most)
        return line;
    std::size_t end = most;
    while (end > most - 4 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80)
        --end;
    return line.substr(0, end);
}

QString shownText(std::string_view piece)
{
    // A tab is shown as spaces: its escape would hide the shape of the text.
    if (piece.find('\t') == std::string_view::npos)
        return QString::fromStdString(client::printable(piece));
    std::string text;
    for (const char c : piece)
        c == '\t' ? text.append(4, ' ') : text.append(1, c);
    return QString::fromStdString(client::printable(text));
}

void appendLines(TextLines& out, std::string_view text)
{
    while (true) {
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        do {
            std::string_view piece = cut(line, ValueLayout::MaxColumns);
            QString shownPiece = shownText(piece);
            if (shownPiece.size() > qsizetype(ValueLayout::MaxColumns)) {
                // No byte is shown as more than four characters.
                piece = cut(line, ValueLayout::MaxColumns / 4);
                shownPiece = shownText(piece);
            }
            out.append(shownPiece);
            line.remove_prefix(piece.size());
        } while (!line.empty());
        if (end == std::string_view::npos)
            return;
        text.remove_prefix(end + 1);
    }
}

} // namespace

ValueLayout layoutText(std::string_view value)
{
    ValueLayout layout;
    appendLines(layout.lines, value);
    if (!client::isUtf8(value))
        layout.remark = tr("not UTF-8: bytes that are no text are shown as \\xNN");
    return layout;
}

ValueLayout layoutHex(std::string_view value, std::size_t columns)
{
    ValueLayout layout;
    layout.mode = ViewMode::Hex;
    constexpr std::string_view digits = "0123456789abcdef";
    // The same place in every line: written into one buffer, since a megabyte has 131,072 of them.
    const std::size_t bytesAt = 8;
    const std::size_t textAt = bytesAt + columns * 3 + (columns > 8 ? 1 : 0) + 1;
    std::string line(textAt + columns, ' ');
    const std::size_t rows = (value.size() + columns - 1) / columns;
    layout.lines.reserve(rows, rows * line.size());
    for (std::size_t offset = 0; offset < value.size(); offset += columns) {
        const std::string_view row = value.substr(offset, columns);
        if (row.size() < columns)
            std::fill(line.begin(), line.end(), ' ');
        for (std::size_t i = 0; i < 6; ++i)
            line[i] = digits[(offset >> (20 - 4 * i)) & 15];
        for (std::size_t i = 0; i < row.size(); ++i) {
            const auto b = static_cast<unsigned char>(row[i]);
            const std::size_t at = bytesAt + i * 3 + (i >= 8 ? 1 : 0);
            line[at] = digits[b >> 4];
            line[at + 1] = digits[b & 15];
            line[textAt + i] = b >= 0x20 && b < 0x7F ? row[i] : '.';
        }
        layout.lines.append(QLatin1String(line.data(), qsizetype(textAt + row.size())));
    }
    return layout;
}

ValueLayout layoutJson(std::string_view value)
{
    client::JsonLimits limits;
    limits.lenient = true; // to be shown, not to be judged
    const auto indented = client::prettyJson(value, limits);
    if (!indented) {
        ValueLayout layout = layoutText(value);
        layout.remark = client::looksLikeJson(value)
            ? tr("not valid JSON, or nested too deeply to be indented: shown as text")
            : tr("not JSON: shown as text");
        return layout;
    }
    ValueLayout layout;
    layout.mode = ViewMode::Json;
    appendLines(layout.lines, *indented);
    return layout;
}

ValueLayout layoutValue(std::string_view value, ViewMode mode)
{
    switch (mode) {
    case ViewMode::Json:
        return layoutJson(value);
    case ViewMode::Hex:
        return layoutHex(value);
    case ViewMode::Text:
    case ViewMode::Tree:
    case ViewMode::Image:
        break;
    }
    return layoutText(value);
}

QString shownLine(std::string_view line, std::size_t most)
{
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    const std::string_view head = cut(line, most);
    QString text = shownText(head);
    const bool whole = head.size() == line.size() && text.size() <= qsizetype(most);
    return whole ? text : text.left(qsizetype(most)) + QChar(0x2026);
}

} // namespace norikv::models
