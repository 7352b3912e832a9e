// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartwidget.h"

#include <vector>

namespace norikv::plots {

struct HistogramData {
    std::vector<double> counts; ///< one a bin, from 0 on
    double step = 1; ///< width of a bin in units
    double expected = 0; ///< where a dashed line stands, in units; 0 = none
    double limit = 0; ///< bins from here on are in the colour of warning; 0 = none
};

/// How often something took how long.
class Histogram : public ChartWidget {
    Q_OBJECT

public:
    explicit Histogram(QWidget* parent = nullptr);

    void setData(HistogramData shown);
    /// What the axis counts, e.g. tr("s between heartbeats"); used below the axis and in the table.
    void setQuantity(const QString& quantity);

    ChartTable asTable() const override;
    QSize sizeHint() const override { return {240, 96}; }
    QSize minimumSizeHint() const override { return {160, 84}; }

protected:
    void render(QPainter& painter, const QSize& size) override;
    void styleChanged() override { }

private:
    HistogramData m_data;
    QString m_quantity;
};

} // namespace norikv::plots
