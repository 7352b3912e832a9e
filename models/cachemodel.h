// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/recordmodel.h"

#include "client/patterns/cache.h"

namespace norikv::models {

/// What a cache holds, in byte order of the keys; views sort it by any column.
class CacheModel final : public RecordModel<client::CacheEntry> {
    Q_OBJECT
public:
    enum Column { Key, Used, Hits, Age, EndsIn, Size, Versions, State, ColumnCount };

    using RecordModel::RecordModel;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void refresh(std::vector<client::CacheEntry> entries, std::uint64_t ttlMs, EpochMs nowMs);

protected:
    QVariant cell(const client::CacheEntry& entry, int column, int role) const override;

private:
    std::uint64_t m_ttlMs = 0;
    EpochMs m_nowMs = 0;
};

} // namespace norikv::models
