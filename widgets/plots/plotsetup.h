// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartstyle.h"

class QCPAxis;
class QCustomPlot;
class QPainter;
class QSize;
class QWidget;

// Private to plots/: the calls into QCustomPlot that every chart needs.
namespace norikv::plots {

QCustomPlot* newPlot(QWidget* parent);
QWidget* plotAsWidget(QCustomPlot* plot);
void queueReplot(QCustomPlot& plot);

/// Paints as vectors, so that SVG stays sharp.
void renderPlot(QCustomPlot& plot, QPainter& painter, const QSize& size);

/// Background and fonts of the plot.
void stylePlot(QCustomPlot& plot, const ChartStyle& style);

/// Muted labels, no axis line, no ticks; hairline grid when grid is set.
void styleAxis(QCPAxis& axis, const ChartStyle& style, bool grid);

} // namespace norikv::plots
