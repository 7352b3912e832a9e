// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace norikv::widgets {

class Theme;

/// Cells of a result list: what it is with its id in grey behind it, and numbers at the right. A missed line
/// is grey and in italics as a whole.
class HitDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    enum Role {
        IdRole = Qt::UserRole + 20, ///< behind the text; empty = none
        MissedRole, ///< bool
        NumberRole, ///< bool: at the right, with even digits
    };

    /// theme must outlive the delegate.
    explicit HitDelegate(const Theme& theme, QObject* parent = nullptr);

    void paint(
        QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
};

/// A share of the whole, 0 to 1, as a bar with its percentage; below 0 = none, an empty cell.
class ShareDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    /// theme must outlive the delegate. `series`: index of the bar's colour.
    ShareDelegate(const Theme& theme, int series, QObject* parent = nullptr);

    void paint(
        QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
    const int m_series;
};

} // namespace norikv::widgets
