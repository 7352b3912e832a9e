// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/cellpainting.h"

#include <QApplication>
#include <QStyle>
#include <QWidget>

namespace norikv::widgets {

void paintCellBackground(QPainter& painter, const QStyleOptionViewItem& option)
{
    QStyleOptionViewItem empty = option;
    empty.text.clear();
    empty.icon = QIcon();
    empty.features &= ~(QStyleOptionViewItem::HasDisplay | QStyleOptionViewItem::HasDecoration);
    const QStyle* style = option.widget != nullptr ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &empty, &painter, option.widget);
}

QColor cellTextColor(const QStyleOptionViewItem& option)
{
    const bool enabled = option.state & QStyle::State_Enabled;
    return option.palette.color(enabled ? QPalette::Active : QPalette::Disabled, QPalette::Text);
}

} // namespace norikv::widgets
