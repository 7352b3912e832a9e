// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/recordmodel.h"

#include "client/audit/finding.h"

#include <QVariantMap>

#include <functional>
#include <set>

namespace norikv::models {

/// A finding as the dock keeps it.
struct FindingRow : client::Finding {
    bool repeats = false; ///< was told again: it describes a state, not something that happened once
    EpochMs toldMs = 0; ///< when it was last told or could not have been
    bool gone = false; ///< a state that is no longer told
    bool muted = false; ///< a person does not want to hear of it
};

/// Every finding once, by rule, subject and key; a repeated one moves only its "last seen". Ordered by
/// severity, rule and subject. What is no longer so stays for the record, and says so; what is muted stays
/// too.
class FindingsModel final : public RecordModel<FindingRow> {
    Q_OBJECT
public:
    enum Column { Severity, Rule, Subject, Evidence, FirstSeen, LastSeen, ColumnCount };

    using RecordModel::RecordModel;

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void report(const client::Finding& finding);
    void clear();
    /// Certain and suspect ones that still stand and are not muted: what the status bar counts.
    int serious() const;
    int open() const; ///< of any severity, neither gone nor muted
    int mutedCount() const;

    /// Time went on: states that were not told for 30 s are gone. Of rules for which `watched` answers false
    /// (their server is away, or the view is paused) nothing could be told. Call every few seconds.
    void age(EpochMs nowMs, const std::function<bool(const std::string& rule)>& watched);

    /// A rule everywhere, or one subject under one rule. Muted ones do not count.
    void setRuleMuted(const std::string& rule, bool muted);
    void setSubjectMuted(const client::Finding& finding, bool muted);
    bool ruleMuted(const std::string& rule) const { return m_mutedRules.contains(rule); }
    /// What is muted, to be kept for the next start, and put back.
    QVariantMap mutes() const;
    void setMutes(const QVariantMap& mutes);

    /// A finding in words, for a bug report.
    static QString reportText(const client::Finding& finding);

Q_SIGNALS:
    void countChanged();

protected:
    QVariant cell(const FindingRow& finding, int column, int role) const override;

private:
    bool isMuted(const client::Finding& finding) const;
    void refreshMutes();

    std::set<std::string> m_mutedRules;
    std::set<std::string> m_mutedSubjects; ///< "S1 " and the subject's bytes
};

} // namespace norikv::models
