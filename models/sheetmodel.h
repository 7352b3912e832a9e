// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/recordmodel.h"
#include "models/sheetkeeper.h"

#include <memory>
#include <string_view>
#include <unordered_map>

namespace norikv::models {

/// A table over the newest SheetView. A concrete model answers columnCount, headerData and cell(). Showing
/// the next view costs the GUI thread a pointer: rows that stay keep selection, current index and editors,
/// and only what changed in place is announced. For lists of a dozen up to millions.
template <class Row> class SheetModel : public RecordModelBase {
public:
    using RecordModelBase::RecordModelBase;
    using Ptr = typename Sheet<Row>::Ptr;

    int rowCount(const QModelIndex& parent = {}) const final
    {
        return parent.isValid() ? 0 : static_cast<int>(sheet().size());
    }
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const final
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        return cell(record(index.row()), index.column(), role);
    }
    const Row& record(int row) const { return sheet()[static_cast<std::size_t>(row)]; }
    const Sheet<Row>& sheet() const { return m_view->sheet; }
    /// Rows there are, shown or not.
    std::size_t all() const { return m_view->all; }

    /// Any view of one keeper; cheapest in the order made, none left out.
    void show(std::shared_ptr<const SheetView<Row>> next)
    {
        if (next == m_view)
            return;
        if (next->number != m_view->number + 1)
            return jumpTo(std::move(next));
        if (next->inPlace) {
            const auto range = Sheet<Row>::changedRange(sheet(), next->sheet);
            m_view = std::move(next);
            if (range)
                announce(range->first, range->second - 1);
            return;
        }
        Q_EMIT layoutAboutToBeChanged();
        const auto before = std::exchange(m_view, std::move(next));
        std::unordered_map<const Row*, Ptr> replaced;
        const auto from = persistentIndexList();
        if (!from.isEmpty()) {
            for (const auto& [old, now] : m_view->replaced)
                replaced.emplace(old.get(), now);
        }
        QModelIndexList to;
        to.reserve(from.size());
        for (const QModelIndex& old : from) {
            Ptr row = before->sheet.ptr(static_cast<std::size_t>(old.row()));
            if (const auto now = replaced.find(row.get()); now != replaced.end())
                row = now->second;
            const auto place = sheet().find(row, m_view->less);
            to.push_back(place ? index(static_cast<int>(*place), old.column()) : QModelIndex());
        }
        changePersistentIndexList(from, to);
        Q_EMIT layoutChanged();
    }
    /// Time passed: call once a second with the rows in sight. Costs the same for a thousand rows and a
    /// million.
    void tick(int first, int last)
    {
        if (first >= 0 && last >= first && last < rowCount())
            announce(static_cast<std::size_t>(first), static_cast<std::size_t>(last));
    }

protected:
    virtual QVariant cell(const Row& row, int column, int role) const = 0;

    void announce(std::size_t first, std::size_t last)
    {
        Q_EMIT dataChanged(
            index(static_cast<int>(first), 0), index(static_cast<int>(last), columnCount() - 1));
    }

private:
    /// Another moment: nothing tells what became of a row but its key.
    void jumpTo(std::shared_ptr<const SheetView<Row>> next)
    {
        Q_EMIT layoutAboutToBeChanged();
        const auto before = std::exchange(m_view, std::move(next));
        const auto from = persistentIndexList();
        std::unordered_map<std::string_view, int> places;
        for (const QModelIndex& old : from)
            places.emplace(before->sheet[static_cast<std::size_t>(old.row())].key, -1);
        for (std::size_t row = 0; !places.empty() && row < sheet().size(); ++row) {
            if (const auto found = places.find(sheet()[row].key); found != places.end())
                found->second = static_cast<int>(row);
        }
        QModelIndexList to;
        to.reserve(from.size());
        for (const QModelIndex& old : from) {
            const int row = places.at(before->sheet[static_cast<std::size_t>(old.row())].key);
            to.push_back(row < 0 ? QModelIndex() : index(row, old.column()));
        }
        changePersistentIndexList(from, to);
        Q_EMIT layoutChanged();
    }

    std::shared_ptr<const SheetView<Row>> m_view = std::make_shared<SheetView<Row>>();
};

} // namespace norikv::models
