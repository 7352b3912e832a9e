// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/expirystrip.h"

#include "models/text.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace norikv::widgets {

namespace {

constexpr int Columns = models::SessionStrip::Minutes + 1; // the last one is "later"
constexpr int Label = 92;
constexpr int RowHeight = 20;
constexpr int CurveHeight = 44;
constexpr int AxisHeight = 18;
constexpr int Gap = 6; // between cells and curve

} // namespace

ExpiryStrip::ExpiryStrip(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("expiryStrip"));
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Sessions by the minute they end in"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

QSize ExpiryStrip::sizeHint() const
{
    return {640, std::max(1, rows()) * RowHeight + Gap + CurveHeight + AxisHeight};
}

void ExpiryStrip::setStrip(const models::SessionStrip& strip)
{
    const bool other = strip.roles.size() != m_strip.roles.size();
    m_strip = strip;
    if (other)
        updateGeometry();
    setAccessibleDescription(m_strip.alive.size() > 5
            ? tr("%1 sessions now, %2 in five minutes").arg(m_strip.alive[0]).arg(m_strip.alive[5])
            : QString());
    update();
}

void ExpiryStrip::setChosen(const QString& role, std::optional<int> minute)
{
    if (role == m_role && minute == m_minute)
        return;
    m_role = role;
    m_minute = minute;
    update();
}

double ExpiryStrip::columnLeft(int minute) const
{
    return Label + (width() - Label - 2) * static_cast<double>(minute) / Columns;
}

void ExpiryStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintCells(painter);
    paintCurve(painter);
}

void ExpiryStrip::paintCells(QPainter& painter) const
{
    const Tokens& t = m_theme.tokens();
    painter.setFont(Theme::smallFont());
    const QFontMetrics metrics(painter.font());
    int most = 1;
    for (const auto& counts : m_strip.counts)
        most = std::max(most, *std::ranges::max_element(counts));
    for (int row = 0; row < rows(); ++row) {
        const auto& counts = m_strip.counts[static_cast<std::size_t>(row)];
        const QString role = models::shown(m_strip.roles[static_cast<std::size_t>(row)], 48);
        const int top = row * RowHeight;
        painter.setPen(t.muted);
        painter.drawText(QRect(0, top, Label - 8, RowHeight), Qt::AlignVCenter | Qt::AlignLeft,
            metrics.elidedText(role, Qt::ElideRight, Label - 8));
        for (int minute = 0; minute < Columns; ++minute) {
            const QRectF cell(columnLeft(minute) + 1, top + 1,
                columnLeft(minute + 1) - columnLeft(minute) - 2, RowHeight - 2);
            const int count = counts[static_cast<std::size_t>(minute)];
            QColor fill = count > 0 ? t.accent : t.track;
            if (count > 0)
                fill.setAlphaF(0.18F + 0.62F * static_cast<float>(count) / static_cast<float>(most));
            const bool chosen = m_minute == minute && (m_role.isEmpty() || m_role == role);
            painter.setPen(chosen ? QPen(t.text, 1.5) : QPen(Qt::NoPen));
            painter.setBrush(fill);
            painter.drawRoundedRect(cell, 3, 3);
            if (hasFocus() && m_cursor.row == row && m_cursor.minute == minute) {
                painter.setPen(QPen(t.accent, 1.5));
                painter.setBrush(Qt::NoBrush);
                painter.drawRoundedRect(cell, 3, 3);
            }
            const QString number = QString::number(count);
            if (count > 0 && tabularWidth(painter.font(), number) < cell.width() - 2) {
                painter.setPen(t.text);
                drawTabular(painter, cell.toRect(), Qt::AlignCenter, number);
            }
        }
    }
}

