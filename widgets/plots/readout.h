// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartstyle.h"

#include <qcustomplot.h>

// Private to plots/.
namespace norikv::plots {

struct ReadoutLine {
    QColor color; ///< invalid = no swatch
    QString text;
};

/// A crosshair and its readout box. Lives on a buffered layer, so that a mouse move repaints only this.
class Readout : public QCPLayerable {
public:
    Readout(QCPAxis* time, const QString& layer);

    /// at in axis coordinates; dots in pixels.
    void show(double at, std::vector<ReadoutLine> lines, std::vector<std::pair<QPointF, QColor>> dots);
    void hide();
    bool isShown() const { return m_shown; }
    void setStyle(const ChartStyle& style) { m_style = style; }

protected:
    QRect clipRect() const override { return m_time->axisRect()->rect(); }
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(true); }
    void draw(QCPPainter* painter) override;

private:
    QCPAxis* m_time;
    ChartStyle m_style;
    bool m_shown = false;
    double m_at = 0;
    std::vector<ReadoutLine> m_lines;
    std::vector<std::pair<QPointF, QColor>> m_dots;
};

} // namespace norikv::plots
