// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/inventoryrace.h"
#include "widgets/racebox.h"

namespace norikv::widgets {

/// Buyers racing for one item of their own, with a crash where one likes; then the balance sheet, and the
/// rules that caught what went wrong.
class StockRaceBox final : public RaceBox {
    Q_OBJECT

public:
    explicit StockRaceBox(QWidget* parent = nullptr);

    void show(const client::demo::InventoryRaceResult& result);

Q_SIGNALS:
    void raceRequested(const norikv::client::demo::InventoryRacePlan& plan);

private:
    QComboBox* m_crash;
    QSpinBox* m_buyers = nullptr;
    QSpinBox* m_units = nullptr;
};

} // namespace norikv::widgets
