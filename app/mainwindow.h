// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/settings.h"

#include "client/audit/finding.h"
#include "client/patterns/keykind.h"
#include "client/profile.h"

#include <QHash>
#include <QMainWindow>
#include <QPointer>

class QMenu;
class QStackedWidget;

namespace norikv::widgets {
class FindingsPanel;
class JournalPanel;
class KeyInspector;
class NoticeBar;
class Page;
class SideRail;
class TimeBar;
class StartPage;
class Theme;
} // namespace norikv::widgets

namespace norikv::app {

class LensStrip;
class StatusLine;
class TabDock;
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

    /// Where one was in each page, for the next start; set before the pages are made.
    void setPlaces(const QVariantMap& places) { m_places = places; }
    QVariantMap places() const;

    void restoreLayout(const WindowLayout& layout);
    WindowLayout layout() const;
    void resetLayout();

Q_SIGNALS:
    void connectionsRequested();
    void demoRequested();
    void sandboxRequested();
    void scenarioRequested(const QString& name, const QString& panel); ///< of the demo, shown on this panel
    void themeChosen(const QString& name);
    void timeLimitsChosen(const models::TimeCursor::Limits& limits);
    void painted(); ///< once, after the first frame

protected:
    void closeEvent(QCloseEvent* event) override;
    void closeWhenSaved();
    bool event(QEvent* event) override;

private:
    void makeMenus();
    void makeDocks();
    void makeShortcuts();
    /// The page of a panel, made when it is first asked for; null = not built.
    widgets::Page* pageFor(const QString& id);
    widgets::Page* currentPage() const;
    void refreshStatus();
    void followLens();
    void scopeFindings();
    void refreshFindings();
    void showFinding(const client::Finding& finding);
    void openFromField(const QString& text);
    void openInPanel(const QString& id, const client::Bytes& subject);
    void askOpenCounter();
    void makeFindings();
    void newKey(const QByteArray& source);
    QWidget* makeJournal();
    void followCursor();
    void setGuard(client::GuardMode mode);

    /// A page that was made, with what stands beside it in the inspector dock (may be null).
    struct Made {
        widgets::Page* page = nullptr;
        QPointer<QWidget> inspector; ///< scrolls it; a child of the dock also while another is shown
        QString inspectorTitle;
    };

    widgets::Theme& m_theme;
    Workspace* m_workspace = nullptr;
    QMenu* m_menu = nullptr;
    QMenu* m_demoMenu = nullptr;
    QMenu* m_panelsMenu = nullptr;
    TopBar* m_top = nullptr;
    LensStrip* m_lens = nullptr;
    widgets::TimeBar* m_timeBar = nullptr;
    widgets::SideRail* m_rail = nullptr;
    QStackedWidget* m_centre = nullptr;
    widgets::StartPage* m_start = nullptr;
    widgets::NoticeBar* m_notices = nullptr;
    QHash<QString, Made> m_pages;
    QVariantMap m_places; ///< by panel, as they were left; the pages that were made know better
    TabDock* m_inspectorDock = nullptr;
    widgets::KeyInspector* m_keyInspector = nullptr;
    TabDock* m_bottomDock = nullptr;
    widgets::FindingsPanel* m_findings = nullptr;
    widgets::JournalPanel* m_journal = nullptr;
    StatusLine* m_status = nullptr;
    QByteArray m_defaultState;
    bool m_paintedOnce = false;
    bool m_closesWhenSaved = false;
};

} // namespace norikv::app
