// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/histogram.h"

#include "widgets/plots/numbertext.h"

#include <QPainter>

#include <algorithm>
#include <numeric>

namespace norikv::plots {

Histogram::Histogram(QWidget* parent)
    : ChartWidget(parent)
{
    setAccessibleName(tr("Histogram"));
}

void Histogram::setData(HistogramData shown)
{
    m_data = std::move(shown);
    const double all = std::accumulate(m_data.counts.begin(), m_data.counts.end(), 0.0);
    setAccessibleDescription(tr("%1 in %2 bins").arg(shortNumber(all)).arg(m_data.counts.size()));
    requestReplot();
}

void Histogram::setQuantity(const QString& quantity)
{
    m_quantity = quantity;
    update();
}

void Histogram::render(QPainter& painter, const QSize& size)
{
    const ChartStyle& s = chartStyle();
    painter.setFont(s.font);
    const int line = painter.fontMetrics().height();
    const QRectF area(0, line, size.width(), size.height() - 3 * line);
    painter.setPen(s.border);
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    if (m_data.counts.empty())
        return;
    const double most = std::max(1.0, *std::ranges::max_element(m_data.counts));
    const double pitch = area.width() / double(m_data.counts.size());
    for (std::size_t bin = 0; bin < m_data.counts.size(); ++bin) {
        if (m_data.counts[bin] <= 0)
            continue;
        const double high = std::max(2.0, area.height() * m_data.counts[bin] / most);
        const bool over = m_data.limit > 0 && double(bin) * m_data.step >= m_data.limit;
        painter.fillRect(QRectF(pitch * double(bin), area.bottom() - high, std::max(1.0, pitch - 1), high),
            over ? s.series[3] : s.series[0]);
    }
    const double whole = m_data.step * double(m_data.counts.size());
    if (m_data.expected > 0 && m_data.expected < whole) {
        const double x = area.width() * m_data.expected / whole;
        painter.setPen(QPen(s.text, 1, Qt::DashLine));
        painter.drawLine(QPointF(x, line), QPointF(x, area.bottom()));
        painter.setPen(s.muted);
        const QString text = tr("due %1").arg(axisNumber(m_data.expected, 0.1));
        const int width = painter.fontMetrics().horizontalAdvance(text);
        painter.drawText(QPointF(std::min(x + 4, area.width() - width), line - 3), text);
    }
    painter.setPen(s.muted);
    const QRectF below(0, area.bottom() + 2, area.width(), line);
    painter.drawText(below, Qt::AlignLeft, QStringLiteral("0"));
    painter.drawText(below, Qt::AlignRight, tr("%1 and more").arg(axisNumber(whole - m_data.step, 0.1)));
    painter.drawText(below.translated(0, line), Qt::AlignHCenter, m_quantity);
}

ChartTable Histogram::asTable() const
{
    ChartTable table{{m_quantity, tr("count")}, {}};
    for (std::size_t bin = 0; bin < m_data.counts.size(); ++bin)
        table.rows.push_back({csvNumber(double(bin) * m_data.step), csvNumber(m_data.counts[bin])});
    return table;
}

} // namespace norikv::plots
