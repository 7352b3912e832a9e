// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/outcomedelegate.h"

#include "widgets/delegates/cellpainting.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"

#include <QPainter>
#include <QStyle>

namespace norikv::widgets {

namespace {

constexpr int gap = 6;

Tone toneFrom(const QVariant& value)
{
    bool ok = false;
    const int number = value.toInt(&ok);
    return ok && number >= 0 && number <= int(Tone::Accent) ? Tone(number) : Tone::Neutral;
}

} // namespace

OutcomeGeometry outcomeGeometry(const QRect& cell, int iconSide, Qt::LayoutDirection direction)
{
    const QRect inner = cellTextRect(cell).intersected(cell);
    const int side = qMax(0, qMin(iconSide, qMin(inner.width(), cell.height())));
    const QRect icon(inner.left(), cell.top() + (cell.height() - side) / 2, side, side);
    const int used = side == 0 ? 0 : side + gap;
    const QRect text(inner.left() + used, cell.top(), qMax(0, inner.width() - used), cell.height());
    return {QStyle::visualRect(direction, cell, icon), QStyle::visualRect(direction, cell, text)};
}

OutcomeDelegate::OutcomeDelegate(const Theme& theme, int toneRole, int iconRole, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
    , m_toneRole(toneRole)
    , m_iconRole(iconRole)
{
}

QString OutcomeDelegate::displayText(const QVariant& value, const QLocale& locale) const
{
    return clippedLine(QStyledItemDelegate::displayText(value, locale));
}

void OutcomeDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintCellBackground(*painter, cell);
    const Tone tone = toneFrom(index.data(m_toneRole));
    QString iconId = m_iconRole >= 0 ? index.data(m_iconRole).toString() : QString();
    if (iconId.isEmpty())
        iconId = toneIcon(tone);
    const OutcomeGeometry at = outcomeGeometry(cell.rect, cell.fontMetrics.ascent() + 2, cell.direction);
    painter->save();
    const qreal dpr = painter->device()->devicePixelRatioF();
    painter->drawPixmap(at.icon, iconPixmap(iconId, m_theme.tokens().tone(tone).text, at.icon.width(), dpr));
    painter->setFont(cell.font);
    painter->setPen(cellTextColor(cell));
    drawTabular(*painter, at.text, QStyle::visualAlignment(cell.direction, Qt::AlignLeft | Qt::AlignVCenter),
        cell.fontMetrics.elidedText(cell.text, Qt::ElideRight, at.text.width()));
    painter->restore();
}

QSize OutcomeDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const int icon = cell.fontMetrics.ascent() + 2 + gap;
    return QSize(icon + tabularWidth(cell.font, cell.text) + 2 * cellPadding, cell.fontMetrics.height() + 11);
}

} // namespace norikv::widgets
