// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/eventtypedelegate.h"

#include "models/eventmodel.h"
#include "widgets/delegates/cellpainting.h"
#include "widgets/eventglyph.h"
#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include <QPainter>

namespace norikv::widgets {

namespace {
constexpr int GlyphSize = 10; // px
constexpr int Gap = 8;
} // namespace

EventTypeDelegate::EventTypeDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
{
}

void EventTypeDelegate::setTypes(const std::vector<models::EventTypeCount>& types)
{
    for (std::size_t i = m_index.size(); i < types.size(); ++i)
        m_index.emplace(types[i].name, static_cast<int>(i));
}

QString EventTypeDelegate::displayText(const QVariant& value, const QLocale&) const
{
    return clippedLine(value.toString());
}

void EventTypeDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString text = cell.text;
    paintCellBackground(*painter, cell);
    const auto* model = qobject_cast<const models::EventModel*>(index.model());
    if (!model)
        return;
    QRect area = cellTextRect(cell.rect);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (const auto type = m_index.find(model->record(index.row()).event->type); type != m_index.end())
        paintEventGlyph(*painter, QPointF(area.left() + GlyphSize / 2.0, area.center().y() + 0.5), GlyphSize,
            type->second, m_theme.tokens());
    area.setLeft(area.left() + GlyphSize + Gap);
    painter->setFont(cell.font);
    painter->setPen(cellTextColor(cell));
    painter->drawText(area, Qt::AlignVCenter | Qt::AlignLeft,
        cell.fontMetrics.elidedText(text, Qt::ElideRight, area.width()));
    painter->restore();
}

} // namespace norikv::widgets
