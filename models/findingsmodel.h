// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/recordmodel.h"

#include "client/audit/finding.h"

namespace norikv::models {

/// Every finding once, by rule, subject and key; a repeated one moves only its "last seen". Ordered by
/// severity, rule and subject.
class FindingsModel final : public RecordModel<client::Finding> {
    Q_OBJECT
public:
    enum Column { Severity, Rule, Subject, Evidence, FirstSeen, LastSeen, ColumnCount };

    using RecordModel::RecordModel;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void report(const client::Finding& finding);
    void clear();
    /// Certain and suspect ones: what the status bar counts.
    int serious() const;
    /// All findings as text for a bug report.
    QString reportText() const;

Q_SIGNALS:
    void countChanged();

protected:
    QVariant cell(const client::Finding& finding, int column, int role) const override;
};

} // namespace norikv::models
