// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/sparkline.h"

#include "widgets/plots/numbertext.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace norikv::plots {

Sparkline::Sparkline(QWidget* parent)
    : ChartWidget(parent)
{
    setAccessibleName(tr("Trend"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void Sparkline::setValues(std::vector<double> values)
{
    m_values = std::move(values);
    const auto last
        = std::find_if(m_values.rbegin(), m_values.rend(), [](double v) { return std::isfinite(v); });
    setAccessibleDescription(
        last == m_values.rend() ? tr("no values") : tr("now %1").arg(shortNumber(*last)));
    requestReplot();
}

QSize Sparkline::sizeHint() const { return {80, fontMetrics().height() + 2}; }

void Sparkline::render(QPainter& painter, const QSize& size)
{
    paintSparkline(
        painter, QRectF(QPointF(0, 0), size).adjusted(2, 2, -3, -2), m_values, chartStyle().series[0]);
}

ChartTable Sparkline::asTable() const
{
    ChartTable table{{tr("index"), tr("value")}, {}};
    for (std::size_t i = 0; i < m_values.size(); ++i)
        table.rows.push_back({QString::number(i), csvNumber(m_values[i])});
    return table;
}

void paintSparkline(
    QPainter& painter, const QRectF& box, const std::vector<double>& values, const QColor& color)
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const double v : values) {
        if (std::isfinite(v)) {
            low = std::min(low, v);
            high = std::max(high, v);
        }
    }
    if (low > high)
        return;
    const double span = high / 2 - low / 2; // halves: the difference of two huge values may overflow
    const auto point = [&](std::size_t i) {
        const double x = values.size() < 2 ? 1.0 : double(i) / double(values.size() - 1);
        const double y = span > 0 ? (values[i] / 2 - low / 2) / span : 0.5;
        return QPointF(box.left() + x * box.width(), box.bottom() - y * box.height());
    };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, 1));
    QPolygonF line;
    std::size_t lastKnown = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isfinite(values[i])) {
            line << point(i);
            lastKnown = i;
            continue;
        }
        painter.drawPolyline(line);
        line.clear();
    }
    painter.drawPolyline(line);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(point(lastKnown), 2, 2);
    painter.restore();
}

} // namespace norikv::plots
