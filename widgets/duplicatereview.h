// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/vectorduplicatefeed.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace norikv::widgets {

class DiffView;
class DuplicatePairModel;
class InlineConfirm;
class Theme;

/// The pairs above the threshold, one after the other: J and K go on and back, B says both stay, M merges, I
/// passes over, Del deletes the second. What goes can be put back.
class DuplicateReview : public QWidget {
    Q_OBJECT

public:
    /// The feeds and the theme must outlive the widget.
    DuplicateReview(models::VectorFeed& vectors, models::VectorDuplicateFeed& feed, const Theme& theme,
        QWidget* parent = nullptr);

    void setReadOnly(bool readOnly);

Q_SIGNALS:
    void pairShown(const std::string& a, const std::string& b); ///< for the map; empty = none

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    using Label = models::DuplicatePair::Label;
    void step(int by);
    void mark(Label label);
    void ask(bool merge);
    void refresh();
    void showPair();
    const models::DuplicatePair* current() const;
    QString textOf(const std::string& id) const;
    bool eventFilter(QObject* watched, QEvent* event) override;

    models::VectorFeed& m_vectors;
    models::VectorDuplicateFeed& m_feed;
    DuplicatePairModel* m_model;
    QTableView* m_table;
    DiffView* m_diff;
    QLabel* m_words;
    QPushButton* m_both;
    QPushButton* m_merge;
    QPushButton* m_ignore;
    QPushButton* m_delete;
    QPushButton* m_undo;
    InlineConfirm* m_confirm;
    std::function<void()> m_onConfirm;
    std::pair<std::string, std::string> m_shown; ///< in the diff
    bool m_readOnly = false;
};

} // namespace norikv::widgets
