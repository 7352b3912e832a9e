// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/tenantfeed.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace norikv::plots {
class Sparkline;
}

namespace norikv::widgets {

class Badge;
class ElidedLabel;
class FieldHint;
class KeyValueList;
class QuotaBar;
class TenantPlanBox;
class Theme;

/// Beside the tenants page: the selected tenant's plan and limits, its use and what is to come, whether it is
/// isolated, and what can be done to it.
class TenantInspector : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the widget.
    TenantInspector(models::TenantFeed& feed, const Theme& theme, QWidget* parent = nullptr);

Q_SIGNALS:
    void keyActivated(const QByteArray& key);
    /// "Work as tenant X".
    void lensChosen(const norikv::client::Bytes& tenant);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeUse();
    QWidget* makeIsolation();
    QWidget* makeBulk();
    void refresh();
    void refreshUse(const models::TenantState& tenant);
    void refreshIsolation(const models::TenantState& tenant);
    void refreshOthers();
    void showOverlap(const models::ShardOverlap& overlap);

    models::TenantFeed& m_feed;
    const Theme& m_theme;
    client::Bytes m_shown; ///< the tenant the fields were filled for
    ElidedLabel* m_name = nullptr;
    ElidedLabel* m_id = nullptr;
    Badge* m_plan = nullptr;
    QLabel* m_banner = nullptr;
    QPushButton* m_repair = nullptr;
    QPushButton* m_lens = nullptr;
    QPushButton* m_open = nullptr;
    QWidget* m_body = nullptr;
    QuotaBar* m_keys = nullptr;
    QuotaBar* m_storage = nullptr;
    plots::Sparkline* m_trend = nullptr;
    QLabel* m_outlook = nullptr;
    KeyValueList* m_facts = nullptr;
    TenantPlanBox* m_planBox = nullptr;
    QLabel* m_isolation = nullptr;
    QComboBox* m_other = nullptr;
    QPushButton* m_compare = nullptr;
    QLabel* m_overlap = nullptr;
    QPushButton* m_export = nullptr;
    QPushButton* m_clone = nullptr;
    QPushButton* m_delete = nullptr;
    QWidget* m_cloneRow = nullptr;
    QLineEdit* m_cloneId = nullptr;
    FieldHint* m_cloneHint = nullptr;
    QPushButton* m_cloneApply = nullptr;
    std::vector<client::Bytes> m_others; ///< in the order of m_other
};

} // namespace norikv::widgets
