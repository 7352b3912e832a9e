// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/shardfeed.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace norikv::widgets {

class ElidedLabel;
class KeyValueList;
class Theme;

/// One shard: who leads it, who led it before, which of its keys are known, and what an operator may do.
class ShardInspector : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the widget.
    ShardInspector(models::ShardFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    void setReadOnly(bool readOnly);

Q_SIGNALS:
    void keyActivated(const QByteArray& key);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void refreshKeys(std::uint32_t shard);
    void refreshActions(std::uint32_t shard);
    QString word(std::uint32_t shard) const;

    models::ShardFeed& m_feed;
    ElidedLabel* m_name;
    QLabel* m_trouble;
    KeyValueList* m_facts;
    KeyValueList* m_before;
    QLabel* m_noElections;
    QLabel* m_keysSaid;
    QPushButton* m_count;
    QListWidget* m_keys;
    QLineEdit* m_word;
    QPushButton* m_snapshot;
    QPushButton* m_transfer;
    QLabel* m_transferWhy;
    bool m_readOnly = false;
    std::optional<std::uint32_t> m_shown;
    EpochMs m_listedAtMs = 0; ///< of the count whose keys of m_shown are listed; 0 = none
};

} // namespace norikv::widgets
