// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandboxhost.h"

#include "sandbox/server.h"

#include <QDir>
#include <QFile>
#include <QTcpSocket>

#include <nlohmann/json.hpp>

#include <csignal>

namespace norikv::app {

namespace {

using namespace std::chrono_literals;

constexpr auto OwnerCheckEvery = 500ms; // takes over well inside 2 s
constexpr int ConnectPatienceMs = 500;

struct Ports {
    int rpc = 0;
    int http = 0;
};

/// What DATA_DIR/sandbox.json says, if the process that wrote it still answers.
std::optional<Ports> aliveServer(const QString& folder)
{
    QFile file(QDir(folder).filePath(QStringLiteral("sandbox.json")));
    if (!file.open(QIODevice::ReadOnly) || file.size() > 65'536)
        return std::nullopt;
    const auto json = nlohmann::json::parse(file.readAll().toStdString(), nullptr, false);
    if (!json.is_object())
        return std::nullopt;
    const auto number = [&](const char* name) {
        const auto found = json.find(name);
        return found != json.end() && found->is_number_integer() ? found->get<int>() : 0;
    };
    const int pid = number("pid");
    const Ports ports{number("rpc"), number("http")};
    if (pid <= 0 || ports.rpc <= 0 || ports.rpc > 65535 || ::kill(pid, 0) != 0)
        return std::nullopt;
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), static_cast<quint16>(ports.rpc));
    if (!socket.waitForConnected(ConnectPatienceMs))
        return std::nullopt;
    return ports;
}

client::Profile profileFor(const Ports& ports, const QString& name)
{
    client::Profile profile;
    profile.id = "sandbox";
    profile.name = name.toStdString();
    profile.environment = "local";
    profile.seeds = {"127.0.0.1:" + std::to_string(ports.rpc)};
    if (ports.http > 0)
        profile.httpAddresses = {"127.0.0.1:" + std::to_string(ports.http)};
    return profile;
}

} // namespace

SandboxHost::SandboxHost(models::Dispatcher& dispatcher, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_dispatcher(dispatcher)
    , m_clock(clock)
{
    m_ownerTimer.setInterval(OwnerCheckEvery);
    connect(&m_ownerTimer, &QTimer::timeout, this, &SandboxHost::watchOwner);
}

SandboxHost::~SandboxHost()
{
    m_job.cancel();
    m_server.reset(); // before the temporary folder goes
}

client::Result<QString> SandboxHost::usableFolder(const QString& folder)
{
    if (!folder.isEmpty())
        return QDir(folder).absolutePath();
    m_temporary = std::make_unique<QTemporaryDir>(QDir::tempPath() + QStringLiteral("/norikv-demo-XXXXXX"));
    if (!m_temporary->isValid())
        return client::fail(client::ErrorKind::Server,
            "no temporary folder can be made: " + m_temporary->errorString().toStdString());
    return m_temporary->path();
}

client::Result<SandboxHost::Attempt> SandboxHost::serve(
    const QString& folder, bool faults, int port, const Clock& clock)
{
    const QString name = faults ? tr("Demo sandbox") : tr("Sandbox");
    Attempt attempt;
    if (const auto ports = aliveServer(folder)) {
        attempt.running = {profileFor(*ports, name), true, {}};
        return attempt;
    }
    sandbox::Config config;
    config.dataDir = folder.toStdString();
    config.rpcAddr = "127.0.0.1:" + std::to_string(port);
    config.httpAddr = "127.0.0.1:0";
    config.faults = faults;
    auto server = sandbox::Server::start(config, clock);
    if (!server) {
        // Another window may have won the race for the folder in this moment.
        if (const auto ports = aliveServer(folder)) {
            attempt.running = {profileFor(*ports, name), true, {}};
            return attempt;
        }
        return client::fail(client::ErrorKind::Server, server.error());
    }
    attempt.server = std::move(*server);
    const auto& node = attempt.server->nodes().front();
    attempt.running.profile = profileFor({node.rpc, node.http}, name);
    for (const auto& warning : attempt.server->warnings())
        attempt.running.warnings << QString::fromStdString(warning);
    return attempt;
}

void SandboxHost::start(const QString& folder, bool faults)
{
    const auto usable = usableFolder(folder);
    if (!usable) {
        Q_EMIT failed(QString::fromStdString(usable.error().message));
        return;
    }
    m_folder = *usable;
    m_faults = faults;
    m_job = m_dispatcher.run(
        this,
        [path = m_folder, faults, &clock = m_clock](
            const std::stop_token&) { return serve(path, faults, 0, clock); },
        [this](client::Result<Attempt> attempt) {
            if (!attempt) {
                Q_EMIT failed(QString::fromStdString(attempt.error().message));
                return;
            }
            m_server = attempt->server;
            const std::string& seed = attempt->running.profile.seeds.front();
            m_port = std::stoi(seed.substr(seed.rfind(':') + 1));
            if (attempt->running.attached)
                m_ownerTimer.start();
            Q_EMIT started(attempt->running);
        });
}

client::Result<SandboxHost::Running> SandboxHost::startNow(const QString& folder, bool faults)
{
    const auto usable = usableFolder(folder);
    if (!usable)
        return tl::unexpected(usable.error());
    auto attempt = serve(*usable, faults, 0, m_clock);
    if (!attempt)
        return tl::unexpected(attempt.error());
    m_server = attempt->server;
    return attempt->running;
}

void SandboxHost::watchOwner()
{
    if (m_job.running())
        return;
    m_job = m_dispatcher.run(
        this,
        [path = m_folder, faults = m_faults, port = m_port, &clock = m_clock](
            const std::stop_token&) { return serve(path, faults, port, clock); },
        [this](client::Result<Attempt> attempt) {
            // The port may still be closing: the next look tries again.
            if (!attempt || attempt->running.attached)
                return;
            m_server = attempt->server;
            m_ownerTimer.stop();
            Q_EMIT tookOver();
        });
}

} // namespace norikv::app
