// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/valuediff.h"

#include <QAbstractScrollArea>

namespace norikv::widgets {

class Theme;

/// Two values line by line, one above the other or side by side. Shapes only the lines on screen. What was
/// removed and added is told by a sign as well as by colour; N and P jump from change to change.
class DiffView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit DiffView(const Theme& theme, QWidget* parent = nullptr);

    void setDiff(models::DiffLayout diff);
    /// First row of the next change after the one at the top, or before it; -1 = there is none.
    int nextChange(int from, int step) const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    using Row = models::DiffLayout::Row;
    void updateBars();
    int gutter(const QFontMetrics& metrics) const;
    void paintSide(QPainter& painter, const QRect& area, const Row& row, bool left) const;

    const Theme& m_theme;
    models::DiffLayout m_diff;
    int m_digits = 1; ///< of the longest line number
};

} // namespace norikv::widgets
