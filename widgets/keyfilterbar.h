// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/keyindex.h"

#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QToolButton;

namespace norikv::widgets {

class Theme;

/// What to show of a list of keys: a pattern and how it is read, kinds, favourites, keys without expiry; and
/// whether as folders or as a list.
class KeyFilterBar : public QWidget {
    Q_OBJECT

public:
    /// theme must outlive the bar.
    explicit KeyFilterBar(const Theme& theme, QWidget* parent = nullptr);

    models::KeyFilter filter() const;
    /// Shows a filter without announcing it.
    void setFilter(const models::KeyFilter& filter);
    bool tree() const;
    void setTree(bool tree);
    /// Why the pattern cannot be used, below the field; empty = it can.
    void setProblem(const QString& problem);
    /// Whose keys the field filters, said in it; empty = all.
    void setSubject(const QString& owner);
    void focusField();
    void addTrailing(QWidget* widget); ///< takes ownership

Q_SIGNALS:
    void filterChanged(const norikv::models::KeyFilter& filter);
    void treeChanged(bool tree);

private:
    void announce();
    void makeKinds();
    void refreshKinds();

    bool m_quiet = false;
    std::set<client::KeyKind> m_kinds;
    QHBoxLayout* m_row;
    QLineEdit* m_field;
    QComboBox* m_mode;
    QToolButton* m_kindButton;
    QToolButton* m_noExpiry;
    QToolButton* m_favourites;
    QToolButton* m_asTree;
    QToolButton* m_asList;
    QLabel* m_problem;
};

} // namespace norikv::widgets
