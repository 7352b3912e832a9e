// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartwidget.h"

#include <vector>

namespace norikv::plots {

/// What asking for so many neighbours gives and costs.
struct FrontierDot {
    int asked = 0; ///< k'
    double recall = 0; ///< 0 to 1
    double p50Ms = 0, p95Ms = 0;
};

struct FrontierData {
    std::vector<FrontierDot> dots; ///< by `asked`
    int suggested = 0; ///< the k' that is enough; 0 = none yet
    int current = 0; ///< the k' used now
};

/// How true an answer is against how long it takes, for growing k'. Arrows go from dot to dot, Enter or a
/// click takes its k'.
class FrontierChart : public ChartWidget {
    Q_OBJECT

public:
    explicit FrontierChart(QWidget* parent = nullptr);

    void setData(FrontierData shown);
    /// Where the dot of this index is drawn, by its p50.
    QPointF placeOf(int dot) const;

    ChartTable asTable() const override;
    QSize sizeHint() const override { return {300, 170}; }
    QSize minimumSizeHint() const override { return {200, 130}; }

Q_SIGNALS:
    void askedChosen(int asked);

protected:
    void render(QPainter& painter, const QSize& size) override;
    void styleChanged() override { }
    bool event(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Frame {
        QRectF area;
        double mostMs = 1;
        double leastRecall = 0;
    };
    Frame frame(const QSize& size) const;
    QPointF place(const Frame& frame, double ms, double recall) const;
    int dotAt(const QPointF& position) const;
    void setCurrent(int dot);

    FrontierData m_data;
    int m_current = -1; ///< under the mouse or the keyboard
};

} // namespace norikv::plots
