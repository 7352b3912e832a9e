// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/commandline.h"
#include "app/sandboxhost.h"
#include "app/settings.h"

#include "client/clock.h"
#include "models/dispatcher.h"

#include <QObject>

#include <memory>

class QApplication;

namespace norikv::widgets {
class ConnectionDialog;
class Theme;
} // namespace norikv::widgets

namespace norikv::app {

class MainWindow;
class Workspace;

/// The composition root: constructs everything and hands references down. Decides which connection is open.
class Application final : public QObject {
    Q_OBJECT

public:
    Application(QApplication& qt, Options options);
    ~Application() override;

    /// Shows the window; connects after the first frame, so that the window never waits for a server.
    void start();
    MainWindow& window() { return *m_window; }
    Workspace* workspace() { return m_workspace.get(); }

Q_SIGNALS:
    void connected();

private:
    void begin();
    void openTarget(const QString& target);
    void startDemo(client::ScenarioKind kind);
    void openDemo(client::Profile profile, client::ScenarioKind kind);
    void startSandbox();
    void startHost(const QString& folder, bool faults, std::function<void(client::Profile)> ready);
    void openProfile(client::Profile profile);
    void keepRateLimits(const std::string& profileId);
    void keepEmbedder(const std::string& profileId);
    void rememberPlaces();
    void closeWorkspace();
    void showConnections();
    void testConnection(const client::Profile& profile);
    void chooseTheme(const QString& name);
    void fillDemoMenu();
    void saveSettings();

    QApplication& m_qt;
    const Options m_options;
    SystemClock m_clock;
    std::unique_ptr<widgets::Theme> m_theme;
    std::unique_ptr<Settings> m_settings;
    models::Dispatcher m_dispatcher;
    std::unique_ptr<SandboxHost> m_host;
    std::unique_ptr<Workspace> m_workspace; ///< after the host: it must be gone before its server
    std::unique_ptr<MainWindow> m_window;
    widgets::ConnectionDialog* m_dialog = nullptr; ///< owned by the window
    std::optional<client::ScenarioKind> m_demo;
    QString m_nextPanel; ///< of the workspace that opens next; empty = as usual
    QString m_nextNotice; ///< said when it is open
    models::Job m_testJob, m_faultJob, m_saveJob, m_seedJob;
};

/// The directory of settings, profiles and the default sandbox: --config, else the platform's.
QString configFolder(const Options& options);
/// Where catalogues, journals and the default sandbox live.
QString dataFolder(const Options& options);
/// Profile for a target: a saved connection's id or name, else an address. Guard by option, profile, or
/// loopback.
client::Result<client::Profile> profileFor(
    const QString& target, const Settings& settings, const Options& options);

} // namespace norikv::app
