// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/numberdelegate.h"

#include "widgets/delegates/cellpainting.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"

#include <QPainter>

namespace norikv::widgets {

QString NumberDelegate::displayText(const QVariant& value, const QLocale& locale) const
{
    switch (value.typeId()) {
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::LongLong:
        return groupDigits(value.toLongLong());
    case QMetaType::QString:
        return clippedLine(value.toString());
    default:
        return clippedLine(QStyledItemDelegate::displayText(value, locale));
    }
}

void NumberDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintCellBackground(*painter, cell);
    const QRect box = cellTextRect(cell.rect);
    painter->save();
    painter->setFont(cell.font);
    painter->setPen(cellTextColor(cell));
    QString text = cell.text;
    if (tabularWidth(cell.font, text) > box.width())
        text = cell.fontMetrics.elidedText(text, Qt::ElideRight, box.width());
    drawTabular(*painter, box, Qt::AlignRight | Qt::AlignVCenter, text);
    painter->restore();
}

QSize NumberDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    return QSize(tabularWidth(cell.font, cell.text) + 2 * cellPadding, cell.fontMetrics.height() + 11);
}

} // namespace norikv::widgets
