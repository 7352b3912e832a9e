// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/stockmodel.h"

#include <QRectF>
#include <QStyledItemDelegate>

namespace norikv::widgets {

class Theme;

/// Where the parts of a bar stand. Pure, so that it can be tested without a window.
struct StockBarGeometry {
    QRectF available, held, leaked; ///< empty where there is none
};
/// Parts side by side over the width of `box`; a part that is not 0 is at least 3 px wide.
StockBarGeometry stockBarGeometry(const QRectF& box, const models::StockParts& parts);

/// Available, reserved and leaked units as one stacked bar; leaked ones are hatched, so that colour is not
/// all.
class StockBarDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    /// theme must outlive the delegate.
    explicit StockBarDelegate(const Theme& theme, QObject* parent = nullptr);

    void paint(
        QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
};

/// A ring that empties with the time left, and the time as text.
class CountdownDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    /// `leftRole` yields 0..1, or less than 0 for "not known". theme must outlive the delegate.
    CountdownDelegate(const Theme& theme, int leftRole, QObject* parent = nullptr);

    void paint(
        QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
    const int m_leftRole;
};

} // namespace norikv::widgets
