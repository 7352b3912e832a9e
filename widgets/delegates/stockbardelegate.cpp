// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/stockbardelegate.h"

#include "widgets/delegates/cellpainting.h"
#include "widgets/tabular.h"
#include "widgets/theme.h"

#include <QPainter>

#include <algorithm>
#include <array>

namespace norikv::widgets {

namespace {
constexpr int BarHeight = 12;
constexpr double Least = 3;
constexpr double LowOnTime = 0.2;
} // namespace

StockBarGeometry stockBarGeometry(const QRectF& box, const models::StockParts& parts)
{
    const std::array<double, 3> units{static_cast<double>(parts.available), static_cast<double>(parts.held),
        static_cast<double>(parts.leaked)};
    const auto present = std::ranges::count_if(units, [](double n) { return n > 0; });
    const double room = box.width() - Least * static_cast<double>(present);
    if (!parts.known || present == 0 || room <= 0)
        return {};
    // Everyone gets the least width, and a share of what is left over.
    const double total = units[0] + units[1] + units[2];
    std::array<QRectF, 3> pieces;
    double left = box.left();
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (units[i] <= 0)
            continue;
        const double width = Least + room * units[i] / total;
        pieces[i] = QRectF(left, box.top(), width, box.height());
        left += width;
    }
    return {pieces[0], pieces[1], pieces[2]};
}

StockBarDelegate::StockBarDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
{
}

void StockBarDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintCellBackground(*painter, cell);
    const Tokens& t = m_theme.tokens();
    const QRect inner = cellTextRect(cell.rect);
    const QRectF bar(inner.left(), inner.center().y() - BarHeight / 2.0 + 1, inner.width(), BarHeight);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(t.track);
    painter->drawRoundedRect(bar, 3, 3);
    const auto parts = index.data(models::StockModel::PartsRole).value<models::StockParts>();
    const StockBarGeometry at = stockBarGeometry(bar, parts);
    // The two that are promised stand out from what can be sold.
    painter->setBrush(t.series[2]);
    painter->drawRoundedRect(at.available, 3, 3);
    painter->setBrush(t.series[0]);
    painter->drawRoundedRect(at.held, 3, 3);
    painter->setBrush(t.danger.strong);
    painter->drawRoundedRect(at.leaked, 3, 3);
    QColor hatch = t.surface;
    hatch.setAlphaF(0.55F);
    painter->setBrush(QBrush(hatch, Qt::BDiagPattern));
    painter->drawRoundedRect(at.leaked, 3, 3);
    painter->restore();
}

CountdownDelegate::CountdownDelegate(const Theme& theme, int leftRole, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
    , m_leftRole(leftRole)
{
}

void CountdownDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintCellBackground(*painter, cell);
    const Tokens& t = m_theme.tokens();
    const double left = index.data(m_leftRole).toDouble();
    QRect inner = cellTextRect(cell.rect);
    const int side = cell.fontMetrics.ascent();
    const QRectF ring(inner.left() + 1.0, inner.center().y() - side / 2.0 + 1, side, side);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(t.track, 2.5));
    painter->drawEllipse(ring);
    if (left >= 0) {
        const QColor colour = left == 0 ? t.danger.strong : left < LowOnTime ? t.warning.strong : t.accent;
        painter->setPen(QPen(colour, 2.5, Qt::SolidLine, Qt::FlatCap));
        painter->drawArc(
            ring, 90 * 16, static_cast<int>(left * 360 * 16)); // from the top, as a clock hand left it
    }
    inner.setLeft(inner.left() + side + 8);
    painter->setFont(cell.font);
    painter->setPen(cellTextColor(cell));
    drawTabular(*painter, inner, Qt::AlignRight | Qt::AlignVCenter, cell.text);
    painter->restore();
}

} // namespace norikv::widgets
