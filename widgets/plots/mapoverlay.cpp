// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/mapoverlay.h"

#include <QPainter>
#include <QPainterPath>

#include <array>
#include <cmath>
#include <numbers>

namespace norikv::plots {

namespace {

constexpr double StarSize = 10;
constexpr double RingSize = 7;
constexpr int MostNumbers = 20; // more cover each other
constexpr double ArrowSize = 7;
constexpr double CrossSize = 7;

QColor faded(QColor colour, float alpha)
{
    colour.setAlphaF(alpha);
    return colour;
}

/// Text on any colour: a soft plate of the surface behind it.
void paintPlated(QPainter& painter, const ChartStyle& style, const QPointF& at, const QString& text)
{
    const QRectF plate(at.x(), at.y() - painter.fontMetrics().ascent(),
        painter.fontMetrics().horizontalAdvance(text) + 4, painter.fontMetrics().height());
    painter.setPen(Qt::NoPen);
    painter.setBrush(faded(style.surface, 0.8F));
    painter.drawRoundedRect(plate, 3, 3);
    painter.setPen(style.text);
    painter.drawText(at + QPointF(2, 0), text);
}

} // namespace

void paintStar(QPainter& painter, const ChartStyle& style, const QPointF& at)
{
    QPainterPath star;
    for (int i = 0; i < 10; ++i) {
        const double radius = i % 2 == 0 ? StarSize : StarSize * 0.42;
        const double angle = std::numbers::pi * (i / 5.0 - 0.5);
        const QPointF corner = at + QPointF(radius * std::cos(angle), radius * std::sin(angle));
        if (i == 0)
            star.moveTo(corner);
        else
            star.lineTo(corner);
    }
    star.closeSubpath();
    painter.setPen(QPen(style.surface, 3));
    painter.setBrush(style.accent);
    painter.drawPath(star);
    painter.setPen(QPen(style.text, 1));
    painter.drawPath(star);
}

void paintRing(QPainter& painter, const QColor& colour, const QPointF& at, double radius, double width)
{
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, width));
    painter.drawEllipse(at, radius, radius);
}

void paintResults(QPainter& painter, const ChartStyle& style, const std::optional<QPointF>& query,
    const std::vector<QPointF>& results)
{
    if (query) {
        painter.setPen(QPen(faded(style.accent, 0.7F), 1));
        for (const QPointF& at : results)
            painter.drawLine(*query, at);
    }
    for (const QPointF& at : results)
        paintRing(painter, style.accent, at, RingSize, 2);
    for (std::size_t i = 0; i < results.size() && i < MostNumbers; ++i)
        paintPlated(
            painter, style, results[i] + QPointF(RingSize + 1, -RingSize + 2), QString::number(i + 1));
}

void paintMissed(QPainter& painter, const ChartStyle& style, const std::optional<QPointF>& query,
    const std::vector<QPointF>& missed)
{
    for (const QPointF& at : missed) {
        if (query) {
            painter.setPen(QPen(style.muted, 1, Qt::DashLine));
            painter.drawLine(*query, at);
        }
        painter.setPen(QPen(style.danger, 1.5, Qt::DashLine));
        painter.setBrush(style.surface);
        painter.drawEllipse(at, RingSize, RingSize);
    }
}

void paintPath(QPainter& painter, const ChartStyle& style, const std::vector<QPointF>& path,
    const std::optional<QPointF>& aim)
{
    const QColor colour = style.series[4];
    painter.setPen(QPen(colour, 2));
    for (std::size_t i = 1; i < path.size(); ++i) {
        const QPointF step = path[i] - path[i - 1];
        const double length = std::hypot(step.x(), step.y());
        painter.drawLine(path[i - 1], path[i]);
        if (length < 2 * ArrowSize)
            continue;
        const QPointF along = step / length * ArrowSize;
        const QPointF across(-along.y() * 0.6, along.x() * 0.6);
        const std::array<QPointF, 3> head{path[i], path[i] - along + across, path[i] - along - across};
        painter.setBrush(colour);
        painter.drawConvexPolygon(head.data(), int(head.size()));
    }
    for (const QPointF& at : path) {
        painter.setBrush(style.surface);
        painter.drawEllipse(at, 3.5, 3.5);
    }
    if (!path.empty()) {
        painter.setBrush(colour);
        painter.drawEllipse(path.back(), 5, 5);
    }
    if (aim) {
        const QPointF& at = *aim;
        painter.setPen(QPen(style.surface, 4));
        const auto cross = [&] {
            painter.drawLine(at - QPointF(CrossSize, CrossSize), at + QPointF(CrossSize, CrossSize));
            painter.drawLine(at + QPointF(-CrossSize, CrossSize), at + QPointF(CrossSize, -CrossSize));
        };
        cross();
        painter.setPen(QPen(style.text, 2));
        cross();
    }
}

} // namespace norikv::plots
