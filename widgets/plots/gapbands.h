// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/counterdata.h"

#include <qcustomplot.h>

// Private to plots/.
namespace norikv::plots {

/// Hatches the stretches where nothing is known, behind the lines.
class GapBands : public QCPLayerable {
public:
    GapBands(QCPAxis* time, const QString& layer);

    std::vector<TimeSpan> spans;
    QColor color;

protected:
    QRect clipRect() const override { return m_time->axisRect()->rect(); }
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(true); }
    void draw(QCPPainter* painter) override;

private:
    QCPAxis* m_time;
};

} // namespace norikv::plots
