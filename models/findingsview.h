// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findingsmodel.h"

#include <QSortFilterProxyModel>

namespace norikv::models {

/// The findings that a person wants to see, in the order they chose. There are some hundreds at most.
class FindingsView final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    enum class Show { All, CertainAndSuspect, Certain };

    explicit FindingsView(FindingsModel& model, QObject* parent = nullptr);

    void setText(const QString& text); ///< part of the rule, subject or evidence
    void setShow(Show show);
    void setMutedShown(bool shown);
    /// Only findings for which `covers` answers true; empty = all.
    void setScope(std::function<bool(const client::Finding&)> covers);
    /// Open findings that the scope hides.
    int outsideScope() const;
    const FindingRow& finding(const QModelIndex& index) const;
    /// What is shown, in words, for a bug report.
    QString reportText() const;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    FindingsModel& m_model;
    QString m_text;
    Show m_show = Show::All;
    bool m_mutedShown = false;
    std::function<bool(const client::Finding&)> m_covers;
};

} // namespace norikv::models
