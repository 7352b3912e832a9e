// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStatusBar>

class QLabel;

namespace norikv::widgets {
class TabularLabel;
class Theme;
} // namespace norikv::widgets

namespace norikv::app {

class Workspace;

/// The bar at the foot: nodes, trouble, latency, what we cost the servers, coverage, findings, live or
/// paused.
class StatusLine final : public QStatusBar {
    Q_OBJECT

public:
    StatusLine(const widgets::Theme& theme, QWidget* parent = nullptr);

    void refresh(Workspace& workspace);

private:
    const widgets::Theme& m_theme;
    QLabel* m_nodes;
    QLabel* m_trouble;
    widgets::TabularLabel* m_latency;
    widgets::TabularLabel* m_ops;
    QLabel* m_coverage;
    QLabel* m_findings;
    QLabel* m_live;
};

} // namespace norikv::app
