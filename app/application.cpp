// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/application.h"

#include "app/mainwindow.h"
#include "app/pages.h"
#include "app/workspace.h"

#include "client/probe.h"
#include "client/target.h"
#include "client/trace.h"
#include "models/ratelimitfeed.h"
#include "widgets/connectiondialog.h"
#include "widgets/startpage.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QMenu>
#include <QStandardPaths>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace norikv::app {

namespace {

// Ids of connections that need no saved profile.
constexpr const char* SandboxId = "sandbox";
constexpr const char* DemoId = "demo";

widgets::ThemePreference preference(const QString& name)
{
    if (name == QLatin1String("light"))
        return widgets::ThemePreference::Light;
    return name == QLatin1String("dark") ? widgets::ThemePreference::Dark : widgets::ThemePreference::System;
}

} // namespace

QString configFolder(const Options& options)
{
    return options.configDir.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation)
                                       : QDir(options.configDir).absolutePath();
}

QString dataFolder(const Options& options)
{
    return options.configDir.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)
                                       : QDir(options.configDir).absoluteFilePath(QStringLiteral("data"));
}

client::Result<client::Profile> profileFor(
    const QString& target, const Settings& settings, const Options& options)
{
    client::Profile profile;
    if (const auto* saved = settings.findProfile(target.toStdString())) {
        profile = *saved;
    } else {
        const auto seeds = client::parseSeeds(target.toStdString());
        if (!seeds)
            return tl::unexpected(seeds.error());
        profile.seeds = *seeds;
        profile.id = target.toStdString();
        profile.name = seeds->front();
        profile.guard = client::isLoopback(*seeds) ? client::GuardMode::Normal : client::GuardMode::ReadOnly;
    }
    if (options.guard)
        profile.guard = *options.guard;
    if (options.tls.enabled() || !options.tls.tokenFile.empty())
        profile.tls = options.tls;
    return profile;
}

Application::Application(QApplication& qt, Options options)
    : m_qt(qt)
    , m_options(std::move(options))
    , m_dispatcher(3)
{
    m_settings = std::make_unique<Settings>(configFolder(m_options));
    const QString notice = m_settings->load();
    m_theme = std::make_unique<widgets::Theme>(
        preference(m_options.theme.isEmpty() ? m_settings->theme() : m_options.theme));
    m_theme->apply(qt);
    m_window = std::make_unique<MainWindow>(*m_theme);
    if (!notice.isEmpty())
        m_window->showNotice(notice, true);
    auto& startPage = m_window->startPage();
    startPage.setRecent(m_settings->profiles());
    connect(&startPage, &widgets::StartPage::demoChosen, this,
        [this] { startDemo(client::ScenarioKind::Lively); });
    connect(&startPage, &widgets::StartPage::sandboxChosen, this, &Application::startSandbox);
    connect(&startPage, &widgets::StartPage::connectChosen, this, &Application::showConnections);
    connect(&startPage, &widgets::StartPage::profileChosen, this, &Application::openTarget);
    connect(m_window.get(), &MainWindow::connectionsRequested, this, &Application::showConnections);
    connect(m_window.get(), &MainWindow::demoRequested, this,
        [this] { startDemo(client::ScenarioKind::Lively); });
    connect(m_window.get(), &MainWindow::sandboxRequested, this, &Application::startSandbox);
    // Queued: the page that asks goes with its workspace.
    connect(
        m_window.get(), &MainWindow::scenarioRequested, this,
        [this](const QString& name, const QString& panel) {
            const auto kind = client::scenarioFromName(name.toStdString());
            if (!kind || !m_workspace)
                return;
            m_nextPanel = panel;
            m_nextNotice = tr("Sandbox: %1 has no vector service.")
                               .arg(QString::fromStdString(m_workspace->connection().profile().name));
            startDemo(*kind);
        },
        Qt::QueuedConnection);
    connect(m_window.get(), &MainWindow::themeChosen, this, &Application::chooseTheme);
    connect(m_window.get(), &MainWindow::timeLimitsChosen, this, [this](const auto& limits) {
        m_settings->setTimeLimits(limits);
        saveSettings();
    });
    connect(m_window.get(), &MainWindow::painted, this, &Application::begin);
}

Application::~Application()
{
    if (m_options.screenshot.isEmpty()) {
        m_settings->setWindow(m_window->layout());
        rememberPlaces();
        if (const auto saved = m_settings->saveNow(); !saved)
            std::fprintf(stderr, "%s\n", saved.error().message.c_str());
    }
    closeWorkspace();
}

