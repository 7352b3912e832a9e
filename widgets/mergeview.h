// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/decode/merge.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace norikv::widgets {

/// The three-way view: what went together without a question, and each conflict with the value of both sides
/// to choose from. Nothing is chosen in advance.
class MergeView : public QWidget {
    Q_OBJECT

public:
    explicit MergeView(QWidget* parent = nullptr);

    void setMerge(const client::Merge& merge);
    bool decided() const;
    std::vector<client::MergeSide> sides() const; ///< of decided conflicts

Q_SIGNALS:
    void accepted();
    void rejected();

private:
    void addConflict(const client::MergeConflict& conflict, std::size_t index);
    void chooseAll(client::MergeSide side);
    void refresh();

    QLabel* m_summary = nullptr;
    QWidget* m_all = nullptr; ///< the two buttons that choose for every conflict
    QVBoxLayout* m_list = nullptr;
    QPushButton* m_use = nullptr;
    std::vector<QWidget*> m_cards;
    std::vector<std::function<void(client::MergeSide)>> m_choose;
    std::vector<std::optional<client::MergeSide>> m_sides;
};

} // namespace norikv::widgets
