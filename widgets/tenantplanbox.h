// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/tenantfeed.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace norikv::widgets {

class InlineConfirm;
class Theme;

/// Change a tenant's plan: what it would mean, then compare-and-set. Asks first when the tenant would be
/// over.
class TenantPlanBox : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the widget.
    TenantPlanBox(models::TenantFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    /// Follows this tenant; another one than before starts with its own plan chosen. Hidden without metadata.
    void setTenant(const models::TenantState& tenant);

private:
    void refresh();
    void apply(bool evenIfOver);
    client::TenantPlan chosen() const;

    models::TenantFeed& m_feed;
    const Theme& m_theme;
    client::Bytes m_shown;
    QComboBox* m_plan;
    QLabel* m_preview;
    QPushButton* m_apply;
    InlineConfirm* m_confirm;
};

/// "1 000 keys, 10.0 MB", "any number of keys, any size".
QString limitsText(const client::TenantLimits& limits);

} // namespace norikv::widgets
