// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/monodelegate.h"

#include "widgets/plaintext.h"
#include "widgets/theme.h"

namespace norikv::widgets {

QString MonoDelegate::displayText(const QVariant& value, const QLocale& locale) const
{
    if (value.typeId() == QMetaType::QString)
        return clippedLine(value.toString());
    return clippedLine(QStyledItemDelegate::displayText(value, locale));
}

void MonoDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->font = Theme::monoFont();
    option->fontMetrics = QFontMetrics(option->font);
    option->textElideMode = Qt::ElideMiddle;
    option->features &= ~QStyleOptionViewItem::WrapText;
}

} // namespace norikv::widgets
