// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QRectF>

#include <cstdint>
#include <span>
#include <vector>

namespace norikv::plots {

/// Which point of a plane is near, and which are inside: the points sorted once into squares. Points that are
/// not finite are never found.
class PointIndex {
public:
    PointIndex() = default;
    /// xy: x, y, x, y ...; must outlive the index.
    explicit PointIndex(std::span<const float> xy);

    /// Of the finite points; empty when there are none.
    const QRectF& bounds() const { return m_bounds; }
    /// The nearest point not farther than `reach`, -1 for none.
    int nearest(const QPointF& at, double reach) const;
    /// Ascending.
    std::vector<int> inside(const QRectF& part) const;

private:
    struct Squares {
        int left = 0, right = -1, top = 0, bottom = -1; ///< inclusive
    };
    Squares squaresOf(const QRectF& part) const;
    int column(double x) const;
    int row(double y) const;
    QPointF at(std::uint32_t point) const
    {
        return {double(m_xy[2 * std::size_t(point)]), double(m_xy[2 * std::size_t(point) + 1])};
    }

    std::span<const float> m_xy;
    QRectF m_bounds;
    int m_side = 0; ///< squares in a row and in a column
    std::vector<std::uint32_t> m_starts; ///< of each square in m_points, and the end
    std::vector<std::uint32_t> m_points;
};

} // namespace norikv::plots
