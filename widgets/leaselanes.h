// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/audit/leaserules.h"

#include <QAbstractScrollArea>

#include <vector>

namespace norikv::widgets {

class Theme;

/// Where moments stand in a lane. Pure geometry, so that it can be tested without a window.
struct LaneScale {
    EpochMs fromMs = 0; ///< left edge
    EpochMs toMs = 1; ///< right edge; some of it is the future
    double left = 0; ///< px
    double right = 1;

    double x(EpochMs at) const
    {
        const auto part
            = static_cast<double>(at - fromMs) / static_cast<double>(std::max<EpochMs>(1, toMs - fromMs));
        return left + part * (right - left);
    }
    EpochMs at(double x) const
    {
        return fromMs
            + static_cast<EpochMs>(
                (x - left) / std::max(1.0, right - left) * static_cast<double>(toMs - fromMs));
    }
};

/// A lane for each election: a bar for each holder, a tick for each heartbeat, a fading tail up to the end of
/// the lease. Wheel with Ctrl zooms; up and down choose a lane.
class LeaseLanes : public QAbstractScrollArea {
    Q_OBJECT

public:
    /// theme must outlive the widget.
    explicit LeaseLanes(const Theme& theme, QWidget* parent = nullptr);

    /// Copies nothing big: at most 64 holders and 256 heartbeats a lease.
    void setLeases(std::vector<client::LeaseTrack> leases, EpochMs nowMs);
    void select(const client::Bytes& key);
    int laneCount() const { return static_cast<int>(m_leases.size()); }
    /// How much of the past is shown.
    void setSpan(std::chrono::milliseconds span);

    QSize sizeHint() const override { return {640, 180}; }

Q_SIGNALS:
    void laneChosen(const QByteArray& key);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    LaneScale scale() const;
    int laneAt(int y) const;
    void paintLane(QPainter& painter, const client::LeaseTrack& lease, int top, const LaneScale& scale) const;
    void paintAxis(QPainter& painter, const LaneScale& scale) const;
    void updateScroll();
    QString describe(const client::LeaseTrack& lease, EpochMs at) const;

    const Theme& m_theme;
    std::vector<client::LeaseTrack> m_leases;
    EpochMs m_nowMs = 0;
    client::Bytes m_selected;
    std::chrono::milliseconds m_span;
};

} // namespace norikv::widgets
