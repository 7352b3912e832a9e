// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartwidget.h"

#include <vector>

namespace norikv::plots {

/// One thing in two ranked lists.
struct SlopeLine {
    QString name;
    int left = 0; ///< rank from 1; 0 = not in this list
    int right = 0;
};

struct SlopeData {
    QString leftName, rightName; ///< of the lists
    std::vector<SlopeLine> lines;
};

/// Two ranked lists side by side with a line for whatever is in both: level where they agree. What is in one
/// list only ends in a ring. Up and Down go through the lines, Enter or a click activates one.
class SlopeChart : public ChartWidget {
    Q_OBJECT

public:
    static constexpr int MostRanks = 50; ///< further ones are not drawn; the table has them

    explicit SlopeChart(QWidget* parent = nullptr);

    void setData(SlopeData shown);
    int lineAt(const QPointF& position) const; ///< by its name at the left or right, -1 for none

    ChartTable asTable() const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {220, sizeHint().height()}; }

Q_SIGNALS:
    void lineActivated(int line); ///< index into SlopeData::lines

protected:
    void render(QPainter& painter, const QSize& size) override;
    void styleChanged() override { updateGeometry(); }
    bool event(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int rowHeight() const;
    double yOf(int rank) const;
    void setCurrent(int line);
    QString words(const SlopeLine& line) const;

    SlopeData m_data;
    int m_ranks = 0; ///< rows drawn
    int m_current = -1;
};

} // namespace norikv::plots
