// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/vectorsearchfeed.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace norikv::plots {
class FrontierChart;
}

namespace norikv::widgets {

class ChartWithTable;
class Theme;

/// What asking for more than is wanted gives, and what it costs: the server offers no other lever.
class FrontierPane : public QWidget {
    Q_OBJECT

public:
    /// feed and theme must outlive the pane.
    FrontierPane(models::VectorSearchFeed& feed, const Theme& theme, QWidget* parent = nullptr);

    /// What the next measurement is for, and what is used now.
    void setUsed(std::uint32_t k, std::uint32_t asked);
    void toggleTable();

Q_SIGNALS:
    void askedChosen(quint32 asked); ///< use this k'

private:
    void refresh();

    models::VectorSearchFeed& m_feed;
    std::uint32_t m_k = 10;
    std::uint32_t m_asked = 10;
    plots::FrontierChart* m_chart;
    ChartWithTable* m_table;
    QLabel* m_words;
    QPushButton* m_measure;
    QPushButton* m_use;
};

} // namespace norikv::widgets
