// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace norikv::widgets {

class Theme;

/// A connection in the tree: dot in its colour, name, addresses below; a folder: name and how many it holds.
class ProfileDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    /// theme must outlive the delegate.
    explicit ProfileDelegate(const Theme& theme, QObject* parent = nullptr);

    void paint(
        QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
};

/// The dot of a connection inside box; a ring when it has no colour.
void paintProfileDot(QPainter& painter, const QRectF& box, const QString& colour, const Theme& theme);

} // namespace norikv::widgets
