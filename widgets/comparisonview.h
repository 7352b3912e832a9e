// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/comparisonfeed.h"

#include <QWidget>

#include <array>
#include <vector>

class QGridLayout;
class QLabel;
class QPushButton;

namespace norikv::widgets {

class TabularLabel;

/// One key beside many shards under the same load: a column each. Hidden until a comparison was started.
class ComparisonView : public QWidget {
    Q_OBJECT

public:
    /// feed must outlive the widget.
    explicit ComparisonView(models::ComparisonFeed& feed, QWidget* parent = nullptr);

private:
    struct Line {
        QLabel* name;
        TabularLabel* basic;
        TabularLabel* sharded;
    };
    Line& line(std::size_t index);
    void refresh();

    models::ComparisonFeed& m_feed;
    QGridLayout* m_grid = nullptr;
    std::vector<Line> m_lines;
    QLabel* m_wide = nullptr;
    QLabel* m_verdict = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_stop = nullptr;
};

} // namespace norikv::widgets
