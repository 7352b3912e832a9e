// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartstyle.h"
#include "widgets/plots/counterdata.h"

#include <qcustomplot.h>

// Private to plots/.
namespace norikv::plots {

/// Dashed vertical lines with a label at the top; a label that would leave the plot or hit the one before it
/// moves to the other side or one line down.
class MarkerLines : public QCPLayerable {
public:
    MarkerLines(QCPAxis* time, const QString& layer);

    std::vector<CounterMarker> markers; ///< ascending in t
    ChartStyle style;

protected:
    QRect clipRect() const override { return m_time->axisRect()->rect(); }
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(false); }
    void draw(QCPPainter* painter) override;

private:
    QCPAxis* m_time;
};

} // namespace norikv::plots
