// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/windowstrip.h"

#include "models/ratelimitmodel.h"
#include "models/sessionmodel.h"
#include "models/text.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace norikv::widgets {

namespace {

constexpr int Left = 40; // room for the figures of the count
constexpr int DotsHeight = 22;
constexpr int CurveHeight = 68;
constexpr int AxisHeight = 18;
constexpr int DotRows = 3; // where requests are dense their dots stand in rows
constexpr double Dot = 4.5;

} // namespace

WindowStrip::WindowStrip(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("windowStrip"));
    setAccessibleName(tr("Requests of the chosen identifier in its window"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize WindowStrip::sizeHint() const { return {640, DotsHeight + CurveHeight + AxisHeight}; }

EpochMs WindowStrip::windowMs() const
{
    return std::max<EpochMs>(1, static_cast<EpochMs>(m_row->reading.limit.limit.windowMs));
}

double WindowStrip::xOf(EpochMs atMs) const
{
    const double share = static_cast<double>(atMs - (m_nowMs - windowMs())) / (2.0 * double(windowMs()));
    return Left + (width() - Left - 2) * std::clamp(share, 0.0, 1.0);
}

double WindowStrip::yOf(double count) const
{
    return DotsHeight + CurveHeight - (CurveHeight - 4) * std::min(1.0, count / m_top);
}

void WindowStrip::setRow(const std::optional<models::RateLimitRow>& row, EpochMs nowMs)
{
    m_row = row && row->reading.record ? row : std::nullopt;
    m_nowMs = nowMs;
    m_steps.clear();
    if (m_row)
        makeSteps();
    setAccessibleDescription(m_row ? models::nextSentence(m_row->reading.state(nowMs), nowMs) : QString());
    update();
}

void WindowStrip::makeSteps()
{
    const auto& record = *m_row->reading.record;
    const auto limit = m_row->reading.limit.limit;
    const EpochMs window = windowMs();
    std::uint64_t most = 0;
    if (record.shape == client::LimitShape::Times) {
        std::vector<EpochMs> counting;
        std::ranges::copy_if(
            record.times, std::back_inserter(counting), [&](EpochMs ts) { return ts > m_nowMs - window; });
        std::ranges::sort(counting);
        m_steps.push_back({m_nowMs - window, 0});
        for (std::size_t i = 0; i < counting.size(); ++i)
            m_steps.push_back({std::min(counting[i], m_nowMs), i + 1}); // one that is ahead counts already
        for (std::size_t i = 0; i < counting.size(); ++i)
            m_steps.push_back({counting[i] + window, counting.size() - i - 1});
        most = counting.size();
    } else if (record.startMs) {
        const EpochMs end = *record.startMs
            + (record.shape == client::LimitShape::Bucket ? EpochMs(client::BucketMs) : window);
        m_steps = {{m_nowMs - window, 0}, {*record.startMs, record.count}, {end, 0}};
        most = record.count;
    }
    m_top = 1.2 * static_cast<double>(std::max<std::uint64_t>({1, most, limit.maxRequests}));
}

void WindowStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setFont(Theme::smallFont());
    if (!m_row) {
        painter.setPen(m_theme.tokens().muted);
        painter.drawText(rect(), Qt::AlignCenter, tr("Choose an identifier to see its window"));
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    paintBand(painter);
    paintSteps(painter);
    paintDots(painter);
    paintAxis(painter);
}

void WindowStrip::paintBand(QPainter& painter) const
{
    const Tokens& t = m_theme.tokens();
    const QRectF plot(Left, 0, width() - Left - 2, DotsHeight + CurveHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.track);
    painter.drawRoundedRect(plot, 3, 3);
    QColor band = t.accent;
    band.setAlphaF(0.10F);
    painter.setBrush(band);
    painter.drawRect(QRectF(QPointF(xOf(m_nowMs - windowMs()), 0), QPointF(xOf(m_nowMs), plot.bottom())));
}

void WindowStrip::paintDots(QPainter& painter) const
{
    const Tokens& t = m_theme.tokens();
    const auto& record = *m_row->reading.record;
    painter.setPen(Qt::NoPen);
    // However many there are, a place is painted once: a column of pixels holds DotRows dots.
    std::vector<int> taken(static_cast<std::size_t>(std::max(1, width() + 1)), 0);
    for (const EpochMs ts : record.times) {
        if (ts <= m_nowMs - windowMs())
            continue;
        const double x = xOf(ts);
        int& rows = taken[static_cast<std::size_t>(x)];
        if (rows == DotRows)
            continue;
        painter.setBrush(ts > m_nowMs + client::ClockSlack.count() ? t.danger.strong : t.accent);
        painter.drawEllipse(QPointF(x, 5.0 + 6.0 * rows), Dot / 2, Dot / 2);
        ++rows;
    }
}

void WindowStrip::paintSteps(QPainter& painter) const
{
    const Tokens& t = m_theme.tokens();
    const double bottom = DotsHeight + CurveHeight;
    QPolygonF line;
    std::uint64_t count = 0;
    for (const Step& step : m_steps) {
        if (step.atMs > m_nowMs + windowMs())
            break; // beyond the right edge
        const double x = xOf(step.atMs);
        if (!line.isEmpty())
            line << QPointF(x, yOf(static_cast<double>(count)));
        count = step.count;
        line << QPointF(x, yOf(static_cast<double>(count)));
    }
    if (!line.isEmpty()) {
        line << QPointF(xOf(m_nowMs + windowMs()), yOf(static_cast<double>(count)));
        QPolygonF area = line;
        area.prepend(QPointF(line.first().x(), bottom));
        area << QPointF(line.last().x(), bottom);
        QColor fill = t.accent;
        fill.setAlphaF(0.18F);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawPolygon(area);
        painter.setPen(QPen(t.accent, 1.2));
        painter.drawPolyline(line);
    }
    const double y = yOf(m_row->reading.limit.limit.maxRequests);
    painter.setPen(QPen(t.warning.strong, 1.2, Qt::DashLine));
    painter.drawLine(QPointF(Left, y), QPointF(width() - 2, y));
    const auto state = m_row->reading.state(m_nowMs);
    if (!state.passes) {
        const double x = xOf(state.passesAtMs);
        painter.setPen(QPen(t.ok.strong, 1.2, Qt::DotLine));
        painter.drawLine(QPointF(x, DotsHeight), QPointF(x, bottom));
    }
    painter.setPen(QPen(t.text, 1));
    painter.drawLine(QPointF(xOf(m_nowMs), 0), QPointF(xOf(m_nowMs), bottom));
}

void WindowStrip::paintAxis(QPainter& painter) const
{
    const Tokens& t = m_theme.tokens();
    const int bottom = DotsHeight + CurveHeight;
    painter.setPen(t.muted);
    const auto most = m_row->reading.limit.limit.maxRequests;
    drawTabular(painter, QRect(0, int(yOf(most)) - 8, Left - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
        models::grouped(most));
    drawTabular(
        painter, QRect(0, bottom - 12, Left - 6, 14), Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("0"));
    const QString window = models::windowText(static_cast<std::uint64_t>(windowMs()));
    const auto at = [&](double x, Qt::Alignment side, const QString& text) {
        const int wide = tabularWidth(painter.font(), text) + 4;
        const int left = side == Qt::AlignLeft ? int(x)
            : side == Qt::AlignRight           ? int(x) - wide
                                               : int(x) - wide / 2;
        drawTabular(painter, QRect(left, bottom, wide, AxisHeight), side | Qt::AlignVCenter, text);
    };
    at(Left, Qt::AlignLeft, tr("%1 ago").arg(window));
    at(xOf(m_nowMs), Qt::AlignHCenter, tr("now"));
    at(width() - 2, Qt::AlignRight, tr("in %1").arg(window));
}

bool WindowStrip::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !m_row)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const double share = (help->pos().x() - Left) / std::max(1.0, double(width() - Left - 2));
    const EpochMs at = m_nowMs - windowMs() + static_cast<EpochMs>(share * 2.0 * double(windowMs()));
    std::uint64_t count = 0;
    for (const Step& step : m_steps) {
        if (step.atMs <= at)
            count = step.count;
    }
    const QString when = at <= m_nowMs ? tr("%1 ago").arg(models::countdownText(m_nowMs - at))
                                       : tr("in %1").arg(models::countdownText(at - m_nowMs));
    const QString text = at <= m_nowMs
        ? tr("%1: %2 of the requests that count now had come").arg(when, models::grouped(count))
        : tr("%1: %2 of them still count").arg(when, models::grouped(count));
    QToolTip::showText(help->globalPos(), share < 0 ? QString() : plainToolTip(text), this);
    return true;
}

} // namespace norikv::widgets
