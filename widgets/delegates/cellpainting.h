// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>
#include <QStyleOptionViewItem>

class QPainter;

namespace norikv::widgets {

/// Space between a cell's edge and its text, the same as the style sheet's item padding plus its frame.
constexpr int cellPadding = 11;

/// The text area of a cell.
inline QRect cellTextRect(const QRect& cell) { return cell.adjusted(cellPadding, 0, -cellPadding, 0); }

/// Paints background, selection and focus of the cell, but not its text.
void paintCellBackground(QPainter& painter, const QStyleOptionViewItem& option);

/// The colour of text in this cell.
QColor cellTextColor(const QStyleOptionViewItem& option);

} // namespace norikv::widgets
