// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListView>
#include <QStyledItemDelegate>

namespace norikv::models {
class TenantOrder;
}

namespace norikv::widgets {

class Theme;

/// Paints one tenant: name, plan, age, two quota bars, what is to come and what is wrong.
class TenantCardDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    /// Both must outlive the delegate.
    TenantCardDelegate(const models::TenantOrder& tenants, const Theme& theme, QObject* parent = nullptr);

    void setWidth(int width) { m_width = width; }
    void paint(
        QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const models::TenantOrder& m_tenants;
    const Theme& m_theme;
    int m_width = 300;
};

/// Cards in as many columns as fit. Painted, so that five thousand cost no more than three.
class TenantCards : public QListView {
    Q_OBJECT

public:
    TenantCards(models::TenantOrder& tenants, const Theme& theme, QWidget* parent = nullptr);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    TenantCardDelegate* m_delegate;
};

} // namespace norikv::widgets
