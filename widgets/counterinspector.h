// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/counterfeed.h"

#include <QWidget>

class QButtonGroup;
class QFrame;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QToolButton;

namespace norikv::widgets {

class ElidedLabel;
class KeyValueList;
class Theme;

/// Beside the counters page: what can be done to the selected counter, the load generator, where its keys
/// live, and snippets to copy.
class CounterInspector : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the widget.
    CounterInspector(models::CounterFeed& feed, const Theme& theme, QWidget* parent = nullptr);

Q_SIGNALS:
    void keyActivated(const QByteArray& key);
    void copied(const QString& what);

private:
    QWidget* makeActions();
    QWidget* makeSetRow();
    QWidget* makeLoad();
    QWidget* makeCopy();
    client::LoadPlan plan() const; ///< as the form says, for the selected counter
    void refresh();
    void refreshLoad();
    void refreshPlaces(const models::CounterState& state);
    void applySet();
    void askMerge(const client::ShardedCounter::MergePlan& plan);

    models::CounterFeed& m_feed;
    const Theme& m_theme;
    ElidedLabel* m_name = nullptr;
    ElidedLabel* m_kind = nullptr;
    QPushButton* m_increment = nullptr;
    QPushButton* m_decrement = nullptr;
    QPushButton* m_set = nullptr;
    QToolButton* m_more = nullptr;
    QAction* m_merge = nullptr;
    QAction* m_hidden = nullptr;
    QAction* m_reset = nullptr;
    QFrame* m_setRow = nullptr;
    QLineEdit* m_setValue = nullptr;
    QLineEdit* m_setReason = nullptr;
    QLabel* m_setError = nullptr;
    QPushButton* m_setApply = nullptr;
    bool m_overwriteAsked = false;
    QWidget* m_loadForm = nullptr;
    QSpinBox* m_writers = nullptr;
    QSpinBox* m_target = nullptr;
    QSpinBox* m_think = nullptr;
    KeyValueList* m_loadFacts = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_compare = nullptr;
    QPushButton* m_race = nullptr;
    KeyValueList* m_places = nullptr;
    QToolButton* m_morePlaces = nullptr;
    bool m_allPlaces = false;
    int m_slowTick = 0;
};

} // namespace norikv::widgets
