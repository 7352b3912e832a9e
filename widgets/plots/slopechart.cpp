// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/slopechart.h"

#include "widgets/plots/plaintip.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace norikv::plots {

namespace {
constexpr double NameShare = 0.36; // of the width, on each side
constexpr double Stub = 22; // pixels of a line that leads nowhere
} // namespace

SlopeChart::SlopeChart(QWidget* parent)
    : ChartWidget(parent)
{
    setObjectName(QStringLiteral("slopeChart"));
    setAccessibleName(tr("Where two lists disagree"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
}

void SlopeChart::setData(SlopeData shown)
{
    m_data = std::move(shown);
    m_ranks = 0;
    int moved = 0;
    int alone = 0;
    for (const SlopeLine& line : m_data.lines) {
        m_ranks = std::max({m_ranks, line.left, line.right});
        alone += int(line.left == 0 || line.right == 0);
        moved += int(line.left > 0 && line.right > 0 && line.left != line.right);
    }
    m_ranks = std::min(m_ranks, MostRanks);
    m_current = std::min(m_current, int(m_data.lines.size()) - 1);
    setAccessibleDescription(m_data.lines.empty() ? tr("Nothing compared yet")
                                                  : tr("%1 and %2: %3 moved, %4 in one list only")
                                                        .arg(m_data.leftName, m_data.rightName)
                                                        .arg(moved)
                                                        .arg(alone));
    updateGeometry();
    requestReplot();
}

int SlopeChart::rowHeight() const { return QFontMetrics(chartStyle().font).height() + 4; }

QSize SlopeChart::sizeHint() const { return {300, rowHeight() * (std::max(4, m_ranks) + 1) + 4}; }

double SlopeChart::yOf(int rank) const { return rowHeight() * (rank + 0.5); }

QString SlopeChart::words(const SlopeLine& line) const
{
    const auto rank = [](int at) { return at > 0 ? QString::number(at) : QStringLiteral("–"); };
    return tr("%1: rank %2 in %3, %4 in %5")
        .arg(line.name, rank(line.left), m_data.leftName, rank(line.right), m_data.rightName);
}

void SlopeChart::render(QPainter& painter, const QSize& size)
{
    const ChartStyle& s = chartStyle();
    painter.setFont(s.font);
    painter.setPen(s.muted);
    if (m_data.lines.empty()) {
        painter.drawText(QRect(QPoint(), size).adjusted(12, 8, -12, -8),
            int(Qt::AlignCenter) | int(Qt::TextWordWrap), tr("Nothing compared yet"));
        return;
    }
    const int high = rowHeight();
    const double names = size.width() * NameShare;
    const double left = names + 8;
    const double right = size.width() - names - 8;
    const QFontMetrics metrics(s.font);
    painter.drawText(QRectF(0, 0, names, high), Qt::AlignRight | Qt::AlignVCenter,
        metrics.elidedText(m_data.leftName, Qt::ElideRight, int(names)));
    painter.drawText(QRectF(right + 8, 0, names, high), Qt::AlignLeft | Qt::AlignVCenter,
        metrics.elidedText(m_data.rightName, Qt::ElideRight, int(names)));
    painter.setRenderHint(QPainter::Antialiasing);
    const auto paintLine = [&](std::size_t i) {
        const SlopeLine& line = m_data.lines[i];
        const bool current = int(i) == m_current;
        const bool atLeft = line.left > 0 && line.left <= m_ranks;
        const bool atRight = line.right > 0 && line.right <= m_ranks;
        // Level lines step back; what rises and what falls differ in dash as well as in colour.
        const QColor colour = current           ? s.accent
            : line.left == 0 || line.right == 0 ? s.danger
            : line.left == line.right           ? s.gap
            : line.right < line.left            ? s.series[2]
                                                : s.series[1];
        const QPointF from(left, yOf(line.left));
        const QPointF to(right, yOf(line.right));
        painter.setPen(QPen(colour, current ? 2.5 : 1.5,
            line.left > 0 && line.right > line.left ? Qt::DashLine : Qt::SolidLine));
        painter.setBrush(s.surface);
        if (atLeft && atRight) {
            painter.drawLine(from, to);
        } else if (atLeft) {
            painter.drawLine(from, from + QPointF(Stub, 0));
            painter.drawEllipse(from + QPointF(Stub + 4, 0), 4, 4);
        } else if (atRight) {
            painter.drawLine(to, to - QPointF(Stub, 0));
            painter.drawEllipse(to - QPointF(Stub + 4, 0), 4, 4);
        }
        const auto name = [&](const QRectF& place, int rank, bool rightAligned) {
            const QString number = QString::number(rank);
            const int room = int(place.width()) - metrics.horizontalAdvance(number) - 8;
            const QString text = metrics.elidedText(line.name, Qt::ElideRight, room);
            painter.setPen(current ? s.accentText : s.text);
            painter.drawText(place, (rightAligned ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter,
                rightAligned ? text + QStringLiteral("  ") + number : number + QStringLiteral("  ") + text);
        };
        if (atLeft)
            name(QRectF(0, yOf(line.left) - high / 2.0, names, high), line.left, true);
        if (atRight)
            name(QRectF(right + 8, yOf(line.right) - high / 2.0, names, high), line.right, false);
    };
    for (std::size_t i = 0; i < m_data.lines.size(); ++i) {
        if (int(i) != m_current)
            paintLine(i);
    }
    if (m_current >= 0)
        paintLine(std::size_t(m_current));
}

int SlopeChart::lineAt(const QPointF& position) const
{
    const int rank = int(position.y()) / rowHeight();
    const bool left = position.x() < width() * 0.5;
    if (rank < 1)
        return -1;
    const auto found = std::ranges::find(m_data.lines, rank, left ? &SlopeLine::left : &SlopeLine::right);
    return found == m_data.lines.end() ? -1 : int(found - m_data.lines.begin());
}

void SlopeChart::setCurrent(int line)
{
    if (line == m_current)
        return;
    m_current = line;
    if (line >= 0)
        setAccessibleDescription(words(m_data.lines[std::size_t(line)]));
    update();
}

bool SlopeChart::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return ChartWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int line = lineAt(help->pos());
    QToolTip::showText(
        help->globalPos(), line < 0 ? QString() : plainTip(words(m_data.lines[std::size_t(line)])), this);
    return true;
}

void SlopeChart::mouseMoveEvent(QMouseEvent* event) { setCurrent(lineAt(event->position())); }

void SlopeChart::mouseReleaseEvent(QMouseEvent* event)
{
    const int line = lineAt(event->position());
    if (event->button() != Qt::LeftButton || line < 0)
        return;
    setCurrent(line);
    Q_EMIT lineActivated(line);
}

void SlopeChart::leaveEvent(QEvent* event)
{
    ChartWidget::leaveEvent(event);
    setCurrent(-1);
}

void SlopeChart::keyPressEvent(QKeyEvent* event)
{
    const int last = int(m_data.lines.size()) - 1;
    if (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)
        setCurrent(std::clamp(m_current + (event->key() == Qt::Key_Down ? 1 : -1), std::min(0, last), last));
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_current >= 0)
        Q_EMIT lineActivated(m_current);
    else
        ChartWidget::keyPressEvent(event);
}

ChartTable SlopeChart::asTable() const
{
    ChartTable table{{tr("what"), m_data.leftName, m_data.rightName}, {}};
    const auto rank = [](int at) { return at > 0 ? QString::number(at) : QString(); };
    for (const SlopeLine& line : m_data.lines)
        table.rows.push_back({line.name, rank(line.left), rank(line.right)});
    return table;
}

} // namespace norikv::plots
