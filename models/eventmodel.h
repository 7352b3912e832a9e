// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/eventbook.h"
#include "models/sheetmodel.h"

namespace norikv::models {

/// The aggregates: one row per stream.
class EventStreamModel final : public SheetModel<EventStreamRow> {
    Q_OBJECT
public:
    enum Column { Aggregate, Events, LastType, LastTime, Complaints, State, ColumnCount };

    using SheetModel::SheetModel;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// The server's time now; what ages count from.
    void setNow(EpochMs nowMs) { m_nowMs = nowMs; }

protected:
    QVariant cell(const EventStreamRow& row, int column, int role) const override;

private:
    EpochMs m_nowMs = 0;
};

/// Events of an opened stream, ascending by number.
class EventModel final : public SheetModel<EventRow> {
    Q_OBJECT
public:
    enum Column { Number, Type, Time, Data, State, ColumnCount };

    using SheetModel::SheetModel;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// The row of an event, or of the next one above; -1 = none.
    int rowOf(std::uint64_t number) const;

protected:
    QVariant cell(const EventRow& row, int column, int role) const override;
};

/// "TypeScript", "Go": who wrote it, or for a stream its layout.
QString layoutText(client::EventLayout layout);
/// "4–7, 9": the first few ranges, and how many more.
QString gapsText(const std::vector<client::EventStreamFacts::Range>& gaps);

} // namespace norikv::models