void Application::start()
{
    if (m_options.screenshot.isEmpty())
        m_window->restoreLayout(m_settings->window(MainWindow::LayoutVersion));
    else
        m_window->resize(m_options.size);
    m_window->show();
}

void Application::begin()
{
    // norikv-bench measures the time from the start of the process to this line (P26).
    if (qEnvironmentVariableIsSet("NORIKV_FIRST_PAINT")) {
        std::fputs("first-paint\n", stderr);
        std::fflush(stderr);
        QApplication::quit();
        return;
    }
    if (m_options.demo)
        startDemo(*m_options.demo);
    else if (m_options.sandbox)
        startSandbox();
    else if (!m_options.target.isEmpty())
        openTarget(m_options.target);
    else if (m_settings->lastProfile() == SandboxId)
        startSandbox();
    else if (!m_settings->lastProfile().empty() && m_settings->findProfile(m_settings->lastProfile()))
        openTarget(QString::fromStdString(m_settings->lastProfile()));
}

void Application::openTarget(const QString& target)
{
    auto profile = profileFor(target, *m_settings, m_options);
    if (!profile) {
        m_window->showNotice(QString::fromStdString(profile.error().message) + QLatin1Char('.'), true);
        return;
    }
    if (!client::isLoopback(profile->seeds) && !profile->tls.enabled() && !profile->plainTextAccepted
        && m_settings->findProfile(profile->id)) {
        // Plain text beyond this machine is agreed to once per profile, in its form.
        showConnections();
        m_dialog->selectProfile(profile->id);
        return;
    }
    m_demo.reset();
    m_seedJob.cancel();
    closeWorkspace();
    m_host.reset();
    if (m_settings->findProfile(profile->id)) {
        m_settings->setLastProfile(profile->id);
        saveSettings();
    }
    openProfile(std::move(*profile));
}

void Application::startHost(const QString& folder, bool faults, std::function<void(client::Profile)> ready)
{
    m_seedJob.cancel(); // of a demo that nobody waits for any more
    closeWorkspace();
    m_host = std::make_unique<SandboxHost>(m_dispatcher, m_clock);
    connect(m_host.get(), &SandboxHost::failed, this, [this](const QString& sentence) {
        m_window->showNotice(tr("The sandbox could not start: %1").arg(sentence), true);
    });
    connect(m_host.get(), &SandboxHost::started, this,
        [this, ready = std::move(ready)](const SandboxHost::Running& running) {
            for (const auto& warning : running.warnings)
                m_window->showNotice(warning, false);
            if (running.attached)
                m_window->showNotice(
                    tr("Another window serves this folder; this one is attached to it."), false);
            ready(running.profile);
        });
    connect(m_host.get(), &SandboxHost::tookOver, this, [this] {
        m_window->showNotice(tr("The other window has ended; this one serves the folder now."), false);
    });
    m_host->start(folder, faults);
}

void Application::startDemo(client::ScenarioKind kind)
{
    m_demo = kind;
    startHost(QString(), true, [this, kind](client::Profile profile) {
        profile.id = DemoId;
        profile.name = tr("Demo").toStdString();
        client::Scenario::declare(profile);
        // Filled before the window looks, so that the first values are no sudden rise.
        m_seedJob = m_dispatcher.run(
            this,
            [profile, &clock = m_clock](const std::stop_token& stop) -> client::Result<void> {
                client::TraceLog trace;
                auto connection = client::Connection::open(profile, clock, trace);
                if (!connection)
                    return tl::unexpected(connection.error());
                return client::Scenario::seed((*connection)->store(), clock, stop);
            },
            [this, profile, kind](const client::Result<void>& seeded) {
                if (seeded)
                    openDemo(profile, kind);
                else
                    m_window->showNotice(QString::fromStdString(seeded.error().message), true);
            });
    });
}

void Application::openDemo(client::Profile profile, client::ScenarioKind kind)
{
    if (m_options.guard)
        profile.guard = *m_options.guard;
    openProfile(std::move(profile));
    // The demo writes only where no person need be asked; read-only shows it at rest.
    if (m_workspace && m_workspace->connection().guardMode() == client::GuardMode::Normal)
        m_workspace->startDemo(kind);
    fillDemoMenu();
}

void Application::startSandbox()
{
    m_demo.reset();
    const QString folder = m_options.sandboxDir.isEmpty()
        ? QDir(dataFolder(m_options)).filePath(QStringLiteral("sandbox"))
        : m_options.sandboxDir;
    startHost(folder, false, [this](client::Profile profile) {
        if (m_options.guard)
            profile.guard = *m_options.guard;
        m_settings->setLastProfile(SandboxId);
        saveSettings();
        openProfile(std::move(profile));
    });
}

