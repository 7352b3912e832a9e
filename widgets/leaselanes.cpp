// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/leaselanes.h"

#include "client/patterns/lease.h"
#include "models/leasemodel.h"
#include "models/text.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QDateTime>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <functional>

namespace norikv::widgets {

namespace {

using namespace std::chrono_literals;

constexpr int LaneHeight = 44;
constexpr int BarHeight = 22;
constexpr int AxisHeight = 22;
constexpr int LabelWidth = 132;
constexpr int Side = 8;
constexpr auto ShortestSpan = 15s;
constexpr auto LongestSpan = 15min;

/// The same holder has the same colour in every lane.
std::size_t seriesOf(const std::string& holder, std::size_t count)
{
    return std::hash<std::string>()(holder) % count;
}

} // namespace

LeaseLanes::LeaseLanes(const Theme& theme, QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_theme(theme)
    , m_span(90s)
{
    setObjectName(QStringLiteral("leaseLanes"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Leases over time"));
    setAccessibleDescription(
        tr("A lane for each election with a bar for each leader; the table below says the same."));
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void LeaseLanes::setLeases(std::vector<client::LeaseTrack> leases, EpochMs nowMs)
{
    const bool other = leases.size() != m_leases.size();
    m_leases = std::move(leases);
    m_nowMs = nowMs;
    if (other)
        updateScroll();
    viewport()->update();
}

void LeaseLanes::select(const client::Bytes& key)
{
    if (key == m_selected)
        return;
    m_selected = key;
    viewport()->update();
}

void LeaseLanes::setSpan(std::chrono::milliseconds span)
{
    m_span = std::clamp<std::chrono::milliseconds>(span, ShortestSpan, LongestSpan);
    viewport()->update();
}

LaneScale LeaseLanes::scale() const
{
    LaneScale scale;
    scale.left = Side + LabelWidth;
    scale.right = viewport()->width() - Side;
    scale.fromMs = m_nowMs - m_span.count();
    scale.toMs = m_nowMs + m_span.count() / 8; // room for the tails
    return scale;
}

void LeaseLanes::updateScroll()
{
    const int all = laneCount() * LaneHeight + AxisHeight;
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(LaneHeight);
    verticalScrollBar()->setRange(0, std::max(0, all - viewport()->height()));
}

void LeaseLanes::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateScroll();
}

void LeaseLanes::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    const LaneScale axis = scale();
    paintAxis(painter, axis);
    painter.setClipRect(0, AxisHeight, viewport()->width(), viewport()->height() - AxisHeight);
    int top = AxisHeight - verticalScrollBar()->value();
    for (const auto& lease : m_leases) {
        if (top + LaneHeight > AxisHeight && top < viewport()->height())
            paintLane(painter, lease, top, axis);
        top += LaneHeight;
    }
    const double now = axis.x(m_nowMs);
    painter.setPen(QPen(m_theme.tokens().accent, 1, Qt::DashLine));
    painter.drawLine(QPointF(now, AxisHeight), QPointF(now, viewport()->height()));
}

void LeaseLanes::paintAxis(QPainter& painter, const LaneScale& scale) const
{
    const Tokens& t = m_theme.tokens();
    painter.setFont(Theme::smallFont());
    const QFontMetrics metrics(painter.font());
    // As many words as fit: every 5, 10, 15, 30, 60 ... seconds.
    EpochMs step = 5000;
    for (const EpochMs next : {10'000, 15'000, 30'000, 60'000, 120'000, 300'000}) {
        if (scale.x(scale.fromMs + step) - scale.x(scale.fromMs) < 64)
            step = next;
    }
    for (EpochMs back = 0; back <= m_span.count(); back += step) {
        const double x = scale.x(m_nowMs - back);
        const QString text = back == 0 ? tr("now") : tr("-%1 s").arg(back / 1000);
        const int width = tabularWidth(painter.font(), text);
        painter.setPen(t.muted);
        drawTabular(painter, QRect(static_cast<int>(x) - width / 2, 0, width + 2, metrics.height()),
            Qt::AlignLeft, text);
        painter.setPen(t.border);
        painter.drawLine(QPointF(x, AxisHeight - 4), QPointF(x, viewport()->height()));
    }
}

void LeaseLanes::paintLane(
    QPainter& painter, const client::LeaseTrack& lease, int top, const LaneScale& scale) const
{
    const Tokens& t = m_theme.tokens();
    const QRect lane(0, top, viewport()->width(), LaneHeight);
    if (lease.key() == m_selected) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.selection);
        painter.drawRoundedRect(lane.adjusted(2, 1, -2, -1), 6, 6);
    }
    painter.setFont(Theme::baseFont());
    const QFontMetrics metrics(painter.font());
    const QString election = models::shown(client::electionOf(lease.key()).value_or(lease.key()));
    painter.setPen(t.text);
    painter.drawText(QRect(Side + 4, top + 4, LabelWidth - 12, metrics.height()), Qt::AlignLeft,
        metrics.elidedText(election, Qt::ElideRight, LabelWidth - 12));
    painter.setFont(Theme::smallFont());
    painter.setPen(t.muted);
    const QString about = lease.leaseKnown()
        ? tr("lease %1").arg(models::secondsText(static_cast<EpochMs>(lease.leaseMs())))
        : tr("lease unknown");
    painter.drawText(
        QRect(Side + 4, top + 4 + metrics.height(), LabelWidth - 12, metrics.height()), Qt::AlignLeft, about);

    painter.save();
    painter.setClipRect(QRectF(scale.left, std::max(top, AxisHeight), scale.right - scale.left, LaneHeight),
        Qt::IntersectClip);
    const double barTop = top + (LaneHeight - BarHeight) / 2.0;
    const auto& spans = lease.spans();
    for (std::size_t i = 0; i < spans.size(); ++i) {
        const auto& span = spans[i];
        const bool last = i + 1 == spans.size();
        const EpochMs end = span.endMs ? *span.endMs : last && lease.held() ? m_nowMs : span.lastBeatMs;
        const double left = scale.x(span.fromMs);
        const double right = std::max(scale.x(end), left + 2);
        if (right < scale.left)
            continue;
        const QColor colour = t.series[seriesOf(span.holder, t.series.size())];
        const QRectF bar(left, barTop, right - left, BarHeight);
        QColor fill = colour;
        fill.setAlphaF(0.28F);
        painter.setPen(QPen(colour, 1));
        painter.setBrush(fill);
        painter.drawRoundedRect(bar, 4, 4);
        if (last && lease.held() && lease.leaseEndMs() > m_nowMs) {
            const QRectF tail(right, barTop, scale.x(lease.leaseEndMs()) - right, BarHeight);
            QLinearGradient fade(tail.topLeft(), tail.topRight());
            fade.setColorAt(0, fill);
            fill.setAlphaF(0);
            fade.setColorAt(1, fill);
            painter.fillRect(tail, fade);
        }
        const QRectF words = bar.intersected(QRectF(scale.left, barTop, scale.right - scale.left, BarHeight))
                                 .adjusted(6, 0, -6, 0);
        painter.setPen(t.text);
        const QString holder = models::shown(span.holder, 64);
        const QFontMetrics small(painter.font());
        if (words.width() > small.horizontalAdvance(holder.left(3)) + 8)
            painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                small.elidedText(holder, Qt::ElideRight, static_cast<int>(words.width())));
    }
    painter.setPen(QPen(t.text, 1));
    for (const EpochMs beat : lease.beats()) {
        const double x = scale.x(beat);
        if (x >= scale.left)
            painter.drawLine(QPointF(x, barTop + BarHeight - 5), QPointF(x, barTop + BarHeight));
    }
    painter.restore();
}

