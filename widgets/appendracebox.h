// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/demo/appendrace.h"
#include "widgets/racebox.h"

namespace norikv::widgets {

/// Appenders racing on one stream of their own; then the balance sheet, and the rules that caught what went
/// wrong.
class AppendRaceBox final : public RaceBox {
    Q_OBJECT

public:
    explicit AppendRaceBox(QWidget* parent = nullptr);

    void show(const client::demo::AppendRaceResult& result);

Q_SIGNALS:
    void raceRequested(const norikv::client::demo::AppendRacePlan& plan);

private:
    QSpinBox* m_appenders;
    QSpinBox* m_each;
};

} // namespace norikv::widgets
