// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/shardfeed.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTableWidget;

namespace norikv::widgets {

class Badge;
class ElidedLabel;
class KeyValueList;
class Theme;

/// One node: what is known of it, what it says when it is asked by itself, and where another node says
/// otherwise.
class NodeInspector : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the widget.
    NodeInspector(models::ShardFeed& feed, const Theme& theme, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void refreshFacts(std::size_t node);
    void refreshRaw(std::size_t node);
    void refreshDifferences(std::size_t node);
    std::shared_ptr<const client::ClusterView> viewOf(std::size_t node) const;

    models::ShardFeed& m_feed;
    ElidedLabel* m_name;
    Badge* m_state;
    QLabel* m_problem;
    KeyValueList* m_facts;
    QPushButton* m_ask;
    QLabel* m_asked;
    QComboBox* m_other;
    QLabel* m_differ;
    QTableWidget* m_differences;
    QPlainTextEdit* m_raw;
    std::size_t m_listed = 0; ///< entries of m_other belong to this node + 1
    QString m_rawText;
};

} // namespace norikv::widgets
