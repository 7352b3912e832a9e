// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/eventbook.h"

#include <QStyledItemDelegate>

#include <unordered_map>

namespace norikv::widgets {

class Theme;

/// The type of an event with the glyph it has in the lanes.
class EventTypeDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    /// theme must outlive the delegate.
    explicit EventTypeDelegate(const Theme& theme, QObject* parent = nullptr);

    void setTypes(const std::vector<models::EventTypeCount>& types);
    QString displayText(const QVariant& value, const QLocale& locale) const override;
    void paint(
        QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
    std::unordered_map<std::string, int> m_index;
};

} // namespace norikv::widgets
