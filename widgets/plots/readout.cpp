// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/readout.h"

namespace norikv::plots {

namespace {
constexpr int padding = 8;
constexpr int swatch = 8;
constexpr int distance = 10;
} // namespace

Readout::Readout(QCPAxis* time, const QString& layer)
    : QCPLayerable(time->parentPlot(), layer)
    , m_time(time)
{
}

void Readout::show(double at, std::vector<ReadoutLine> lines, std::vector<std::pair<QPointF, QColor>> dots)
{
    m_shown = true;
    m_at = at;
    m_lines = std::move(lines);
    m_dots = std::move(dots);
}

void Readout::hide() { m_shown = false; }

void Readout::draw(QCPPainter* painter)
{
    if (!m_shown)
        return;
    const QRect area = clipRect();
    const double x = std::round(m_time->coordToPixel(m_at)) + 0.5;
    painter->setPen(QPen(m_style.muted, 1));
    painter->drawLine(QLineF(x, area.top(), x, area.bottom()));
    for (const auto& [point, color] : m_dots) {
        painter->setPen(QPen(m_style.surface, 1));
        painter->setBrush(color);
        painter->drawEllipse(point, 4, 4);
    }

    const QFontMetrics metrics(m_style.font);
    int width = 0;
    for (const ReadoutLine& line : m_lines)
        width = qMax(width, metrics.horizontalAdvance(line.text) + (line.color.isValid() ? swatch + 6 : 0));
    const int lineHeight = metrics.height() + 2;
    QRectF box(x + distance, area.top() + 8, width + 2 * padding,
        lineHeight * int(m_lines.size()) + 2 * padding - 2);
    if (box.right() > area.right())
        box.moveRight(x - distance);
    painter->setPen(QPen(m_style.border, 1));
    painter->setBrush(m_style.overlay);
    painter->drawRoundedRect(box, 5, 5);
    painter->setFont(m_style.font);
    double y = box.top() + padding - 1;
    bool first = true;
    for (const ReadoutLine& line : m_lines) {
        double left = box.left() + padding;
        if (line.color.isValid()) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(line.color);
            painter->drawRoundedRect(QRectF(left, y + (lineHeight - swatch) / 2.0, swatch, swatch), 2, 2);
            left += swatch + 6;
        }
        painter->setPen(first ? m_style.muted : m_style.text);
        const QRectF textBox(left, y, box.right() - left, lineHeight);
        painter->drawText(textBox, int(Qt::AlignLeft | Qt::AlignVCenter), line.text);
        y += lineHeight;
        first = false;
    }
}

} // namespace norikv::plots
