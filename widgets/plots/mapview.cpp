// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/mapview.h"

#include <algorithm>

namespace norikv::plots {

namespace {
constexpr double Margin = 20; // pixels around the fitted points
constexpr double MostOut = 0.25; // of the fitted scale
constexpr double MostIn = 500;
constexpr double Least = 1e-9; // extent of one point, or of many at one place
} // namespace

void MapView::setBounds(const QRectF& points)
{
    m_bounds = points;
    if (m_fitted)
        fit();
}

void MapView::setRoom(const QSizeF& room)
{
    m_room = QSizeF(std::max(1.0, room.width()), std::max(1.0, room.height()));
    if (m_fitted)
        fit();
}

double MapView::fittedScale() const
{
    const double width = std::max(Least, m_bounds.width());
    const double height = std::max(Least, m_bounds.height());
    if (width <= Least && height <= Least)
        return 1;
    return std::min(std::max(1.0, m_room.width() - 2 * Margin) / width,
        std::max(1.0, m_room.height() - 2 * Margin) / height);
}

void MapView::fit()
{
    m_scale = fittedScale();
    m_centre = m_bounds.center();
    m_fitted = true;
}

void MapView::zoom(double factor, const QPointF& at)
{
    const QPointF kept = toPlane(at);
    const double whole = fittedScale();
    m_scale = std::clamp(m_scale * factor, whole * MostOut, whole * MostIn);
    m_centre += kept - toPlane(at);
    m_fitted = false;
    keepNear();
}

void MapView::pan(const QPointF& pixels)
{
    m_centre += QPointF(-pixels.x() / m_scale, pixels.y() / m_scale);
    m_fitted = false;
    keepNear();
}

void MapView::show(const QRectF& part)
{
    const double whole = fittedScale();
    m_scale = std::clamp(std::min(m_room.width() / std::max(Least, part.width()),
                             m_room.height() / std::max(Least, part.height())),
        whole * MostOut, whole * MostIn);
    m_centre = part.center();
    m_fitted = false;
    keepNear();
}

// Nobody gets lost: the middle stays among the points.
void MapView::keepNear()
{
    m_centre.setX(std::clamp(m_centre.x(), m_bounds.left(), m_bounds.right()));
    m_centre.setY(std::clamp(m_centre.y(), m_bounds.top(), m_bounds.bottom()));
}

QRectF MapView::toPlane(const QRectF& pixels) const
{
    return QRectF(toPlane(pixels.topLeft()), toPlane(pixels.bottomRight())).normalized();
}

} // namespace norikv::plots