int LeaseLanes::laneAt(int y) const
{
    const int lane = (y - AxisHeight + verticalScrollBar()->value()) / LaneHeight;
    return y >= AxisHeight && lane < laneCount() ? lane : -1;
}

void LeaseLanes::mousePressEvent(QMouseEvent* event)
{
    if (const int lane = laneAt(static_cast<int>(event->position().y())); lane >= 0)
        Q_EMIT laneChosen(models::toQt(m_leases[static_cast<std::size_t>(lane)].key()));
}

void LeaseLanes::keyPressEvent(QKeyEvent* event)
{
    const int step = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
    if (step == 0 || m_leases.empty()) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    const auto found = std::ranges::find(m_leases, m_selected, &client::LeaseTrack::key);
    const int now = found == m_leases.end() ? -step : static_cast<int>(found - m_leases.begin());
    const int next = std::clamp(now + step, 0, laneCount() - 1);
    Q_EMIT laneChosen(models::toQt(m_leases[static_cast<std::size_t>(next)].key()));
}

void LeaseLanes::wheelEvent(QWheelEvent* event)
{
    if (!event->modifiers().testFlag(Qt::ControlModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    setSpan(event->angleDelta().y() > 0 ? m_span * 2 / 3 : m_span * 3 / 2);
    event->accept();
}

QString LeaseLanes::describe(const client::LeaseTrack& lease, EpochMs at) const
{
    for (auto span = lease.spans().rbegin(); span != lease.spans().rend(); ++span) {
        if (span->fromMs > at)
            continue;
        const bool over = span->endMs && *span->endMs < at;
        const QString holder = models::shown(span->holder, 64);
        if (over)
            return tr("Nobody, since %1 gave it up or it ran out").arg(holder);
        return tr("%1, since %2; last heartbeat %3 ago")
            .arg(holder, QDateTime::fromMSecsSinceEpoch(span->fromMs).toString(QStringLiteral("HH:mm:ss")),
                models::secondsText(std::max<EpochMs>(0, m_nowMs - span->lastBeatMs)));
    }
    return tr("Not known: before the first look");
}

bool LeaseLanes::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int lane = laneAt(help->pos().y());
    if (lane < 0 || help->pos().x() < scale().left)
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(),
            plainToolTip(describe(m_leases[static_cast<std::size_t>(lane)], scale().at(help->pos().x()))),
            this);
    return true;
}

} // namespace norikv::widgets
