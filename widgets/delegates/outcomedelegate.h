// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tokens.h"

#include <QRect>
#include <QStyledItemDelegate>

namespace norikv::widgets {

class Theme;

/// Where icon and text of an outcome cell go.
struct OutcomeGeometry {
    QRect icon;
    QRect text;
};

/// Pure: cell in view coordinates, icon side in logical pixels. Both rectangles stay inside the cell.
OutcomeGeometry outcomeGeometry(
    const QRect& cell, int iconSide, Qt::LayoutDirection direction = Qt::LeftToRight);

/// How something ended: an icon, its tone, and words. The words keep the normal text colour, so they stay
/// readable on a selection.
class OutcomeDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    /// toneRole yields int(Tone); iconRole an icon id, or -1 to take the tone's icon. theme must outlive the
    /// delegate.
    OutcomeDelegate(const Theme& theme, int toneRole, int iconRole = -1, QObject* parent = nullptr);

    QString displayText(const QVariant& value, const QLocale& locale) const override;
    void paint(
        QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
    int m_toneRole;
    int m_iconRole;
};

} // namespace norikv::widgets
