// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/hitstrip.h"

#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QPainter>

#include <algorithm>

namespace norikv::widgets {

namespace {
constexpr int AxisHeight = 18;
constexpr int LabelWidth = 30;
} // namespace

HitStrip::HitStrip(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("hitStrip"));
    setAccessibleName(tr("Reads of each second: hits, stale hits, misses"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void HitStrip::setSeconds(const std::deque<models::CacheFeed::Second>& seconds)
{
    m_seconds = seconds;
    if (!seconds.empty()) {
        const auto& last = seconds.back();
        setAccessibleDescription(tr("In the last second %1 hits, %2 stale hits, %3 misses")
                                     .arg(last.hits)
                                     .arg(last.stale)
                                     .arg(last.misses));
    }
    update();
}

void HitStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens& t = m_theme.tokens();
    const QRectF area(LabelWidth, 2, width() - LabelWidth - 2, height() - AxisHeight - 2);
    std::uint32_t most = 1;
    for (const auto& second : m_seconds)
        most = std::max(most, second.hits + second.stale + second.misses);
    painter.setFont(Theme::smallFont());
    painter.setPen(t.border);
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    painter.setPen(t.muted);
    drawTabular(
        painter, QRect(0, 0, LabelWidth - 6, 16), Qt::AlignRight | Qt::AlignTop, QString::number(most));
    const QRect axis(int(area.left()), int(area.bottom()) + 2, int(area.width()), AxisHeight - 2);
    drawTabular(painter, axis, Qt::AlignLeft | Qt::AlignVCenter, tr("2 min ago"));
    drawTabular(painter, axis, Qt::AlignRight | Qt::AlignVCenter, tr("now"));
    const double step = area.width() / double(models::CacheFeed::MostSeconds);
    const double first = area.right() - step * double(m_seconds.size());
    painter.setPen(Qt::NoPen);
    for (std::size_t i = 0; i < m_seconds.size(); ++i) {
        const auto& second = m_seconds[i];
        double bottom = area.bottom();
        const auto part = [&](std::uint32_t count, const QBrush& brush) {
            const double high = area.height() * double(count) / double(most);
            const QRectF bar(first + step * double(i), bottom - high, std::max(1.0, step - 1), high);
            painter.fillRect(bar, brush);
            bottom -= high;
            return bar;
        };
        part(second.hits, t.series[2]);
        const QRectF stale = part(second.stale, t.danger.strong);
        if (second.stale > 0)
            painter.fillRect(stale, QBrush(t.surface, Qt::BDiagPattern));
        part(second.misses, t.series[0]);
    }
}

} // namespace norikv::widgets
