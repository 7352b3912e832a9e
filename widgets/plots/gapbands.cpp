// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/gapbands.h"

namespace norikv::plots {

GapBands::GapBands(QCPAxis* time, const QString& layer)
    : QCPLayerable(time->parentPlot(), layer)
    , m_time(time)
{
}

void GapBands::draw(QCPPainter* painter)
{
    const QRect area = clipRect();
    constexpr int pitch = 7;
    QColor line = color;
    line.setAlphaF(0.55F);
    for (const TimeSpan& span : spans) {
        const QRectF band = QRectF(QPointF(m_time->coordToPixel(span.from), area.top()),
            QPointF(m_time->coordToPixel(span.to), area.bottom() + 1))
                                .intersected(area);
        if (band.width() < 1)
            continue;
        painter->save();
        painter->setClipRect(band, Qt::IntersectClip);
        painter->setPen(QPen(line, 1));
        // Anchored to the plot and not to the band, so the hatching of neighbours lines up.
        for (double x = area.left() - area.height(); x < area.right(); x += pitch)
            painter->drawLine(QLineF(x, area.bottom() + 1, x + area.height(), area.top()));
        painter->restore();
    }
}

} // namespace norikv::plots
