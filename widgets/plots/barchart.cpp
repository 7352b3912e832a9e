// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/barchart.h"

#include "widgets/plots/numbertext.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace norikv::plots {

namespace {

constexpr std::size_t maxBars = 256;
constexpr double widestBar = 28;

/// Bars keep a gap of a quarter of their slot and do not grow beyond widestBar.
QRectF slotRect(std::size_t index, std::size_t count, const QSizeF& area)
{
    const double pitch = std::min(area.width() / double(count), widestBar / 0.75);
    return {pitch * double(index), 0, pitch, area.height()};
}

QString describeBar(const ShardBar& bar)
{
    QString text = ShardBars::tr("shard %1: %2").arg(bar.shard).arg(axisNumber(bar.value, 1));
    if (!std::isfinite(bar.value))
        text = ShardBars::tr("shard %1: not known").arg(bar.shard);
    return bar.hidden ? ShardBars::tr("%1 (hidden: beyond the configured count)").arg(text) : text;
}

} // namespace

ShardBars::ShardBars(QWidget* parent)
    : ChartWidget(parent)
{
    setAccessibleName(tr("Shards"));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
}

void ShardBars::setData(std::vector<ShardBar> bars, double expected)
{
    m_bars = std::move(bars);
    if (m_bars.size() > maxBars)
        m_bars.resize(maxBars);
    m_expected = expected;
    m_current = m_current < int(m_bars.size()) ? m_current : -1;
    const auto hidden
        = std::count_if(m_bars.begin(), m_bars.end(), [](const ShardBar& b) { return b.hidden; });
    setAccessibleDescription(tr("%1 shards, %2 hidden, expected share %3")
                                 .arg(m_bars.size())
                                 .arg(hidden)
                                 .arg(shortNumber(m_expected)));
    requestReplot();
}

double ShardBars::top() const
{
    double highest = std::isfinite(m_expected) ? m_expected : 0;
    for (const ShardBar& bar : m_bars) {
        if (std::isfinite(bar.value))
            highest = std::max(highest, bar.value);
    }
    return highest > 0 ? highest * 1.08 : 1;
}

void ShardBars::render(QPainter& painter, const QSize& size)
{
    const ChartStyle& s = chartStyle();
    const QRectF area(0, 0, size.width(), size.height() - 1);
    painter.setPen(QPen(s.border, 1));
    painter.drawLine(QPointF(0, area.bottom() + 0.5), QPointF(area.right(), area.bottom() + 0.5));
    if (m_bars.empty()) {
        painter.setFont(s.font);
        painter.setPen(s.muted);
        painter.drawText(area, Qt::AlignCenter, tr("No shards known"));
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    const double scale = area.height() / top();
    double right = 0;
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const ShardBar& bar = m_bars[i];
        const QRectF slot = slotRect(i, m_bars.size(), area.size());
        right = slot.right();
        const double gap = slot.width() > 3 ? std::min(6.0, slot.width() * 0.25) : 0;
        const bool known = std::isfinite(bar.value);
        const double height = known ? std::max(1.0, std::max(0.0, bar.value) * scale) : area.height();
        const QRectF box(slot.left(), area.bottom() - height, slot.width() - gap, height);
        const double radius = std::min({3.0, box.width() / 2, height});
        QPainterPath path;
        path.addRoundedRect(box, radius, radius);
        path.addRect(box.adjusted(0, radius, 0, 0));
        path.setFillRule(Qt::WindingFill);
        const bool current = int(i) == m_current;
        if (known && !bar.hidden) {
            painter.fillPath(path, current ? s.series[2].lighter(120) : s.series[2]);
            continue;
        }
        const QColor line = bar.hidden ? s.series[3] : s.gap;
        painter.fillPath(path, QBrush(line, Qt::BDiagPattern));
        painter.setPen(QPen(line, current ? 2 : 1));
        painter.drawPath(path.simplified());
    }
    if (std::isfinite(m_expected)) {
        const double y = std::round(area.bottom() - m_expected * scale) + 0.5;
        painter.setPen(QPen(s.text, 1, Qt::DashLine));
        painter.drawLine(QPointF(0, y), QPointF(right, y));
    }
    if (hasFocus() && m_current >= 0) {
        painter.setPen(QPen(s.accent, 1.5));
        painter.setBrush(Qt::NoBrush);
        const QRectF slot = slotRect(std::size_t(m_current), m_bars.size(), area.size());
        painter.drawRoundedRect(slot.adjusted(-1, 1, -slot.width() * 0.25 + 1, -1), 3, 3);
    }
}

int ShardBars::barAt(const QPoint& position) const
{
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        if (slotRect(i, m_bars.size(), size()).contains(position))
            return int(i);
    }
    return -1;
}

void ShardBars::setCurrent(int index)
{
    if (m_current == index)
        return;
    m_current = index;
    setCursor(index >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

bool ShardBars::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return ChartWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int at = barAt(help->pos());
    QToolTip::showText(help->globalPos(), at < 0 ? QString() : describeBar(m_bars[std::size_t(at)]), this);
    return true;
}

void ShardBars::mouseMoveEvent(QMouseEvent* event) { setCurrent(barAt(event->position().toPoint())); }

void ShardBars::mouseReleaseEvent(QMouseEvent* event)
{
    const int at = barAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && at >= 0)
        Q_EMIT shardActivated(m_bars[std::size_t(at)].shard);
}

void ShardBars::leaveEvent(QEvent* event)
{
    ChartWidget::leaveEvent(event);
    setCurrent(-1);
}

void ShardBars::keyPressEvent(QKeyEvent* event)
{
    const int last = int(m_bars.size()) - 1;
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right) {
        setCurrent(qBound(-1, m_current + (event->key() == Qt::Key_Right ? 1 : -1), last));
        if (m_current >= 0)
            setAccessibleDescription(describeBar(m_bars[std::size_t(m_current)]));
    } else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_current >= 0) {
        Q_EMIT shardActivated(m_bars[std::size_t(m_current)].shard);
    } else {
        ChartWidget::keyPressEvent(event);
    }
}

ChartTable ShardBars::asTable() const
{
    ChartTable table{{tr("shard"), tr("value"), tr("expected"), tr("hidden")}, {}};
    for (const ShardBar& bar : m_bars)
        table.rows.push_back({QString::number(bar.shard), csvNumber(bar.value), csvNumber(m_expected),
            bar.hidden ? tr("yes") : tr("no")});
    return table;
}

} // namespace norikv::plots
