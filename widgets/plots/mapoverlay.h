// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartstyle.h"

#include <QPointF>

#include <optional>
#include <vector>

class QPainter;

// Private to plots/: what is painted over the points of a VectorMap. All places in pixels.
namespace norikv::plots {

void paintStar(QPainter& painter, const ChartStyle& style, const QPointF& at);
/// Lines to the results, then a ring and a number at each.
void paintResults(QPainter& painter, const ChartStyle& style, const std::optional<QPointF>& query,
    const std::vector<QPointF>& results);
/// Hollow and dashed: true neighbours that were not given.
void paintMissed(QPainter& painter, const ChartStyle& style, const std::optional<QPointF>& query,
    const std::vector<QPointF>& missed);
void paintRing(QPainter& painter, const QColor& colour, const QPointF& at, double radius, double width);
/// A line through the places with an arrow head at each step, and a cross at `aim`.
void paintPath(QPainter& painter, const ChartStyle& style, const std::vector<QPointF>& path,
    const std::optional<QPointF>& aim);

} // namespace norikv::plots
