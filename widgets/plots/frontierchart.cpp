// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/frontierchart.h"

#include "widgets/plots/numbertext.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace norikv::plots {

namespace {

constexpr double Reach = 14; // pixels from the mouse to a dot
constexpr double Steps = 4; // of the recall axis

QString words(const FrontierDot& dot)
{
    return FrontierChart::tr("asking for %1: recall %2, half of the answers within %3 ms, 95 % within %4 ms")
        .arg(dot.asked)
        .arg(dot.recall, 0, 'f', 3)
        .arg(shortNumber(dot.p50Ms), shortNumber(dot.p95Ms));
}

} // namespace

FrontierChart::FrontierChart(QWidget* parent)
    : ChartWidget(parent)
{
    setObjectName(QStringLiteral("frontierChart"));
    setAccessibleName(tr("Recall against latency"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
}

void FrontierChart::setData(FrontierData shown)
{
    m_data = std::move(shown);
    m_current = std::min(m_current, int(m_data.dots.size()) - 1);
    QStringList all;
    for (const FrontierDot& dot : m_data.dots)
        all << words(dot);
    setAccessibleDescription(all.isEmpty() ? tr("Not measured yet") : all.join(QStringLiteral("; ")));
    requestReplot();
}

FrontierChart::Frame FrontierChart::frame(const QSize& size) const
{
    const QFontMetrics metrics(chartStyle().font);
    const int left = metrics.horizontalAdvance(QStringLiteral("0.00")) + 10;
    Frame frame;
    frame.area = QRectF(left, metrics.height() / 2.0 + 4, size.width() - left - 14,
        size.height() - 2.5 * metrics.height() - 10);
    double least = 1;
    double most = 0;
    for (const FrontierDot& dot : m_data.dots) {
        least = std::min(least, dot.recall);
        most = std::max(most, dot.p95Ms);
    }
    frame.mostMs = most > 0 ? most * 1.1 : 1;
    // A whole number of steps that can be read: 0.9 to 1, 0.5 to 1 or all of it.
    frame.leastRecall = least >= 0.9 ? 0.9 : least >= 0.5 ? 0.5 : 0;
    return frame;
}

QPointF FrontierChart::place(const Frame& frame, double ms, double recall) const
{
    return {frame.area.left() + frame.area.width() * ms / frame.mostMs,
        frame.area.bottom() - frame.area.height() * (recall - frame.leastRecall) / (1 - frame.leastRecall)};
}

QPointF FrontierChart::placeOf(int dot) const
{
    const FrontierDot& at = m_data.dots[std::size_t(dot)];
    return place(frame(size()), at.p50Ms, at.recall);
}

void FrontierChart::render(QPainter& painter, const QSize& size)
{
    const ChartStyle& s = chartStyle();
    painter.setFont(s.font);
    if (m_data.dots.empty()) {
        painter.setPen(s.muted);
        painter.drawText(QRect(QPoint(), size).adjusted(12, 8, -12, -8),
            int(Qt::AlignCenter) | int(Qt::TextWordWrap), tr("Not measured yet"));
        return;
    }
    const Frame f = frame(size);
    const QFontMetrics metrics(s.font);
    for (int i = 0; i <= int(Steps); ++i) {
        const double recall = f.leastRecall + (1 - f.leastRecall) * i / Steps;
        const double y = std::round(place(f, 0, recall).y()) + 0.5;
        painter.setPen(s.border);
        painter.drawLine(QPointF(f.area.left(), y), QPointF(f.area.right(), y));
        painter.setPen(s.muted);
        painter.drawText(QRectF(0, y - metrics.height() / 2.0, f.area.left() - 6, metrics.height()),
            Qt::AlignRight | Qt::AlignVCenter,
            QString::number(recall, 'f', i % 2 == 0 || f.leastRecall < 0.5 ? 2 : 3));
    }
    const QRectF below(f.area.left(), f.area.bottom() + 5, f.area.width(), metrics.height());
    painter.drawText(below, Qt::AlignLeft, QStringLiteral("0"));
    painter.drawText(below, Qt::AlignHCenter, tr("%1 ms").arg(shortNumber(f.mostMs / 2)));
    painter.drawText(below, Qt::AlignRight, tr("%1 ms").arg(shortNumber(f.mostMs)));

    painter.setRenderHint(QPainter::Antialiasing);
    QPolygonF half;
    QPolygonF most;
    for (const FrontierDot& dot : m_data.dots) {
        half << place(f, dot.p50Ms, dot.recall);
        most << place(f, dot.p95Ms, dot.recall);
    }
    painter.setPen(QPen(s.series[1], 1, Qt::DashLine));
    painter.drawPolyline(most);
    painter.setPen(QPen(s.series[0], 1.5));
    painter.drawPolyline(half);
    for (std::size_t i = 0; i < m_data.dots.size(); ++i) {
        const FrontierDot& dot = m_data.dots[i];
        painter.setPen(QPen(s.series[1], 1.5));
        painter.setBrush(s.surface);
        painter.drawRect(QRectF(most[int(i)] - QPointF(3.5, 3.5), QSizeF(7, 7)));
        painter.setPen(QPen(s.surface, 1));
        painter.setBrush(s.series[0]);
        painter.drawEllipse(half[int(i)], 5, 5);
        const bool ringed = dot.asked == m_data.current || int(i) == m_current;
        if (ringed) {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(int(i) == m_current ? s.accent : s.text, 2));
            painter.drawEllipse(half[int(i)], 8, 8);
        }
        // Above its dot where there is room, else below; never over the edge.
        QFont font = s.font;
        font.setWeight(dot.asked == m_data.suggested ? QFont::Bold : QFont::Normal);
        painter.setFont(font);
        painter.setPen(dot.asked == m_data.suggested ? s.text : s.muted);
        const QString label = QString::number(dot.asked);
        const int width = QFontMetrics(font).horizontalAdvance(label);
        const double x = std::clamp(half[int(i)].x() - width / 2.0, f.area.left(), f.area.right() - width);
        const double up = half[int(i)].y() - 11;
        painter.drawText(
            QPointF(x, up - metrics.ascent() < 0 ? half[int(i)].y() + 11 + metrics.ascent() : up), label);
    }
    painter.setFont(s.font);
    const QRectF key = below.translated(0, metrics.height() + 1);
    const QString first = tr("half of the answers");
    const QString second = tr("95 % of them");
    double x = key.left();
    painter.setPen(QPen(s.series[0], 1.5));
    painter.drawLine(QPointF(x, key.center().y()), QPointF(x + 14, key.center().y()));
    painter.setPen(s.muted);
    painter.drawText(QPointF(x + 19, key.top() + metrics.ascent()), first);
    x += 19 + metrics.horizontalAdvance(first) + 16;
    painter.setPen(QPen(s.series[1], 1, Qt::DashLine));
    painter.drawLine(QPointF(x, key.center().y()), QPointF(x + 14, key.center().y()));
    painter.setPen(s.muted);
    painter.drawText(QPointF(x + 19, key.top() + metrics.ascent()), second);
}

int FrontierChart::dotAt(const QPointF& position) const
{
    int found = -1;
    double best = Reach;
    for (int i = 0; i < int(m_data.dots.size()); ++i) {
        const QPointF away = placeOf(i) - position;
        const double distance = std::hypot(away.x(), away.y());
        if (distance <= best) {
            best = distance;
            found = i;
        }
    }
    return found;
}

void FrontierChart::setCurrent(int dot)
{
    if (dot == m_current)
        return;
    m_current = dot;
    setCursor(dot >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (dot >= 0)
        setAccessibleDescription(words(m_data.dots[std::size_t(dot)]));
    update();
}

bool FrontierChart::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return ChartWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int dot = dotAt(help->pos());
    QToolTip::showText(help->globalPos(), dot < 0 ? toolTip() : words(m_data.dots[std::size_t(dot)]), this);
    return true;
}

void FrontierChart::mouseMoveEvent(QMouseEvent* event) { setCurrent(dotAt(event->position())); }

void FrontierChart::mouseReleaseEvent(QMouseEvent* event)
{
    const int dot = dotAt(event->position());
    if (event->button() != Qt::LeftButton || dot < 0)
        return;
    setCurrent(dot);
    Q_EMIT askedChosen(m_data.dots[std::size_t(dot)].asked);
}

void FrontierChart::leaveEvent(QEvent* event)
{
    ChartWidget::leaveEvent(event);
    setCurrent(-1);
}

void FrontierChart::keyPressEvent(QKeyEvent* event)
{
    const int last = int(m_data.dots.size()) - 1;
    const bool right = event->key() == Qt::Key_Right || event->key() == Qt::Key_Up;
    if (right || event->key() == Qt::Key_Left || event->key() == Qt::Key_Down)
        setCurrent(std::clamp(m_current + (right ? 1 : -1), std::min(0, last), last));
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_current >= 0)
        Q_EMIT askedChosen(m_data.dots[std::size_t(m_current)].asked);
    else
        ChartWidget::keyPressEvent(event);
}

ChartTable FrontierChart::asTable() const
{
    ChartTable table{{tr("asked for"), tr("recall"), tr("p50 ms"), tr("p95 ms")}, {}};
    for (const FrontierDot& dot : m_data.dots)
        table.rows.push_back(
            {QString::number(dot.asked), csvNumber(dot.recall), csvNumber(dot.p50Ms), csvNumber(dot.p95Ms)});
    return table;
}

} // namespace norikv::plots
