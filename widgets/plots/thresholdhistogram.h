// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartwidget.h"

#include <vector>

namespace norikv::plots {

struct ThresholdData {
    std::vector<double> counts; ///< one a bin
    double from = 0; ///< where the first bin begins
    double step = 0.01; ///< width of a bin
    double threshold = 0.95; ///< the line; bins from it on stand out
};

/// How often which value came, under a line that a person moves: by dragging, or with the arrows (Shift for
/// small steps).
class ThresholdHistogram : public ChartWidget {
    Q_OBJECT

public:
    explicit ThresholdHistogram(QWidget* parent = nullptr);

    void setData(ThresholdData shown);
    void setThreshold(double threshold);
    double threshold() const { return m_data.threshold; }
    /// What the axis counts, e.g. tr("similarity to the nearest other"); used below the axis and in the
    /// table.
    void setQuantity(const QString& quantity);
    /// Where the line is drawn.
    double xOf(double value) const;

    ChartTable asTable() const override;
    QSize sizeHint() const override { return {320, 130}; }
    QSize minimumSizeHint() const override { return {180, 100}; }

Q_SIGNALS:
    void thresholdMoved(double threshold); ///< by a person, also in mid-drag

protected:
    void render(QPainter& painter, const QSize& size) override;
    void styleChanged() override { }
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    double whole() const { return m_data.step * double(m_data.counts.size()); }
    void move(double threshold);

    ThresholdData m_data;
    QString m_quantity;
    bool m_dragging = false;
};

} // namespace norikv::plots
