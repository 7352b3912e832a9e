// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStyledItemDelegate>

namespace norikv::widgets {

class Theme;

/// Every cell of a list of keys: keys in monospace with a star where they are favourites and a bar where the
/// inspector shows them, numbers with even digits, tones from the model.
class KeyDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    /// theme must outlive the delegate.
    explicit KeyDelegate(const Theme& theme, QObject* parent = nullptr);

    void setOpenedKey(const QByteArray& key) { m_opened = key; }

    QString displayText(const QVariant& value, const QLocale& locale) const override;
    void paint(
        QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintKey(QPainter& painter, const QStyleOptionViewItem& cell, const QModelIndex& index) const;

    const Theme& m_theme;
    QByteArray m_opened;
};

} // namespace norikv::widgets
