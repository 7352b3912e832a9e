// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/auditfeed.h"
#include "models/findingsview.h"

#include <QWidget>

#include <functional>

class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QStackedLayout;
class QTableView;
class QToolButton;

namespace norikv::widgets {

class InlineConfirm;
class Theme;

/// What is broken, with proof: severity, rule, subject, evidence. "Show me" leads there, a fix is offered
/// where one is provable, and "Audit everything" looks at all that the panels have not loaded.
class FindingsPanel : public QWidget {
    Q_OBJECT

public:
    /// `audit` may be null, then nothing can be audited. All must outlive the panel.
    FindingsPanel(models::FindingsModel& model, models::AuditFeed* audit, const Theme& theme,
        QWidget* parent = nullptr);

    /// Buttons, to be placed beside the panel's tab. Belongs to whoever places it.
    QWidget* tools() const { return m_tools; }
    /// What a fix of this finding would say on its button; empty = nothing is provable.
    void setFixes(std::function<QString(const client::Finding&)> title) { m_fixTitle = std::move(title); }
    /// Keys can be listed: an audit costs no shards.
    void setListed(std::function<bool()> listed) { m_listed = std::move(listed); }
    /// Only what is about `name`, for which `covers` answers true; how many others there are is said. No
    /// function = everything again.
    void setScope(std::function<bool(const client::Finding&)> covers, const QString& name);

Q_SIGNALS:
    void showMe(const norikv::client::Finding& finding);
    void fixRequested(const norikv::client::Finding& finding);
    void mutesChanged();

private:
    void makeTools(const Theme& theme);
    void makeTable(const Theme& theme);
    QWidget* makeAuditStrip();
    void refresh();
    void refreshButtons();
    void refreshAudit();
    void askAudit(int keys, int shards);
    void showNotJudged();
    void fillMenu(QMenu& menu);
    const models::FindingRow* current() const;

    models::FindingsModel& m_model;
    models::AuditFeed* const m_audit;
    models::FindingsView m_view;
    std::function<QString(const client::Finding&)> m_fixTitle;
    std::function<bool()> m_listed;
    QWidget* m_tools = nullptr;
    QLineEdit* m_text = nullptr;
    models::FindingsView::Show m_show = models::FindingsView::Show::All;
    QString m_scope; ///< e.g. "tenant acme"; empty = everything
    QLabel* m_outside = nullptr;
    QPushButton* m_muted = nullptr;
    QPushButton* m_fix = nullptr;
    QPushButton* m_showMe = nullptr;
    QPushButton* m_auditAll = nullptr;
    QToolButton* m_more = nullptr;
    InlineConfirm* m_confirm = nullptr;
    QWidget* m_auditStrip = nullptr;
    QLabel* m_auditText = nullptr;
    QPushButton* m_whyNot = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_none = nullptr;
    QStackedLayout* m_stack = nullptr;
};

} // namespace norikv::widgets
