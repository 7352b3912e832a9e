// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/recordmodel.h"
#include "models/tenantbook.h"

#include <QSortFilterProxyModel>
#include <QString>

namespace norikv::models {

/// How full one limit is, as a bar shows it.
struct QuotaFigures {
    double share = 0; ///< 1 = at the limit
    bool limited = false;
    QString text; ///< "312 / 1 000"
    bool operator==(const QuotaFigures&) const = default;
};

/// One card.
struct TenantRow {
    client::Bytes id;
    QString name;
    QString plan;
    Tone planTone = Tone::Neutral;
    QString created;
    QuotaFigures keys;
    QuotaFigures storage;
    double pressure = -1; ///< -1 = nothing limits it
    std::uint64_t bytes = 0;
    QString outlook; ///< "full in about 3 days"
    QString trouble; ///< "over its limit"
    Tone troubleTone = Tone::Neutral;
    bool operator==(const TenantRow&) const = default;
};

/// One row each; for any thread, so that the GUI's only merges.
std::vector<TenantRow> tenantRows(const TenantSheet& sheet, EpochMs nowMs);

/// All tenants by id.
class TenantModel final : public RecordModel<TenantRow> {
    Q_OBJECT
public:
    using RecordModel::RecordModel;

    int columnCount(const QModelIndex& parent = {}) const override;
    void refresh(std::vector<TenantRow> rows);

protected:
    QVariant cell(const TenantRow& row, int column, int role) const override;
};

/// The cards in the order a person asked for, and only those whose name or id holds the text.
class TenantOrder final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    enum class By { Pressure, Name, Size };

    explicit TenantOrder(TenantModel& model, QObject* parent = nullptr);
    void setOrder(By by);
    By order() const { return m_by; }
    void setText(const QString& text);
    int rowOf(const client::Bytes& id) const;
    const TenantRow& record(int row) const;

protected:
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    const TenantModel& m_model;
    By m_by = By::Pressure;
    QString m_text;
};

} // namespace norikv::models
