// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/copyas.h"
#include "models/operationsmodel.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QTableView;
class QToolButton;

namespace norikv::widgets {

class Theme;

/// Every call the program makes to the server: filter, pause, copy, open its key.
class OperationsPanel : public QWidget {
    Q_OBJECT

public:
    OperationsPanel(models::OperationsModel& model, const Theme& theme, QWidget* parent = nullptr,
        client::CopyTarget target = {});

    /// Filter and buttons, to be placed beside the panel's tab. Belongs to whoever places it.
    QWidget* tools() const { return m_tools; }

Q_SIGNALS:
    void keyActivated(const QByteArray& key);

private:
    void copySelection() const;
    client::Result<client::ShownOperation> shownOperation() const;
    void showWaiting(int count);

    models::OperationsModel& m_model;
    QWidget* m_tools;
    QTableView* m_table;
    QLineEdit* m_filter;
    QToolButton* m_pause;
    QLabel* m_waiting;
};

} // namespace norikv::widgets
