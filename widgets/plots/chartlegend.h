// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartstyle.h"

#include <QWidget>

#include <vector>

namespace norikv::plots {

struct LegendEntry {
    enum class Mark { Line, Bar };

    Mark mark = Mark::Line;
    int series = 0; ///< index into ChartStyle::series, -1 = the danger colour
    QString text;
};

/// Names the lines of a chart; goes into a card's title line. Falls silent (width 0) without entries.
class ChartLegend : public QWidget {
    Q_OBJECT

public:
    explicit ChartLegend(std::vector<LegendEntry> entries, QWidget* parent = nullptr);

    void setChartStyle(const ChartStyle& style);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<LegendEntry> m_entries;
    ChartStyle m_style;
};

} // namespace norikv::plots
