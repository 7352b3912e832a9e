// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>

class QTableWidget;
class QToolButton;

namespace norikv::plots {
class ChartWidget;
}

namespace norikv::widgets {

class Theme;

/// A chart that can be read as a table: charts have no accessibility tree, tables have, and they can be
/// copied.
class ChartWithTable : public QStackedWidget {
    Q_OBJECT

public:
    /// Takes ownership of the chart. theme must outlive the widget.
    ChartWithTable(plots::ChartWidget* chart, const Theme& theme, QWidget* parent = nullptr);

    /// The switch, to be placed in the card's title line. Belongs to whoever places it.
    QToolButton* button() const { return m_button; }
    bool tableShown() const;
    /// Fills the table anew while it is shown; the page calls it when its data moved.
    void refresh();

private:
    plots::ChartWidget* m_chart;
    QTableWidget* m_table;
    QToolButton* m_button;
};

} // namespace norikv::widgets
