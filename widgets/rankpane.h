// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/vectorsearchfeed.h"

#include <QWidget>

class QComboBox;
class QLabel;

namespace norikv::plots {
class SlopeChart;
}

namespace norikv::widgets {

class ChartWithTable;
class Theme;

/// Where the answer shown and another one to the same question disagree.
class RankPane : public QWidget {
    Q_OBJECT

public:
    /// The feeds and the theme must outlive the pane.
    RankPane(models::VectorFeed& vectors, models::VectorSearchFeed& search, const Theme& theme,
        QWidget* parent = nullptr);

    void toggleTable();

Q_SIGNALS:
    void idActivated(const std::string& id);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void offer();
    void compare();
    void refresh();

    models::VectorFeed& m_vectors;
    models::VectorSearchFeed& m_search;
    QComboBox* m_with;
    QLabel* m_words;
    plots::SlopeChart* m_chart;
    ChartWithTable* m_table;
    std::shared_ptr<const models::VectorResult> m_compared; ///< the answer that was compared
};

} // namespace norikv::widgets
