// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>

#include <array>

namespace norikv::plots {

/// Everything a chart paints with. Charts know no theme: whoever owns one fills this in.
struct ChartStyle {
    QColor surface = Qt::white;
    QColor overlay = Qt::white; ///< behind readouts
    QColor border = Qt::lightGray; ///< grid lines
    QColor text = Qt::black;
    QColor muted = Qt::darkGray; ///< axis labels
    QColor accent = Qt::blue;
    QColor accentText = Qt::darkBlue;
    QColor danger = Qt::red;
    QColor gap = Qt::gray; ///< hatching: nothing known here
    std::array<QColor, 8>
        series{}; ///< fixed order: blue, orange, green, vermilion, purple, sky, yellow, grey
    QFont font;
};

} // namespace norikv::plots
