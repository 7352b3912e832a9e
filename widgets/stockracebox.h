// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/inventoryrace.h"

#include <QFrame>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace norikv::widgets {

class KeyValueList;

/// Buyers racing for one item of their own, with a crash where one likes; then the balance sheet, and the
/// rules that caught what went wrong.
class StockRaceBox final : public QFrame {
    Q_OBJECT

public:
    explicit StockRaceBox(QWidget* parent = nullptr);

    void begin(); ///< the run was started
    void show(const client::demo::InventoryRaceResult& result);
    void failed(); ///< the page says why

Q_SIGNALS:
    void raceRequested(const norikv::client::demo::InventoryRacePlan& plan);

private:
    QComboBox* m_code;
    QComboBox* m_crash;
    QSpinBox* m_buyers;
    QSpinBox* m_units;
    QPushButton* m_start;
    QLabel* m_verdict;
    KeyValueList* m_sheet;
};

} // namespace norikv::widgets
