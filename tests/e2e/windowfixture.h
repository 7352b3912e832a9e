// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/e2e/servers.h"
#include "tests/e2e/waiting.h"

#include "app/application.h"
#include "app/mainwindow.h"
#include "app/workspace.h"

#include <gtest/gtest.h>

class QAbstractButton;

namespace norikv::tests {

/// The real program in this process, with a configuration folder of its own: driven by its widgets, judged by
/// what it shows and by what another client finds in the store.
class WindowTest : public testing::Test {
protected:
    ~WindowTest() override;

    /// Starts the program as `norikv-workbench ARGUMENTS --config DIR` would.
    void open(QStringList arguments);
    void quit() { m_application.reset(); }
    /// Opens, and waits until the counters were read.
    void connectTo(const LiveServer& server, const QStringList& more = {});
    void saveProfile(const LiveServer& server, const std::string& members);

    app::Application& application() { return *m_application; }
    app::MainWindow& window() { return m_application->window(); }
    app::Workspace* workspace() { return m_application->workspace(); }

    template <class Widget> Widget& the(const char* objectName)
    {
        auto* found = window().findChild<Widget*>(QString::fromLatin1(objectName));
        EXPECT_NE(found, nullptr) << objectName;
        return *found;
    }
    /// The visible button with this caption.
    QAbstractButton* button(const QString& caption);
    void click(const char* objectName);
    void clickCaption(const QString& caption);
    void type(const char* objectName, const QString& text);
    /// Whether a visible label or notice of the window contains the words.
    bool says(const QString& words);
    QString everythingSaid();
    void openKeyByField(const QString& text);

    /// The total that the counters page shows for the selected counter.
    qlonglong shownTotal() { return window().figures().value(QStringLiteral("total")).toLongLong(); }
    void select(const std::string& counter);
    bool online();

    TempFolder config;

private:
    std::unique_ptr<app::Application> m_application;
};

} // namespace norikv::tests