void Application::openProfile(client::Profile profile)
{
    // The demo's keys and journal go with its server.
    auto workspace = Workspace::open(profile, m_clock, m_demo ? QString() : dataFolder(m_options));
    if (!workspace) {
        m_window->showNotice(QString::fromStdString(workspace.error().message) + QLatin1Char('.'), true);
        return;
    }
    closeWorkspace(); // its pages go before it does
    m_workspace = std::move(*workspace);
    m_workspace->cursor().setLimits(m_settings->timeLimits());
    keepRateLimits(profile.id);
    keepEmbedder(profile.id);
    m_window->setPlaces(m_settings->places(profile.id));
    m_workspace->catalogue().onNotice([this](const QString& text) {
        m_dispatcher.post([this, text] { m_window->showNotice(text, true); });
    });
    m_window->setWorkspace(m_workspace.get());
    const bool vectors = m_demo == client::ScenarioKind::Vectors;
    QString panel = std::exchange(m_nextPanel, QString());
    if (panel.isEmpty())
        panel = m_options.panel;
    if (panel.isEmpty())
        panel = vectors ? QStringLiteral("vectors") : QStringLiteral("counters");
    m_window->showPanel(panel);
    if (!m_nextNotice.isEmpty())
        m_window->showNotice(std::exchange(m_nextNotice, QString()), false);
    if (m_window->currentPanel().isEmpty()) {
        m_window->showNotice(
            tr("The panel %1 is not built yet; here are the counters.").arg(m_options.panel), false);
        m_window->showPanel(QStringLiteral("counters"));
    }
    if (!m_options.openKey.isEmpty()) {
        if (const auto key = client::fromPrintable(m_options.openKey.toStdString()))
            m_window->openKey(*key);
        else
            m_window->showNotice(
                tr("--open %1: write \\xNN for a byte and \\\\ for a backslash.").arg(m_options.openKey),
                true);
    }
    if (!m_options.tenant.isEmpty()) {
        if (const auto tenant = client::fromPrintable(m_options.tenant.toStdString())) {
            m_workspace->setLens(*tenant);
            m_workspace->tenants().select(*tenant);
        } else {
            m_window->showNotice(
                tr("--tenant %1: write \\xNN for a byte and \\\\ for a backslash.").arg(m_options.tenant),
                true);
        }
    }
    Q_EMIT connected();
}

/// Limits that are set while a saved connection is open belong to it, as those of its form do.
void Application::keepRateLimits(const std::string& profileId)
{
    if (m_demo || !m_settings->findProfile(profileId))
        return;
    auto& feed = m_workspace->pattern<models::RateLimitFeed>();
    feed.keepInProfile();
    connect(&feed, &models::RateLimitFeed::profileLimit, this,
        [this, profileId](const client::Bytes& prefix, const std::optional<client::RateLimit>& limit) {
            auto profiles = m_settings->profiles();
            const auto profile = std::ranges::find(profiles, profileId, &client::Profile::id);
            if (profile == profiles.end())
                return; // deleted meanwhile
            if (limit)
                profile->rateLimits[prefix] = *limit;
            else
                profile->rateLimits.erase(prefix);
            m_settings->setProfiles(std::move(profiles));
            saveSettings();
        });
}

/// So does what makes vectors of texts, but for its key.
void Application::keepEmbedder(const std::string& profileId)
{
    if (m_demo)
        return;
    connect(&m_workspace->embedder(), &EmbedderChoice::used, this,
        [this, profileId](const client::EmbedderSettings& settings) {
            auto profiles = m_settings->profiles();
            const auto profile = std::ranges::find(profiles, profileId, &client::Profile::id);
            if (profile == profiles.end())
                return; // not a saved one
            profile->embedder = settings;
            m_settings->setProfiles(std::move(profiles));
            saveSettings();
        });
}

void Application::rememberPlaces()
{
    if (!m_workspace)
        return;
    const std::string& id = m_workspace->connection().profile().id;
    if (id != DemoId) // it begins anew each time
        m_settings->setPlaces(id, m_window->places());
}

void Application::closeWorkspace()
{
    m_window->demoMenu().menuAction()->setVisible(false);
    rememberPlaces();
    m_window->setWorkspace(nullptr);
    m_workspace.reset();
}

