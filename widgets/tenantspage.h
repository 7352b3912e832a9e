// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/tenantfeed.h"
#include "models/tenantmodel.h"
#include "widgets/page.h"

#include <functional>

class QComboBox;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace norikv::widgets {

class EmptyState;
class NoticeBar;
class SectionHeader;
class TenantCards;
class TenantForm;
class Theme;

/// Tenants as cards: what each uses of its limits, which no server enforces (panels.md 2.6). The selected one
/// is taken apart in TenantInspector.
class TenantsPage final : public Page {
    Q_OBJECT

public:
    /// feed and theme must outlive the page.
    TenantsPage(models::TenantFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    NoticeBar& notices() { return *m_notices; }
    QVariantMap figures() const override;
    void focusFilter() override;
    void setReadOnly(bool readOnly) override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeCards();
    void refresh();
    void refreshState();
    void refreshCards();
    void fillEmpty();
    void tell(const models::TenantFeed::Outcome& outcome);

    models::TenantFeed& m_feed;
    const Theme& m_theme;
    models::TenantModel m_model;
    models::TenantOrder m_order;
    SectionHeader* m_header = nullptr;
    NoticeBar* m_notices = nullptr;
    QPushButton* m_create = nullptr;
    TenantForm* m_form = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    QLineEdit* m_filter = nullptr;
    QComboBox* m_sort = nullptr;
    TenantCards* m_cards = nullptr;
    bool m_syncing = false;
    bool m_away = false; ///< the server was lost while cards were shown
    std::function<void()> m_onNotice; ///< what the notice's button does
};

} // namespace norikv::widgets
