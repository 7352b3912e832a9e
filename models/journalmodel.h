// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/recordmodel.h"

#include "client/journal/journal.h"

#include <map>
#include <set>

namespace norikv::models {

/// What a write is called in lists: "Put", "Put · CAS", "Delete", "Bulk".
QString actionText(const client::JournalEntry& entry);
/// A value before or after in one line: the bytes, "missing", and how long they live.
QString sideText(const client::Entry& side, bool existed);

/// The newest 5,000 writes, newest first; filtered by text. Values are clipped
/// (client::JournalOptions::clip).
class JournalModel final : public RecordModel<client::JournalEntry> {
    Q_OBJECT
public:
    enum Column { Time, Action, Key, Before, After, Status, Why, ColumnCount };
    static constexpr std::size_t Limit = 5000;

    using RecordModel::RecordModel;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Adds new entries and replaces known ones.
    void merge(std::vector<client::JournalEntry> entries);
    void setFilter(const QString& text); ///< plain text, matched against every column, case ignored
    /// The newest write that can be taken back: neither an undo itself, nor undone, nor failed. Null if none.
    const client::JournalEntry* lastUndoable() const;
    bool undoable(const client::JournalEntry& entry) const;
    const client::JournalEntry* find(std::uint64_t id) const;
    int all() const { return static_cast<int>(m_all.size()); }
    /// The row as one tab-separated line.
    QString line(int row) const;

protected:
    QVariant cell(const client::JournalEntry& entry, int column, int role) const override;

private:
    void show();
    std::uint64_t undoneBy(const client::JournalEntry& entry) const;
    QString text(const client::JournalEntry& entry, int column) const;
    bool matches(const client::JournalEntry& entry) const;

    std::map<std::uint64_t, client::JournalEntry> m_all;
    std::set<std::uint64_t> m_undone;
    QString m_filter;
};

} // namespace norikv::models
