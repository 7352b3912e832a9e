// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/appendrace.h"

#include <QFrame>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace norikv::widgets {

class KeyValueList;

/// Appenders racing on one stream of their own; then the balance sheet, and the rules that caught what went
/// wrong.
class AppendRaceBox final : public QFrame {
    Q_OBJECT

public:
    explicit AppendRaceBox(QWidget* parent = nullptr);

    void begin(); ///< the run was started
    void show(const client::demo::AppendRaceResult& result);
    void failed(); ///< the page says why

Q_SIGNALS:
    void raceRequested(const norikv::client::demo::AppendRacePlan& plan);

private:
    QComboBox* m_code;
    QSpinBox* m_appenders;
    QSpinBox* m_each;
    QPushButton* m_start;
    QLabel* m_verdict;
    KeyValueList* m_sheet;
};

} // namespace norikv::widgets
