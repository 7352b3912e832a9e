// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>

#include <cstdint>
#include <span>
#include <vector>

class QPainter;

namespace norikv::plots {

class MapView;

enum class DotShape : std::uint8_t { Disc, Square, Diamond };

/// How a point looks.
struct DotLook {
    QColor fill;
    DotShape shape = DotShape::Disc;
    double opacity = 1; ///< 0 to 1
    QColor outline; ///< invalid = none
};

/// Points of a plane and the look of each. Everything must outlive the call.
struct Scatter {
    static constexpr std::uint8_t Hidden = 255;

    std::span<const float> xy; ///< x, y, x, y ...; not finite = not drawn
    std::span<const std::uint8_t> looks; ///< of each point: index into `palette`, or Hidden
    std::span<const std::uint32_t> order; ///< all points, the last drawn on top
    std::span<const DotLook> palette; ///< at most 255
};

constexpr int MostDots = 50'000; ///< in sight; above it colours say how many lie at a place

/// Radius of a point in logical pixels while so many are in sight.
double dotRadius(int inSight);
/// One point by a painter: the same look in a legend, or on top of the picture.
void paintDot(QPainter& painter, const QPointF& centre, const DotLook& look, double radius);

/// All points in one picture of size * scale pixels (scale = pixels per logical one), made without a painter:
/// 100,000 in a few milliseconds.
QImage scatterImage(const Scatter& points, const MapView& view, double scale, const QColor& background);
/// What scatterImage() would draw.
int pointsInSight(const Scatter& points, const MapView& view);

} // namespace norikv::plots
