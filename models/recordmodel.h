// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/tone.h"

#include <QAbstractTableModel>

#include <algorithm>
#include <utility>
#include <vector>

namespace norikv::models {

/// Roles every record model answers beside the display text.
enum RecordRole {
    SortRole = Qt::UserRole + 1, ///< raw number or text
    ToneRole, ///< models::Tone of the cell
    KeyRole, ///< the record's stored key as QByteArray, for "open" and "copy"
};

/// Signals of every RecordModel; templates cannot have a meta object.
class RecordModelBase : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;
};

/// A table of values with a key each. A concrete model answers columnCount, headerData and cell(). merge()
/// keeps selections, scroll positions and editors alive: it inserts, removes and changes rows and never
/// resets.
template <class Record> class RecordModel : public RecordModelBase {
public:
    using RecordModelBase::RecordModelBase;

    int rowCount(const QModelIndex& parent = {}) const final
    {
        return parent.isValid() ? 0 : static_cast<int>(m_records.size());
    }
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const final
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        return cell(m_records[static_cast<std::size_t>(index.row())], index.column(), role);
    }
    const Record& record(int row) const { return m_records[static_cast<std::size_t>(row)]; }
    const std::vector<Record>& records() const { return m_records; }

    /// Makes the rows equal to `next`, which must be ordered by `keyOf`, as the present rows are. Rows whose
    /// key stays keep their identity; `changed(old, new)` decides which of them are announced.
    template <class KeyOf, class Changed>
    void merge(std::vector<Record> next, const KeyOf& keyOf, const Changed& changed)
    {
        std::size_t row = 0;
        std::size_t from = 0;
        while (row < m_records.size() || from < next.size()) {
            const bool remove = row < m_records.size()
                && (from == next.size() || keyOf(m_records[row]) < keyOf(next[from]));
            const bool insert = !remove && from < next.size()
                && (row == m_records.size() || keyOf(next[from]) < keyOf(m_records[row]));
            if (remove) {
                std::size_t end = row + 1;
                while (end < m_records.size()
                    && (from == next.size() || keyOf(m_records[end]) < keyOf(next[from])))
                    ++end;
                removeRecords(row, end);
            } else if (insert) {
                std::size_t end = from + 1;
                while (end < next.size()
                    && (row == m_records.size() || keyOf(next[end]) < keyOf(m_records[row])))
                    ++end;
                insertRecords(row, next, from, end);
                row += end - from;
                from = end;
            } else {
                std::size_t last = row;
                bool any = false;
                std::size_t firstChanged = row;
                // Announce runs of neighbours that changed as one range.
                while (last < m_records.size() && from < next.size()
                    && !(keyOf(m_records[last]) < keyOf(next[from]))
                    && !(keyOf(next[from]) < keyOf(m_records[last]))) {
                    const bool differs = changed(m_records[last], next[from]);
                    if (differs) {
                        m_records[last] = std::move(next[from]);
                        if (!any)
                            firstChanged = last;
                        any = true;
                    } else if (any) {
                        announce(firstChanged, last - 1);
                        any = false;
                    }
                    ++last;
                    ++from;
                }
                if (any)
                    announce(firstChanged, last - 1);
                row = last;
            }
        }
    }

protected:
    virtual QVariant cell(const Record& record, int column, int role) const = 0;

    void insertRecords(std::size_t row, std::vector<Record>& from, std::size_t begin, std::size_t end)
    {
        if (begin == end)
            return;
        beginInsertRows({}, static_cast<int>(row), static_cast<int>(row + (end - begin) - 1));
        m_records.insert(m_records.begin() + static_cast<std::ptrdiff_t>(row),
            std::make_move_iterator(from.begin() + static_cast<std::ptrdiff_t>(begin)),
            std::make_move_iterator(from.begin() + static_cast<std::ptrdiff_t>(end)));
        endInsertRows();
    }
    void removeRecords(std::size_t begin, std::size_t end)
    {
        if (begin == end)
            return;
        beginRemoveRows({}, static_cast<int>(begin), static_cast<int>(end - 1));
        m_records.erase(m_records.begin() + static_cast<std::ptrdiff_t>(begin),
            m_records.begin() + static_cast<std::ptrdiff_t>(end));
        endRemoveRows();
    }
    void changeRecord(std::size_t row, Record record)
    {
        m_records[row] = std::move(record);
        announce(row, row);
    }
    void announce(std::size_t first, std::size_t last)
    {
        Q_EMIT dataChanged(
            index(static_cast<int>(first), 0), index(static_cast<int>(last), columnCount() - 1));
    }

private:
    std::vector<Record> m_records;
};

} // namespace norikv::models
