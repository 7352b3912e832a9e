// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bulkfeed.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QTableView;

namespace norikv::widgets {

class TabularLabel;
class Theme;

/// A bulk job while it runs and after: how far, how fast, what failed and why, and the way back.
class BulkRunView : public QWidget {
    Q_OBJECT

public:
    BulkRunView(models::BulkFeed& feed, const Theme& theme, QWidget* parent = nullptr);

private:
    void refresh();

    models::BulkFeed& m_feed;
    const Theme& m_theme;
    QLabel* m_headline;
    QProgressBar* m_bar;
    TabularLabel* m_speed;
    TabularLabel* m_outcomes;
    QLabel* m_problem;
    QTableView* m_failures;
    QLabel* m_undoFile;
    QPushButton* m_pause;
    QPushButton* m_cancel;
    QPushButton* m_undoAll;
    QPushButton* m_force;
};

/// "delete", "import", ... as the title of a dialog and as a sentence about `count` keys.
QString bulkTitle(client::BulkAction action);
QString bulkSentence(const client::BulkRequest& request, std::uint64_t count);

} // namespace norikv::widgets
