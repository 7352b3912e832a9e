// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/settings.h"

#include "client/audit/finding.h"
#include "client/profile.h"

#include <QHash>
#include <QMainWindow>

class QDockWidget;
class QLabel;
class QMenu;
class QStackedWidget;
class QTabBar;

namespace norikv::widgets {
class KeyInspector;
class NoticeBar;
class SideRail;
class StartPage;
class Theme;
class TabularLabel;
} // namespace norikv::widgets

namespace norikv::app {

class TopBar;
class Workspace;

/// The frame: rail, top bar, pages, inspector and bottom docks, status bar. Shows a workspace or the start
/// page; decides nothing about connections (Application does).
class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    /// Version of the docks' layout: a saved one of another version is ignored.
    static constexpr int LayoutVersion = 1;

    MainWindow(widgets::Theme& theme, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Shows the pages of `workspace`, or the start page for null. The old pages are gone when this returns.
    void setWorkspace(Workspace* workspace);
    widgets::StartPage& startPage() { return *m_start; }
    QMenu& demoMenu() { return *m_demoMenu; }

    void showPanel(const QString& id);
    QString currentPanel() const;
    void openKey(const client::Bytes& key);
    void showNotice(const QString& text, bool bad);
    /// Figures of the current page, for --screenshot.
    QVariantMap figures() const;

    void restoreLayout(const WindowLayout& layout);
    WindowLayout layout() const;
    void resetLayout();

Q_SIGNALS:
    void connectionsRequested();
    void demoRequested();
    void sandboxRequested();
    void themeChosen(const QString& name);
    void painted(); ///< once, after the first frame

protected:
    void closeEvent(QCloseEvent* event) override;
    bool event(QEvent* event) override;

private:
    void makeMenus();
    void makeDocks();
    void makeStatusBar();
    void makeShortcuts();
    QWidget* makePage(const QString& id);
    void refreshStatus();
    void refreshFindingsTab();
    void showFinding(const client::Finding& finding);
    void openFromField(const QString& text);
    void askOpenCounter();
    void setPaused(bool paused);
    void selectInspector(int index);

    widgets::Theme& m_theme;
    Workspace* m_workspace = nullptr;
    QMenu* m_menu = nullptr;
    QMenu* m_demoMenu = nullptr;
    TopBar* m_top = nullptr;
    widgets::SideRail* m_rail = nullptr;
    QStackedWidget* m_centre = nullptr;
    widgets::StartPage* m_start = nullptr;
    widgets::NoticeBar* m_notices = nullptr;
    QHash<QString, QWidget*> m_pages;
    QDockWidget* m_inspectorDock = nullptr;
    QTabBar* m_inspectorTabs = nullptr;
    QStackedWidget* m_inspectors = nullptr;
    widgets::KeyInspector* m_keyInspector = nullptr;
    QDockWidget* m_bottomDock = nullptr;
    QTabBar* m_bottomTabs = nullptr;
    QStackedWidget* m_bottom = nullptr;
    QStackedWidget* m_bottomTools = nullptr;
    QLabel* m_statusNodes = nullptr;
    QLabel* m_statusTrouble = nullptr;
    widgets::TabularLabel* m_statusLatency = nullptr;
    widgets::TabularLabel* m_statusOps = nullptr;
    QLabel* m_statusCoverage = nullptr;
    QLabel* m_statusFindings = nullptr;
    QLabel* m_statusLive = nullptr;
    QByteArray m_defaultState;
    bool m_paintedOnce = false;
};

} // namespace norikv::app
