// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/pointindex.h"

#include <algorithm>
#include <cmath>

namespace norikv::plots {

namespace {
constexpr int MostSide = 512;
constexpr double PerSquare = 2; // points
} // namespace

PointIndex::PointIndex(std::span<const float> xy)
    : m_xy(xy)
{
    const std::size_t count = xy.size() / 2;
    double left = INFINITY;
    double right = -INFINITY;
    double top = INFINITY;
    double bottom = -INFINITY;
    std::size_t finite = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double x = double(xy[2 * i]);
        const double y = double(xy[2 * i + 1]);
        if (!std::isfinite(x) || !std::isfinite(y))
            continue;
        ++finite;
        left = std::min(left, x);
        right = std::max(right, x);
        top = std::min(top, y);
        bottom = std::max(bottom, y);
    }
    if (finite == 0)
        return;
    m_bounds = QRectF(QPointF(left, top), QPointF(right, bottom));
    m_side = std::clamp(int(std::sqrt(double(finite) / PerSquare)), 1, MostSide);
    const std::size_t squares = std::size_t(m_side) * std::size_t(m_side);
    // Two passes: how many in each square, then each at its place.
    m_starts.assign(squares + 1, 0);
    std::vector<std::uint32_t> square(count, UINT32_MAX);
    for (std::size_t i = 0; i < count; ++i) {
        const double x = double(xy[2 * i]);
        const double y = double(xy[2 * i + 1]);
        if (!std::isfinite(x) || !std::isfinite(y))
            continue;
        square[i] = std::uint32_t(row(y) * m_side + column(x));
        ++m_starts[square[i] + 1];
    }
    for (std::size_t i = 0; i < squares; ++i)
        m_starts[i + 1] += m_starts[i];
    m_points.resize(finite);
    std::vector<std::uint32_t> next(m_starts.begin(), m_starts.end() - 1);
    for (std::size_t i = 0; i < count; ++i) {
        if (square[i] != UINT32_MAX)
            m_points[next[square[i]]++] = std::uint32_t(i);
    }
}

int PointIndex::column(double x) const
{
    const double share = m_bounds.width() > 0 ? (x - m_bounds.left()) / m_bounds.width() : 0;
    return std::clamp(int(share * m_side), 0, m_side - 1);
}

int PointIndex::row(double y) const
{
    const double share = m_bounds.height() > 0 ? (y - m_bounds.top()) / m_bounds.height() : 0;
    return std::clamp(int(share * m_side), 0, m_side - 1);
}

PointIndex::Squares PointIndex::squaresOf(const QRectF& part) const
{
    const bool apart = part.right() < m_bounds.left() || part.left() > m_bounds.right()
        || part.bottom() < m_bounds.top() || part.top() > m_bounds.bottom();
    if (m_points.empty() || apart)
        return {};
    return {column(part.left()), column(part.right()), row(part.top()), row(part.bottom())};
}

int PointIndex::nearest(const QPointF& at, double reach) const
{
    const Squares squares = squaresOf(QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach));
    int found = -1;
    double best = reach * reach;
    for (int y = squares.top; y <= squares.bottom; ++y) {
        for (int x = squares.left; x <= squares.right; ++x) {
            const std::size_t square = std::size_t(y) * std::size_t(m_side) + std::size_t(x);
            for (std::uint32_t i = m_starts[square]; i < m_starts[square + 1]; ++i) {
                const QPointF away = this->at(m_points[i]) - at;
                const double distance = QPointF::dotProduct(away, away);
                if (distance > best)
                    continue;
                best = distance;
                found = int(m_points[i]);
            }
        }
    }
    return found;
}

std::vector<int> PointIndex::inside(const QRectF& part) const
{
    std::vector<int> found;
    const Squares squares = squaresOf(part);
    for (int y = squares.top; y <= squares.bottom; ++y) {
        for (int x = squares.left; x <= squares.right; ++x) {
            const std::size_t square = std::size_t(y) * std::size_t(m_side) + std::size_t(x);
            for (std::uint32_t i = m_starts[square]; i < m_starts[square + 1]; ++i) {
                const QPointF point = at(m_points[i]);
                if (point.x() >= part.left() && point.x() <= part.right() && point.y() >= part.top()
                    && point.y() <= part.bottom())
                    found.push_back(int(m_points[i]));
            }
        }
    }
    std::ranges::sort(found);
    return found;
}

} // namespace norikv::plots
