// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/leaserules.h"
#include "models/recordmodel.h"
#include "models/tone.h"

namespace norikv::models {

/// One lease as a row of the table.
struct LeaseRow {
    client::Bytes key;
    QString election;
    QString holder; ///< empty = nobody
    EpochMs sinceMs = 0;
    EpochMs lastBeatMs = 0;
    EpochMs leaseEndMs = 0;
    std::uint64_t leaseMs = 0;
    bool leaseKnown = false;
    int holders = 0; ///< seen so far, changes of hands counted
    QString fencing;
    QString state; ///< "led", "free", or what is wrong
    Tone tone = Tone::Neutral;
    bool operator==(const LeaseRow&) const = default;
};
std::vector<LeaseRow> leaseRows(const std::vector<client::LeaseTrack>& leases, EpochMs nowMs);
/// "3.4 s": times of a lease are short and exact.
QString secondsText(EpochMs ms);

/// What charts say of leases, as a table too.
class LeaseModel final : public RecordModel<LeaseRow> {
    Q_OBJECT
public:
    enum Column { Election, Holder, Beat, Left, Holders, Fencing, State, ColumnCount };

    using RecordModel::RecordModel;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void refresh(std::vector<LeaseRow> rows, EpochMs nowMs);
    int rowOf(const client::Bytes& key) const;

protected:
    QVariant cell(const LeaseRow& row, int column, int role) const override;

private:
    EpochMs m_nowMs = 0;
};

} // namespace norikv::models
