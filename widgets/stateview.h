// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/jsontreemodel.h"
#include "models/statetree.h"

#include <QWidget>

class QLabel;
class QSplitter;
class QTableView;
class QTreeView;

namespace norikv::widgets {

class FieldHint;
class Theme;

/// A folded state: a tree in which changed places are marked, and beside it the changes one by one.
class StateView : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the view.
    explicit StateView(const Theme& theme, QWidget* parent = nullptr);

    /// `problem`: what the newest event breaks, or empty.
    void showState(const std::string& json, const QString& problem);
    /// Marks these places of the state; `title` says what it is compared with, and `none` that nothing
    /// differs.
    void showChanges(std::vector<client::StateChange> changes, const QString& title, const QString& before,
        const QString& after, const QString& none);
    /// Why there is no state; hides both.
    void showFailure(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    class Marks;

    void mark();

    models::JsonTreeModel m_state;
    models::StateChangeModel m_changes;
    std::shared_ptr<const models::JsonTree> m_tree;
    std::string m_json;
    Marks* m_marks = nullptr;
    FieldHint* m_problem = nullptr;
    FieldHint* m_failure = nullptr;
    QLabel* m_title = nullptr;
    QSplitter* m_split = nullptr;
    QTreeView* m_treeView = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_none = nullptr;
};

} // namespace norikv::widgets
