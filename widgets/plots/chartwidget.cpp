// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/chartwidget.h"

#include "widgets/plots/plotsetup.h"

#include <QImage>
#include <QPainter>
#include <QSvgGenerator>
#include <QVBoxLayout>

namespace norikv::plots {

ChartWidget::ChartWidget(QWidget* parent)
    : QWidget(parent)
{
}

ChartWidget::~ChartWidget() = default;

void ChartWidget::setChartStyle(const ChartStyle& style)
{
    m_style = style;
    styleChanged();
    requestReplot();
}

QString ChartWidget::toCsv() const { return plots::toCsv(asTable()); }

bool ChartWidget::savePng(const QString& path)
{
    constexpr int scale = 2;
    QImage image(size() * scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    image.fill(m_style.surface);
    QPainter painter(&image);
    render(painter, size());
    painter.end();
    return image.save(path, "PNG");
}

bool ChartWidget::saveSvg(const QString& path)
{
    QSvgGenerator generator;
    generator.setFileName(path);
    generator.setSize(size());
    generator.setViewBox(rect());
    generator.setTitle(accessibleName());
    generator.setDescription(accessibleDescription());
    QPainter painter;
    if (!painter.begin(&generator))
        return false;
    painter.fillRect(rect(), m_style.surface);
    render(painter, size());
    return painter.end();
}

void ChartWidget::render(QPainter& painter, const QSize& size)
{
    if (m_plot != nullptr)
        renderPlot(*m_plot, painter, size);
}

QCustomPlot* ChartWidget::makePlot()
{
    Q_ASSERT(m_plot == nullptr);
    m_plot = newPlot(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(plotAsWidget(m_plot));
    return m_plot;
}

void ChartWidget::requestReplot()
{
    m_stale = !isVisible();
    if (m_stale)
        return;
    if (m_plot != nullptr)
        queueReplot(*m_plot);
    else
        update();
}

void ChartWidget::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_stale)
        requestReplot();
}

void ChartWidget::paintEvent(QPaintEvent*)
{
    if (m_plot != nullptr)
        return;
    QPainter painter(this);
    render(painter, size());
}

} // namespace norikv::plots