void Application::fillDemoMenu()
{
    QMenu& menu = m_window->demoMenu();
    menu.clear();
    const auto faults = client::Scenario::faults();
    QString section;
    for (std::size_t i = 0; i < faults.size(); ++i) {
        const QString title = QString::fromUtf8(faults[i].title.data(), qsizetype(faults[i].title.size()));
        const QString rule = QString::fromUtf8(faults[i].rule.data(), qsizetype(faults[i].rule.size()));
        const QString panel = panelOfRule(rule.toStdString());
        if (const PageSpec* page = findPage(panel); page && (i == 0 || panel != section))
            menu.addSection(page->name);
        section = panel;
        menu.addAction(tr("%1 (raises %2)").arg(title, rule), this, [this, i] {
            if (!m_workspace)
                return;
            auto& store = m_workspace->connection().store();
            m_faultJob = m_workspace->dispatcher().run(
                m_window.get(),
                [&store, &clock = m_clock, i](
                    const std::stop_token&) { return client::Scenario::commit(store, clock, i); },
                [this](const client::Result<void>& done) {
                    if (!done)
                        m_window->showNotice(QString::fromStdString(done.error().message), true);
                });
        });
    }
    menu.addSection(tr("On demand"));
    menu.addAction(tr("Race it (raises C3)"), this, [this] {
        if (m_workspace)
            m_workspace->counters().race();
    });
    menu.addAction(tr("Lose the expiry of every key"), this, [this] {
        if (!m_workspace)
            return;
        auto& store = m_workspace->connection().store();
        m_faultJob = m_workspace->dispatcher().run(
            m_window.get(),
            [&store](const std::stop_token& stop) {
                client::Call call;
                call.stop = stop;
                call.why = "demo fault";
                return store.flushTtl(call, {});
            },
            [this](const client::Result<std::uint64_t>& keys) {
                m_window->showNotice(keys ? tr("%n key(s) lost their expiry.", nullptr, int(*keys))
                                          : QString::fromStdString(keys.error().message),
                    !keys);
            });
    });
    menu.menuAction()->setVisible(true);
}

void Application::showConnections()
{
    if (!m_dialog) {
        m_dialog = new widgets::ConnectionDialog(*m_theme, m_window.get());
        connect(m_dialog, &widgets::ConnectionDialog::testRequested, this, &Application::testConnection);
        connect(m_dialog, &widgets::ConnectionDialog::cancelTest, this, [this] { m_testJob.cancel(); });
        connect(m_dialog, &widgets::ConnectionDialog::profilesChanged, this,
            [this](const std::vector<client::Profile>& profiles) {
                m_settings->setProfiles(profiles);
                m_window->startPage().setRecent(profiles);
                saveSettings();
            });
        connect(m_dialog, &widgets::ConnectionDialog::connectRequested, this,
            [this](const client::Profile& profile) {
                m_dialog->hide();
                openTarget(QString::fromStdString(profile.id));
            });
    }
    m_dialog->setProfiles(m_settings->profiles());
    if (m_settings->profiles().empty())
        m_dialog->newProfile();
    m_dialog->show();
    m_dialog->raise();
}

void Application::testConnection(const client::Profile& profile)
{
    using Outcome = client::ProbeReport;
    QPointer<widgets::ConnectionDialog> dialog(m_dialog);
    m_testJob = m_dispatcher.run(
        m_dialog,
        [this, profile, dialog](const std::stop_token& stop) -> Outcome {
            client::Profile harmless = profile;
            harmless.guard = client::GuardMode::Normal; // the two admin probes name a shard that cannot exist
            client::TraceLog trace;
            auto connection = client::Connection::open(harmless, m_clock, trace);
            if (!connection)
                return client::badTarget(connection.error());
            return client::probe(**connection, m_clock, stop, [this, dialog](const client::Check& check) {
                m_dispatcher.post([dialog, check] {
                    if (dialog)
                        dialog->showCheck(check);
                });
            });
        },
        [this](const Outcome& report) { m_dialog->showProbe(report); });
}

void Application::chooseTheme(const QString& name)
{
    m_settings->setTheme(name);
    m_theme->setPreference(preference(name));
    saveSettings();
}

void Application::saveSettings()
{
    if (!m_options.screenshot.isEmpty())
        return;
    m_saveJob = m_dispatcher.run(
        this, [snapshot = m_settings->save()](const std::stop_token&) { return snapshot.write(); },
        [this](const client::Result<void>& written) {
            if (!written)
                m_window->showNotice(QString::fromStdString(written.error().message), true);
        });
}

} // namespace norikv::app
