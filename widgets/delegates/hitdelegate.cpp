// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/hitdelegate.h"

#include "widgets/delegates/cellpainting.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QPainter>

#include <algorithm>

namespace norikv::widgets {

namespace {
constexpr int Between = 8; // pixels, text to id
constexpr int BarHeight = 10;
constexpr int NumberWidth = 46;
} // namespace

HitDelegate::HitDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
{
}

void HitDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintCellBackground(*painter, cell);
    const QColor muted = m_theme.tokens().muted;
    const bool missed = index.data(MissedRole).toBool();
    QRect box = cellTextRect(cell.rect);
    QFont font = cell.font;
    font.setItalic(missed);
    painter->save();
    painter->setFont(font);
    painter->setPen(missed ? muted : cellTextColor(cell));
    const QFontMetrics metrics(font);
    if (index.data(NumberRole).toBool()) {
        QString text = cell.text;
        if (tabularWidth(font, text) > box.width())
            text = metrics.elidedText(text, Qt::ElideRight, box.width());
        drawTabular(*painter, box, Qt::AlignRight | Qt::AlignVCenter, text);
    } else {
        const QString text = metrics.elidedText(cell.text, Qt::ElideRight, box.width());
        painter->drawText(box, Qt::AlignLeft | Qt::AlignVCenter, text);
        box.setLeft(box.left() + metrics.horizontalAdvance(text) + Between);
        const QString id = index.data(IdRole).toString();
        if (!id.isEmpty() && box.width() > metrics.averageCharWidth() * 3) {
            const QFont small = Theme::smallFont();
            painter->setFont(small);
            painter->setPen(muted);
            painter->drawText(box, Qt::AlignLeft | Qt::AlignVCenter,
                QFontMetrics(small).elidedText(id, Qt::ElideRight, box.width()));
        }
    }
    painter->restore();
}

ShareDelegate::ShareDelegate(const Theme& theme, int series, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
    , m_series(series)
{
}

void ShareDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintCellBackground(*painter, cell);
    const double share = index.data().toDouble();
    if (share < 0)
        return;
    const Tokens& t = m_theme.tokens();
    QRect box = cellTextRect(cell.rect);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const int room = std::max(0, box.width() - NumberWidth);
    if (room > 16) {
        const QRectF track(box.left(), box.center().y() - BarHeight / 2.0 + 1, room, BarHeight);
        painter->setPen(Qt::NoPen);
        painter->setBrush(t.track);
        painter->drawRoundedRect(track, 3, 3);
        painter->setBrush(t.series[std::size_t(m_series)]);
        painter->drawRoundedRect(
            QRectF(track.left(), track.top(), std::max(2.0, track.width() * std::min(1.0, share)), BarHeight),
            3, 3);
    }
    painter->setFont(cell.font);
    painter->setPen(cellTextColor(cell));
    drawTabular(*painter, box, Qt::AlignRight | Qt::AlignVCenter, percentText(share));
    painter->restore();
}

} // namespace norikv::widgets
