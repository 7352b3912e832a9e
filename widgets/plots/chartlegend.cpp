// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/chartlegend.h"

#include <QPainter>

namespace norikv::plots {

namespace {
constexpr int markWidth = 12;
constexpr int markGap = 5;
constexpr int entryGap = 14;
} // namespace

ChartLegend::ChartLegend(std::vector<LegendEntry> entries, QWidget* parent)
    : QWidget(parent)
    , m_entries(std::move(entries))
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    QStringList names;
    for (const LegendEntry& entry : m_entries)
        names << entry.text;
    setAccessibleName(tr("Legend: %1").arg(names.join(QStringLiteral(", "))));
}

void ChartLegend::setChartStyle(const ChartStyle& style)
{
    m_style = style;
    updateGeometry();
    update();
}

QSize ChartLegend::sizeHint() const
{
    const QFontMetrics metrics(m_style.font);
    int width = 0;
    for (const LegendEntry& entry : m_entries)
        width += (width > 0 ? entryGap : 0) + markWidth + markGap + metrics.horizontalAdvance(entry.text) + 1;
    return {width, metrics.height()};
}

void ChartLegend::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setFont(m_style.font);
    const QFontMetrics metrics(m_style.font);
    int x = 0;
    for (const LegendEntry& entry : m_entries) {
        const QColor color
            = entry.series < 0 ? m_style.danger : m_style.series[std::size_t(entry.series) % 8];
        const QRect mark = entry.mark == LegendEntry::Mark::Line
            ? QRect(x, height() / 2, markWidth, 2)
            : QRect(x + markWidth - 5, height() / 2 - 5, 5, 10);
        painter.fillRect(mark, color);
        x += markWidth + markGap;
        const int width = metrics.horizontalAdvance(entry.text) + 1;
        painter.setPen(m_style.muted);
        painter.drawText(QRect(x, 0, width, height()), Qt::AlignLeft | Qt::AlignVCenter, entry.text);
        x += width + entryGap;
    }
}

} // namespace norikv::plots
