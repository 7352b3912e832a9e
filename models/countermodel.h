// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/counterbook.h"
#include "models/recordmodel.h"

namespace norikv::models {

/// One row of the list of counters.
struct CounterRow {
    client::Bytes name;
    bool sharded = false;
    std::uint32_t shards = 0;
    std::int64_t total = 0;
    double rate = 0;
    bool partial = false; ///< holds something that is no integer
    bool missing = false; ///< declared and not stored
    bool opened = false;
    bool operator==(const CounterRow&) const = default;
};

class CounterModel final : public RecordModel<CounterRow> {
    Q_OBJECT
public:
    enum Column { Name, Total, Rate, ColumnCount };

    using RecordModel::RecordModel;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Merges the book's counters into the rows; `filter` is a part of the name.
    void refresh(const CounterBook& book, const QString& filter);
    int rowOf(const client::Bytes& name) const;

protected:
    QVariant cell(const CounterRow& row, int column, int role) const override;
};

} // namespace norikv::models
