// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/finding.h"
#include "widgets/keyvaluelist.h"

#include <QFrame>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace norikv::widgets {

class FlowLayout;

/// The frame of a race that a person starts: what it is about, its fields, whose code runs, the start, and
/// then the verdict with the balance sheet.
class RaceBox : public QFrame {
    Q_OBJECT

public:
    void begin(); ///< the run was started
    void failed(); ///< the page says why

protected:
    RaceBox(const QString& objectName, const QString& about, QWidget* parent);

    /// Before the start button, in the order of the calls; owned by the box.
    void addField(QWidget* field);
    QSpinBox* addNumber(
        const char* objectName, const QString& what, int most, int value, const QString& suffix);
    bool documentsCode() const;
    QPushButton& start() { return *m_start; }

    /// One line a rule that caught something; `fine` when none did and `first` says nothing.
    void showVerdict(const QString& first, const std::vector<client::Finding>& findings, const QString& fine,
        std::vector<KeyValueRow> sheet);

private:
    FlowLayout* m_fields;
    QComboBox* m_code;
    QPushButton* m_start;
    QLabel* m_verdict;
    KeyValueList* m_sheet;
};

} // namespace norikv::widgets
