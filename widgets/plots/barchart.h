// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartwidget.h"

#include <vector>

namespace norikv::plots {

struct ShardBar {
    int shard = 0; ///< index in the counter, e.g. 3 of :shard:3
    double value = 0; ///< NaN = not known, drawn as a hatched slot
    bool hidden = false; ///< beyond the configured count: found, but not part of the sum
};

/// One bar per shard, with a dashed line for the expected share. Hidden shards are hatched. Any count up to
/// 256.
class ShardBars : public ChartWidget {
    Q_OBJECT

public:
    explicit ShardBars(QWidget* parent = nullptr);

    /// expected: the value each shard would have if all were even; NaN = no line.
    void setData(std::vector<ShardBar> bars, double expected);

    ChartTable asTable() const override;
    QSize sizeHint() const override { return {320, 96}; }
    QSize minimumSizeHint() const override { return {120, 56}; }

    /// Index of the bar at this position, -1 for none. The whole height counts, so that low bars can be hit.
    int barAt(const QPoint& position) const;

Q_SIGNALS:
    /// A bar was clicked, or Enter pressed on it; the shard number as given.
    void shardActivated(int shard);

protected:
    void render(QPainter& painter, const QSize& size) override;
    void styleChanged() override { }
    bool event(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    double top() const;
    void setCurrent(int index);

    std::vector<ShardBar> m_bars;
    double m_expected = 0;
    int m_current = -1; ///< under the mouse or the keyboard
};

} // namespace norikv::plots
