// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findingsmodel.h"

#include <QWidget>

class QStackedLayout;
class QTableView;

namespace norikv::widgets {

class Theme;

/// What is broken, with proof: severity, rule, subject, evidence; "Show me" leads there.
class FindingsPanel : public QWidget {
    Q_OBJECT

public:
    FindingsPanel(models::FindingsModel& model, const Theme& theme, QWidget* parent = nullptr);

    /// Buttons, to be placed beside the panel's tab. Belongs to whoever places it.
    QWidget* tools() const { return m_tools; }

Q_SIGNALS:
    void showMe(const norikv::client::Finding& finding);

private:
    void refresh();

    models::FindingsModel& m_model;
    QWidget* m_tools;
    QTableView* m_table;
    QWidget* m_none;
    QStackedLayout* m_stack;
};

} // namespace norikv::widgets
