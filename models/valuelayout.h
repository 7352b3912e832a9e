// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"

#include <QString>

#include <optional>
#include <vector>

namespace norikv::models {

enum class ViewMode { Text, Json, Tree, Hex, Image };

/// Lines of text in one piece of memory: half a million of them are made, moved and freed as one.
class TextLines {
public:
    class Iterator {
    public:
        Iterator(const TextLines& lines, std::size_t at)
            : m_lines(&lines)
            , m_at(at)
        {
        }
        QString operator*() const { return (*m_lines)[m_at]; }
        Iterator& operator++()
        {
            ++m_at;
            return *this;
        }
        bool operator==(const Iterator&) const = default;

    private:
        const TextLines* m_lines;
        std::size_t m_at;
    };

    void append(QStringView line)
    {
        m_text += line;
        m_ends.push_back(static_cast<std::uint32_t>(m_text.size()));
        m_widest = std::max(m_widest, line.size());
    }
    void append(QLatin1String line)
    {
        m_text += line;
        m_ends.push_back(static_cast<std::uint32_t>(m_text.size()));
        m_widest = std::max(m_widest, line.size());
    }
    void reserve(std::size_t lines, std::size_t characters)
    {
        m_ends.reserve(lines);
        m_text.reserve(static_cast<qsizetype>(characters));
    }
    std::size_t size() const { return m_ends.size(); }
    bool empty() const { return m_ends.empty(); }
    QString operator[](std::size_t line) const
    {
        const std::uint32_t from = line == 0 ? 0 : m_ends[line - 1];
        return m_text.mid(from, m_ends[line] - from);
    }
    QString back() const { return (*this)[size() - 1]; }
    qsizetype widest() const { return m_widest; } ///< in UTF-16 units
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, size()}; }

private:
    QString m_text;
    std::vector<std::uint32_t> m_ends;
    qsizetype m_widest = 0;
};

/// A value cut into lines that can be painted one by one: a megabyte in one line freezes stock text widgets
/// for a minute, so nothing longer than `MaxColumns` characters is ever shaped.
struct ValueLayout {
    static constexpr std::size_t MaxColumns = 160;

    ViewMode mode = ViewMode::Text;
    TextLines lines;
    QString remark; ///< e.g. why JSON fell back to text; may be empty
};

/// Text as people read it: line breaks kept, invalid UTF-8 and hidden characters escaped (client::printable).
ValueLayout layoutText(std::string_view value);
/// Offset, `columns` bytes (8 or 16), characters.
ValueLayout layoutHex(std::string_view value, std::size_t columns = 16);
/// Indented JSON; the tokens stay exactly as stored (numbers, duplicate names, order). Falls back to text
/// with a remark.
ValueLayout layoutJson(std::string_view value);
/// Of Text, Json and Hex.
ValueLayout layoutValue(std::string_view value, ViewMode mode);
/// One line of foreign text: tabs as spaces, all else that hides as escapes, at most `most` characters.
QString shownLine(std::string_view line, std::size_t most = ValueLayout::MaxColumns);

} // namespace norikv::models
