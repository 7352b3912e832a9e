// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/decode/diff.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_map>

namespace norikv::client {

namespace {

using Lines = std::vector<std::uint32_t>; // equal lines, equal numbers

/// Which lines stay, as pairs (before, after); nothing when that is more work than allowed.
using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

std::optional<Pairs> common(
    const Lines& before, const Lines& after, std::size_t mostEdits, const std::stop_token& stop)
{
    const auto n = static_cast<std::int64_t>(before.size());
    const auto m = static_cast<std::int64_t>(after.size());
    const auto most = std::min<std::int64_t>(n + m, static_cast<std::int64_t>(mostEdits));
    // furthest[k]: how far in `before` diagonal k was followed; each round's copy shows the way back.
    std::vector<std::int32_t> furthest(static_cast<std::size_t>(2 * most + 3), 0);
    std::vector<std::vector<std::int32_t>> rounds;
    const auto slot = [most](std::int64_t k) { return static_cast<std::size_t>(k + most + 1); };
    std::int64_t edits = 0;
    bool arrived = false;
    for (; edits <= most && !arrived; ++edits) {
        if (stop.stop_requested())
            return std::nullopt;
        rounds.emplace_back(furthest.begin() + static_cast<std::ptrdiff_t>(slot(-edits) - 1),
            furthest.begin() + static_cast<std::ptrdiff_t>(slot(edits) + 2));
        for (std::int64_t k = -edits; k <= edits; k += 2) {
            const bool down = k == -edits || (k != edits && furthest[slot(k - 1)] < furthest[slot(k + 1)]);
            std::int64_t x = down ? furthest[slot(k + 1)] : furthest[slot(k - 1)] + 1;
            while (x < n && x - k < m
                && before[static_cast<std::size_t>(x)] == after[static_cast<std::size_t>(x - k)])
                ++x;
            furthest[slot(k)] = static_cast<std::int32_t>(x);
            if (x >= n && x - k >= m) {
                arrived = true;
                break;
            }
        }
    }
    if (!arrived)
        return std::nullopt;
    Pairs pairs;
    std::int64_t x = n;
    std::int64_t y = m;
    for (std::int64_t d = edits - 1; d >= 0; --d) {
        const auto& round = rounds[static_cast<std::size_t>(d)];
        const auto at = [&](std::int64_t k) { return round[static_cast<std::size_t>(k + d + 1)]; };
        const std::int64_t k = x - y;
        const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
        const std::int64_t fromK = down ? k + 1 : k - 1;
        const std::int64_t fromX = d == 0 ? 0 : at(fromK);
        const std::int64_t fromY = d == 0 ? 0 : fromX - fromK;
        while (x > fromX && y > fromY && (d == 0 || x > (down ? fromX : fromX + 1))) {
            --x;
            --y;
            pairs.emplace_back(static_cast<std::size_t>(x), static_cast<std::size_t>(y));
        }
        x = fromX;
        y = fromY;
    }
    std::ranges::reverse(pairs);
    return pairs;
}

void append(LineDiff& diff, LineDiff::What what, std::size_t before, std::size_t after, std::size_t count)
{
    if (count == 0)
        return;
    if (what == LineDiff::What::Removed)
        diff.removed += count;
    if (what == LineDiff::What::Added)
        diff.added += count;
    if (!diff.runs.empty() && diff.runs.back().what == what)
        diff.runs.back().count += count;
    else
        diff.runs.push_back({what, before, after, count});
}

} // namespace

std::vector<std::string_view> splitLines(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
        lines.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return lines;
}

LineDiff diffLines(const std::vector<std::string_view>& before, const std::vector<std::string_view>& after,
    std::size_t mostEdits, const std::stop_token& stop)
{
    std::size_t head = 0;
    while (head < before.size() && head < after.size() && before[head] == after[head])
        ++head;
    std::size_t tail = 0;
    while (tail < before.size() - head && tail < after.size() - head
        && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    std::unordered_map<std::string_view, std::uint32_t> numbers;
    const auto numbered = [&](const std::vector<std::string_view>& lines) {
        Lines out;
        for (std::size_t i = head; i < lines.size() - tail; ++i)
            out.push_back(
                numbers.try_emplace(lines[i], static_cast<std::uint32_t>(numbers.size())).first->second);
        return out;
    };
    const Lines a = numbered(before);
    const Lines b = numbered(after);
    using enum LineDiff::What;
    LineDiff diff;
    append(diff, Same, 0, 0, head);
    auto pairs = a.empty() || b.empty() ? std::optional(Pairs{}) : common(a, b, mostEdits, stop);
    diff.coarse = !pairs;
    std::size_t x = 0;
    std::size_t y = 0;
    for (const auto& [left, right] : pairs.value_or(Pairs{})) {
        append(diff, Removed, head + x, head + y, left - x);
        append(diff, Added, head + left, head + y, right - y);
        append(diff, Same, head + left, head + right, 1);
        x = left + 1;
        y = right + 1;
    }
    append(diff, Removed, head + x, head + y, a.size() - x);
    append(diff, Added, head + a.size(), head + y, b.size() - y);
    append(diff, Same, before.size() - tail, after.size() - tail, tail);
    return diff;
}

} // namespace norikv::client
