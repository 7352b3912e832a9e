// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/ratelimitbook.h"
#include "models/sheetmodel.h"

namespace norikv::models {

/// Rate limits as rows. Times left are worked out when a cell is painted: a tick tells only of the rows in
/// sight.
class RateLimitModel final : public SheetModel<RateLimitRow> {
    Q_OBJECT
public:
    enum Column { Identifier, Used, Pressure, Next, Resets, Limit, State, ColumnCount };

    using SheetModel::SheetModel;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// The server's time now; what the times left count to.
    void setNow(EpochMs nowMs) { m_nowMs = nowMs; }

protected:
    QVariant cell(const RateLimitRow& row, int column, int role) const override;

private:
    EpochMs m_nowMs = 0;
};

/// "1 min", "30 s", "250 ms".
QString windowText(std::uint64_t windowMs);
/// "60 in 1 min", "5 in 30 s".
QString limitText(const client::RateLimit& limit);
/// "passes", "in 12 s": what would become of the next request.
QString nextText(const client::LimitState& state, EpochMs nowMs);
/// The same as a sentence: "The next request passes; 12 more until the limit."
QString nextSentence(const client::LimitState& state, EpochMs nowMs);

} // namespace norikv::models
