// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace norikv::models {

/// Rows in order, never changed once made: a thread makes the next sheet while the window still shows this
/// one. Sheets share the blocks that did not change, so the next of a million rows costs what changed, not a
/// million. `Row` is handed around by pointer; a changed row is a new one.
template <class Row> class Sheet {
public:
    using Ptr = std::shared_ptr<const Row>;
    static constexpr std::size_t BlockRows = 512;

    Sheet() = default;
    /// `rows` in order.
    explicit Sheet(std::vector<Ptr> rows)
    {
        for (std::size_t from = 0; from < rows.size(); from += BlockRows) {
            const auto first = rows.begin() + static_cast<std::ptrdiff_t>(from);
            const auto last
                = rows.begin() + static_cast<std::ptrdiff_t>(std::min(from + BlockRows, rows.size()));
            add(std::make_shared<const Block>(std::make_move_iterator(first), std::make_move_iterator(last)));
        }
    }

    std::size_t size() const { return m_starts.back(); }
    bool empty() const { return size() == 0; }
    const Row& operator[](std::size_t row) const { return *ptr(row); }
    const Ptr& ptr(std::size_t row) const
    {
        const std::size_t block = blockOf(row);
        return (*m_blocks[block])[row - m_starts[block]];
    }

    /// First row that is not less than `what`; `less` is the order of the sheet.
    template <class What, class Less> std::size_t lowerBound(const What& what, const Less& less) const
    {
        std::size_t low = 0;
        std::size_t high = size();
        while (low < high) {
            const std::size_t middle = low + (high - low) / 2;
            if (less((*this)[middle], what))
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
    /// Where exactly this row stands.
    template <class Less> std::optional<std::size_t> find(const Ptr& row, const Less& less) const
    {
        for (std::size_t at = lowerBound(*row, less); at < size() && !less(*row, (*this)[at]); ++at) {
            if (ptr(at) == row)
                return at;
        }
        return std::nullopt;
    }

    /// The sheet without `gone` (rows of this one) and with `come`, both in order.
    template <class Less>
    Sheet with(const std::vector<Ptr>& gone, const std::vector<Ptr>& come, const Less& less) const
    {
        Sheet next;
        auto leaves = gone.begin();
        auto arrives = come.begin();
        const auto before = [&](const Ptr& row, const Block& block) { return less(*row, *block.front()); };
        for (std::size_t i = 0; i < m_blocks.size(); ++i) {
            const Block& block = *m_blocks[i];
            const bool last = i + 1 == m_blocks.size();
            auto leavesEnd = leaves;
            while (leavesEnd != gone.end() && (last || before(*leavesEnd, *m_blocks[i + 1])))
                ++leavesEnd;
            auto arrivesEnd = arrives;
            while (arrivesEnd != come.end() && (last || before(*arrivesEnd, *m_blocks[i + 1])))
                ++arrivesEnd;
            if (leaves == leavesEnd && arrives == arrivesEnd) {
                next.add(m_blocks[i]);
                continue;
            }
            Block kept;
            kept.reserve(block.size());
            std::ranges::copy_if(block, std::back_inserter(kept),
                [&](const Ptr& row) { return std::find(leaves, leavesEnd, row) == leavesEnd; });
            Block merged;
            merged.reserve(kept.size() + static_cast<std::size_t>(arrivesEnd - arrives));
            std::merge(kept.begin(), kept.end(), arrives, arrivesEnd, std::back_inserter(merged),
                [&](const Ptr& a, const Ptr& b) { return less(*a, *b); });
            next.addCut(std::move(merged));
            leaves = leavesEnd;
            arrives = arrivesEnd;
        }
        if (m_blocks.empty())
            next.addCut(Block(come.begin(), come.end()));
        return next;
    }

    /// The rows that differ between two sheets of one length: [first, last), or nothing when all are the
    /// same.
    static std::optional<std::pair<std::size_t, std::size_t>> changedRange(const Sheet& a, const Sheet& b)
    {
        std::size_t first = 0;
        std::size_t last = a.size();
        // Whole blocks first: what is shared is equal.
        std::size_t block = 0;
        while (
            block < a.m_blocks.size() && block < b.m_blocks.size() && a.m_blocks[block] == b.m_blocks[block])
            first = a.m_starts[++block];
        while (first < last && a.ptr(first) == b.ptr(first))
            ++first;
        std::size_t end = a.m_blocks.size();
        std::size_t otherEnd = b.m_blocks.size();
        while (end > block && otherEnd > block && a.m_blocks[end - 1] == b.m_blocks[otherEnd - 1]) {
            --otherEnd;
            last = a.m_starts[--end];
        }
        while (last > first && a.ptr(last - 1) == b.ptr(last - 1))
            --last;
        return first < last ? std::optional(std::pair(first, last)) : std::nullopt;
    }

    /// The first row that fits, looked for one by one; null where none does.
    template <class Fits> const Row* firstOf(const Fits& fits) const
    {
        for (const auto& block : m_blocks) {
            for (const Ptr& row : *block) {
                if (fits(*row))
                    return row.get();
            }
        }
        return nullptr;
    }

private:
    using Block = std::vector<Ptr>;

    std::size_t blockOf(std::size_t row) const
    {
        const auto next = std::ranges::upper_bound(m_starts, row);
        return static_cast<std::size_t>(next - m_starts.begin()) - 1;
    }
    void add(std::shared_ptr<const Block> block)
    {
        m_starts.push_back(m_starts.back() + block->size());
        m_blocks.push_back(std::move(block));
    }
    /// Keeps blocks between a quarter full and full, so that finding a row stays cheap.
    void addCut(Block rows)
    {
        if (!m_blocks.empty() && !rows.empty() && rows.size() < BlockRows / 4
            && m_blocks.back()->size() < BlockRows / 2) {
            Block joined = *m_blocks.back();
            joined.insert(joined.end(), rows.begin(), rows.end());
            m_blocks.pop_back();
            m_starts.pop_back();
            add(std::make_shared<const Block>(std::move(joined)));
            return;
        }
        while (!rows.empty()) {
            const std::size_t take
                = rows.size() <= BlockRows ? rows.size() : std::min(rows.size() / 2, BlockRows);
            Block part(std::make_move_iterator(rows.begin()),
                std::make_move_iterator(rows.begin() + static_cast<std::ptrdiff_t>(take)));
            rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(take));
            add(std::make_shared<const Block>(std::move(part)));
        }
    }

    std::vector<std::shared_ptr<const Block>> m_blocks;
    std::vector<std::size_t> m_starts{0}; ///< of each block, and the end
};

} // namespace norikv::models
