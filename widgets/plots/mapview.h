// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QRectF>
#include <QSizeF>

namespace norikv::plots {

/// Where a plane lies in a widget: one scale for both axes, y upwards. Fitted until it is zoomed or moved.
class MapView {
public:
    /// The points to be seen; a fitted view fits them again.
    void setBounds(const QRectF& points);
    /// Size of the widget's part that shows the plane, in pixels; keeps what is in the middle.
    void setRoom(const QSizeF& room);
    void fit();
    bool fitted() const { return m_fitted; }

    /// The point of the plane under `at` stays there. Between a quarter and 500 times the fitted scale.
    void zoom(double factor, const QPointF& at);
    void pan(const QPointF& pixels);
    /// So that this part of the plane fills the room.
    void show(const QRectF& part);

    double scale() const { return m_scale; } ///< pixels per unit of the plane
    const QSizeF& room() const { return m_room; }
    QPointF toPixels(const QPointF& point) const
    {
        return {m_room.width() / 2 + (point.x() - m_centre.x()) * m_scale,
            m_room.height() / 2 - (point.y() - m_centre.y()) * m_scale};
    }
    QPointF toPlane(const QPointF& pixel) const
    {
        return {m_centre.x() + (pixel.x() - m_room.width() / 2) / m_scale,
            m_centre.y() - (pixel.y() - m_room.height() / 2) / m_scale};
    }
    /// The part of the plane under a rectangle of pixels, its top being the larger y.
    QRectF toPlane(const QRectF& pixels) const;

private:
    double fittedScale() const;
    void keepNear();

    QRectF m_bounds;
    QSizeF m_room{1, 1};
    QPointF m_centre;
    double m_scale = 1;
    bool m_fitted = true;
};

} // namespace norikv::plots
