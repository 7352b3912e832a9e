// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/catalogue.h"
#include "models/dispatcher.h"

#include "client/connection.h"
#include "client/keyprobe.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <mutex>

namespace norikv::models {

/// Reading the keys that are known here on a server that cannot list any: first what it would cost in keys,
/// shards and cold shards, then, once agreed to, the reading itself (client/keyprobe.h). What is found reaches
/// the catalogue by itself. Lives on the GUI thread.
class ProbeFeed final : public QObject {
    Q_OBJECT
public:
    enum class State { Idle, Planning, Planned, Running, Ended, Failed };

    /// All must outlive the dispatcher's workers.
    ProbeFeed(Dispatcher& dispatcher, client::Connection& connection, const Clock& clock, Catalogue& catalogue,
        QObject* parent = nullptr);

    /// Reads a second, at most (rulings 32).
    static constexpr int OpsPerSecond = 200;

    /// Finds out what it costs; nothing is asked of the server. Only keys that begin with `prefix`.
    void plan(const client::Bytes& prefix = {});
    /// Runs what was planned: whoever calls this agrees to the shards that it opens.
    void start();
    /// Ends it where it is; what was read stays known.
    void stop();

    State state() const { return m_state; }
    const client::KeyProbePlan& cost() const { return *m_plan; }
    /// How long the reading takes at least.
    std::chrono::seconds duration() const;
    const client::KeyProbeProgress& progress() const { return m_progress; }
    bool stopped() const { return m_stopped; } ///< Ended before its end
    QString problem() const { return m_problem; } ///< after Failed

Q_SIGNALS:
    void changed();

private:
    /// Where the worker leaves its figures.
    struct Shared {
        std::mutex mutex;
        client::KeyProbeProgress progress;
    };
    void setState(State state);
    void take();

    Dispatcher& m_dispatcher;
    client::Connection& m_connection;
    const Clock& m_clock;
    Catalogue& m_catalogue;
    State m_state = State::Idle;
    std::shared_ptr<const client::KeyProbePlan> m_plan;
    std::shared_ptr<Shared> m_shared;
    client::KeyProbeProgress m_progress;
    bool m_stopped = false;
    QString m_problem;
    QTimer m_tick;
    Job m_job;
};

} // namespace norikv::models
