// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/keydelegate.h"

#include "models/keylistmodel.h"
#include "widgets/delegates/cellpainting.h"
#include "widgets/icons.h"
#include "widgets/plaintext.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QPainter>

namespace norikv::widgets {

namespace {

constexpr int StarSide = 13;

QColor colourOf(models::Tone tone, const Theme& theme)
{
    const Tokens& tokens = theme.tokens();
    return tone == models::Tone::Neutral ? tokens.text
        : tone == models::Tone::Muted    ? tokens.muted
                                         : tokens.tone(tone).text;
}

} // namespace

KeyDelegate::KeyDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
{
}

QString KeyDelegate::displayText(const QVariant& value, const QLocale&) const
{
    return clippedLine(value.toString());
}

void KeyDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintCellBackground(*painter, cell);
    painter->save();
    painter->setPen(colourOf(models::Tone(index.data(models::ToneRole).toInt()), m_theme));
    if (models::KeyColumn(index.column()) == models::KeyColumn::Key) {
        paintKey(*painter, cell, index);
    } else {
        const QRect box = cellTextRect(cell.rect);
        QString text = cell.text;
        painter->setFont(cell.font);
        if (tabularWidth(cell.font, text) > box.width())
            text = cell.fontMetrics.elidedText(text, Qt::ElideRight, box.width());
        const bool left = models::KeyColumn(index.column()) == models::KeyColumn::Kind;
        drawTabular(*painter, box, (left ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, text);
    }
    painter->restore();
}

void KeyDelegate::paintKey(
    QPainter& painter, const QStyleOptionViewItem& cell, const QModelIndex& index) const
{
    QRect box = cellTextRect(cell.rect);
    if (!m_opened.isEmpty() && !index.data(models::FolderRole).toBool()
        && index.data(models::KeyRole).toByteArray() == m_opened) {
        const QRect bar(cell.rect.left() + 2, cell.rect.top() + 4, 3, cell.rect.height() - 9);
        painter.fillRect(bar, m_theme.tokens().accent);
    }
    if (index.data(models::FavouriteRole).toBool()) {
        const QPixmap star = iconPixmap(QStringLiteral("star"), m_theme.tokens().warning.strong, StarSide,
            painter.device()->devicePixelRatioF());
        painter.drawPixmap(box.right() - StarSide + 1, box.center().y() - StarSide / 2, star);
        box.setRight(box.right() - StarSide - 4);
    }
    const QFont font = Theme::monoFont();
    painter.setFont(font);
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetrics(font).elidedText(cell.text, Qt::ElideMiddle, box.width()));
}

QSize KeyDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    return QSize(tabularWidth(cell.font, cell.text) + 2 * cellPadding, cell.fontMetrics.height() + 11);
}

} // namespace norikv::widgets
