// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bulkfeed.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace norikv::widgets {

class BulkRunView;
class PathField;
class Theme;

/// Imports keys from NDJSON or CSV: pick a file, see its first lines and its broken ones, choose, run.
class ImportDialog : public QDialog {
    Q_OBJECT

public:
    ImportDialog(std::unique_ptr<models::BulkFeed> feed, const Theme& theme, QWidget* parent = nullptr);
    ~ImportDialog() override;

    /// Before a file is read: lines of other keys are left out; empty = none are.
    void setOnlyPrefix(const client::Bytes& prefix);
    /// As if it had been chosen: reads it at once.
    void setFile(const QString& path);

protected:
    void reject() override;

private:
    QWidget* makeChoices();
    void look();
    void refresh();
    void refreshPlan();
    void checkTyped();
    void start();

    std::unique_ptr<models::BulkFeed> m_feed;
    const Theme& m_theme;
    QStackedWidget* m_stack;
    PathField* m_file = nullptr;
    QLabel* m_summary = nullptr;
    QProgressBar* m_reading = nullptr;
    QTableWidget* m_preview = nullptr;
    QLabel* m_brokenTitle = nullptr;
    QTableWidget* m_broken = nullptr;
    QComboBox* m_existing = nullptr;
    QComboBox* m_expired = nullptr;
    QCheckBox* m_keepTtl = nullptr;
    QLabel* m_typedText = nullptr;
    QLineEdit* m_typed = nullptr;
    QPushButton* m_start;
    QPushButton* m_close;
    client::Bytes m_onlyPrefix;
    models::BulkFeed::State m_shown = models::BulkFeed::State::Idle;
};

} // namespace norikv::widgets
