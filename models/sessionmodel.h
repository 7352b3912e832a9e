// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sessionbook.h"
#include "models/sheetmodel.h"

namespace norikv::models {

/// Sessions as rows. The time left is worked out when a cell is painted: a tick tells only of the rows in
/// sight.
class SessionModel final : public SheetModel<SessionRow> {
    Q_OBJECT
public:
    enum Column { User, Email, Roles, LastSeen, EndsIn, Source, State, ColumnCount };

    using SheetModel::SheetModel;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// The server's time now; what countdowns count to.
    void setNow(EpochMs nowMs) { m_nowMs = nowMs; }

protected:
    QVariant cell(const SessionRow& row, int column, int role) const override;

private:
    EpochMs m_nowMs = 0;
};

/// "4 min 05 s", "1 h 04 min": at most two units.
QString countdownText(EpochMs leftMs);
/// "ends in 4 min 05 s", "ended 10 s ago", "never", "not known".
QString endText(const client::Expiry& expiry, EpochMs nowMs);
/// Where the knowledge of an expiry comes from, as one word.
QString sourceText(const client::Expiry& expiry);
/// "10 s ago", "in 90 s".
QString agoText(std::optional<client::StoredTime> time, EpochMs nowMs);

} // namespace norikv::models
