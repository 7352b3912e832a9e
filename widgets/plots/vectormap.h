// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartwidget.h"
#include "widgets/plots/mapview.h"
#include "widgets/plots/pointindex.h"
#include "widgets/plots/scatterimage.h"

#include <QImage>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QRubberBand;

namespace norikv::plots {

/// The points of a map. Shared and never changed once given.
struct MapPoints {
    std::vector<float> xy; ///< x, y, x, y ...; no unit, the same for both; not finite = not drawn
    std::vector<std::uint16_t> groups; ///< of each point, index into groupNames; empty = no groups
    QStringList groupNames; ///< empty text = "none"; from the 22nd on they share one look
    std::vector<float> trust; ///< of each point, 0 to 1, below 0 = not known; empty = not known

    std::size_t size() const { return xy.size() / 2; }
};

/// What lies on top. Indices are of points.
struct MapMarks {
    std::optional<QPointF> query; ///< on the plane; a star
    std::vector<int> results; ///< a line from the query to each; their numbers, from 1
    std::vector<int> missed; ///< hollow: should be among the results
    std::vector<int> neighbours; ///< ringed
    std::vector<QPointF> path; ///< from the oldest to the newest, with arrows
    std::optional<QPointF> aim; ///< where the path should have led: a cross
};

enum class MapColour { Groups, Trust };

/// Vectors on a plane. Wheel, + and - zoom; a drag or the arrows move; Shift and a drag choose what is in a
/// box; a click or Enter activates a point, N and P go from point to point. 0 or a double click shows all,
/// Esc lets go of what is chosen. The points are one picture, made anew only when they or the view change.
class VectorMap : public ChartWidget {
    Q_OBJECT

public:
    static constexpr float Trusted = 0.5F; ///< points below it are outlined

    explicit VectorMap(QWidget* parent = nullptr);
    ~VectorMap() override;

    /// Null = none. Keeps the place, unless the number of points is another.
    void setPoints(std::shared_ptr<const MapPoints> points);
    void setMarks(MapMarks marks);
    void setColour(MapColour colour);
    /// Points trusted less are left faint; 0 = none are.
    void setLeastTrust(float trust);
    void setChosen(std::vector<int> points);
    const std::vector<int>& chosen() const { return m_chosen; }
    /// What a tool tip says of a point, and a row of the table. Asked when needed.
    void setWords(std::function<QString(int point)> describe, QStringList headers,
        std::function<QStringList(int point)> row);
    /// Said in the middle while there are no points.
    void setNothing(const QString& text);

    /// The point under this position, -1 for none.
    int pointAt(const QPoint& position) const;
    /// Where a point is drawn, in this widget.
    QPointF placeOf(int point) const;
    const MapView& view() const { return m_view; }
    void fit();
    /// Moves and zooms so that these points fill the map.
    void showPoints(const std::vector<int>& points);

    ChartTable asTable() const override;
    QSize sizeHint() const override { return {420, 420}; }
    QSize minimumSizeHint() const override { return {220, 200}; }

Q_SIGNALS:
    void pointActivated(int point);
    void chosenChanged(); ///< by a person

protected:
    void render(QPainter& painter, const QSize& size) override;
    void styleChanged() override;
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    Scatter scatter() const;
    QPointF planeOf(int point) const
    {
        return {
            double(m_points->xy[2 * std::size_t(point)]), double(m_points->xy[2 * std::size_t(point) + 1])};
    }
    bool valid(int point) const { return point >= 0 && std::size_t(point) < m_points->size(); }
    void relook();
    void moved();
    void step(int by);
    void setCurrent(int point);
    void describeAll();
    int paintLegend(QPainter& painter, const QSize& size, bool measureOnly) const;
    std::vector<std::pair<DotLook, QString>> legend() const;
    void relayout();

    std::shared_ptr<const MapPoints> m_points;
    PointIndex m_index;
    std::vector<std::uint32_t> m_order; ///< mixed, so that no group covers another
    std::vector<std::uint8_t> m_looks;
    std::vector<DotLook> m_palette;
    MapMarks m_marks;
    MapColour m_colour = MapColour::Groups;
    float m_leastTrust = 0;
    std::vector<int> m_chosen;
    std::function<QString(int)> m_describe;
    QStringList m_headers;
    std::function<QStringList(int)> m_row;
    QString m_nothing;
    MapView m_view;
    QImage m_picture; ///< null = to be made
    int m_current = -1; ///< under the mouse or the keyboard
    std::optional<QPoint> m_pressed;
    QPoint m_dragged; ///< where the last move of a drag was
    bool m_dragging = false;
    QRubberBand* m_band = nullptr;
};

} // namespace norikv::plots
