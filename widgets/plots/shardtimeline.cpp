// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/shardtimeline.h"

#include "widgets/plots/numbertext.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <chrono>

namespace norikv::plots {

namespace {

constexpr int LabelWidth = 34;
constexpr int AxisHeight = 20;
constexpr int LabelEvery = 128; // shards

} // namespace

ShardTimeline::ShardTimeline(QWidget* parent)
    : ChartWidget(parent)
{
    setAccessibleName(tr("Who led each shard when"));
}

void ShardTimeline::setData(ShardTimelineData shown)
{
    m_data = std::move(shown);
    m_picture = {};
    requestReplot();
}

void ShardTimeline::setWords(std::function<QString(const ShardSpan&)> describe, QStringList headers,
    std::function<QStringList(const ShardSpan&)> row)
{
    m_describe = std::move(describe);
    m_headers = std::move(headers);
    m_row = std::move(row);
}

void ShardTimeline::setChosen(int shard)
{
    m_chosen = shard;
    update();
}

void ShardTimeline::styleChanged() { m_picture = {}; }

QRect ShardTimeline::field(const QSize& size) const
{
    return {LabelWidth, 0, std::max(1, size.width() - LabelWidth), std::max(1, size.height() - AxisHeight)};
}

QImage ShardTimeline::picture(int width) const
{
    const ChartStyle& s = chartStyle();
    QImage image(width, m_data.shards, QImage::Format_RGB32);
    image.fill(s.surface);
    const double msPerPixel = double(m_data.toMs - m_data.fromMs) / width;
    for (const ShardSpan& span : m_data.spans) {
        if (span.series < 0 || span.shard < 0 || span.shard >= m_data.shards)
            continue;
        const int left = std::clamp(int(double(span.fromMs - m_data.fromMs) / msPerPixel), 0, width);
        // A short time is seen all the same: at least a pixel.
        const int right = std::clamp(int(double(span.toMs - m_data.fromMs) / msPerPixel), left + 1, width);
        auto* row = reinterpret_cast<QRgb*>(image.scanLine(span.shard));
        std::fill(row + left, row + std::max(left, right),
            s.series[std::size_t(span.series) % s.series.size()].rgb());
    }
    return image;
}

void ShardTimeline::render(QPainter& painter, const QSize& size)
{
    const ChartStyle& s = chartStyle();
    painter.setFont(s.font);
    const QRect f = field(size);
    if (m_data.shards == 0 || m_data.toMs <= m_data.fromMs)
        return;
    if (m_picture.width() != f.width())
        m_picture = picture(f.width());
    painter.setRenderHint(QPainter::SmoothPixmapTransform, f.height() < m_data.shards);
    painter.drawImage(f, m_picture);
    painter.setPen(s.border);
    painter.drawRect(f.adjusted(0, 0, -1, -1));
    painter.setPen(s.muted);
    const int lineHeight = painter.fontMetrics().height();
    for (int shard = 0; shard < m_data.shards; shard += LabelEvery) {
        const int y = f.top() + shard * f.height() / m_data.shards;
        painter.drawText(
            QRect(0, y, LabelWidth - 6, lineHeight), Qt::AlignRight | Qt::AlignTop, QString::number(shard));
    }
    const std::chrono::milliseconds whole(m_data.toMs - m_data.fromMs);
    const QRect axis(f.left(), f.bottom() + 4, f.width(), AxisHeight - 4);
    if (whole >= std::chrono::seconds(4)) {
        painter.drawText(axis, Qt::AlignLeft | Qt::AlignVCenter, tr("%1 ago").arg(ageText(whole)));
        painter.drawText(axis, Qt::AlignHCenter | Qt::AlignVCenter, tr("%1 ago").arg(ageText(whole / 2)));
    }
    painter.drawText(axis, Qt::AlignRight | Qt::AlignVCenter, tr("the moment shown"));
    if (m_chosen >= 0 && m_chosen < m_data.shards) {
        const int y = f.top() + m_chosen * f.height() / m_data.shards;
        painter.setPen(QPen(s.text, 1));
        painter.drawRect(
            QRect(f.left() - 2, y - 2, f.width() + 3, std::max(4, f.height() / m_data.shards + 3)));
    }
}

const ShardSpan* ShardTimeline::spanAt(const QPoint& position) const
{
    const QRect f = field(size());
    if (!f.contains(position) || m_data.shards == 0)
        return nullptr;
    const int shard = std::min(m_data.shards - 1, (position.y() - f.top()) * m_data.shards / f.height());
    const std::int64_t atMs = m_data.fromMs
        + std::int64_t(double(m_data.toMs - m_data.fromMs) * (position.x() - f.left()) / f.width());
    for (auto span = std::ranges::lower_bound(m_data.spans, shard, {}, &ShardSpan::shard);
         span != m_data.spans.end() && span->shard == shard; ++span) {
        if (span->fromMs <= atMs && atMs < span->toMs)
            return &*span;
    }
    return nullptr;
}

bool ShardTimeline::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return ChartWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const ShardSpan* span = spanAt(help->pos());
    QToolTip::showText(help->globalPos(), span && m_describe ? m_describe(*span) : QString(), this);
    return true;
}

void ShardTimeline::mouseReleaseEvent(QMouseEvent* event)
{
    const ShardSpan* span = spanAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && span)
        Q_EMIT shardActivated(span->shard);
}

ChartTable ShardTimeline::asTable() const
{
    ChartTable table{m_headers, {}};
    for (const ShardSpan& span : m_data.spans) {
        if (m_row)
            table.rows.push_back(m_row(span));
    }
    return table;
}

} // namespace norikv::plots
