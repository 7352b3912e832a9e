// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartwidget.h"

#include <memory>
#include <vector>

namespace norikv::plots {

struct CurveData {
    std::vector<double> probability; ///< [i] = p for N = i + 1 shards, 0..1
    int markedN = 0; ///< the advice, a vertical line with its number; 0 = none
    int currentN = 0; ///< where we are, a dot on the curve; 0 = none
    double threshold = 0; ///< dashed horizontal line, 0..1; 0 = none
};

/// "How many shards?": the conflict probability p(N), the advised N and the current one.
class CurveChart : public ChartWidget {
    Q_OBJECT

public:
    explicit CurveChart(QWidget* parent = nullptr);
    ~CurveChart() override;

    void setData(CurveData curve);

    ChartTable asTable() const override;
    QSize sizeHint() const override { return {320, 96}; }
    QSize minimumSizeHint() const override { return {160, 72}; }

protected:
    void styleChanged() override;

private:
    struct Parts;

    CurveData m_data;
    std::unique_ptr<Parts> m_parts; ///< pointers into the plot, which owns them
};

} // namespace norikv::plots
