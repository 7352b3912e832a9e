// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/chartstyle.h"
#include "widgets/plots/charttable.h"

#include <QWidget>

class QCustomPlot;

namespace norikv::plots {

/// What all charts share: a style, export, a table behind the picture and a spoken summary. Derived classes
/// show themselves either with a QCustomPlot child (makePlot) or with a QPainter.
class ChartWidget : public QWidget {
    Q_OBJECT

public:
    explicit ChartWidget(QWidget* parent = nullptr);
    ~ChartWidget() override;

    const ChartStyle& chartStyle() const { return m_style; }
    void setChartStyle(const ChartStyle& style);

    /// The shown data; empty rows when there is none.
    virtual ChartTable asTable() const = 0;
    QString toCsv() const;

    /// Writes the chart as shown. PNG is twice the logical size. False when the file cannot be written.
    bool savePng(const QString& path);
    bool saveSvg(const QString& path);

protected:
    /// Paints the whole chart of this logical size at the origin.
    virtual void render(QPainter& painter, const QSize& size);

    /// New colours or fonts: hand them to whatever keeps copies.
    virtual void styleChanged() = 0;

    /// Creates the QCustomPlot child that fills this widget. At most once; owned by this widget.
    QCustomPlot* makePlot();
    QCustomPlot* plot() const { return m_plot; }

    /// Queued, at most one per event loop turn; nothing while hidden, one catch-up when shown.
    void requestReplot();

    void showEvent(QShowEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    ChartStyle m_style;
    QCustomPlot* m_plot = nullptr;
    bool m_stale = false;
};

} // namespace norikv::plots
