// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartwidget.h"
#include "widgets/plots/counterdata.h"

#include <memory>

namespace norikv::plots {

/// "Value and rate": the total as a step line (left axis), the rate as a filled area (right axis, per
/// second), CAS conflicts as thin bars at the foot, dashed markers, and hatched gaps where nothing is known.
/// A crosshair reads the values under the mouse; Left and Right move it by keyboard.
class CounterChart : public ChartWidget {
    Q_OBJECT

public:
    explicit CounterChart(QWidget* parent = nullptr);
    ~CounterChart() override;

    /// Samples ascending in t; anything goes (empty, NaN, huge). Copied.
    void setData(const CounterChartData& chart);

    /// How far back the time axis reaches, in seconds (> 0): 60, 600, 3600.
    void setRange(int seconds);
    int range() const { return m_range; }

    ValueRange leftRange() const; ///< the total axis as shown
    ChartTable asTable() const override;
    QSize sizeHint() const override { return {640, 150}; }
    QSize minimumSizeHint() const override { return {240, 140}; }

protected:
    void styleChanged() override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Parts;

    void rebuild();
    void describe();
    void showCursorAt(int pixelX);
    void showSample(int index);
    void hideCursor();

    CounterChartData m_data;
    int m_range = 60;
    int m_cursor = -1; ///< sample under the crosshair
    std::unique_ptr<Parts> m_parts; ///< pointers into the plot, which owns them
};

} // namespace norikv::plots
