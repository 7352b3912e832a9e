// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartwidget.h"

#include <memory>
#include <vector>

namespace norikv::plots {

struct HeatStripData {
    QStringList rows; ///< one label per row, the first on top; painted as plain text
    int columns = 0;
    std::vector<double> cells; ///< row by row, rows.size() * columns values; NaN = nothing known, left empty
    double firstTime = -60; ///< left edge, seconds relative to now
    double lastTime = 0; ///< right edge
};

/// Rows (workers, roles) by time, the colour saying how much: cividis, dark = little, yellow = much.
class HeatStrip : public ChartWidget {
    Q_OBJECT

public:
    explicit HeatStrip(QWidget* parent = nullptr);
    ~HeatStrip() override;

    void setData(HeatStripData strip);

    /// What one cell counts, e.g. tr("retries"); used in tool tips and the table.
    void setQuantity(const QString& quantity);
    /// Words at the axes, empty = none.
    void setCaptions(const QString& time, const QString& rows);

    ChartTable asTable() const override;
    QSize sizeHint() const override { return {480, 140}; }
    QSize minimumSizeHint() const override { return {200, 72}; }

protected:
    void styleChanged() override;
    bool event(QEvent* event) override;

private:
    struct Parts;

    double cell(int row, int column) const;
    QString describeCell(int row, int column) const;

    HeatStripData m_data;
    QString m_quantity;
    std::unique_ptr<Parts> m_parts; ///< pointers into the plot, which owns them
};

} // namespace norikv::plots
