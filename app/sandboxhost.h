// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client/clock.h"
#include "client/profile.h"
#include "client/result.h"
#include "models/dispatcher.h"

#include <QObject>
#include <QTemporaryDir>
#include <QTimer>

#include <memory>

namespace norikv::sandbox {
class Server;
}

namespace norikv::app {

/// The sandbox inside this program: a real gRPC server on loopback. When another workbench serves the folder
/// already, this one attaches to it, and takes the folder over when that one ends (rulings 15).
class SandboxHost final : public QObject {
    Q_OBJECT
public:
    SandboxHost(models::Dispatcher& dispatcher, const Clock& clock, QObject* parent = nullptr);
    ~SandboxHost() override;

    /// Where to find it; the profile's seeds and HTTP address are filled.
    struct Running {
        client::Profile profile;
        bool attached = false; ///< somebody else's process serves it
        QStringList warnings;
    };

    /// Serves or attaches to `folder` (created if absent); an empty one means a temporary folder that goes
    /// with us. Answers by started() or failed(); never blocks.
    void start(const QString& folder, bool faults);
    /// Blocking, for programs without a window.
    client::Result<Running> startNow(const QString& folder, bool faults);

Q_SIGNALS:
    void started(const norikv::app::SandboxHost::Running& running);
    void failed(const QString& sentence);
    /// The other process ended and this one serves the folder now, at the same address.
    void tookOver();

private:
    struct Attempt {
        std::shared_ptr<sandbox::Server> server; ///< null when attached
        Running running;
    };
    static client::Result<Attempt> serve(const QString& folder, bool faults, int port, const Clock& clock);
    client::Result<QString> usableFolder(const QString& folder);
    void watchOwner();

    models::Dispatcher& m_dispatcher;
    const Clock& m_clock;
    std::unique_ptr<QTemporaryDir> m_temporary;
    std::shared_ptr<sandbox::Server> m_server;
    QString m_folder;
    bool m_faults = false;
    int m_port = 0;
    QTimer m_ownerTimer;
    models::Job m_job;
};

} // namespace norikv::app
