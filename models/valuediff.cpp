// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/valuediff.h"

#include "models/valuepresenter.h"

#include "client/decode/diff.h"

#include <QCoreApplication>

namespace norikv::models {

namespace {

using client::LineDiff;
using Row = DiffLayout::Row;

constexpr std::size_t Context = 3; ///< lines around a change that stay
constexpr std::size_t LongestLine = 400;

QString tr(const char* text) { return QCoreApplication::translate("valuediff", text); }

class Builder {
public:
    Builder(const std::vector<std::string_view>& before, const std::vector<std::string_view>& after,
        bool sideBySide)
        : m_before(before)
        , m_after(after)
    {
        m_out.sideBySide = sideBySide;
    }

    DiffLayout build(const LineDiff& diff)
    {
        m_out.removed = diff.removed;
        m_out.added = diff.added;
        for (std::size_t i = 0; i < diff.runs.size(); ++i) {
            const auto& run = diff.runs[i];
            if (run.what == LineDiff::What::Same) {
                same(run, i == 0, i + 1 == diff.runs.size());
                continue;
            }
            const bool pair = m_out.sideBySide && run.what == LineDiff::What::Removed
                && i + 1 < diff.runs.size() && diff.runs[i + 1].what == LineDiff::What::Added;
            if (pair)
                changed(run, diff.runs[++i]);
            else
                single(run);
        }
        return std::move(m_out);
    }

private:
    static std::uint32_t number(std::size_t line) { return static_cast<std::uint32_t>(line); }
    std::uint32_t text(std::string_view line)
    {
        m_out.texts.append(shownLine(line, LongestLine));
        return number(m_out.texts.size() - 1);
    }
    void same(const LineDiff::Run& run, bool first, bool last)
    {
        const std::size_t head = first ? 0 : Context;
        const std::size_t tail = last ? 0 : Context;
        const bool fold = run.count > head + tail + 1 && !(first && last);
        for (std::size_t i = 0; i < run.count; ++i) {
            if (fold && i == head) {
                const std::size_t folded = run.count - head - tail;
                m_out.rows.push_back({Row::What::Folded, number(folded), number(folded)});
                i += folded - 1;
                continue;
            }
            const auto shown = text(m_before[run.before + i]);
            m_out.rows.push_back(
                {Row::What::Same, number(run.before + i), number(run.after + i), shown, shown});
        }
    }
    void single(const LineDiff::Run& run)
    {
        const bool removed = run.what == LineDiff::What::Removed;
        for (std::size_t i = 0; i < run.count; ++i) {
            Row row;
            row.what = removed ? Row::What::Removed : Row::What::Added;
            if (removed) {
                row.left = number(run.before + i);
                row.leftText = text(m_before[run.before + i]);
            } else {
                row.right = number(run.after + i);
                row.rightText = text(m_after[run.after + i]);
            }
            m_out.rows.push_back(row);
        }
    }
    void changed(const LineDiff::Run& removed, const LineDiff::Run& added)
    {
        for (std::size_t i = 0; i < std::max(removed.count, added.count); ++i) {
            Row row;
            if (i < removed.count) {
                row.left = number(removed.before + i);
                row.leftText = text(m_before[removed.before + i]);
            }
            if (i < added.count) {
                row.right = number(added.after + i);
                row.rightText = text(m_after[added.after + i]);
            }
            row.what = i >= added.count ? Row::What::Removed
                : i >= removed.count    ? Row::What::Added
                                        : Row::What::Changed;
            m_out.rows.push_back(row);
        }
    }

    const std::vector<std::string_view>& m_before;
    const std::vector<std::string_view>& m_after;
    DiffLayout m_out;
};

} // namespace

DiffLayout diffValues(
    const client::Decoded& before, const client::Decoded& after, bool sideBySide, const std::stop_token& stop)
{
    const client::Bytes left = readableText(before, stop);
    const client::Bytes right = readableText(after, stop);
    const auto leftLines = client::splitLines(left);
    const auto rightLines = client::splitLines(right);
    const auto diff = client::diffLines(leftLines, rightLines, 1500, stop);
    DiffLayout layout = Builder(leftLines, rightLines, sideBySide).build(diff);
    if (layout.identical() && before.bytes != after.bytes)
        layout.remark = tr("The values differ in white space only.");
    else if (layout.identical())
        layout.remark = tr("The values are identical.");
    else if (diff.coarse)
        layout.remark = tr("Too different to compare line by line: what differs is shown in one piece.");
    return layout;
}

} // namespace norikv::models
