// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/patterns/cache.h"

#include <QWidget>

namespace norikv::widgets {

class Theme;

/// What another time to live would have cost and risked over the same reads: reads of the server per second
/// as a line, the share of stale answers as a second one. Both from the recorded accesses; nothing is tried
/// out.
class TtlCurve final : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the widget.
    explicit TtlCurve(const Theme& theme, QWidget* parent = nullptr);

    /// `currentTtlMs` is marked.
    void setPoints(const std::vector<client::TtlPoint>& points, std::uint64_t currentTtlMs);

    QSize sizeHint() const override { return {320, 96}; }
    QSize minimumSizeHint() const override { return {160, 72}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRectF area() const;
    double x(std::size_t index) const;

    const Theme& m_theme;
    std::vector<client::TtlPoint> m_points;
    std::uint64_t m_currentMs = 0;
};

} // namespace norikv::widgets
