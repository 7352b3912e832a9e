// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/vectorsearchfeed.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTabBar;

namespace norikv::widgets {

class Badge;
class FrontierPane;
class RankPane;
class Theme;
class VectorResults;

/// Ask an index with a text, with the vector of an id, or with numbers; the answer, how true it is, and what
/// asking for more would give.
class VectorSearchPane : public QWidget {
    Q_OBJECT

public:
    /// The feeds and the theme must outlive the pane.
    VectorSearchPane(models::VectorFeed& vectors, models::VectorSearchFeed& search, const Theme& theme,
        QWidget* parent = nullptr);

    void focusQuery();
    VectorResults& results() { return *m_results; }
    void searchText(const QString& text);
    void searchId(const std::string& id);
    /// Charts as tables and back.
    void toggleTable();
    QVariantMap place() const;
    void setPlace(const QVariantMap& place);

Q_SIGNALS:
    void edited(); ///< a person asks for something of their own

private:
    enum By { Text, Id, Vector };
    QWidget* makeQuestion();
    QWidget* makeOptions();
    void ask();
    void refresh();
    void refreshField();

    models::VectorFeed& m_vectors;
    models::VectorSearchFeed& m_search;
    QComboBox* m_by = nullptr;
    QLineEdit* m_text = nullptr;
    QPushButton* m_go = nullptr;
    QSpinBox* m_k = nullptr;
    QComboBox* m_overFetch = nullptr;
    QComboBox* m_consistency = nullptr;
    Badge* m_recall = nullptr;
    QLabel* m_facts = nullptr;
    QLabel* m_state = nullptr; ///< instead of results: why there are none
    QTabBar* m_views = nullptr;
    QStackedWidget* m_stack = nullptr;
    VectorResults* m_results = nullptr;
    FrontierPane* m_frontier = nullptr;
    RankPane* m_ranks = nullptr;
    std::weak_ptr<const models::VectorResult> m_shown; ///< whose lines the table has
};

} // namespace norikv::widgets
