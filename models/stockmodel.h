// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sheetmodel.h"
#include "models/stockbook.h"

namespace norikv::models {

/// What a bar of the board shows, in units.
struct StockParts {
    qint64 available = 0;
    qint64 held = 0; ///< reserved, by reservations or not yet known to be by none
    qint64 leaked = 0; ///< reserved for nobody
    bool known = false; ///< false = the item's figures cannot be read
};

/// The board: one row per SKU.
class StockModel final : public SheetModel<StockRow> {
    Q_OBJECT
public:
    enum Column { Sku, Bar, Available, Reserved, Held, State, ColumnCount };
    enum Role { PartsRole = Qt::UserRole + 20 }; ///< StockParts, of every column

    using SheetModel::SheetModel;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    QVariant cell(const StockRow& row, int column, int role) const override;
};

/// Reservations of the chosen SKU, the next to end first. The time left is worked out when a cell is painted.
class ReservationModel final : public SheetModel<ReservationRow> {
    Q_OBJECT
public:
    enum Column { Id, Units, Created, EndsIn, Source, State, ColumnCount };
    enum Role {
        LeftRole = Qt::UserRole + 20
    }; ///< part of its time to live that is left, 0..1; -1 = not known

    using SheetModel::SheetModel;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// The server's time now; what countdowns count to.
    void setNow(EpochMs nowMs) { m_nowMs = nowMs; }
    /// What a full ring stands for.
    void setTtl(std::uint64_t ttlMs) { m_ttlMs = ttlMs; }
    /// Rows are dragged by their reservation's key, as this MIME type.
    static QString mimeType() { return QStringLiteral("application/x-norikv-reservation"); }
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QStringList mimeTypes() const override { return {mimeType()}; }
    QMimeData* mimeData(const QModelIndexList& indexes) const override;

protected:
    QVariant cell(const ReservationRow& row, int column, int role) const override;

private:
    EpochMs m_nowMs = 0;
    std::uint64_t m_ttlMs = client::ReservationTtlMs;
};

/// Below this, a commit may come too late: then it fails, and so does the release (panels.md 2.3.4).
constexpr EpochMs EndsSoonMs = 30'000;

StockParts partsOf(const StockRow& row);

} // namespace norikv::models

Q_DECLARE_METATYPE(norikv::models::StockParts)
