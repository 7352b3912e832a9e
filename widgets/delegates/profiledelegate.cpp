// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/profiledelegate.h"

#include "widgets/plaintext.h"
#include "widgets/theme.h"

#include "models/profilesmodel.h"

#include <QPainter>
#include <QStyle>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

namespace {
constexpr int dot = 9;
constexpr int gap = 9;
constexpr int side = 8;
} // namespace

void paintProfileDot(QPainter& painter, const QRectF& box, const QString& colour, const Theme& theme)
{
    const QColor fill(colour);
    painter.setPen(QPen(fill.isValid() ? fill : theme.tokens().controlHover, 1.25));
    painter.setBrush(fill.isValid() ? fill : QColor(Qt::transparent));
    painter.drawEllipse(box.adjusted(0.625, 0.625, -0.625, -0.625));
}

ProfileDelegate::ProfileDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
{
}

QSize ProfileDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const int big = QFontMetrics(option.font).height();
    if (index.data(models::ProfilesModel::IdRole).toString().isEmpty())
        return {80, big + 14};
    return {80, big + QFontMetrics(Theme::smallFont()).height() + 14};
}

void ProfileDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    using Model = models::ProfilesModel;
    const Tokens& t = m_theme.tokens();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QRect row = option.rect.adjusted(0, 1, -4, -1);
    if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(selected ? t.selection : t.hover);
        painter->drawRoundedRect(row, 6, 6);
    }
    if (selected && option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(t.accent, 1.5));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(row).adjusted(0.75, 0.75, -0.75, -0.75), 6, 6);
    }
    const auto mirrored
        = [&](const QRect& box) { return QStyle::visualRect(option.direction, option.rect, box); };
    const auto flags = [&](Qt::Alignment alignment) {
        return int(QStyle::visualAlignment(option.direction, alignment | Qt::AlignVCenter));
    };
    const auto write = [&](const QRect& box, Qt::Alignment alignment, const QString& text) {
        painter->drawText(mirrored(box), flags(alignment),
            painter->fontMetrics().elidedText(clippedLine(text), Qt::ElideRight, box.width()));
    };
    const QString name = index.data().toString();
    const bool folder = index.data(Model::IdRole).toString().isEmpty();
    QFont font = option.font;
    font.setWeight(folder ? QFont::DemiBold : QFont::Medium);
    const int nameHeight = QFontMetrics(font).height();

    if (folder) {
        const QString count = QString::number(index.data(Model::CountRole).toInt());
        painter->setFont(Theme::smallFont());
        painter->setPen(t.muted);
        const int width = painter->fontMetrics().horizontalAdvance(count);
        write({row.right() - side - width, row.top(), width + 1, row.height()}, Qt::AlignRight, count);
        painter->setFont(font);
        painter->setPen(t.text);
        write({row.left() + side / 2, row.top(), row.width() - width - 3 * side, row.height()}, Qt::AlignLeft,
            name);
        painter->restore();
        return;
    }

    const int left = row.left() + side;
    const int top = row.top() + 5;
    paintProfileDot(*painter, mirrored(QRect(left, top + (nameHeight - dot) / 2, dot, dot)),
        index.data(Model::ColourRole).toString(), m_theme);
    const int textLeft = left + dot + gap;
    int width = row.right() - side - textLeft;
    if (index.data(Model::EditedRole).toBool()) {
        painter->setFont(Theme::smallFont());
        painter->setPen(t.warning.text);
        const QString word = tr("not saved");
        const int wide = painter->fontMetrics().horizontalAdvance(word) + 1;
        write({row.right() - side - wide, top, wide, nameHeight}, Qt::AlignRight, word);
        width -= wide + gap;
    }
    painter->setFont(font);
    painter->setPen(t.text);
    write({textLeft, top, width, nameHeight}, Qt::AlignLeft, name);
    painter->setFont(Theme::smallFont());
    painter->setPen(t.muted);
    const QString address = index.data(Model::AddressRole).toString();
    write({textLeft, top + nameHeight + 1, row.right() - side - textLeft, painter->fontMetrics().height()},
        Qt::AlignLeft, address.isEmpty() ? tr("no address yet") : address);
    painter->restore();
}

} // namespace norikv::widgets
