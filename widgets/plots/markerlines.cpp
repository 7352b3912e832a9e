// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/markerlines.h"

namespace norikv::plots {

namespace {
constexpr int maxLabelChars = 60;
constexpr int gap = 6;
} // namespace

MarkerLines::MarkerLines(QCPAxis* time, const QString& layer)
    : QCPLayerable(time->parentPlot(), layer)
    , m_time(time)
{
}

void MarkerLines::draw(QCPPainter* painter)
{
    const QRect area = clipRect();
    const QFontMetrics metrics(style.font);
    const int height = metrics.height();
    std::vector<QRect> taken;
    painter->setFont(style.font);
    for (const CounterMarker& marker : markers) {
        const int x = qRound(m_time->coordToPixel(marker.t));
        if (x < area.left() || x > area.right())
            continue;
        painter->setPen(QPen(style.muted, 1, Qt::DashLine));
        painter->drawLine(QLineF(x, area.top(), x, area.bottom()));
        const QString text = marker.label.left(maxLabelChars);
        const int width = metrics.horizontalAdvance(text) + 2;
        const bool right = x + gap + width <= area.right();
        QRect box(right ? x + gap : x - gap - width, area.top() + 3, width, height);
        const auto hits = [&box](const QRect& other) { return other.intersects(box.adjusted(-4, 0, 4, 0)); };
        for (int line = 0; line < 3 && std::any_of(taken.begin(), taken.end(), hits); ++line)
            box.translate(0, height + 2);
        taken.push_back(box);
        QColor backing = style.surface;
        backing.setAlphaF(0.85F);
        painter->fillRect(box.adjusted(-2, 0, 2, 0), backing);
        painter->setPen(style.muted);
        painter->drawText(box, int(Qt::AlignLeft | Qt::AlignVCenter), text);
    }
}

} // namespace norikv::plots
