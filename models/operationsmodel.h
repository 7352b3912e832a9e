// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/recordmodel.h"

#include "client/copyas.h"
#include "client/trace.h"

#include <deque>

namespace norikv::models {

/// The last 10,000 calls, newest first. Filtered by text; while paused new calls wait and are counted.
class OperationsModel final : public RecordModelBase {
    Q_OBJECT
public:
    enum Column { Time, Name, Key, Shard, Node, Attempts, Took, Outcome, ColumnCount };
    static constexpr std::size_t Limit = 10'000;

    explicit OperationsModel(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void append(std::vector<client::Operation> operations, std::uint64_t dropped);
    void clear();
    void setFilter(const QString& text); ///< plain text, matched against every column, case ignored
    void setPaused(bool paused);
    bool paused() const { return m_paused; }
    int waiting() const { return static_cast<int>(m_waiting.size()); }
    std::uint64_t dropped() const { return m_dropped; }
    /// The row as an operation to copy; the list keeps no values, so a Put is refused.
    client::Result<client::ShownOperation> shownOperation(int row) const;
    /// The row as one tab-separated line.
    QString line(int row) const;

Q_SIGNALS:
    void waitingChanged(int count);

private:
    bool matches(const client::Operation& op) const;
    void show(std::vector<client::Operation> operations);
    QString text(const client::Operation& op, int column) const;

    std::deque<client::Operation> m_all; ///< newest first
    std::deque<client::Operation> m_rows; ///< those that match, newest first
    std::vector<client::Operation> m_waiting;
    QString m_filter;
    bool m_paused = false;
    std::uint64_t m_dropped = 0;
};

} // namespace norikv::models
