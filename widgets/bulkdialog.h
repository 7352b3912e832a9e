// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bulkfeed.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTableView;

namespace norikv::widgets {

class BulkRunView;
class Theme;

/// One bulk job, non-modal: first what it would do, then, once confirmed, how it goes. Closing it while it
/// runs stops the job.
class BulkDialog : public QDialog {
    Q_OBJECT

public:
    /// Takes the feed over. Whoever makes the dialog starts the dry run (BulkFeed::plan).
    BulkDialog(std::unique_ptr<models::BulkFeed> feed, const Theme& theme, QWidget* parent = nullptr);
    ~BulkDialog() override;

    models::BulkFeed& feed() { return *m_feed; }
    /// Whatever the number of keys, the job starts only once `phrase` was typed; `question` says what for.
    void confirmByTyping(const QString& phrase, const QString& question);

protected:
    void reject() override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makePlanning();
    QWidget* makePlan();
    void refresh();
    void refreshPlan();
    bool needsTyping() const { return !m_phrase.isEmpty() || m_feed->needsTyping(); }
    void checkTyped();
    void start();

    std::unique_ptr<models::BulkFeed> m_feed;
    const Theme& m_theme;
    QLabel* m_title;
    QStackedWidget* m_stack;
    QProgressBar* m_planning = nullptr;
    QLabel* m_planningText = nullptr;
    QLabel* m_sentence = nullptr;
    QLabel* m_cost = nullptr;
    QTableView* m_keys = nullptr;
    QLabel* m_typedText = nullptr;
    QLineEdit* m_typed = nullptr;
    QString m_phrase, m_question; ///< empty = the number of keys, where there are many
    QSpinBox* m_rate = nullptr;
    QCheckBox* m_overwrite = nullptr;
    QPushButton* m_start;
    QPushButton* m_close;
    BulkRunView* m_run = nullptr;
    models::BulkFeed::State m_shown = models::BulkFeed::State::Idle;
};

/// What a dry run found, in one line: bytes, shards, cold shards, missing keys.
QString planText(const client::BulkPlan& plan);

} // namespace norikv::widgets
