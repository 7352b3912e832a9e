// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"
#include "models/sheet.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace norikv::models {

/// One state of a list, ready to be shown: which rows, in which order, and what became of changed ones.
template <class Row> struct SheetView {
    using Ptr = typename Sheet<Row>::Ptr;
    using Less = std::function<bool(const Row&, const Row&)>;
    Sheet<Row> sheet;
    Less less; ///< a total order: ends with the key
    std::vector<std::pair<Ptr, Ptr>> replaced; ///< since the view before: a row and what it is now
    bool inPlace = false; ///< since the view before rows changed, and none came, went or moved
    std::size_t all = 0; ///< rows there are, shown or not
    std::uint64_t number = 0; ///< counts up by one from view to view
    std::size_t bytes = 0; ///< an estimate of what this view holds alone
};

/// Rows by key with the order and filter that a person asked for; makes views of what changed. `Row` has a
/// member `key`. One thread, the follower's: a million rows are nothing for the GUI's.
template <class Row> class SheetKeeper {
public:
    using Ptr = typename Sheet<Row>::Ptr;
    using Less = typename SheetView<Row>::Less;
    using Filter = std::function<bool(const Row&)>;

    explicit SheetKeeper(Less less)
        : m_less(std::move(less))
    {
    }

    std::size_t size() const { return m_rows.size(); }
    const Row* find(std::string_view key) const
    {
        const auto found = m_rows.find(key);
        return found == m_rows.end() ? nullptr : found->second.get();
    }
    template <class Visit> void each(const Visit& visit) const
    {
        for (const auto& [key, row] : m_rows)
            visit(*row);
    }

    void put(Row row)
    {
        auto now = std::make_shared<const Row>(std::move(row));
        const auto found = m_rows.find(now->key);
        if (found == m_rows.end()) {
            m_before.try_emplace(now->key, nullptr);
        } else {
            m_before.try_emplace(now->key, found->second);
            m_rows.erase(found); // its key goes with the old row
        }
        const std::string_view key = now->key;
        m_rows.emplace(key, std::move(now));
    }
    void erase(std::string_view key)
    {
        const auto found = m_rows.find(key);
        if (found == m_rows.end())
            return;
        m_before.try_emplace(client::Bytes(key), found->second);
        m_rows.erase(found);
    }
    /// Rows for which `gone` answers true leave.
    void eraseIf(const std::function<bool(const Row&)>& gone)
    {
        for (auto it = m_rows.begin(); it != m_rows.end();) {
            if (!gone(*it->second)) {
                ++it;
                continue;
            }
            m_before.try_emplace(it->second->key, it->second);
            it = m_rows.erase(it);
        }
    }

    void setOrder(Less less)
    {
        m_less = std::move(less);
        m_rebuild = true;
    }
    /// An empty filter shows all.
    void setFilter(Filter filter)
    {
        m_filter = std::move(filter);
        m_rebuild = true;
    }
    bool dirty() const { return m_rebuild || !m_before.empty(); }

    /// The view of now; what a view before held stays valid.
    std::shared_ptr<const SheetView<Row>> publish()
    {
        auto view = std::make_shared<SheetView<Row>>();
        std::vector<Ptr> gone;
        std::vector<Ptr> come;
        view->inPlace = !m_rebuild;
        for (auto& [key, old] : m_before) {
            const auto found = m_rows.find(key);
            const Ptr now = found == m_rows.end() ? nullptr : found->second;
            const bool was = old && shows(*old);
            const bool is = now && shows(*now);
            if (old && now)
                view->replaced.emplace_back(old, now);
            if (was)
                gone.push_back(old);
            if (is)
                come.push_back(now);
            if (was != is || (was && (m_less(*old, *now) || m_less(*now, *old))))
                view->inPlace = false;
        }
        m_before.clear();
        const auto less = [this](const Ptr& a, const Ptr& b) { return m_less(*a, *b); };
        // Where much changed, sorting anew is cheaper than finding each place.
        if (m_rebuild || gone.size() + come.size() > m_rows.size() / 4) {
            std::vector<Ptr> rows;
            rows.reserve(m_rows.size());
            for (const auto& [key, row] : m_rows) {
                if (shows(*row))
                    rows.push_back(row);
            }
            std::ranges::sort(rows, less);
            m_sheet = Sheet<Row>(std::move(rows));
            m_rebuild = false;
        } else if (!gone.empty() || !come.empty()) {
            std::ranges::sort(gone, less);
            std::ranges::sort(come, less);
            m_sheet = m_sheet.with(gone, come, m_less);
        }
        view->sheet = m_sheet;
        view->less = m_less;
        view->all = m_rows.size();
        view->number = ++m_number;
        view->bytes = sizeof(*view) + (come.size() + view->replaced.size()) * (sizeof(Row) + RowText)
            + std::min(gone.size() + come.size(), m_sheet.size() / Sheet<Row>::BlockRows + 1)
                * Sheet<Row>::BlockRows * sizeof(Ptr);
        return view;
    }

private:
    static constexpr std::size_t RowText = 256; // of a row, outside itself: a guess

    bool shows(const Row& row) const { return !m_filter || m_filter(row); }

    Less m_less;
    Filter m_filter;
    std::unordered_map<std::string_view, Ptr> m_rows; ///< keys point into the rows
    std::unordered_map<client::Bytes, Ptr> m_before; ///< as of the last view; null = was not there
    Sheet<Row> m_sheet;
    bool m_rebuild = false;
    std::uint64_t m_number = 0;
};

} // namespace norikv::models
