// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartwidget.h"

#include <vector>

namespace norikv::plots {

/// The shape of the last values in the height of a text line; no axes. NaN breaks the line.
class Sparkline : public ChartWidget {
    Q_OBJECT

public:
    explicit Sparkline(QWidget* parent = nullptr);

    void setValues(std::vector<double> values);

    ChartTable asTable() const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {24, 12}; }

protected:
    void render(QPainter& painter, const QSize& size) override;
    void styleChanged() override { }

private:
    std::vector<double> m_values;
};

/// The painting alone, for delegates. The value range is the values' own; constants run through the middle.
void paintSparkline(
    QPainter& painter, const QRectF& box, const std::vector<double>& values, const QColor& color);

} // namespace norikv::plots
