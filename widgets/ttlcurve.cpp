// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ttlcurve.h"

#include "widgets/declaredtimes.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>

namespace norikv::widgets {

namespace {
constexpr int AxisHeight = 18;
constexpr int LabelWidth = 40;
} // namespace

TtlCurve::TtlCurve(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("ttlCurve"));
    setAccessibleName(tr("What if the time to live were another"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void TtlCurve::setPoints(const std::vector<client::TtlPoint>& points, std::uint64_t currentTtlMs)
{
    m_points = points;
    m_currentMs = currentTtlMs;
    QStringList words;
    for (const auto& point : points)
        words << tr("%1: %2 reads per second, %3 % stale")
                     .arg(durationWords(point.ttlMs), QString::number(point.readsPerSecond, 'f', 1),
                         QString::number(point.staleShare * 100, 'f', 1));
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    update();
}

QRectF TtlCurve::area() const
{
    return {double(LabelWidth), 4, double(width() - 2 * LabelWidth), double(height() - AxisHeight - 6)};
}

double TtlCurve::x(std::size_t index) const
{
    const QRectF box = area();
    return m_points.size() < 2 ? box.center().x()
                               : box.left() + box.width() * double(index) / double(m_points.size() - 1);
}

void TtlCurve::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens& t = m_theme.tokens();
    const QRectF box = area();
    painter.setFont(Theme::smallFont());
    painter.setPen(t.border);
    painter.drawLine(box.bottomLeft(), box.bottomRight());
    if (m_points.empty()) {
        painter.setPen(t.muted);
        painter.drawText(rect(), Qt::AlignCenter, tr("Not enough reads yet"));
        return;
    }
    double mostReads = 0.1;
    for (const auto& point : m_points)
        mostReads = std::max(mostReads, point.readsPerSecond);
    QPainterPath load;
    QPainterPath stale;
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        const QPointF reads(x(i), box.bottom() - box.height() * m_points[i].readsPerSecond / mostReads);
        const QPointF share(x(i), box.bottom() - box.height() * m_points[i].staleShare);
        if (i == 0) {
            load.moveTo(reads);
            stale.moveTo(share);
        } else {
            load.lineTo(reads);
            stale.lineTo(share);
        }
        if (m_points[i].ttlMs == m_currentMs) {
            painter.setPen(QPen(t.accent, 1, Qt::DashLine));
            painter.drawLine(QPointF(x(i), box.top()), QPointF(x(i), box.bottom()));
        }
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(t.series[0], 1));
    painter.drawPath(load);
    painter.setPen(QPen(t.danger.strong, 1, Qt::DashLine));
    painter.drawPath(stale);
    painter.setPen(t.muted);
    drawTabular(painter, QRect(0, int(box.top()) - 4, LabelWidth - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
        QString::number(mostReads, 'f', mostReads < 10 ? 1 : 0));
    drawTabular(painter, QRect(width() - LabelWidth + 6, int(box.top()) - 4, LabelWidth - 6, 16),
        Qt::AlignLeft | Qt::AlignVCenter, tr("100 %"));
    // As many names of times as fit.
    double free = -1;
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        const QString text = durationWords(m_points[i].ttlMs);
        const int wide = tabularWidth(painter.font(), text);
        const double left = std::clamp(x(i) - wide / 2.0, 0.0, double(width() - wide));
        if (left < free)
            continue;
        drawTabular(
            painter, QRect(int(left), int(box.bottom()) + 2, wide + 2, AxisHeight - 2), Qt::AlignLeft, text);
        free = left + wide + 10;
    }
}

bool TtlCurve::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || m_points.empty())
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    std::size_t nearest = 0;
    for (std::size_t i = 1; i < m_points.size(); ++i) {
        if (std::abs(x(i) - help->pos().x()) < std::abs(x(nearest) - help->pos().x()))
            nearest = i;
    }
    const auto& point = m_points[nearest];
    QToolTip::showText(help->globalPos(),
        plainToolTip(tr("With %1: %2 reads of the server per second, %3 % of the answers stale")
                         .arg(durationWords(point.ttlMs), QString::number(point.readsPerSecond, 'f', 1),
                             QString::number(point.staleShare * 100, 'f', 1))),
        this);
    return true;
}

} // namespace norikv::widgets
