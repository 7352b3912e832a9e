// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/eventglyph.h"

#include "widgets/tokens.h"

#include <QPainter>
#include <QPolygonF>

#include <cstddef>

namespace norikv::widgets {

namespace {

constexpr int Shapes = 6; // with the eight colours of the series: they meet again after 24 types

} // namespace

void paintEventGlyph(QPainter& painter, QPointF centre, double size, int type, const Tokens& tokens)
{
    const auto number = static_cast<std::size_t>(std::max(0, type));
    painter.setPen(QPen(tokens.surface, 1));
    painter.setBrush(tokens.series[number % tokens.series.size()]);
    const double r = size / 2;
    const auto corner = [&](double x, double y) { return centre + QPointF(x * r, y * r); };
    switch (number % Shapes) {
    case 0:
        painter.drawEllipse(centre, r, r);
        return;
    case 1:
        painter.drawRect(QRectF(corner(-0.88, -0.88), corner(0.88, 0.88)));
        return;
    case 2:
        painter.drawPolygon(QPolygonF{corner(0, -1.1), corner(1.05, 0.85), corner(-1.05, 0.85)});
        return;
    case 3:
        painter.drawPolygon(QPolygonF{corner(0, -1.2), corner(1.2, 0), corner(0, 1.2), corner(-1.2, 0)});
        return;
    case 4:
        painter.drawPolygon(QPolygonF{corner(0, 1.1), corner(1.05, -0.85), corner(-1.05, -0.85)});
        return;
    default:
        painter.drawPolygon(QPolygonF{corner(-1.15, -0.5), corner(0, -1.15), corner(1.15, -0.5),
            corner(1.15, 0.5), corner(0, 1.15), corner(-1.15, 0.5)});
    }
}

QPixmap eventGlyph(int type, int size, double pixelRatio, const Tokens& tokens)
{
    QPixmap pixmap(QSize(size, size) * pixelRatio);
    pixmap.setDevicePixelRatio(pixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    paintEventGlyph(painter, QPointF(size / 2.0, size / 2.0), size * 0.72, type, tokens);
    return pixmap;
}

} // namespace norikv::widgets
