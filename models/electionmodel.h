// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/recordmodel.h"
#include "models/shardfeed.h"

namespace norikv::models {

/// Elections as a table, newest first.
class ElectionModel final : public RecordModel<ElectionGroup> {
    Q_OBJECT
public:
    enum Column { Time, Shards, Before, After, ColumnCount };

    using RecordModel::RecordModel;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void refresh(const std::vector<ElectionGroup>& groups);

protected:
    QVariant cell(const ElectionGroup& group, int column, int role) const override;
};

/// "14:02:11", or with the day when it was not today.
QString momentText(EpochMs atMs, EpochMs nowMs);

} // namespace norikv::models
