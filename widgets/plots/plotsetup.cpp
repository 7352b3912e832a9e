// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plotsetup.h"

#include <qcustomplot.h>

namespace norikv::plots {

QCustomPlot* newPlot(QWidget* parent)
{
    auto* plot = new QCustomPlot(parent);
    plot->setFocusPolicy(Qt::NoFocus);
    plot->setContextMenuPolicy(Qt::NoContextMenu);
    plot->setAttribute(Qt::WA_TransparentForMouseEvents, false);
    plot->plotLayout()->setMargins(QMargins(0, 0, 0, 0));
    plot->axisRect()->setMinimumMargins(QMargins(0, 4, 0, 0));
    plot->axisRect()->setMinimumSize(10, 10);
    return plot;
}

QWidget* plotAsWidget(QCustomPlot* plot) { return plot; }

void queueReplot(QCustomPlot& plot) { plot.replot(QCustomPlot::rpQueuedReplot); }

void renderPlot(QCustomPlot& plot, QPainter& painter, const QSize& size)
{
    // toPainter wants a QCPPainter, so the drawing passes through a recording.
    QPicture picture;
    QCPPainter recorder;
    recorder.begin(&picture);
    recorder.setMode(QCPPainter::pmVectorized);
    recorder.setMode(QCPPainter::pmNoCaching);
    plot.toPainter(&recorder, size.width(), size.height());
    recorder.end();
    painter.drawPicture(0, 0, picture);
    queueReplot(plot);
}

void stylePlot(QCustomPlot& plot, const ChartStyle& style)
{
    plot.setBackground(QBrush(style.surface));
    plot.setFont(style.font);
}

void styleAxis(QCPAxis& axis, const ChartStyle& style, bool grid)
{
    axis.setBasePen(Qt::NoPen);
    axis.setTickPen(Qt::NoPen);
    axis.setSubTickPen(Qt::NoPen);
    axis.setTickLength(0, 0);
    axis.setSubTicks(false);
    axis.setTickLabelFont(style.font);
    axis.setTickLabelColor(style.muted);
    axis.setLabelFont(style.font);
    axis.setLabelColor(style.muted);
    axis.setTickLabelPadding(6);
    axis.setLabelPadding(2);
    axis.grid()->setVisible(grid);
    axis.grid()->setPen(QPen(style.border, 1));
    axis.grid()->setZeroLinePen(QPen(style.border, 1));
    axis.grid()->setSubGridVisible(false);
    axis.grid()->setAntialiased(false);
}

} // namespace norikv::plots
