// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDockWidget>

class QStackedWidget;
class QTabBar;

namespace norikv::widgets {
class Theme;
}

namespace norikv::app {

/// A dock whose content is chosen by tabs of its own, with tools of the current tab at their right, then two
/// buttons that float and hide it. The tabs name the content, so there is a title bar only while it floats.
class TabDock final : public QDockWidget {
    Q_OBJECT

public:
    /// The tab bar is called `tabsName`.
    TabDock(const QString& title, const char* name, const char* tabsName, const widgets::Theme& theme,
        QWidget* parent = nullptr);

    /// Takes both; `tools` may be null.
    void addTab(QWidget* content, const QString& title, QWidget* tools = nullptr);
    void insertTab(int index, QWidget* content, const QString& title, QWidget* tools = nullptr);
    void setTabTitle(QWidget* content, const QString& title);
    /// Takes the tab away and gives the content back, hidden, with this dock as its parent.
    void removeTab(QWidget* content);
    void show(QWidget* content);
    QWidget* current() const;
    bool has(QWidget* content) const;
    void clear(); ///< deletes every content and its tools

private:
    QTabBar* m_tabs;
    QStackedWidget* m_contents;
    QStackedWidget* m_tools;
    QWidget* m_noTitleBar;
};

} // namespace norikv::app
