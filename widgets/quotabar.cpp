// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/quotabar.h"

#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace norikv::widgets {

using models::QuotaFigures;

namespace {

constexpr double Warn = 0.8;
constexpr double Full = 1.0;
constexpr double Scale = 1.2; // the track's end
constexpr int BarHeight = 8;
constexpr int Tick = 2; // how far ticks stand out
constexpr double CutStep = 7; // from one arrow to the next

/// Arrows in the colour of what lies behind the bar, the last close to its end.
void cut(QPainter& painter, const QRectF& track, int arrows, const QColor& behind)
{
    painter.setPen(QPen(behind, 2.5, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
    painter.setBrush(Qt::NoBrush);
    const double half = track.height() / 2;
    for (int i = 0; i < arrows; ++i) {
        const double tip = track.right() - 4 - i * CutStep;
        painter.drawPolyline(QPolygonF({QPointF(tip - half, track.top() - 1),
            QPointF(tip, track.center().y()), QPointF(tip - half, track.bottom() + 1)}));
    }
}

} // namespace

Tone quotaTone(const QuotaFigures& quota)
{
    if (!quota.limited)
        return Tone::Muted;
    return quota.share > Full ? Tone::Danger : quota.share >= Warn ? Tone::Warning : Tone::Ok;
}

int quotaCuts(const QuotaFigures& quota)
{
    if (!quota.limited || !(quota.share > Scale))
        return 0;
    return quota.share >= 3 ? 3 : quota.share >= 2 ? 2 : 1;
}

QString quotaWord(const QuotaFigures& quota)
{
    if (!quota.limited)
        return {};
    // 100 % is said only at the limit and beyond it.
    const double shown = quota.share < Full ? std::min(quota.share, 0.99) : quota.share;
    const QString percent = percentText(shown);
    if (quota.share > Full)
        return QuotaBar::tr("%1 ✕ over").arg(percent);
    return quota.share >= Warn ? QStringLiteral("%1 ▲").arg(percent) : percent;
}

void paintQuotaBar(QPainter& painter, const QRectF& box, const QuotaFigures& quota, const Tokens& t)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF track(box.left(), box.center().y() - BarHeight / 2.0, box.width(), BarHeight);
    const double radius = BarHeight / 2.0;
    if (!quota.limited) {
        QPen dashes(t.controlHover, 1, Qt::DashLine);
        painter.setPen(dashes);
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
        painter.restore();
        return;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.track);
    painter.drawRoundedRect(track, radius, radius);
    QPainterPath shape;
    shape.addRoundedRect(track, radius, radius);
    painter.setClipPath(shape);
    const auto at
        = [&](double share) { return track.left() + track.width() * std::min(share, Scale) / Scale; };
    const Tone tone = quotaTone(quota);
    const QColor fill = tone == Tone::Ok ? t.accent : t.tone(tone).strong;
    if (quota.share > 0) {
        // A sliver stays visible however little is used.
        const double end = std::max(at(quota.share), track.left() + 2);
        painter.fillRect(QRectF(track.topLeft(), QPointF(end, track.bottom())), fill);
    }
    if (quota.share > Full) {
        const QRectF beyond(QPointF(at(Full), track.top()), QPointF(at(quota.share), track.bottom()));
        painter.fillRect(beyond, QBrush(t.surface, Qt::BDiagPattern));
    }
    cut(painter, track, quotaCuts(quota), t.surface);
    painter.setClipping(false);
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const double mark : {Warn, Full}) {
        const int x = int(std::lround(at(mark)));
        painter.setPen(QPen(mark == Full ? t.text : t.muted, 1));
        painter.drawLine(x, int(track.top()) - Tick, x, int(track.bottom()) + Tick);
    }
    painter.restore();
}

QuotaBar::QuotaBar(const Theme& theme, const QString& name, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_name(name)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    setToolTip(tr("The ticks stand at 80 % and 100 % of the limit. Arrows cut a bar that goes on: one above "
                  "120 %, two from 200 %, three from 300 %."));
}

void QuotaBar::setQuota(const QuotaFigures& quota)
{
    if (quota == m_quota)
        return;
    m_quota = quota;
    setAccessibleName(QStringLiteral("%1: %2 %3").arg(m_name, quota.text, quotaWord(quota)).trimmed());
    update();
}

QSize QuotaBar::sizeHint() const { return {220, fontMetrics().height() + BarHeight + 2 * Tick + 6}; }

QSize QuotaBar::minimumSizeHint() const { return {120, sizeHint().height()}; }

void QuotaBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& t = m_theme.tokens();
    const int line = fontMetrics().height();
    const QRect head(0, 0, width(), line);
    painter.setFont(font());
    painter.setPen(t.muted);
    const int nameWidth = fontMetrics().horizontalAdvance(m_name);
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, m_name);
    const QString word = quotaWord(m_quota);
    const int wordWidth = word.isEmpty() ? 0 : tabularWidth(font(), word);
    painter.setPen(m_quota.share >= Warn ? t.tone(quotaTone(m_quota)).text : t.text);
    drawTabular(painter, head, Qt::AlignRight | Qt::AlignVCenter, word);
    painter.setPen(t.text);
    const QRect middle = head.adjusted(nameWidth + 8, 0, -(wordWidth + (word.isEmpty() ? 0 : 10)), 0);
    drawTabular(painter, middle, Qt::AlignRight | Qt::AlignVCenter,
        fontMetrics().elidedText(m_quota.text, Qt::ElideRight, std::max(0, middle.width())));
    paintQuotaBar(painter, QRectF(0, line + 4, width(), BarHeight + 2 * Tick), m_quota, t);
}

} // namespace norikv::widgets