void ExpiryStrip::paintCurve(QPainter& painter) const
{
    const Tokens& t = m_theme.tokens();
    const double top = std::max(1, rows()) * RowHeight + Gap;
    const double bottom = top + CurveHeight;
    painter.setFont(Theme::smallFont());
    painter.setPen(t.muted);
    painter.drawText(QRectF(0, top, Label - 8, CurveHeight),
        Qt::AlignVCenter | Qt::AlignLeft | Qt::TextWordWrap, tr("still there"));
    if (!m_strip.alive.empty() && m_strip.alive.front() > 0) {
        QPolygonF area;
        area << QPointF(columnLeft(0), bottom);
        for (int minute = 0; minute < Columns; ++minute) {
            const double share = static_cast<double>(m_strip.alive[static_cast<std::size_t>(minute)])
                / m_strip.alive.front();
            const double y = bottom - share * (CurveHeight - 4);
            area << QPointF(columnLeft(minute), y) << QPointF(columnLeft(minute + 1), y);
        }
        area << QPointF(columnLeft(Columns), bottom);
        QColor fill = t.accent;
        fill.setAlphaF(0.16F);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawPolygon(area);
        area.removeFirst();
        area.removeLast();
        painter.setPen(QPen(t.accent, 1));
        painter.drawPolyline(area);
    }
    if (m_minute && m_role.isEmpty()) {
        painter.setPen(QPen(t.text, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(columnLeft(*m_minute) + 1, top,
            columnLeft(*m_minute + 1) - columnLeft(*m_minute) - 2, CurveHeight));
    }
    painter.setPen(t.muted);
    for (int minute = 0; minute < Columns - 1; minute += 5) {
        const QString text = minute == 0 ? tr("now") : tr("%1 min").arg(minute);
        drawTabular(painter,
            QRect(static_cast<int>(columnLeft(minute)), static_cast<int>(bottom), 60, AxisHeight),
            Qt::AlignLeft | Qt::AlignVCenter, text);
    }
    const QString later = tr("later");
    const int wide = tabularWidth(painter.font(), later);
    drawTabular(painter, QRect(width() - wide - 4, static_cast<int>(bottom), wide + 4, AxisHeight),
        Qt::AlignLeft | Qt::AlignVCenter, later);
}

ExpiryStrip::Cell ExpiryStrip::cellAt(const QPointF& at) const
{
    Cell cell;
    if (at.x() < Label || at.x() >= columnLeft(Columns) || at.y() > height() - AxisHeight)
        return cell;
    cell.minute
        = std::clamp(static_cast<int>((at.x() - Label) / (columnLeft(1) - columnLeft(0))), 0, Columns - 1);
    const int row = static_cast<int>(at.y()) / RowHeight;
    cell.row = row < rows() ? row : -1;
    return cell;
}

void ExpiryStrip::choose(const Cell& cell)
{
    const QString role = cell.row >= 0 && cell.row < rows()
        ? QString::fromStdString(m_strip.roles[static_cast<std::size_t>(cell.row)])
        : QString();
    const bool same = m_minute == cell.minute && m_role == role;
    Q_EMIT chosen(same ? QString() : role, same ? -1 : cell.minute);
}

void ExpiryStrip::mousePressEvent(QMouseEvent* event)
{
    if (const Cell cell = cellAt(event->position()); cell.valid()) {
        m_cursor = cell;
        choose(cell);
    }
}

void ExpiryStrip::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Left:
        m_cursor.minute = std::max(0, m_cursor.minute - 1);
        break;
    case Qt::Key_Right:
        m_cursor.minute = std::min(Columns - 1, m_cursor.minute + 1);
        break;
    case Qt::Key_Up:
        m_cursor.row = std::max(0, m_cursor.row - 1);
        break;
    case Qt::Key_Down:
        m_cursor.row = std::min(rows() - 1, m_cursor.row + 1);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        choose(m_cursor);
        break;
    case Qt::Key_Escape:
        if (m_minute) {
            Q_EMIT chosen(QString(), -1);
            break;
        }
        [[fallthrough]];
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    update();
}

QString ExpiryStrip::describe(const Cell& cell) const
{
    const QString when = cell.minute == Columns - 1 ? tr("later than in %1 min").arg(Columns - 1)
                                                    : tr("in minute %1 from now").arg(cell.minute + 1);
    if (cell.row < 0) {
        const auto at = static_cast<std::size_t>(cell.minute);
        return at < m_strip.alive.size()
            ? tr("%1 still there at the start of it (%2)").arg(m_strip.alive[at]).arg(when)
            : QString();
    }
    const auto row = static_cast<std::size_t>(cell.row);
    return tr("%1: %2 end %3")
        .arg(models::shown(m_strip.roles[row], 48))
        .arg(m_strip.counts[row][static_cast<std::size_t>(cell.minute)])
        .arg(when);
}

bool ExpiryStrip::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const Cell cell = cellAt(help->pos());
    QToolTip::showText(help->globalPos(), cell.valid() ? plainToolTip(describe(cell)) : QString(), this);
    return true;
}

} // namespace norikv::widgets
