// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/bytes.h"
#include "widgets/timeaxis.h"

#include <QAbstractScrollArea>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace norikv::widgets {

class Theme;

/// One event in a lane.
struct EventMark {
    EpochMs atMs = 0; ///< as the event says; anything a stored record may hold
    std::int64_t version = 0;
    int type = 0; ///< index into the type names
    bool operator==(const EventMark&) const = default;
};

/// The events of one aggregate.
struct EventLane {
    client::Bytes key; ///< names the stream: the beginning of its keys
    QString name;
    QString remark; ///< under the name: "12 events"
    bool wrong = false; ///< there are findings
    std::shared_ptr<const std::vector<EventMark>> marks; ///< by time; never null
};

/// A lane for each aggregate with a glyph for each event; where all of them were idle, time is cut short and
/// says by how much. The wheel zooms (with Ctrl where there is something to scroll), dragging brushes a
/// range, up and down choose a lane, left and right an event, plus and minus zoom, Esc lets go of the range.
class EventLanes : public QAbstractScrollArea {
    Q_OBJECT

public:
    /// theme must outlive the widget.
    explicit EventLanes(const Theme& theme, QWidget* parent = nullptr);

    /// Marks are shared, not copied. Types beyond `types` are told by number.
    void setLanes(std::vector<EventLane> lanes, QStringList types);
    int laneCount() const { return static_cast<int>(m_lanes.size()); }
    /// The lane in hand and the event in it; version 0 = none.
    void setCurrent(const client::Bytes& key, std::int64_t version);

    struct Range {
        EpochMs fromMs = 0;
        EpochMs toMs = 0; ///< both included
    };
    const std::optional<Range>& range() const { return m_range; }
    void clearRange();
    void zoomToRange();
    void zoomOut(); ///< everything again
    const TimeAxis& axis() const { return m_axis; }

    QSize sizeHint() const override { return {640, 200}; }
    QSize minimumSizeHint() const override { return {240, 96}; }

Q_SIGNALS:
    void eventChosen(const QByteArray& key, qint64 version); ///< 0 = the lane alone
    void rangeChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    int laneAt(double y) const;
    const EventMark* markAt(const EventLane& lane, double x) const;
    const EventLane* current() const;
    void zoom(double factor, double aroundX);
    void paintLane(QPainter& painter, const EventLane& lane, int top) const;
    void paintMarks(QPainter& painter, const EventLane& lane, double middle) const;
    void stepEvent(int by);
    void stepLane(int by);
    void layOut();
    void updateSpoken();
    QString describe(const EventMark& mark) const;

    const Theme& m_theme;
    std::vector<EventLane> m_lanes;
    QStringList m_types;
    TimeAxis m_axis;
    client::Bytes m_key;
    std::int64_t m_version = 0;
    std::optional<Range> m_range;
    std::optional<double> m_pressX; ///< where a drag began
    bool m_dragging = false;
};

} // namespace norikv::widgets
